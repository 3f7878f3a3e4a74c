"""Kinds of agreements, and how fine shared data may be."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = [
    "AgreementKind",
    "AgreementState",
    "Part",
    "PlaceDetail",
    "SharedField",
    "TimeDetail",
    "is_finer",
]


class AgreementKind(TextChoices):
    """Who gives to whom."""

    ONE_WAY = "one_way", _("One-way: one side gives, the other receives")
    RECIPROCAL = "reciprocal", _("Reciprocal: all sides give and receive")
    JOINT = "joint_controllers", _("Joint controllers: all sides decide together")


class AgreementState(TextChoices):
    """Where an agreement stands; expiry is worked out from its dates."""

    DRAFT = "draft", _("Draft")
    OFFERED = "offered", _("Offered for signature")
    SIGNED = "signed", _("Signed")
    ENDED = "ended", _("Ended early")


class PlaceDetail(TextChoices):
    """Finest place that may be shown, finest first."""

    POINT = "point", _("Points as recorded")
    CELL = "cell", _("Grid cells")
    STREET = "street", _("Street segments")
    AREA = "area", _("Areas")
    CITY = "city", _("The city as a whole")


class TimeDetail(TextChoices):
    """Finest time that may be shown, finest first."""

    HOUR = "hour", _("Hour")
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


class Part(TextChoices):
    """The parts of an agreement, in their order; each is drafted and read on its own page."""

    PARTIES = "parties", _("Parties")
    PURPOSE = "purpose", _("Purpose and legal basis")
    DATA = "data", _("Data sets and fields")
    DETAIL = "detail", _("Finest place and time")
    DATES = "dates", _("Dates")
    CLAUSES = "clauses", _("Clauses")


class SharedField(TextChoices):
    """Columns of single records that an agreement may share, beyond place and time."""

    TYPE = "type", _("Type in the source’s own words")
    ICCS = "iccs", _("Class of the UN classification of crime")
    COUNT = "count", _("Number of incidents that a record stands for")
    RECORDED = "recorded", _("Day of recording")
    ITEM = "item", _("What was looked at")
    VALUE = "value", _("Rating or count")
    STRATUM = "stratum", _("Stratum of the sample")
    CLUSTER = "cluster", _("Cluster of the sample")
    WEIGHT = "weight", _("Weight of an answer")


def is_finer(wanted: str, agreed: str, scale: type[TextChoices]) -> bool:
    """Whether a detail shows more than was agreed."""
    return scale.values.index(wanted) < scale.values.index(agreed)
