"""The needs of the gates that engagement itself and the apps below it can tell."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from commonlight.web.design.engagement.domain.catalogue import group_titles, listing
from commonlight.web.design.engagement.domain.hearing import harmed_groups, unheard_groups
from commonlight.web.design.engagement.domain.planning import engagement_of
from commonlight.web.design.engagement.domain.register import tallies
from commonlight.web.design.engagement.models import ChosenMethod, Hearing
from commonlight.web.design.engagement.needs import Missing, need_of_gate
from commonlight.web.design.enums import ConceptState, WorkshopState
from commonlight.web.design.models import Concept, PrototypeTest, Workshop
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import Frame, Problem
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.thread.domain.web import web_of
from commonlight.web.thread.kinds import Key, key_of, kind_named

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
def rationale(problem: Problem) -> Missing | None:
    """One of the three reasons is chosen."""
    chosen = engagement_of(problem).rationale
    return None if chosen else Missing(address=_page(problem, "engagement:purpose"))


@need_of_gate("decision_at_stake")
def decision_at_stake(problem: Problem) -> Missing | None:
    """The decision, who takes it, and when."""
    found = engagement_of(problem)
    told = found.decision and found.decided_by and found.decided_on
    return None if told else Missing(address=_page(problem, "engagement:purpose"))


@need_of_gate("two_organisations")
def two_organisations(problem: Problem) -> Missing | None:
    """Frames, causes, versions and sources come from at least two organisations."""
    frames = Frame.objects.of(problem.workspace).filter(
        round__problem=problem, round__opened_at__isnull=False, sent_at__isnull=False
    )
    found = {
        *frames.values_list("organisation", flat=True),
        *problem.statements.values_list("author__organisation", flat=True),
        *problem.causes.filter(withdrawn_at=None).values_list("seen_by", flat=True),
        *_organisations(problem),
    } - {None}
    return None if len(found) > 1 else Missing(address=_page(problem, "problems:problem"))


@need_of_gate("both_kinds_of_source")
def both_kinds_of_source(problem: Problem) -> Missing | None:
    """Numbers and voices are linked to the problem or to one of its causes."""
    natures = {kind_named(key[0]).nature(thing) for key, thing in _grounds(problem).items()}
    both = {"quantitative", "qualitative"} <= natures
    return None if both else Missing(address=_page(problem, "problems:problem"))


@need_of_gate("problem_defined")
def problem_defined(problem: Problem) -> Missing | None:
    """The problem passed its own gate."""
    return None if problem.state in DEFINED else Missing(address=_page(problem, "problems:problem"))


@need_of_gate("engagement_plan")
def engagement_plan(problem: Problem) -> Missing | None:
    """A plan with at least one method that was chosen."""
    chosen = ChosenMethod.objects.of(problem.workspace).filter(plan__problem=problem)
    return None if chosen.exists() else Missing(address=_page(problem))


@need_of_gate("engagement_record")
def engagement_record(problem: Problem) -> Missing | None:
    """Somebody was heard: an engagement record, or a workshop that was held."""
    if Hearing.objects.of(problem.workspace).filter(problem=problem).exists():
        return None
    held = Workshop.objects.of(problem.workspace).filter(
        problem=problem, state=WorkshopState.HELD, seats__present__gt=0
    )
    return None if held.exists() else Missing(address=_page(problem, "engagement:hearing_new"))


@need_of_gate("harmed_groups_heard")
def harmed_groups_heard(problem: Problem) -> Missing | None:
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
def problem_confirmed(problem: Problem) -> Missing | None:
    """The statement that stands now was confirmed after the ideas."""
    same = engagement_of(problem).confirmed_version == current_statement(problem).number
    return None if same else Missing(address=_page(problem, "engagement:confirm"))


@need_of_gate("all_replies_given")
def all_replies_given(problem: Problem) -> Missing | None:
    """No contribution waits for its reply."""
    waiting = tallies([problem])[problem.pk].open
    if not waiting:
        return None
    return Missing(address=_page(problem, "engagement:register"), count=waiting)


@need_of_gate("concept_card")
def concept_card(problem: Problem) -> Missing | None:
    """A concept card that was not set aside."""
    found = Concept.objects.of(problem.workspace).filter(problem=problem)
    stands = found.exclude(state=ConceptState.SET_ASIDE).exists()
    return None if stands else Missing(address=_page(problem, "problems:problem"))


@need_of_gate("prototype_tested")
def prototype_tested(problem: Problem) -> Missing | None:
    """Users tried a concept that was not set aside."""
    tests = PrototypeTest.objects.of(problem.workspace).filter(concept__problem=problem)
    tried = tests.exclude(concept__state=ConceptState.SET_ASIDE).exists()
    return None if tried else Missing(address=_page(problem, "problems:problem"))


def _grounds(problem: Problem) -> dict[Key, Any]:
    """Everything that the problem, its statement and its causes rest on."""
    web = web_of(problem.workspace)
    claims = [problem, current_statement(problem), *problem.causes.filter(withdrawn_at=None)]
    starts = [key_of(one) for one in claims if _is_known(one)]
    reach = dict.fromkeys(key for start in starts for key in web.below(start))
    nodes = Nodes(problem.workspace, reach)
    return {key: thing for key, thing in nodes.things.items() if nodes.stands(key) is None}


def _is_known(thing: Any) -> bool:
    try:
        key_of(thing)
    except LookupError:
        return False
    return True


def _organisations(problem: Problem) -> set[int]:
    """Whose account the sources of the problem are."""
    found: set[int] = set()
    by_kind: dict[str, dict[str, Any]] = {}
    for (kind, key), thing in _grounds(problem).items():
        by_kind.setdefault(kind, {})[key] = thing
    for kind, things in by_kind.items():
        for owners in kind_named(kind).organisations(things).values():
            found |= owners
    return found
