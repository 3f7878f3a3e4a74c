"""Workshops, ideas, votes, concepts and toolkit specifications of a problem."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.auth import actor_in
from commonlight.web.design.domain.approval import open_points
from commonlight.web.design.domain.concepts import texts_of_card
from commonlight.web.design.domain.ideas import ideas_of
from commonlight.web.design.domain.room import warnings_of
from commonlight.web.design.domain.toolkit import as_json, current_specification
from commonlight.web.design.domain.voting import exported_votes, is_ranking_shown, ranking
from commonlight.web.design.domain.workshops import timetable
from commonlight.web.design.enums import (
    BatchState,
    ConceptState,
    NoteKind,
    Verdict,
    VoteKind,
    VoteState,
    WorkshopState,
)
from commonlight.web.eventlog.models import EventKind
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem

router = Router(tags=["Design"])
LARGEST = 2**31
HOME = "/workspaces/{workspace}/problems/{number}/design"


class WorkshopOut(Schema):
    """A workshop in a list."""

    number: int
    title: str
    state: WorkshopState
    phases: list[str]
    minutes: int
    day: date | None


class DesignPartOut(Schema):
    """A part of a plan; `after` are minutes from the beginning."""

    title: str
    minutes: int
    after: int
    lead: str
    method: str


class SeatsOut(Schema):
    """How many of a group should be in the room and how many were."""

    group: str
    planned: int
    present: int | None
    is_harmed: bool


class WarningOut(Schema):
    """What about the room asks for a reason, and the reason, if there is one."""

    rule: str
    text: str
    reason: str | None


class WorkshopFullOut(WorkshopOut):
    """A workshop with its plan, the groups in the room, and the notes of finished batches."""

    parts: list[DesignPartOut]
    room: list[SeatsOut]
    warnings: list[WarningOut]
    notes: list[NoteOut]


class NoteOut(Schema):
    """A paper note."""

    number: int
    kind: NoteKind
    text: str


class IdeaOut(Schema):
    """An idea; `minority_reason` says who needs one that is kept."""

    number: int
    text: str
    cluster: str | None
    workshop: int | None
    is_minority: bool
    minority_reason: str
    created_at: datetime


class VoteOut(Schema):
    """A vote in a list."""

    number: int
    title: str
    kind: VoteKind
    state: VoteState
    dots: int
    most_on_one: int


class PlaceOut(Schema):
    """An idea's place in a ranking."""

    rank: int
    idea: int
    text: str
    dots: int


class CountOut(Schema):
    """The dots of a group on an idea; the ballots of members stand together."""

    idea: int
    group: str
    people: int
    dots: int


class VoteFullOut(VoteOut):
    """A vote with its ranking and the counts from which it is counted again."""

    is_ranking_shown: bool
    ranking: list[PlaceOut]
    counts: list[CountOut]


class ConceptOut(Schema):
    """A concept in a list."""

    number: int
    name: str
    state: ConceptState
    approved_at: datetime | None


class DesignVersionOut(Schema):
    """A version of a concept card, and the test or the reason that led to it."""

    number: int
    texts: dict[str, str]
    cause: str | None
    sides: list[str]
    users: list[str]
    designed_with: list[str]
    organisations: list[str]
    ideas: list[int]
    reason: str
    test: int | None
    created_at: datetime


class PrototypeTestOut(Schema):
    """A test of a prototype; testers by category only."""

    number: int
    version: int
    day: date
    what: str
    testers: list[str]
    people: int
    seen: str
    verdict: Verdict
    because: str


class ConceptFullOut(ConceptOut):
    """A concept with its versions, its tests, and what is still open before its approval."""

    open: list[str]
    versions: list[DesignVersionOut]
    tests: list[PrototypeTestOut]
    specification: dict[str, Any] | None


WorkshopFullOut.model_rebuild()


@router.get(
    f"{HOME}/workshops", response=answers(Page[WorkshopOut]), operation_id="design_workshops"
)
def workshops(
    request: HttpRequest, workspace: str, number: int, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The workshops of a problem, the newest first."""
    _actor, problem = _opened(request, workspace, number)
    return page_of(problem.workshops.all(), limit, offset, _workshop)


@router.get(
    f"{HOME}/workshops/{{workshop}}",
    response=answers(WorkshopFullOut),
    operation_id="design_workshop",
)
def one_workshop(
    request: HttpRequest, workspace: str, number: int, workshop: int
) -> dict[str, Any]:
    """One workshop: plan, room by category, warnings, notes."""
    _actor, problem = _opened(request, workspace, number)
    found = _numbered(problem.workshops, workshop)
    return {
        **_workshop(found),
        "parts": [
            {
                "title": one.part.title,
                "minutes": one.part.minutes,
                "after": one.after,
                "lead": one.part.lead,
                "method": one.part.method,
            }
            for one in timetable(found)
        ],
        "room": list(found.seats.values("group", "planned", "present", "is_harmed")),
        "warnings": [
            {
                "rule": one.rule,
                "text": one.text,
                "reason": one.reason.text if one.reason else None,
            }
            for one in warnings_of(found)
        ],
        "notes": list(
            found.notes.filter(batch__state=BatchState.ENTERED).values("number", "kind", "text")
        ),
    }


@router.get(f"{HOME}/ideas", response=answers(Page[IdeaOut]), operation_id="design_ideas")
def ideas(
    request: HttpRequest,
    workspace: str,
    number: int,
    kept: Annotated[bool, Query(description="Only minority ideas that are kept.")] = False,
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The ideas of a problem by their number; none is ever deleted."""
    _actor, problem = _opened(request, workspace, number)
    rows = ideas_of(problem)
    return page_of(rows.filter(is_minority=True) if kept else rows, limit, offset, _idea)


@router.get(f"{HOME}/votes", response=answers(Page[VoteOut]), operation_id="design_votes")
def votes(
    request: HttpRequest, workspace: str, number: int, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The votes of a problem, the newest first."""
    _actor, problem = _opened(request, workspace, number)
    return page_of(problem.votes.all(), limit, offset, _vote)


@router.get(f"{HOME}/votes/{{vote}}", response=answers(VoteFullOut), operation_id="design_vote")
def one_vote(request: HttpRequest, workspace: str, number: int, vote: int) -> dict[str, Any]:
    """One vote with its ranking; while members vote, the ranking is not shown to anybody."""
    actor, problem = _opened(request, workspace, number)
    found = _numbered(problem.votes, vote)
    shown = is_ranking_shown(found)
    if shown:
        record(actor, "design.view", found, kind=EventKind.EXPORT, format="json")
    return {
        **_vote(found),
        "is_ranking_shown": shown,
        "ranking": [
            {"rank": one.rank, "idea": one.idea.number, "text": one.idea.text, "dots": one.dots}
            for one in (ranking(found) if shown else [])
        ],
        "counts": exported_votes(found) if shown else [],
    }


@router.get(f"{HOME}/concepts", response=answers(Page[ConceptOut]), operation_id="design_concepts")
def concepts(
    request: HttpRequest, workspace: str, number: int, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The concepts of a problem."""
    _actor, problem = _opened(request, workspace, number)
    return page_of(problem.concepts.all(), limit, offset, _concept)


@router.get(
    f"{HOME}/concepts/{{concept}}", response=answers(ConceptFullOut), operation_id="design_concept"
)
def one_concept(request: HttpRequest, workspace: str, number: int, concept: int) -> dict[str, Any]:
    """One concept with every version of its card, its tests and its toolkit specification."""
    actor, problem = _opened(request, workspace, number)
    found = _numbered(problem.concepts.select_related("workspace"), concept)
    found.problem = problem
    specification = current_specification(found)
    if specification is not None:
        specification.concept = found
    rows = found.versions.select_related("cause", "test").prefetch_related("ideas", "organisations")
    return {
        **_concept(found),
        "open": [str(one.text) for one in open_points(actor, found)],
        "versions": [_version(one) for one in rows],
        "tests": [_test(one) for one in found.tests.select_related("version")],
        "specification": json.loads(as_json(specification)) if specification else None,
    }


def _opened(request: HttpRequest, workspace: str, number: int) -> tuple[Actor, Problem]:
    """The problem, for those who may see its design."""
    actor = actor_in(request, workspace, "design.view")
    if not 0 < number < LARGEST:
        raise Http404
    rows = Problem.objects.of(actor.workspace).select_related("workspace", "owner")
    found: Problem | None = rows.filter(number=number).first()
    if found is None:
        raise Http404
    require(actor, "design.view", found)
    return actor, found


def _numbered(rows: Any, number: int) -> Any:
    found = rows.filter(number=number).first() if 0 < number < LARGEST else None
    if found is None:
        raise Http404
    return found


def _workshop(one: Any) -> dict[str, Any]:
    names = ("number", "title", "state", "phases", "minutes", "day")
    return {name: getattr(one, name) for name in names}


def _idea(one: Any) -> dict[str, Any]:
    names = ("number", "text", "is_minority", "minority_reason", "created_at")
    return {
        **{name: getattr(one, name) for name in names},
        "cluster": one.cluster.name if one.cluster else None,
        "workshop": one.workshop.number if one.workshop else None,
    }


def _vote(one: Any) -> dict[str, Any]:
    names = ("number", "title", "kind", "state", "dots", "most_on_one")
    return {name: getattr(one, name) for name in names}


def _concept(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("number", "name", "state", "approved_at")}


def _version(one: Any) -> dict[str, Any]:
    return {
        "number": one.number,
        "texts": texts_of_card(one),
        "cause": one.cause.text if one.cause else None,
        "sides": one.sides,
        "users": one.users,
        "designed_with": one.designed_with,
        "organisations": [each.name for each in one.organisations.all()],
        "ideas": [each.number for each in one.ideas.all()],
        "reason": one.reason,
        "test": one.test.number if one.test else None,
        "created_at": one.created_at,
    }


def _test(one: Any) -> dict[str, Any]:
    names = ("number", "day", "what", "testers", "people", "seen", "verdict", "because")
    return {**{name: getattr(one, name) for name in names}, "version": one.version.number}
