"""States and kinds of workshops, notes, votes, concepts and tests."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = [
    "BatchState",
    "ConceptState",
    "NoteKind",
    "Verdict",
    "VoteKind",
    "VoteState",
    "WorkshopState",
]


class WorkshopState(TextChoices):
    """Where a workshop stands; `states.toml` says what may follow what."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class BatchState(TextChoices):
    """Whether the paper notes of one sitting are all in."""

    DRAFT = "draft", _("Draft")
    ENTERED = "entered", _("Entered")


class NoteKind(TextChoices):
    """What a paper note says; the place in this list is the key on the keyboard."""

    IDEA = "idea", _("Idea")
    CAUSE = "cause", _("Cause")
    HARM = "harm", _("What is wrong")
    VALUED = "valued", _("What is good here")
    DISPUTED = "disputed", _("What is disputed")
    QUESTION = "question", _("Open question")


class VoteKind(TextChoices):
    """How votes come in."""

    COUNTED = "counted", _("Dots on the wall, counted by group")
    MEMBERS = "members", _("Each member of this workspace votes once")


class VoteState(TextChoices):
    """Whether votes still come in."""

    OPEN = "open", _("Open")
    CLOSED = "closed", pgettext_lazy("of a vote", "Closed")


class ConceptState(TextChoices):
    """Where a concept stands; `states.toml` says what may follow what."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    SET_ASIDE = "set_aside", _("Set aside")


class Verdict(TextChoices):
    """What a test of a prototype ends with."""

    KEEP = "keep", _("Keep it")
    CHANGE = "change", _("Change it")
    DROP = "drop", _("Drop it")
