"""Where what a problem's concepts lack is mended: the page, the form, or whom to wait for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.design.domain.approval import waits_for
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept, Idea, ToolkitSpecification
from commonlight.web.policy import Actor, decide
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import Lack
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "Standing",
    "approval_of",
    "lacks_later",
    "new_concept",
    "standings",
    "to_be_tried",
]

RIPEST = (ConceptState.APPROVED, ConceptState.SUBMITTED, ConceptState.DRAFT)


@dataclass(frozen=True)
class Standing:
    """The concepts of a problem that were not set aside, the ripest first, and its only idea.

    `tests`: how often any of them was tried; `specified`: the keys of those with a specification.
    """

    concepts: tuple[Concept, ...] = ()
    idea: int | None = None
    tests: int = 0
    specified: frozenset[int] = frozenset()

    def of(self, state: str) -> list[Concept]:
        """Those in a state."""
        return [one for one in self.concepts if one.state == state]


@read_once
def standings(workspace: Any, problems: Iterable[Problem]) -> Mapping[int, Standing]:
    """How far the concepts of each problem are; as many queries for one as for all."""
    asked = list(problems)
    found: dict[int, list[Any]] = defaultdict(list)
    for one in _concepts(workspace).filter(problem__in=asked):
        found[one.problem_id].append(one)
    ideas: dict[int, list[int]] = defaultdict(list)
    rows = Idea.objects.of(workspace).filter(
        problem__in=[one for one in asked if one.pk not in found]
    )
    for key, number in rows.order_by("number").values_list("problem", "number"):
        ideas[key].append(number)
    return {
        one.pk: Standing(
            tuple(sorted(found[one.pk], key=lambda each: (RIPEST.index(each.state), each.number))),
            ideas[one.pk][0] if len(ideas[one.pk]) == 1 else None,
            sum(each.test_count for each in found[one.pk]),
            frozenset(each.pk for each in found[one.pk] if each.is_specified),
        )
        for one in asked
    }


def approval_of(
    actor: Actor, problem: Problem, known: Standing, waiting: Mapping[int, list[Any]]
) -> list[Lack]:
    """That no concept is approved yet, and where one is sent for approval or approved."""
    if not known.concepts or known.of(ConceptState.APPROVED):
        return []
    submitted = known.of(ConceptState.SUBMITTED)
    concept = (submitted or known.concepts)[0]
    place = f"{_address(problem, 'concept', concept.number)}#approval"
    if not submitted:
        words = _("No concept is approved. “%(name)s” is still a draft.")
        text = words % {"name": concept.name}
    else:
        text = waits_for(actor, concept, waiting[concept.pk])
    return [Lack(need="approval", text=text, address=place)]


def lacks_later(actor: Actor, problem: Problem, known: Standing) -> list[Lack]:
    """What is tried and specified before the tool is built for good, and where it is mended."""
    found = []
    if known.concepts and not known.tests:
        text = _("Nobody has tried a prototype.")
        found.append(Lack(need="test", text=text, address=to_be_tried(actor, problem, known)))
    approved = known.of(ConceptState.APPROVED)
    if approved and known.specified.isdisjoint(one.pk for one in approved):
        name = "specification-change" if decide(actor, "design.write") else "specification"
        text = _("The approved concept has no toolkit specification.")
        address = _address(problem, name, approved[0].number)
        found.append(Lack(need="specification", text=text, address=address))
    return found


def new_concept(actor: Actor, problem: Problem, known: Standing) -> str:
    """The form of a new card, with the idea of the problem where there is only one."""
    if not decide(actor, "design.write"):
        return _address(problem, "concepts")
    query = f"?idea={known.idea}" if known.idea is not None else ""
    return f"{_address(problem, 'concept-new')}{query}"


def to_be_tried(actor: Actor, problem: Problem, known: Standing) -> str:
    """The form of a test of the ripest concept."""
    if not known.concepts:
        return new_concept(actor, problem, known)
    name = "test-new" if decide(actor, "design.write") else "concept"
    return _address(problem, name, known.concepts[0].number)


def _concepts(workspace: Any) -> QuerySet[Any]:
    specified = ToolkitSpecification.objects.of(workspace).filter(concept=OuterRef("pk"))
    rows = Concept.objects.of(workspace).exclude(state=ConceptState.SET_ASIDE)
    found: QuerySet[Any] = rows.annotate(test_count=Count("tests"), is_specified=Exists(specified))
    return found


def _address(problem: Problem, name: str, *more: Any) -> str:
    return reverse(f"design:{name}", args=[problem.workspace.slug, problem.number, *more])
