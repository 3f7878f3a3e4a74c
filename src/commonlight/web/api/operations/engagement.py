"""Engagement of a problem: why, the gates, the plans with their ranked methods, the register."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.auth import actor_in
from commonlight.web.design.engagement.domain.gates import gates_of
from commonlight.web.design.engagement.domain.planning import engagement_of, ranking_of
from commonlight.web.design.engagement.domain.ranking import Choice
from commonlight.web.design.engagement.domain.register import contributions_of, tallies
from commonlight.web.design.engagement.models import EngagementPlan, Hearing
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem

router = Router(tags=["Design"])
LARGEST = 2**31
HOME = "/workspaces/{workspace}/problems/{number}/design/engagement"


class EngagementLackOut(Schema):
    """What a gate needs and what is missing of it."""

    need: str
    sentence: str


class GateOut(Schema):
    """A gate with everything that is missing."""

    id: str
    title: str
    source: str
    target: str
    is_open: bool
    is_passed: bool
    missing: list[EngagementLackOut]


class HearingOut(Schema):
    """An occasion on which people were heard, with how many of each category."""

    number: int
    held_on: date
    method: str
    groups: dict[str, int]
    said: str


class TallyOut(Schema):
    """The reply register in figures."""

    given: int
    replied: int
    late: int


class EngagementOut(Schema):
    """Why people are engaged, the decision at stake, the gates, and who was heard."""

    stage: str
    rationale: str
    rationale_text: str
    decision: str
    decided_by: str
    decided_on: date | None
    gates: list[GateOut]
    hearings: list[HearingOut]
    contributions: TallyOut


class EngagementReasonOut(Schema):
    """A sentence for or against a method."""

    rule: str
    sentence: str
    speaks_for: bool


class RankedOut(Schema):
    """A method with its reasons, in the order of the planner."""

    method: str
    title: str
    reasons: list[EngagementReasonOut]


class EngagementPlanOut(Schema):
    """The answers of a plan, the methods that fit, those set aside, and those chosen."""

    number: int
    phase: str
    purpose: str
    reach: list[str]
    size: int
    days: int
    cost: str
    skills: list[str]
    offers: list[str]
    is_sensitive: bool
    is_conflict: bool
    kept: list[RankedOut]
    set_aside: list[RankedOut]
    chosen: list[str]


class ContributionOut(Schema):
    """What people of a category said, and what became of it."""

    number: int
    group: str
    text: str
    received_on: date
    state: str
    ground: str
    reason: str
    replied_at: datetime | None


@router.get(HOME, response=answers(EngagementOut), operation_id="engagement")
def engagement(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """Why people are engaged, how far it is, and what is missing at each gate."""
    actor, problem = _problem(request, workspace, number)
    found = engagement_of(problem)
    tally = tallies([problem])[problem.pk]
    names = ("stage", "rationale", "rationale_text", "decision", "decided_by", "decided_on")
    rows = Hearing.objects.of(actor.workspace).filter(problem=problem).order_by("number")
    return {
        **{name: getattr(found, name) for name in names},
        "gates": [_gate(one) for one in gates_of(actor, problem, found)],
        "hearings": [
            {name: getattr(one, name) for name in HearingOut.model_fields} for one in rows
        ],
        "contributions": {"given": tally.given, "replied": tally.replied, "late": tally.late},
    }


@router.get(
    f"{HOME}/plans/{{plan}}", response=answers(EngagementPlanOut), operation_id="engagement_plan"
)
def engagement_plan(request: HttpRequest, workspace: str, number: int, plan: int) -> dict[str, Any]:
    """One plan: the same answers give the same methods with the same reasons."""
    actor, problem = _problem(request, workspace, number)
    rows = EngagementPlan.objects.of(actor.workspace).filter(problem=problem)
    found = rows.prefetch_related("chosen").filter(number=min(plan, LARGEST)).first()
    if found is None:
        raise Http404
    ranking = ranking_of(found)
    own = set(EngagementPlanOut.model_fields) - {"kept", "set_aside", "chosen"}
    return {
        **{name: getattr(found, name) for name in own},
        "kept": [_ranked(one) for one in ranking.kept],
        "set_aside": [_ranked(one) for one in ranking.set_aside],
        "chosen": [one.method for one in found.chosen.all()],
    }


@router.get(
    f"{HOME}/contributions",
    response=answers(Page[ContributionOut]),
    operation_id="contributions",
)
def contributions(
    request: HttpRequest,
    workspace: str,
    number: int,
    state: Annotated[str, Query(max_length=16, description="Only these, for example open.")] = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The reply register; contributions that wait come first."""
    _actor, problem = _problem(request, workspace, number)
    found = contributions_of(problem)
    return page_of(found.filter(state=state) if state else found, limit, offset, _contribution)


def _contribution(one: Any) -> dict[str, Any]:
    given = one.standing[-1] if one.standing else None
    return {
        "number": one.number,
        "group": one.group,
        "text": one.text,
        "received_on": one.received_on,
        "state": one.state,
        "ground": given.ground if given else "",
        "reason": given.text if given else "",
        "replied_at": given.replied_at if given else None,
    }


def _gate(one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": str(one.title),
        "source": one.source,
        "target": one.target,
        "is_open": one.is_open,
        "is_passed": one.is_passed,
        "missing": [{"need": each.need, "sentence": str(each.text)} for each in one.missing],
    }


def _ranked(one: Choice) -> dict[str, Any]:
    return {
        "method": one.method["id"],
        "title": str(one.method["title"]),
        "reasons": [
            {"rule": each.rule, "sentence": each.sentence, "speaks_for": each.speaks_for}
            for each in one.reasons
        ],
    }


def _problem(request: HttpRequest, workspace: str, number: int) -> tuple[Actor, Problem]:
    """The problem with this number, if its design may be read."""
    actor = actor_in(request, workspace, "design.view")
    rows = Problem.objects.of(actor.workspace).select_related("workspace", "owner")
    found = rows.filter(number=number).first() if 0 < number < LARGEST else None
    if found is None:
        raise Http404
    require(actor, "design.view", found)
    return actor, found
