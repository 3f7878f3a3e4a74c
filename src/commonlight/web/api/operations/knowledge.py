"""Published evidence, local entries, gaps, stances and transfer passports."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from commonlight.web.api.answers.knowledge import (
    CellOut,
    KnowledgeEntryOut,
    KnowledgeEvidenceOut,
    KnowledgeStatementOut,
    NeedOut,
    PracticeFullOut,
    PracticeOut,
    ProfileOut,
    SearchOut,
)
from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.auth import actor_in
from commonlight.web.knowledge.domain.entries import entries_of
from commonlight.web.knowledge.domain.gaps import gaps_of, need_of
from commonlight.web.knowledge.domain.passports import faces_of, passport_json, passports_of
from commonlight.web.knowledge.domain.profile import profile_of, transfer_fields
from commonlight.web.knowledge.domain.published import practice_in, statement_in
from commonlight.web.knowledge.domain.searching import Hit
from commonlight.web.knowledge.domain.searching import search as search_in
from commonlight.web.knowledge.domain.stances import linked_of, use_of
from commonlight.web.knowledge.enums import EntryKind, GapState
from commonlight.web.knowledge.methods import evidence
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem

router = Router(tags=["Knowledge"])
LARGEST = 2**31


@router.get(
    "/workspaces/{workspace}/knowledge/practices",
    response=answers(Page[PracticeOut]),
    operation_id="practices",
)
def practices(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Published practices, those that did not work among them."""
    actor_in(request, workspace, "knowledge.view")
    return page_of(list(evidence().practices.practices.values()), limit, offset, _practice)


@router.get(
    "/workspaces/{workspace}/knowledge/practices/{practice}",
    response=answers(PracticeFullOut),
    operation_id="practice",
)
def practice(request: HttpRequest, workspace: str, practice: str) -> dict[str, Any]:
    """One published practice with its effects, sources and marks."""
    actor = actor_in(request, workspace, "knowledge.view")
    found = practice_in(actor.workspace, practice)
    if found is None:
        raise Http404
    return _practice_full(found.record)


@router.get(
    "/workspaces/{workspace}/knowledge/statements",
    response=answers(Page[KnowledgeStatementOut]),
    operation_id="statements",
)
def statements(
    request: HttpRequest,
    workspace: str,
    kind: Annotated[str, Query(max_length=20, description="Only this kind.")] = "",
    focus_area: Annotated[str, Query(max_length=40, description="Only this focus area.")] = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Published statements, all of them or those of a cell."""
    actor_in(request, workspace, "knowledge.view")
    rows = [
        one
        for one in evidence().statements.statements.values()
        if (not kind or one.kind == kind) and (not focus_area or focus_area in one.focus_areas)
    ]
    return page_of(rows, limit, offset, asdict)


@router.get(
    "/workspaces/{workspace}/knowledge/statements/{statement}",
    response=answers(KnowledgeStatementOut),
    operation_id="statement",
)
def statement(request: HttpRequest, workspace: str, statement: str) -> dict[str, Any]:
    """One published statement."""
    actor = actor_in(request, workspace, "knowledge.view")
    found = statement_in(actor.workspace, statement)
    if found is None:
        raise Http404
    return asdict(found.record)


@router.get(
    "/workspaces/{workspace}/knowledge/cells",
    response=answers(list[CellOut]),
    operation_id="cells",
)
def cells(request: HttpRequest, workspace: str) -> list[dict[str, Any]]:
    """The sixteen cells of kind and focus area, the empty one too."""
    actor_in(request, workspace, "knowledge.view")
    return [asdict(one) for one in evidence().statements.cells()]


@router.get(
    "/workspaces/{workspace}/knowledge/search",
    response=answers(SearchOut),
    operation_id="search_knowledge",
)
def search(
    request: HttpRequest,
    workspace: str,
    q: Annotated[str, Query(max_length=200, description="Words of a problem.")] = "",
) -> dict[str, Any]:
    """Search by words of ten languages; nothing found is an answer."""
    actor = actor_in(request, workspace, "knowledge.view")
    found = search_in(actor, q)
    return {
        "query": found.query,
        "understood": dict(found.understood),
        "not_understood": list(found.not_understood),
        "practices": [_hit(one) for one in found.practices],
        "statements": [_hit(one) for one in found.statements],
        "local": [_hit(one) for one in found.entries],
        "near": [_hit(one) for one in found.near],
        "suggestions": list(found.suggestions),
    }


@router.get(
    "/workspaces/{workspace}/knowledge/local",
    response=answers(Page[KnowledgeEntryOut]),
    operation_id="local_entries",
)
def local(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Local practices and statements that the one who asks may read."""
    actor = actor_in(request, workspace, "knowledge.view")
    rows = [one for kind in EntryKind for one in entries_of(actor, kind)]
    return page_of(rows, limit, offset, _entry)


@router.get(
    "/workspaces/{workspace}/knowledge/gaps",
    response=answers(Page[NeedOut]),
    operation_id="gaps",
)
def gaps(
    request: HttpRequest,
    workspace: str,
    state: Annotated[GapState | None, Query(description="Only this state.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Gaps as research needs, the newest first."""
    actor = actor_in(request, workspace, "knowledge.view")
    return page_of(gaps_of(actor, state=state or ""), limit, offset, need_of)


@router.get(
    "/workspaces/{workspace}/knowledge/city",
    response=answers(ProfileOut),
    operation_id="city_profile",
)
def city(request: HttpRequest, workspace: str) -> dict[str, Any]:
    """How it is in the city, field by field."""
    actor = actor_in(request, workspace, "knowledge.view")
    known = profile_of(actor)
    return {
        "fields": {
            one.id: known[one.id].text if one.id in known else None for one in transfer_fields()
        }
    }


@router.get(
    "/workspaces/{workspace}/problems/{number}/evidence",
    response=answers(KnowledgeEvidenceOut),
    operation_id="problem_evidence",
)
def problem_evidence(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """What a problem made of practices and statements."""
    actor = actor_in(request, workspace, "knowledge.view")
    problem = _problem(actor, number)
    use = use_of(actor, [problem])[problem.pk]
    return {
        "applied": use.applied,
        "considered": use.considered,
        "rejected": use.rejected,
        "ratio": use.ratio,
        "linked": [_linked(one) for one in linked_of(actor, problem)],
    }


@router.get(
    "/workspaces/{workspace}/problems/{number}/passports",
    response=answers(Page[dict[str, Any]]),
    operation_id="passports",
)
def passports(
    request: HttpRequest, workspace: str, number: int, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The transfer passports of a problem, field by field, without a total."""
    actor = actor_in(request, workspace, "knowledge.view")
    rows = passports_of(actor, _problem(actor, number))
    return page_of(faces_of(rows), limit, offset, passport_json)


@router.get(
    "/workspaces/{workspace}/problems/{number}/passports/{passport}",
    response=answers(dict[str, Any]),
    operation_id="passport",
)
def passport(request: HttpRequest, workspace: str, number: int, passport: int) -> dict[str, Any]:
    """One transfer passport; what is not known is the word unknown."""
    actor = actor_in(request, workspace, "knowledge.view")
    rows = passports_of(actor, _problem(actor, number))
    found = next((one for one in rows if one.number == passport), None)
    if found is None:
        raise Http404
    return passport_json(faces_of([found])[0])


def _problem(actor: Actor, number: int) -> Problem:
    rows = Problem.objects.of(actor.workspace).select_related("workspace")
    found: Problem | None = rows.filter(number=number).first() if 0 < number < LARGEST else None
    if found is None:
        raise Http404
    require(actor, "problem.view", found)
    return found


def _practice(one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "summary": one.summary,
        "focus_areas": list(one.focus_areas),
        "problem_types": list(one.problem_types),
        "directions": {group: list(found) for group, found in one.directions().items()},
        "did_not_work": one.did_not_work,
        "is_untested": one.is_untested,
    }


def _practice_full(one: Any) -> dict[str, Any]:
    sources = evidence().practices.sources
    dimensions = {
        name: asdict(told) | {"is_known": told.text is not None}
        for name, told in (
            ("mechanism", one.mechanism),
            ("moderators", one.moderators),
            ("implementation", one.implementation),
            ("economics", one.economics),
            ("harms", one.harms),
        )
    }
    return {
        **asdict(one),
        **_practice(one),
        **dimensions,
        "effects": [_effect(row) for row in one.effects],
        "evidence_quality": one.evidence_quality.level,
        "evidence_quality_reasons": one.evidence_quality.reasons,
        "sources": [asdict(sources[ref]) for ref in one.sources],
    }


def _effect(row: Any) -> dict[str, Any]:
    strength = {"strength": row.rating.level, "strength_reasons": row.rating.reasons}
    return asdict(row) | strength


def _hit(one: Hit) -> dict[str, Any]:
    return {"id": one.id, "title": str(one.title), "words": list(one.words)}


def _entry(one: Any) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "number": one.number,
        "title": one.title,
        "language": one.language,
        "country": one.country,
        "level": one.level,
        "state": one.state,
        "is_reviewed": one.is_reviewed,
        "organisation": one.organisation.name,
        "source": one.source,
        "about": getattr(one, "practice", "") or None,
        "parts": {name: getattr(one, name) for name in one.parts},
    }


def _linked(one: Any) -> dict[str, Any]:
    author = one.stance.author
    return {
        "kind": one.stance.source_kind,
        "key": one.stance.source_key,
        "title": str(one.title),
        "is_local": one.is_local,
        "stands": one.stands,
        "position": one.stance.position,
        "reason": one.stance.reason,
        "organisation": author.organisation.name if author else None,
        "on": one.stance.taken_at.date(),
    }
