"""Words for sessions, observations and the entries of an audit."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = [
    "AuditState",
    "Consent",
    "Nature",
    "ObservationKind",
    "PeopleBand",
    "Tone",
    "VersionState",
]


class Consent(TextChoices):
    """How those who took part were told what their words are used for."""

    READ_OUT = "read_out", _("Read out, and everybody agreed")
    SIGN = "sign", _("Shown on a sign at the spot")
    NOT_GIVEN = "not_given", _("Not read out")


class PeopleBand(TextChoices):
    """How many people took part; a band, so that nobody is pointed at."""

    NOBODY = "nobody", _("Nobody, only the place")
    UP_TO_FIVE = "1-5", _("1 to 5")
    UP_TO_TWELVE = "6-12", _("6 to 12")
    MORE = "13+", _("13 or more")


class ObservationKind(TextChoices):
    """Where an observation comes from."""

    SEEN = "seen", _("Seen")
    HEARD = "heard", _("Heard, in our words")
    QUOTE = "quote", _("Word for word")


class Tone(TextChoices):
    """Whether an observation speaks of something good or of trouble."""

    GOOD = "good", _("Good")
    TROUBLE = "trouble", _("Trouble")
    NEITHER = "neither", _("Neither")


class Nature(TextChoices):
    """What kind of thing an entry of an audit names."""

    RISK = "risk", _("A risk or a problem")
    STRENGTH = "strength", _("A strength")
    FACT = "fact", _("A fact")


class AuditState(TextChoices):
    """Where the audit workspace stands."""

    OPEN = "open", _("Being written")
    COMPLETED = "completed", _("Completed")


class VersionState(TextChoices):
    """Where a public version stands."""

    PROPOSED = "proposed", _("Waits for a second person")
    RETURNED = "returned", _("Returned with a comment")
    RELEASED = "released", _("Public")
    WITHDRAWN = "withdrawn", _("Withdrawn")
