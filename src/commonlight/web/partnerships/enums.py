"""Letters, states and answers of the partnership, as the database keeps them."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = [
    "ActionState",
    "AgreementState",
    "LadderStep",
    "Letter",
    "MeetingState",
    "PackState",
    "PartState",
    "Presence",
    "ResultShape",
    "RoundState",
]


class Letter(TextChoices):
    """What a partner does for a task; the words stand in `content/raci.toml`."""

    RESPONSIBLE = "responsible", _("Does it")
    ACCOUNTABLE = "accountable", _("Answers for it")
    CONSULTED = "consulted", _("Is asked before")
    INFORMED = "informed", _("Is told")


class PartState(TextChoices):
    """Whether a partner has taken on what others wrote down for it."""

    ASKED = "asked", _("Waits for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")


class AgreementState(TextChoices):
    """Where a partnership agreement stands."""

    DRAFT = "draft", pgettext_lazy("partnership agreement", "Draft")
    OFFERED = "offered", _("Offered for signature")
    SIGNED = "signed", _("Signed")
    FOLLOWED = "followed", _("Followed by a newer version")


class RoundState(TextChoices):
    """Whether a round of the pulse takes answers."""

    OPEN = "open", _("Takes answers")
    CLOSED = "closed", pgettext_lazy("of a vote", "Closed")


class ResultShape(TextChoices):
    """Whether a round may be shown; what may not be is not kept."""

    NONE = "none", _("Not counted yet")
    SHOWN = "shown", _("Shown")
    HIDDEN = "hidden", _("Not shown")


class MeetingState(TextChoices):
    """Whether a meeting is to come, was held or was called off."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CALLED_OFF = "called_off", _("Called off")


class Presence(TextChoices):
    """Whether an organisation was in the room; who came for it is not kept."""

    PRESENT = "present", _("Present")
    DEPUTY = "deputy", _("Present through a deputy")
    ABSENT = "absent", _("Not present")


class ActionState(TextChoices):
    """Where an action stands."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class LadderStep(TextChoices):
    """How far a group is involved; the meaning stands in `content/ladder.toml`."""

    INFORMED = "informed", _("Informed")
    ATTENDED = "attended", _("Attended")
    CONTRIBUTED = "contributed", _("Contributed")
    ACTED = "acted", _("Acted")


class PackState(TextChoices):
    """Where a council pack stands."""

    DRAFT = "draft", pgettext_lazy("council pack", "Draft")
    READY = "ready", _("Ready for the council")
    PRESENTED = "presented", _("Presented")
