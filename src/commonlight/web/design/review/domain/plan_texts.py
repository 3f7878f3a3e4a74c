"""The texts of a plan: concept cards, toolkit specifications and the theory of change.

The statement of the problem, the frames and the ideas are left out: a problem that mentions a
fence is no plan. Each field stands by itself, so that nothing is read across two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.design.domain.catalogue import card_fields, specification_fields
from commonlight.web.design.domain.concepts import texts_of_card
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept, ConceptVersion, ToolkitSpecification
from commonlight.web.design.theory.domain.reading import texts_of, theory_of
from commonlight.web.problems.models import Problem
from commonlight.web.workspaces.reading import read_once

__all__ = ["PlanText", "concepts_of", "texts_by_concept", "texts_of_plan"]

PAGES = ("concept", "specification")


@dataclass(frozen=True)
class PlanText:
    """One text of the plan, and where it stands."""

    text: str
    where: Any
    address: str


@read_once
def texts_by_concept(problem: Problem) -> dict[int, list[PlanText]]:
    """The card of each concept and its toolkit specification, field by field."""
    return {one[0].pk: _texts(problem, *one) for one in concepts_of(problem)}


@read_once
def texts_of_plan(problem: Problem) -> list[PlanText]:
    """Every text of the plan of a problem, in as many queries for one concept as for ten."""
    found = [text for one in concepts_of(problem) for text in _texts(problem, *one)]
    theory = theory_of(problem)
    if theory is not None:
        address = reverse("theory:theory", args=[problem.workspace.slug, problem.number])
        found += [PlanText(text, _("Theory of change"), address) for text in texts_of(theory)]
    return found


@read_once
def concepts_of(
    problem: Problem,
) -> list[tuple[Concept, ConceptVersion, ToolkitSpecification | None]]:
    """The concepts that were not set aside, each with its newest card and specification."""
    rows = Concept.objects.of(problem.workspace).filter(problem=problem)
    concepts = list(rows.exclude(state=ConceptState.SET_ASIDE).order_by("number"))
    for one in concepts:
        one.problem, one.workspace = problem, problem.workspace
    cards, tools = _newest(ConceptVersion, concepts), _newest(ToolkitSpecification, concepts)
    return [(one, cards[one.pk], tools.get(one.pk)) for one in concepts if one.pk in cards]


def _newest(model: Any, concepts: list[Concept]) -> dict[int, Any]:
    """The newest row of each concept, in one query."""
    if not concepts:
        return {}
    rows = model.objects.of(concepts[0].workspace).filter(concept__in=concepts)
    if model is ConceptVersion:
        rows = rows.select_related("cause").prefetch_related("ideas")
    return {one.concept_id: one for one in rows.order_by("number")}


def _texts(
    problem: Problem,
    concept: Concept,
    version: ConceptVersion,
    specification: ToolkitSpecification | None,
) -> list[PlanText]:
    place = [problem.workspace.slug, problem.number, concept.number]
    card, tool = card_fields(), specification_fields()
    on_card, on_tool = (reverse(f"design:{name}", args=place) for name in PAGES)
    found = [
        PlanText(text, _named(concept, card.get(name, {}).get("title", name)), on_card)
        for name, text in texts_of_card(version).items()
    ]
    answers = specification.answers if specification is not None else {}
    return found + [
        PlanText(text, _named(concept, tool[name]["title"]), on_tool)
        for name, text in answers.items()
        if text and name in tool and name != "problem"
    ]


def _named(concept: Concept, field: Any) -> str:
    return _("%(concept)s: %(field)s") % {"concept": concept.name, "field": field}
