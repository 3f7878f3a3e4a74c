"""Kinds, levels and states of what a partnership knows."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = [
    "Adapted",
    "CoreKept",
    "EntryKind",
    "EntryState",
    "EvidenceLevel",
    "ExpectedEffect",
    "GapState",
    "Position",
    "SourceKind",
    "StatementKind",
    "Verdict",
]


class EntryKind(TextChoices):
    """What a local entry is."""

    PRACTICE = "practices", _("Local practice")
    STATEMENT = "statements", _("Local statement")


class EntryState(TextChoices):
    """Where a local entry stands; `states.toml` says what may follow what."""

    DRAFT = "draft", _("Draft")
    OFFERED = "offered", _("Waits for review")
    RETURNED = "returned", _("Returned to its author")
    REVIEWED = "reviewed", _("Reviewed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EvidenceLevel(TextChoices):
    """How a partnership knows what it says, the least first."""

    TOLD = "told", _("Told by those who did it")
    COUNTED = "counted", _("Counted while it ran")
    BEFORE_AFTER = "before_after", _("Measured before and after, without a comparison")
    COMPARED = "compared", _("Measured against a comparison")


class StatementKind(TextChoices):
    """Kinds of statements."""

    TREND = "trend", _("Trend")
    TENSION = "tension", _("Tension")
    LESSON = "lesson", _("Lesson")
    GAP = "gap", _("Gap")


class GapState(TextChoices):
    """Whether a gap is still one."""

    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    DROPPED = "dropped", _("Dropped")


class SourceKind(TextChoices):
    """What a stance or a passport is about: its kind in the thread."""

    PRACTICE = "practice", _("Practice")
    STATEMENT = "statement", _("Statement")
    LOCAL_PRACTICE = "local_practice", _("Local practice")
    LOCAL_STATEMENT = "local_statement", _("Local statement")


class Position(TextChoices):
    """What a problem made of a statement or a practice."""

    APPLIED = "applied", _("Applied")
    CONSIDERED = "considered", _("Considered")
    REJECTED = "rejected", pgettext_lazy("stance", "Rejected")


class Verdict(TextChoices):
    """How a field of the evidence compares with the city."""

    MATCH = "match", _("Match")
    DIFFERS = "differs", _("Differs")
    UNKNOWN = "unknown", _("Unknown")


class ExpectedEffect(TextChoices):
    """What to expect here, set against what was studied."""

    AS_STUDIED = "expected_as_studied", _("As studied")
    SMALLER = "expected_smaller", _("Smaller than studied")
    UNKNOWN = "expected_unknown", _("Cannot tell")


class CoreKept(TextChoices):
    """Whether a core element stays."""

    KEPT = "kept", _("Kept")
    CHANGED = "changed", _("Changed or left out")
    UNDECIDED = "undecided", _("Not decided yet")


class Adapted(TextChoices):
    """What a planned change touches."""

    SURFACE = "surface", _("Change of the surface")
    CORE = "core", _("Change of the core")
    ADDITION = "addition", _("Addition")
