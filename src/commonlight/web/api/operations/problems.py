"""Problems, their statements, readings, separate frames and sources."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from ninja.errors import HttpError

from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.answers.problems import (
    ProblemFullOut,
    ProblemIn,
    ProblemOut,
    ProblemStatementOut,
    ReadingOut,
    RoundFullOut,
    RoundOut,
    SourcesOut,
    StatementIn,
)
from commonlight.web.api.auth import actor_in
from commonlight.web.content import read_content
from commonlight.web.policy import Actor, require
from commonlight.web.problems.domain.agreeing import named_causes
from commonlight.web.problems.domain.board import voices_of
from commonlight.web.problems.domain.finding import problems_of
from commonlight.web.problems.domain.framing import open_due
from commonlight.web.problems.domain.stating import SolutionError, open_problem, state_anew
from commonlight.web.problems.domain.words import PersonError
from commonlight.web.problems.enums import FocusArea, ProblemState, Theme
from commonlight.web.problems.models import Cause, FrameRound, Problem, Statement
from commonlight.web.problems.needs import Known, known_of, sharing
from commonlight.web.problems.record_fields import reading

router = Router(tags=["Problems"])
LARGEST = 2**31
OneState = Annotated[ProblemState | None, Query(description="Only problems in this state.")]
OneArea = Annotated[FocusArea | None, Query(description="Only problems of this focus area.")]
OneTheme = Annotated[Theme | None, Query(description="Only problems of this theme.")]
HOME = "/workspaces/{workspace}/problems"


@router.get(HOME, response=answers(Page[ProblemOut]), operation_id="problems")
def problems(
    request: HttpRequest,
    workspace: str,
    q: Annotated[str, Query(max_length=100, description="Words in the title.")] = "",
    state: OneState = None,
    focus_area: OneArea = None,
    theme: OneTheme = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The problems of the workspace, the newest first."""
    actor = actor_in(request, workspace, "problem.view")
    open_due(actor.workspace)
    chosen = {"state": state or "", "focus_area": focus_area or "", "theme": theme or ""}
    rows = problems_of(actor, q=q, **chosen).select_related("first_framed_by")
    return page_of(rows, limit, offset, _problem)


@router.post(HOME, response=answers(ProblemFullOut, status=201), operation_id="open_problem")
def begin(request: HttpRequest, workspace: str, given: ProblemIn) -> Status[dict[str, Any]]:
    """Record that something is wrong; a text that names a measure only is refused."""
    actor = actor_in(request, workspace, "problem.open")
    try:
        made = open_problem(
            actor,
            title=given.title,
            sentence=given.sentence,
            place=given.place,
            focus_area=given.focus_area or "",
            theme=given.theme or "",
        )
    except (SolutionError, PersonError) as error:
        raise HttpError(422, str(error)) from error
    return Status(201, _full(actor, made))


@router.get(f"{HOME}/{{number}}", response=answers(ProblemFullOut), operation_id="problem")
def one_problem(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """One problem with its newest statement, its causes, and what it lacks to be defined."""
    actor, found = _opened(request, workspace, number)
    return _full(actor, found)


@router.get(
    f"{HOME}/{{number}}/statements",
    response=answers(Page[ProblemStatementOut]),
    operation_id="problem_statements",
)
def statements(
    request: HttpRequest, workspace: str, number: int, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Every version of the statement, the newest first."""
    _actor, found = _opened(request, workspace, number)
    rows = found.statements.select_related("author__organisation").order_by("-number")
    return page_of(rows, limit, offset, _statement)


@router.post(
    f"{HOME}/{{number}}/statements",
    response=answers(ProblemStatementOut, status=201),
    operation_id="state_problem_anew",
)
def state(
    request: HttpRequest, workspace: str, number: int, given: StatementIn
) -> Status[dict[str, Any]]:
    """A new version of the statement; one that changes nothing gives back the newest."""
    actor, found = _opened(request, workspace, number, "problem.write")
    try:
        made = state_anew(actor, found, **given.dict())
    except (SolutionError, PersonError) as error:
        raise HttpError(422, str(error)) from error
    return Status(201, _statement(made))


@router.get(
    f"{HOME}/{{number}}/readings/{{name}}",
    response=answers(ReadingOut),
    operation_id="problem_reading",
)
def read(request: HttpRequest, workspace: str, number: int, name: str) -> dict[str, Any]:
    """The whole record as sara, five_is or sape."""
    actor, found = _opened(request, workspace, number)
    content = read_content("commonlight.web.problems", "readings")
    titles = {one["id"]: str(one["title"]) for one in content["reading"]}
    if name not in titles:
        raise Http404
    with sharing():
        headings = [_heading(one) for one in reading(actor, found, name)]
    return {"id": name, "title": titles[name], "headings": headings}


@router.get(
    f"{HOME}/{{number}}/rounds", response=answers(Page[RoundOut]), operation_id="frame_rounds"
)
def rounds(
    request: HttpRequest, workspace: str, number: int, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Rounds of separate frames, the newest first; sealed answers are counted only."""
    _actor, found = _opened(request, workspace, number)
    rows = found.rounds.prefetch_related("organisations").order_by("-number")
    return page_of(rows, limit, offset, _round)


@router.get(
    f"{HOME}/{{number}}/rounds/{{round}}",
    response=answers(RoundFullOut),
    operation_id="frame_round",
)
def one_round(request: HttpRequest, workspace: str, number: int, round: int) -> dict[str, Any]:
    """One round, with the table of differences once the answers are open."""
    _actor, found = _opened(request, workspace, number)
    if not 0 <= round < LARGEST:
        raise Http404
    held = found.rounds.prefetch_related("organisations").filter(number=round).first()
    if held is None:
        raise Http404
    return {**_round(held), **_table(held)}


@router.get(
    f"{HOME}/{{number}}/sources", response=answers(SourcesOut), operation_id="problem_sources"
)
def sources(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """What the problem rests on, and who is not heard."""
    actor, found = _opened(request, workspace, number)
    evidence = known_of(actor, [found]).evidence[found.pk]
    alone = evidence.single_organisation
    return {
        "sources": [
            {
                "kind": str(one.kind),
                "title": one.title,
                "nature": one.nature,
                "organisations": [partner.name for partner in one.organisations],
                "counts": one.stands,
            }
            for one in evidence.sources
        ],
        "single_organisation": alone.name if alone else None,
        "is_police_only": evidence.is_police_only,
        "voices": [
            {"id": one.id, "title": str(one.title), "is_heard": one.is_heard, "reason": one.reason}
            for one in voices_of(actor, [found])[found.pk]
        ],
    }


def _opened(
    request: HttpRequest, workspace: str, number: int, action: str = "problem.view"
) -> tuple[Actor, Problem]:
    actor = actor_in(request, workspace, action)
    if not 0 <= number < LARGEST:
        raise Http404
    open_due(actor.workspace)
    rows = Problem.objects.of(actor.workspace).filter(number=number)
    found = rows.select_related("owner", "first_framed_by", "workspace").first()
    if found is None:
        raise Http404
    require(actor, action, found)
    return actor, found


def _problem(one: Problem) -> dict[str, Any]:
    same = ("number", "title", "state", "focus_area", "theme", "opened_at", "state_since")
    return {
        **{name: getattr(one, name) for name in same},
        "owner": one.owner.name if one.owner else None,
        "first_framed_by": one.first_framed_by.name if one.first_framed_by else None,
    }


def _full(actor: Actor, one: Problem) -> dict[str, Any]:
    known = known_of(actor, [one])
    rows = one.causes.filter(withdrawn_at=None).prefetch_related("seen_by").order_by("pk")
    return {
        **_problem(one),
        "statement": _statement(known.statements[one.pk]),
        "causes": [_cause(known, row) for row in rows],
        "lacks": [{"need": lack.need, "text": str(lack.text)} for lack in known.lacks[one.pk]],
    }


def _statement(one: Statement) -> dict[str, Any]:
    parts = ("sentence", "place", "period", "groups_harmed", "harm", "effects", "disputed")
    same = ("number", *parts, "reason", "is_joint", "causes", "created_at")
    organisation = one.author.organisation.name if one.author else None
    return {**{name: getattr(one, name) for name in same}, "organisation": organisation}


def _cause(known: Known, one: Cause) -> dict[str, Any]:
    same = ("text", "family", "reach", "is_disputed", "is_presumed", "left_out_reason")
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in same},
        "seen_by": sorted(partner.name for partner in one.seen_by.all()),
        "is_supported": bool(known.evidence[one.problem_id].causes[one.pk]),
    }


def _heading(one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": str(one.title),
        "question": str(one.question),
        "fields": [
            {
                "id": field.id,
                "label": str(field.label),
                "is_built": field.is_built,
                "entries": [
                    {"text": str(entry.text), "address": entry.address} for entry in field.entries
                ],
            }
            for field in one.fields
        ],
    }


def _round(one: FrameRound) -> dict[str, Any]:
    same = ("number", "asked_at", "closes_at", "first_closes_at", "put_off_reason", "answered")
    return {
        **{name: getattr(one, name) for name in same},
        "asked": sorted(partner.name for partner in one.organisations.all()),
        "is_open": one.is_open,
        "digest": one.digest,
    }


def _table(round: FrameRound) -> dict[str, Any]:
    """The table of differences; empty as long as the answers are sealed."""
    if not round.is_open:
        return {"rows": [], "causes": []}
    table = named_causes(round)

    def cells(row: Any) -> dict[str, str]:
        return dict(zip(table.organisations, row.cells, strict=True))

    return {
        "rows": [
            {
                "question": row.question,
                "cells": cells(row),
                "shared": list(row.shared),
                "is_same": row.is_same,
            }
            for row in table.rows
        ],
        "causes": [
            {
                "family": row.family,
                "cells": cells(row),
                "is_agreed": row.is_agreed,
                "is_minority": row.is_minority,
            }
            for row in table.causes
        ],
    }
