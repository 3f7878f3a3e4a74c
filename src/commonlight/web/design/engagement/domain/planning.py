"""Say why people are asked, plan whom and how, and choose methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.engagement.domain.catalogue import contents, methods
from commonlight.web.design.engagement.domain.ranking import Answers, Ranking, rank
from commonlight.web.design.engagement.models import ChosenMethod, Engagement, EngagementPlan
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "EngagementError",
    "answers_of",
    "choose",
    "drop",
    "engagement_of",
    "make_plan",
    "needs_reason",
    "next_number",
    "ranking_of",
    "say_not_heard",
    "say_why",
]


class EngagementError(ValueError):
    """Something that cannot be done, with the sentence that the person reads."""


@read_once
def engagement_of(problem: Problem) -> Engagement:
    """The engagement of a problem; one that nobody has begun is empty and not stored."""
    found = Engagement.objects.of(problem.workspace).filter(problem=problem).first()
    return found or Engagement(workspace=problem.workspace, problem=problem)


def next_number(model: Any, problem: Problem) -> int:
    """The next number of a thing within its problem; call it inside a transaction."""
    Problem.objects.of(problem.workspace).select_for_update().get(pk=problem.pk)
    last = model.objects.of(problem.workspace).filter(problem=problem).aggregate(n=Max("number"))
    return (last["n"] or 0) + 1


@transaction.atomic
def say_why(
    actor: Actor,
    problem: Problem,
    *,
    rationale: str,
    rationale_text: str = "",
    decision: str = "",
    decided_by: str = "",
    decided_on: date | None = None,
    harmed_groups: Iterable[str] = (),
) -> Engagement:
    """Why people are engaged, and the decision that can still change."""
    require(actor, "engagement.manage", problem)
    found = engagement_of(problem)
    found.rationale, found.rationale_text = rationale, rationale_text.strip()
    found.decision, found.decided_by = decision.strip(), decided_by.strip()
    found.decided_on = decided_on
    found.harmed_groups = list(harmed_groups)
    found.save()
    record(actor, "engagement.say_why", problem, number=problem.number, rationale=rationale)
    return found


@transaction.atomic
def say_not_heard(actor: Actor, problem: Problem, *, group: str, reason: str) -> Engagement:
    """Why a group that is harmed was not heard; an empty reason takes the sentence back."""
    require(actor, "engagement.manage", problem)
    found = engagement_of(problem)
    told = {name: text for name, text in found.unheard.items() if name != group}
    if reason.strip():
        told[group] = reason.strip()
    found.unheard = told
    found.save()
    record(actor, "engagement.not_heard", problem, number=problem.number, group=group)
    return found


@transaction.atomic
def make_plan(
    actor: Actor, problem: Problem, answers: Answers, *, plan: EngagementPlan | None = None
) -> EngagementPlan:
    """A new plan from the answers, or new answers of a plan that stands."""
    require(actor, "engagement.manage", problem)
    made = plan or EngagementPlan(
        workspace=problem.workspace,
        problem=problem,
        number=next_number(EngagementPlan, problem),
    )
    for name in ("phase", "purpose", "size", "days", "cost", "is_sensitive", "is_conflict"):
        setattr(made, name, getattr(answers, name))
    for name in ("reach", "skills", "offers"):
        setattr(made, name, list(getattr(answers, name)))
    made.content_version = contents()["version"]
    made.author, made.changed_at = actor.membership, timezone.now()
    made.save()
    record(actor, "engagement.plan", problem, number=problem.number, plan=made.number)
    return made


def answers_of(plan: EngagementPlan) -> Answers:
    """The answers of a stored plan."""
    return Answers(
        phase=plan.phase,
        purpose=plan.purpose,
        reach=tuple(plan.reach),
        size=plan.size,
        days=plan.days,
        cost=plan.cost,
        skills=tuple(plan.skills),
        offers=tuple(plan.offers),
        is_sensitive=plan.is_sensitive,
        is_conflict=plan.is_conflict,
    )


def ranking_of(plan: EngagementPlan) -> Ranking:
    """The methods for the answers of a plan."""
    return rank(answers_of(plan))


def needs_reason(ranking: Ranking, method: str) -> bool:
    """Whether a choice must be explained: the planner did not put the method first."""
    return method not in {one.method["id"] for one in ranking.shown}


@transaction.atomic
def choose(actor: Actor, plan: EngagementPlan, method: str, *, reason: str = "") -> ChosenMethod:
    """Choose a method; one that the planner did not put first asks for a reason.

    Raises
    ------
    EngagementError
        If there is no such method, or the reason is missing.
    """
    require(actor, "engagement.manage", plan)
    if method not in methods():
        raise EngagementError(_("There is no such method."))
    if needs_reason(ranking_of(plan), method) and not reason.strip():
        raise EngagementError(_("The planner puts other methods first. Say why you choose this."))
    given: Mapping[str, Any] = {
        "reason": reason.strip(),
        "chosen_by": actor.membership,
        "chosen_at": timezone.now(),
    }
    made, _is_new = ChosenMethod.objects.of(plan.workspace).update_or_create(
        workspace=plan.workspace, plan=plan, method=method, defaults=given
    )
    chosen: ChosenMethod = made
    record(actor, "engagement.choose", plan.problem, plan=plan.number, method=method)
    return chosen


@transaction.atomic
def drop(actor: Actor, chosen: ChosenMethod) -> None:
    """Take a method out of a plan."""
    require(actor, "engagement.manage", chosen.plan)
    plan, method = chosen.plan, chosen.method
    chosen.delete()
    record(actor, "engagement.drop", plan.problem, plan=plan.number, method=method)
