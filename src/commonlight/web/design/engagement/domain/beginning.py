"""What the record of a problem already answers of the planner's questions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from commonlight.web.design.engagement.domain.catalogue import gates, group_titles, rules
from commonlight.web.design.engagement.domain.hearing import harmed_groups, heard_groups
from commonlight.web.design.engagement.models import ChosenMethod, EngagementPlan
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.board import voices_of
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import Problem

__all__ = ["first_answers", "first_hearing", "likely_groups"]


def first_answers(actor: Actor, problem: Problem) -> dict[str, Any]:
    """The phase from the state of the problem, and the groups: unheard first, then harmed."""
    found: dict[str, Any] = {"reach": _groups(actor, problem)}
    state = problem.state
    if state == ProblemState.DESIGNING and not _has_concept(problem):
        state = "no_concept"
    phase = rules()["phase_of_state"].get(state)
    return found | {"phase": phase} if phase else found


def first_hearing(problem: Problem) -> dict[str, Any]:
    """The method that was chosen last, and today."""
    rows = ChosenMethod.objects.of(problem.workspace).filter(plan__problem=problem)
    chosen = rows.order_by("-chosen_at", "-pk").values_list("method", flat=True).first()
    today = {"held_on": timezone.localdate()}
    return {"method": chosen, **today} if chosen else today


def likely_groups(actor: Actor, problem: Problem) -> list[str]:
    """Whom the problem concerns: harmed, heard, and those whom the last plan wants to reach."""
    plan = EngagementPlan.objects.of(problem.workspace).filter(problem=problem).last()
    reached = plan.reach if plan is not None else []
    return [*_groups(actor, problem), *sorted(heard_groups(problem)), *reached]


def _groups(actor: Actor, problem: Problem) -> list[str]:
    """Those who are harmed, and those of whom the board of voices says that nobody heard them."""
    pairs = gates()["groups_of_voice"]
    named = [one for one in voices_of(actor, [problem])[problem.pk] if one.reason]
    silent = [group for one in named if not one.is_heard for group in pairs.get(one.id, ())]
    heard, wanted = heard_groups(problem), [*harmed_groups(problem), *silent]
    known = [one for one in dict.fromkeys(wanted) if one in group_titles()]
    return sorted(known, key=lambda one: one in heard)


def _has_concept(problem: Problem) -> bool:
    rows = Concept.objects.of(problem.workspace).filter(problem=problem)
    return bool(rows.exclude(state=ConceptState.SET_ASIDE).exists())
