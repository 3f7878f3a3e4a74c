"""Kinds of steps, what an indicator comes from, and how sure a link is."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = ["Confidence", "StepKind", "Witness"]


class StepKind(TextChoices):
    """What a step of a theory is."""

    ACTIVITY = "activity", _("Activity")
    MECHANISM = "mechanism", _("Mechanism")
    OUTCOME = "outcome", _("Outcome")
    INDICATOR = "indicator", _("Indicator")
    HARM = "harm", _("Possible harm")


class Witness(TextChoices):
    """Where the values of an indicator come from."""

    RECORDED_CRIME = "recorded_crime", _("Recorded crime")
    SURVEY = "survey", _("Survey")
    VISITS = "visits", _("Visits and counts on site")
    REPORTS = "reports", _("Reports of residents")
    OTHER_RECORDS = "other_records", _("Records of other services")
    CONVERSATIONS = "conversations", _("Conversations")


class Confidence(TextChoices):
    """How sure the partners are of a link; `content/theory_checks.toml` has the words."""

    HIGH = "high", _("High")
    MODERATE = "moderate", _("Moderate")
    LOW = "low", _("Low")
    UNKNOWN = "unknown", _("Unknown")
