"""Data sets, versions, runs, audits, findings, releases, agreements and events."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from commonlight.web.agreements.enums import PlaceDetail, TimeDetail

__all__ = [
    "AgreementOut",
    "CoverageOut",
    "DataSetOut",
    "EventOut",
    "ExportIn",
    "FindingFullOut",
    "FindingOut",
    "FindingsOut",
    "HiddenOut",
    "PartyOut",
    "PlanOut",
    "ReleaseOut",
    "RunFullOut",
    "RunOut",
    "VersionFullOut",
    "VersionOut",
]


class CoverageOut(Schema):
    """How fine the one who asks may see a data set, or why not."""

    allowed: bool
    place_detail: str | None
    time_detail: str | None
    fields: list[str] | None
    agreement: int | None
    reason: str
    ask: str


class DataSetOut(Schema):
    """A data set; one that may not be seen comes with its name and the reason only."""

    slug: str
    name: str
    owner: str
    coverage: CoverageOut
    kind: str | None = None
    description: str | None = None
    noun: str | None = None
    witness: str | None = None
    publisher: str | None = None
    licence: str | None = None
    is_public: bool | None = None
    is_sensitive: bool | None = None
    steward: str | None = None
    next_delivery_on: date | None = None
    current: int | None = None


class ExportIn(Schema):
    """What somebody wants to take out of a data set, and what for."""

    place_detail: PlaceDetail
    time_detail: TimeDetail
    fields: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=200)
    purpose: str = Field(default="", max_length=1000)


class VersionOut(Schema):
    """One delivery; accepted and rejected rows add up to those read."""

    number: int
    digest: str
    rows_read: int | None
    rows_accepted: int | None
    rows_rejected: int | None
    first_day: date | None
    last_day: date | None
    created_at: datetime


class VersionFullOut(VersionOut):
    """One delivery with its provenance and its quality."""

    manifest: dict[str, Any]
    quality: dict[str, Any]


class RunOut(Schema):
    """One computation."""

    id: int
    kind: str
    title: str
    state: str
    lane: str
    step: str
    progress_done: float
    progress_total: float | None
    failure: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RunFullOut(RunOut):
    """One computation with all that went in and came out."""

    inputs: list[Any]
    parameters: dict[str, Any]
    seed: int
    library_version: str
    fingerprint: str
    messages: list[Any]
    result: dict[str, Any] | None


class PlanOut(Schema):
    """An audit: what it looks at, and its newest run that is done."""

    slug: str
    title: str
    settings: dict[str, Any]
    latest_run: int | None
    created_at: datetime


class FindingOut(Schema):
    """A finding in a list."""

    run: int
    key: str
    block: str
    question: str
    sentence: str
    certainty: str
    one_sided: bool
    is_headline: bool
    method_name: str
    method_page: str
    sources: list[str]
    place_detail: str
    time_detail: str
    has_chart: bool
    has_map: bool


class FindingFullOut(FindingOut):
    """A finding with everything about it, its table included."""

    content: dict[str, Any]


class HiddenOut(Schema):
    """How many findings are kept from the one who asks, why, and whom to ask."""

    count: int
    reason: str
    ask: str


class FindingsOut(Schema):
    """The findings of a run that may be seen, and why others may not."""

    run: int | None
    items: list[FindingOut]
    count: int
    limit: int
    offset: int
    hidden: list[HiddenOut]


class ReleaseOut(Schema):
    """Findings that two persons let go, or are about to."""

    number: int
    title: str
    text: str
    state: str
    run: int
    findings: list[str]
    proposed_by: str
    proposed_at: datetime
    checked_by: str | None
    checked_at: datetime | None
    comment: str


class PartyOut(Schema):
    """A party of an agreement; people are not named here."""

    organisation: str
    gives: bool
    receives: bool
    signed_at: datetime | None


class AgreementOut(Schema):
    """A sharing agreement."""

    number: int
    title: str
    kind: str
    purpose: str
    legal_basis: str
    fields: list[str]
    place_detail: str
    time_detail: str
    starts_on: date | None
    expires_on: date | None
    state: str
    text_digest: str
    signed_at: datetime | None
    parties: list[PartyOut]
    datasets: list[str]


class EventOut(Schema):
    """An event of the log, sealed by the one before."""

    number: int
    at: datetime
    kind: str
    action: str
    actor_kind: str
    actor_id: int | None
    thing_kind: str
    thing_id: str
    detail: dict[str, Any]
    previous: str
    digest: str
