"""Kinds of data sets, and where an upload stands."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = [
    "OBSERVATION_KINDS",
    "SHAPE_KINDS",
    "DataKind",
    "DataRoleKind",
    "RequestState",
    "UploadState",
]


class DataKind(TextChoices):
    """What a data set holds."""

    INCIDENTS = "incidents", _("Recorded incidents")
    ANSWERS = "answers", _("Answers to a survey")
    REPORTS = "reports", _("Citizen reports")
    VISITS = "visits", _("Site visits")
    AREAS = "areas", _("Areas")
    POPULATION = "population", _("Residents by area")
    PLACES = "places", _("Points of interest")
    INTERVENTIONS = "interventions", _("Past interventions")
    STREETS = "streets", _("Streets")


OBSERVATION_KINDS = frozenset(
    {DataKind.INCIDENTS, DataKind.ANSWERS, DataKind.REPORTS, DataKind.VISITS}
)
"""Kinds that are read by a mapping into the lake; the others are kept as files."""

SHAPE_KINDS = frozenset({DataKind.AREAS, DataKind.STREETS})
"""Kinds whose files must hold shapes."""


class DataRoleKind(TextChoices):
    """What a person may do with a data set, beyond the role in the workspace."""

    READER = "reader", _("Reads")
    CONTRIBUTOR = "contributor", _("Brings new versions")
    STEWARD = "steward", _("Looks after the data set")


class UploadState(TextChoices):
    """Where a file on its way in stands."""

    RECEIVING = "receiving", _("Being received")
    RECEIVED = "received", _("Received")
    IMPORTING = "importing", _("Being imported")
    IMPORTED = "imported", _("Imported")
    REFUSED = "refused", _("Refused, nothing kept")
    DISCARDED = "discarded", _("Discarded")


class RequestState(TextChoices):
    """Where a request for finer data stands."""

    OPEN = "open", _("Waits for an answer")
    GRANTED = "granted", _("Granted, an agreement will follow")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
