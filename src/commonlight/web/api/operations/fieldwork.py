"""The positive lens, sessions with their observations, and safety audits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.auth import actor_in
from commonlight.web.api.rates import PerMinute
from commonlight.web.policy import Actor, require
from commonlight.web.problems.fieldwork.domain.covering import Cited, EntryRow, cover_of
from commonlight.web.problems.fieldwork.domain.guarding import FieldworkError
from commonlight.web.problems.fieldwork.domain.observing import record_observation
from commonlight.web.problems.fieldwork.domain.positive import answers_of
from commonlight.web.problems.fieldwork.domain.publishing import Published, published
from commonlight.web.problems.fieldwork.domain.sessions import sessions_of
from commonlight.web.problems.fieldwork.enums import ObservationKind, Tone
from commonlight.web.problems.fieldwork.models import CaptureSession, SafetyAudit
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.models import Workspace

router = Router(tags=["Fieldwork and safety audits"])
LARGEST = 2**31


class UseOut(Schema):
    """An answer to a question of the positive lens."""

    question: str
    text: str
    told_by: str
    none_found: bool
    where_looked: str
    organisation: str | None
    created_at: datetime


class ObservationOut(Schema):
    """What was seen or heard."""

    number: int
    kind: str
    tone: str
    text: str
    spot: str
    count: int | None


class ObservationIn(Schema):
    """An observation; the kind that is most often is chosen where none is given."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    tone: Tone
    kind: ObservationKind | None = None
    spot: Annotated[str, Field(max_length=100)] = ""
    count: Annotated[int | None, Field(ge=0, le=1_000_000)] = None


class SessionOut(Schema):
    """A session in short."""

    number: int
    method: str
    held_on: date
    place: str
    groups: list[str]
    people: str
    led_by: str
    consent: str
    observations: int


class SessionFullOut(SessionOut):
    """A session with the note that was read out, and what was observed."""

    hours: str
    consent_text: str
    remarks: str
    noted: list[ObservationOut]


class FieldworkSourceOut(Schema):
    """What an entry rests on; what is closed comes with the reason only."""

    kind: str
    title: str
    day: date | None
    age_days: int | None
    reason: str


class FieldworkEntryOut(Schema):
    """An entry of a block; what is closed comes with the reason only."""

    block: str
    nature: str
    text: str
    public_text: str
    organisation: str
    groups: list[str]
    holds: bool
    sources: list[FieldworkSourceOut]
    reason: str


class AuditOut(Schema):
    """A safety audit in short."""

    number: int
    title: str
    place: str
    first_day: date | None
    last_day: date | None
    state: str
    none_found: str


class AuditFullOut(AuditOut):
    """A safety audit with its entries and with what it does not cover."""

    entries: list[FieldworkEntryOut]
    empty_blocks: list[str]
    groups_not_covered: list[str]
    sources: list[FieldworkSourceOut]


class PublicAuditOut(Schema):
    """A public version; sentences that do not hold any more are named apart."""

    number: int
    introduction: str
    content: dict[str, Any]
    digest: str
    public_since: datetime | None
    not_supported: list[str]


@router.get(
    "/workspaces/{workspace}/problems/{number}/valued-uses",
    response=answers(Page[UseOut]),
    operation_id="valued_uses",
)
def valued_uses(
    request: HttpRequest, workspace: str, number: int, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """What the place is good for, and what people wish it to be."""
    actor, problem = _problem(request, workspace, number, "problem.view")
    found = answers_of(actor.workspace, [problem])[problem.pk]
    return page_of(found, limit, offset, _use)


@router.get(
    "/workspaces/{workspace}/problems/{number}/sessions",
    response=answers(Page[SessionOut]),
    operation_id="sessions",
)
def sessions(
    request: HttpRequest, workspace: str, number: int, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The sessions of a problem, the newest first."""
    _actor, problem = _problem(request, workspace, number, "problem.view")
    return page_of(sessions_of(problem), limit, offset, _session)


@router.get(
    "/workspaces/{workspace}/problems/{number}/sessions/{session}",
    response=answers(SessionFullOut),
    operation_id="session",
)
def one_session(request: HttpRequest, workspace: str, number: int, session: int) -> dict[str, Any]:
    """One session with its observations."""
    _actor, problem = _problem(request, workspace, number, "problem.view")
    found = _found(sessions_of(problem), session)
    return {
        **_session(found),
        "hours": found.hours,
        "consent_text": found.consent_text,
        "remarks": found.remarks,
        "noted": [_observation(one) for one in _standing(found)],
    }


@router.post(
    "/workspaces/{workspace}/problems/{number}/sessions/{session}/observations",
    response=answers(ObservationOut, status=201),
    operation_id="record_observation",
)
def observe(
    request: HttpRequest, workspace: str, number: int, session: int, given: ObservationIn
) -> Status[dict[str, Any]]:
    """Write down one more observation; no names, no contacts."""
    actor, problem = _problem(request, workspace, number, "problem.write")
    found = _found(sessions_of(problem), session)
    try:
        made = record_observation(
            actor,
            found,
            text=given.text,
            tone=given.tone.value,
            kind=given.kind.value if given.kind else "",
            spot=given.spot,
            count=given.count,
        )
    except FieldworkError as error:
        raise HttpError(422, str(error)) from None
    return Status(201, _observation(made))


@router.get(
    "/workspaces/{workspace}/safety-audits",
    response=answers(Page[AuditOut]),
    operation_id="safety_audits",
)
def safety_audits(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The safety audits in six blocks, the newest first."""
    actor = actor_in(request, workspace, "problem.view")
    return page_of(SafetyAudit.objects.of(actor.workspace), limit, offset, _audit)


@router.get(
    "/workspaces/{workspace}/safety-audits/{number}",
    response=answers(AuditFullOut),
    operation_id="safety_audit",
)
def safety_audit(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """One audit: its entries, empty blocks, ages of sources and groups not covered."""
    actor = actor_in(request, workspace, "problem.view")
    rows = SafetyAudit.objects.of(actor.workspace).select_related("workspace")
    found = rows.filter(number=_number(number)).first()
    if found is None:
        raise Http404
    cover = cover_of(actor, found)
    return {
        **_audit(found),
        "entries": [_entry(row) for block in cover.blocks for row in block.rows],
        "empty_blocks": [block.content["id"] for block in cover.empty],
        "groups_not_covered": [name for name, _title in cover.missing_groups],
        "sources": [_source(one) for one in cover.sources],
    }


@router.get(
    "/public/{workspace}/safety-audits",
    response=answers(Page[PublicAuditOut], public=True),
    operation_id="public_safety_audits",
    auth=None,
    throttle=PerMinute(120),
)
def public_safety_audits(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Public versions that two persons let go; no sign-in, no log of who."""
    place = Workspace.objects.filter(slug=workspace).first()
    if place is None:
        raise Http404
    return page_of(published(place), limit, offset, _public)


def _problem(
    request: HttpRequest, workspace: str, number: int, action: str
) -> tuple[Actor, Problem]:
    actor = actor_in(request, workspace, action)
    rows = Problem.objects.of(actor.workspace).select_related("workspace", "owner")
    found = rows.filter(number=_number(number)).first()
    if found is None:
        raise Http404
    require(actor, action, found)
    return actor, found


def _number(number: int) -> int:
    if not 0 <= number < LARGEST:
        raise Http404
    return number


def _found(rows: list[CaptureSession], number: int) -> CaptureSession:
    found = next((one for one in rows if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _standing(session: CaptureSession) -> list[Any]:
    return [one for one in session.observations.all() if one.withdrawn_at is None]


def _use(one: Any) -> dict[str, Any]:
    return {
        "question": one.question,
        "text": one.text,
        "told_by": one.told_by,
        "none_found": one.is_none_found,
        "where_looked": one.where_looked,
        "organisation": one.author.organisation.name if one.author else None,
        "created_at": one.created_at,
    }


def _session(one: CaptureSession) -> dict[str, Any]:
    names = ("number", "method", "held_on", "place", "groups", "people", "consent")
    return {
        **{name: getattr(one, name) for name in names},
        "led_by": one.led_by.name,
        "observations": len(_standing(one)),
    }


def _observation(one: Any) -> dict[str, Any]:
    names = ("number", "kind", "tone", "text", "spot", "count")
    return {name: getattr(one, name) for name in names}


def _audit(one: SafetyAudit) -> dict[str, Any]:
    names = ("number", "title", "place", "first_day", "last_day", "state", "none_found")
    return {name: getattr(one, name) for name in names}


def _entry(row: EntryRow) -> dict[str, Any]:
    entry, is_open = row.entry, bool(row.sight)
    return {
        "block": entry.block,
        "nature": entry.nature,
        "text": entry.text if is_open else "",
        "public_text": entry.public_text if is_open else "",
        "organisation": entry.organisation.name,
        "groups": entry.groups,
        "holds": bool(row.support),
        "sources": [_source(one) for one in row.cited] if is_open else [],
        "reason": str(row.sight.reason),
    }


def _source(one: Cited) -> dict[str, Any]:
    return {
        "kind": one.key[0],
        "title": one.title,
        "day": one.day,
        "age_days": one.age_days,
        "reason": "" if one.sight else str(one.sight.reason),
    }


def _public(one: Published) -> dict[str, Any]:
    return {
        "number": one.version.audit.number,
        "introduction": one.version.introduction,
        "content": one.content,
        "digest": one.version.digest,
        "public_since": one.version.checked_at,
        "not_supported": sorted(one.shaken),
    }
