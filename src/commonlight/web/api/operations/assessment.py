"""Strategies, their assessments, claims, the matrix, the balance mirror and recommendations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from commonlight.web.api.answers.paging import (
    Limit,
    Offset,
    Page,
    answers,
    file_answer,
    page_of,
)
from commonlight.web.api.auth import actor_in
from commonlight.web.assessment.domain.files import FILES, as_json, file_of
from commonlight.web.assessment.domain.finding import find_assessment, find_strategy, strategies_of
from commonlight.web.assessment.domain.summary import log_reading, summary_of
from commonlight.web.assessment.enums import AssessmentState, ClaimState
from commonlight.web.assessment.models import Assessment, Strategy
from commonlight.web.policy import Actor, decide, require

router = Router(tags=["Strategies"])
LARGEST = 2**31
HOME = "/workspaces/{workspace}/strategies"
ONE = HOME + "/{strategy}"
HERE = ONE + "/assessments/{assessment}"


class EditionOut(Schema):
    """An assessment in a list; one that may not be read yet says why."""

    number: int
    state: AssessmentState
    model: str
    model_version: int
    created_at: datetime
    may_read: bool
    reason: str


class StrategyOut(Schema):
    """A strategy with its assessments."""

    number: int
    title: str
    language: str
    authors: list[str]
    text_versions: int
    assessments: list[EditionOut]


class TextOut(Schema):
    """One version of the text of a strategy."""

    number: int
    digest: str
    brought_at: datetime
    text: str


class StrategyFullOut(StrategyOut):
    """A strategy with the versions of its text."""

    texts: list[TextOut]


class GapOut(Schema):
    """A principle or value that has something missing."""

    id: str
    title: str
    gap: str
    text: str


class AbsenceOut(Schema):
    """Somebody looked for a principle and found nothing."""

    assessor: str
    where_looked: str


class RowOut(Schema):
    """A principle or value with the number of its claims by verdict."""

    id: str
    title: str
    claims: list[int]
    counts: dict[str, int]
    gap: str
    absent: list[AbsenceOut]


class MatrixOut(Schema):
    """Principles and values against verdicts."""

    principles: list[RowOut]
    values: list[RowOut]


class AssessmentCoverageOut(Schema):
    """How far the text was read."""

    total: int
    tagged: int
    no_principle: int
    unread: int


class UsedModelOut(Schema):
    """The model in the version that the assessment began with."""

    id: str
    title: str
    version: int
    digest: str


class AssessorOut(Schema):
    """Who assesses, by organisation."""

    organisation: str
    sent: datetime | None
    interest: str


class VerdictOut(Schema):
    """A verdict as it was given, and as it holds now."""

    assessor: str
    given: str
    now: str
    dropped: bool
    note: str
    where_looked: str
    at: datetime


class RecordOut(Schema):
    """A record that is linked to a claim; one that is closed to the asker has no title."""

    kind: str
    title: str
    direction: str
    stands: bool
    reason: str
    note: str


class ClaimOut(Schema):
    """A sentence of the strategy; verdicts of others are sealed until all have sent theirs."""

    id: int
    number: int
    text: str
    start: int
    end: int
    heading: str
    lead_in: str
    state: ClaimState
    principles: list[str]
    values: list[str]
    verdict: str
    verdicts: list[VerdictOut]
    records: list[RecordOut]


class AdviceOut(Schema):
    """A recommendation as it stands today."""

    number: int
    text: str
    answers: str
    about: str
    principle: str
    claims: list[int]
    addressee: str
    accountable: str
    due_on: str | None
    state: str
    reason: str
    what_changed: str
    side_effect: str


class AssessmentMirrorOut(Schema):
    """The balance mirror: rows, totals and flags, each figure with its source."""

    weights: str
    weight_sets: list[str]
    totals: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    flags: list[dict[str, Any]]


class AssessmentOut(Schema):
    """An assessment: gaps and differences first, then the matrix."""

    strategy: dict[str, Any]
    assessment: int
    state: AssessmentState
    model: UsedModelOut
    coverage: AssessmentCoverageOut
    gaps: list[GapOut]
    differences: list[int]
    matrix: MatrixOut
    assessors: list[AssessorOut]
    mirror: AssessmentMirrorOut
    recommendations: list[AdviceOut]


OneState = Annotated[ClaimState | None, Query(description="Only claims in this state.")]
OnePrinciple = Annotated[
    str, Query(max_length=60, description="Only claims that serve this principle or value.")
]


@router.get(HOME, response=answers(Page[StrategyOut]), operation_id="strategies")
def strategies(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The strategies of the workspace, the newest first."""
    actor = actor_in(request, workspace, "assessment.view")
    return page_of(strategies_of(actor), limit, offset, lambda one: _strategy(actor, one))


@router.get(ONE, response=answers(StrategyFullOut), operation_id="strategy")
def strategy(request: HttpRequest, workspace: str, strategy: int) -> dict[str, Any]:
    """One strategy with every version of its text."""
    actor = actor_in(request, workspace, "assessment.view")
    found = find_strategy(actor, strategy) if 0 < strategy < LARGEST else None
    if found is None:
        raise Http404
    require(actor, "assessment.view", found)
    texts = [
        {name: getattr(one, name) for name in ("number", "digest", "brought_at", "text")}
        for one in found.texts.all()
    ]
    return {**_strategy(actor, found), "texts": texts}


@router.get(HERE, response=answers(AssessmentOut), operation_id="assessment")
def assessment(
    request: HttpRequest, workspace: str, strategy: int, assessment: int
) -> dict[str, Any]:
    """One assessment: gaps and differences, matrix, balance mirror, recommendations."""
    actor = actor_in(request, workspace, "assessment.view")
    return as_json(summary_of(actor, _opened(actor, strategy, assessment)))


@router.get(HERE + "/claims", response=answers(Page[ClaimOut]), operation_id="assessment_claims")
def claims(
    request: HttpRequest,
    workspace: str,
    strategy: int,
    assessment: int,
    state: OneState = None,
    principle: OnePrinciple = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The claims of an assessment in the order of the text."""
    actor = actor_in(request, workspace, "assessment.view")
    whole = as_json(summary_of(actor, _opened(actor, strategy, assessment)))
    rows = [
        one
        for one in whole["claims"]
        if (not state or one["state"] == state)
        and (not principle or principle in (*one["principles"], *one["values"]))
    ]
    return page_of(rows, limit, offset, lambda one: one)


@router.get(
    HERE + "/files/{name}",
    response=answers(None),
    operation_id="assessment_file",
    openapi_extra=file_answer(*sorted({kind.split(";")[0] for _make, kind in FILES.values()})),
)
def file(
    request: HttpRequest, workspace: str, strategy: int, assessment: int, name: str
) -> HttpResponse:
    """A file of an assessment: assessment.json, claims.csv, matrix.csv or mirror.csv."""
    actor = actor_in(request, workspace, "assessment.view")
    found = _opened(actor, strategy, assessment)
    if name not in FILES:
        raise Http404
    content, media_type = file_of(name, summary_of(actor, found))
    log_reading(actor, found, name)
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


def _opened(actor: Actor, strategy: int, number: int) -> Assessment:
    """An assessment that the actor may read."""
    if not (0 < strategy < LARGEST and 0 < number < LARGEST):
        raise Http404
    found = find_assessment(actor, strategy, number)
    if found is None:
        raise Http404
    require(actor, "assessment.view", found)
    return found


def _strategy(actor: Actor, one: Strategy) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "language": one.language,
        "authors": [each.name for each in one.authors.all()],
        "text_versions": len(one.texts.all()),
        "assessments": [_edition(actor, one, each) for each in one.assessments.all()],
    }


def _edition(actor: Actor, strategy: Strategy, one: Assessment) -> dict[str, Any]:
    one.strategy = strategy
    may = decide(actor, "assessment.view", one)
    return {
        "number": one.number,
        "state": one.state,
        "model": one.model.title,
        "model_version": one.model.version,
        "created_at": one.created_at,
        "may_read": bool(may),
        "reason": str(may.reason),
    }
