"""The review of a design: tension cards, impact, checks of concepts, and the design brief."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from commonlight.web.api.answers.paging import answers
from commonlight.web.api.operations.engagement import LARGEST, _problem
from commonlight.web.design.models import Concept
from commonlight.web.design.review.domain.brief.blocks import redacted
from commonlight.web.design.review.domain.guards import guards_of
from commonlight.web.design.review.domain.impact import aspects_of
from commonlight.web.design.review.domain.principles import checks_of
from commonlight.web.design.review.domain.tensions import (
    cards_of,
    effect_words,
    watched_effects,
)
from commonlight.web.design.review.models import Brief
from commonlight.web.eventlog.models import EventKind
from commonlight.web.eventlog.record import record

router = Router(tags=["Design"])
HOME = "/workspaces/{workspace}/problems/{number}/design"


class FiringOut(Schema):
    """The words of the plan that call for a card, and where they stand."""

    words: str
    where: str


class CardOut(Schema):
    """A tension card that fires or was answered."""

    card: str
    title: str
    is_waiting: bool
    firings: list[FiringOut]
    side: str
    why: str
    who_may_lose: str
    watch: str


class ReviewEffectOut(Schema):
    """A possible side effect that is watched."""

    card: str
    title: str
    how: str
    watch: str


class AspectOut(Schema):
    """An aspect of the impact with its answer; empty where nobody has answered."""

    aspect: str
    title: str
    answer: str
    text: str


class ReviewOut(Schema):
    """Tension cards, watched side effects, and the impact questions."""

    tensions: list[CardOut]
    effects: list[ReviewEffectOut]
    impact: list[AspectOut]


class CheckOut(Schema):
    """A principle with its answer; empty where nobody has answered."""

    check: str
    question: str
    answer: str
    text: str
    owner: str
    due: date | None


class GuardOut(Schema):
    """A guard of the focus area, and whether the concept passes it."""

    area: str
    guard: str
    question: str
    is_answered: bool
    choices: list[str]
    text: str
    refusal: str


class ChecksOut(Schema):
    """A concept against the principles and the guards."""

    principles: list[CheckOut]
    guards: list[GuardOut]


class BriefOut(Schema):
    """A version of the design brief that was proposed."""

    number: int
    state: str
    digest: str
    proposed_at: datetime | None
    decided_at: datetime | None


class BriefFullOut(BriefOut):
    """A version with all its sections; what is closed to the one who asks is not named."""

    content: dict[str, Any]


@router.get(f"{HOME}/review", response=answers(ReviewOut), operation_id="review")
def review(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """Where the partners stand on the tensions of the plan, and what they watch."""
    _actor, problem = _problem(request, workspace, number)
    shown = [one for one in cards_of(problem) if one.firings or one.answer]
    return {
        "tensions": [_card(one) for one in shown],
        "effects": [_effect(one) for one in watched_effects(problem)],
        "impact": [_aspect(one) for one in aspects_of(problem)],
    }


@router.get(
    f"{HOME}/concepts/{{concept}}/checks",
    response=answers(ChecksOut),
    operation_id="concept_checks",
)
def checks(request: HttpRequest, workspace: str, number: int, concept: int) -> dict[str, Any]:
    """A concept against the principles of the Roadmap and the guards of its focus area."""
    actor, problem = _problem(request, workspace, number)
    rows = Concept.objects.of(actor.workspace).filter(problem=problem)
    found = rows.select_related("workspace").filter(number=min(concept, LARGEST)).first()
    if found is None:
        raise Http404
    found.problem = problem
    return {
        "principles": [_check(one) for one in checks_of(found)],
        "guards": [_guard(one) for one in guards_of(found)],
    }


@router.get(f"{HOME}/briefs", response=answers(list[BriefOut]), operation_id="design_briefs")
def briefs(request: HttpRequest, workspace: str, number: int) -> list[dict[str, Any]]:
    """The versions of the design brief that were proposed, the newest first."""
    actor, problem = _problem(request, workspace, number)
    rows = Brief.objects.of(actor.workspace).filter(problem=problem, content__isnull=False)
    return [_brief(one) for one in rows.defer("content", "texts").order_by("-number")]


@router.get(
    f"{HOME}/briefs/{{version}}", response=answers(BriefFullOut), operation_id="design_brief"
)
def brief(request: HttpRequest, workspace: str, number: int, version: int) -> dict[str, Any]:
    """One version of the design brief with all its sections."""
    actor, problem = _problem(request, workspace, number)
    rows = Brief.objects.of(actor.workspace).filter(problem=problem, content__isnull=False)
    found = rows.filter(number=min(version, LARGEST)).first()
    if found is None:
        raise Http404
    record(actor, "brief.download", problem, kind=EventKind.EXPORT, brief=version, file="api")
    return {**_brief(found), "content": redacted(found.content, actor)}


def _card(one: Any) -> dict[str, Any]:
    answer = one.answer
    return {
        "card": one.id,
        "title": str(one.row["title"]),
        "is_waiting": one.is_waiting,
        "firings": [{"words": each.words, "where": str(each.where)} for each in one.firings],
        "side": answer.side if answer else "",
        "why": answer.why if answer else "",
        "who_may_lose": answer.who_may_lose if answer else "",
        "watch": answer.watch if answer else "",
    }


def _effect(one: Any) -> dict[str, Any]:
    words = effect_words(one)
    return {
        "card": one.card,
        "title": str(words["title"]),
        "how": str(words["how"]),
        "watch": one.watch,
    }


def _aspect(one: Any) -> dict[str, Any]:
    return {
        "aspect": one.row["id"],
        "title": str(one.row["title"]),
        "answer": one.answer.answer if one.answer else "",
        "text": one.answer.text if one.answer else "",
    }


def _check(one: Any) -> dict[str, Any]:
    answer = one.answer
    return {
        "check": one.row["id"],
        "question": str(one.row["question"]),
        "answer": answer.answer if answer else "",
        "text": (answer.where or answer.what or answer.reason) if answer else "",
        "owner": answer.owner.name if answer and answer.owner else "",
        "due": answer.due if answer else None,
    }


def _guard(one: Any) -> dict[str, Any]:
    return {
        "area": one.area["id"],
        "guard": one.row["id"],
        "question": str(one.row["question"]),
        "is_answered": one.is_answered,
        "choices": one.answer.choices if one.answer else [],
        "text": one.answer.text if one.answer else "",
        "refusal": "" if one.is_answered else one.refusal,
    }


def _brief(one: Brief) -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state,
        "digest": one.digest,
        "proposed_at": one.proposed_at,
        "decided_at": one.decided_at,
    }
