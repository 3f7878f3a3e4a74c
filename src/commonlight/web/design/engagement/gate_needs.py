"""The needs of the gates that engagement itself and the apps below it can tell."""

from __future__ import annotations

from django.urls import reverse

from commonlight.web.design.concept_places import new_concept, standings, to_be_tried
from commonlight.web.design.engagement.domain.catalogue import group_titles, listing
from commonlight.web.design.engagement.domain.hearing import (
    harmed_groups,
    recorded_in,
    unheard_groups,
)
from commonlight.web.design.engagement.domain.planning import engagement_of
from commonlight.web.design.engagement.domain.register import tallies
from commonlight.web.design.engagement.domain.talks import take_over, waiting_talks
from commonlight.web.design.engagement.models import ChosenMethod
from commonlight.web.design.engagement.needs import Missing, need_of_gate
from commonlight.web.design.engagement.places import hearing_address
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import known_of

__all__ = [
    "all_replies_given",
    "both_kinds_of_source",
    "concept_card",
    "decision_at_stake",
    "engagement_plan",
    "engagement_record",
    "harmed_groups_heard",
    "problem_confirmed",
    "problem_defined",
    "prototype_tested",
    "rationale",
    "two_organisations",
]

DEFINED = (ProblemState.DEFINED, ProblemState.DESIGNING, ProblemState.BRIEFED)


def _page(problem: Problem, name: str = "engagement:engagement") -> str:
    return reverse(name, args=[problem.workspace.slug, problem.number])


@need_of_gate("rationale")
def rationale(actor: Actor, problem: Problem) -> Missing | None:
    """One of the three reasons is chosen."""
    chosen = engagement_of(problem).rationale
    return None if chosen else Missing(address=_page(problem, "engagement:purpose"))


@need_of_gate("decision_at_stake")
def decision_at_stake(actor: Actor, problem: Problem) -> Missing | None:
    """The decision, who takes it, and when."""
    found = engagement_of(problem)
    told = found.decision and found.decided_by and found.decided_on
    return None if told else Missing(address=_page(problem, "engagement:purpose"))


@need_of_gate("two_organisations")
def two_organisations(actor: Actor, problem: Problem) -> Missing | None:
    """As the definition of a problem counts them."""
    return _of_definition(actor, problem, "two_organisations")


@need_of_gate("both_kinds_of_source")
def both_kinds_of_source(actor: Actor, problem: Problem) -> Missing | None:
    """Numbers and voices, as the definition of a problem counts them."""
    return _of_definition(actor, problem, "quantitative_source", "qualitative_source")


@need_of_gate("problem_defined")
def problem_defined(actor: Actor, problem: Problem) -> Missing | None:
    """The problem passed its own gate."""
    return None if problem.state in DEFINED else Missing(address=_page(problem, "problems:problem"))


@need_of_gate("engagement_plan")
def engagement_plan(actor: Actor, problem: Problem) -> Missing | None:
    """A plan with at least one method that was chosen."""
    chosen = ChosenMethod.objects.of(problem.workspace).filter(plan__problem=problem)
    return None if chosen.exists() else Missing(address=_page(problem, "engagement:plan_new"))


@need_of_gate("engagement_record")
def engagement_record(actor: Actor, problem: Problem) -> Missing | None:
    """Somebody was heard: an engagement record, or a workshop that was held."""
    if recorded_in(problem.workspace, [problem]):
        return None
    talks = waiting_talks(actor, [problem])[problem.pk]
    return Missing(
        address=hearing_address(actor, problem, talks[0].pk if talks else None),
        sentence=take_over(len(talks)) if talks else "",
    )


@need_of_gate("harmed_groups_heard")
def harmed_groups_heard(actor: Actor, problem: Problem) -> Missing | None:
    """Every category that is harmed was heard, or it is said why not."""
    left = unheard_groups(problem)
    if left:
        address = _page(problem, "engagement:unheard")
        return Missing(address=address, values={"groups": listing(left, group_titles())})
    told = current_statement(problem).groups_harmed
    if told and not harmed_groups(problem):
        return Missing(address=_page(problem, "engagement:purpose"), values={"groups": told})
    return None


@need_of_gate("problem_confirmed")
def problem_confirmed(actor: Actor, problem: Problem) -> Missing | None:
    """The statement that stands now was confirmed after the ideas."""
    same = engagement_of(problem).confirmed_version == current_statement(problem).number
    return None if same else Missing(address=_page(problem, "engagement:confirm"))


@need_of_gate("all_replies_given")
def all_replies_given(actor: Actor, problem: Problem) -> Missing | None:
    """No contribution waits for its reply."""
    waiting = tallies([problem])[problem.pk].open
    if not waiting:
        return None
    return Missing(address=_page(problem, "engagement:register"), count=waiting)


@need_of_gate("concept_card")
def concept_card(actor: Actor, problem: Problem) -> Missing | None:
    """A concept card that was not set aside."""
    known = standings(problem.workspace, [problem])[problem.pk]
    return None if known.concepts else Missing(address=new_concept(actor, problem, known))


@need_of_gate("prototype_tested")
def prototype_tested(actor: Actor, problem: Problem) -> Missing | None:
    """Users tried a concept that was not set aside."""
    known = standings(problem.workspace, [problem])[problem.pk]
    return None if known.tests else Missing(address=to_be_tried(actor, problem, known))


def _of_definition(actor: Actor, problem: Problem, *needs: str) -> Missing | None:
    for lack in known_of(actor, [problem]).lacks[problem.pk]:
        if lack.need in needs:
            return Missing(address=lack.address)
    return None
