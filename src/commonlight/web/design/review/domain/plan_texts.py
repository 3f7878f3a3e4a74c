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
from commonlight.web.design.domain.concepts import current_version, texts_of_card
from commonlight.web.design.domain.toolkit import current_specification
from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import Concept
from commonlight.web.design.theory.domain.reading import texts_of, theory_of
from commonlight.web.problems.models import Problem

__all__ = ["PlanText", "texts_of_concept", "texts_of_plan"]


@dataclass(frozen=True)
class PlanText:
    """One text of the plan, and where it stands."""

    text: str
    where: Any
    address: str


def texts_of_concept(concept: Concept) -> list[PlanText]:
    """The card of a concept and its toolkit specification, field by field."""
    place = [concept.problem.workspace.slug, concept.problem.number, concept.number]
    card, tool = card_fields(), specification_fields()
    found = [
        PlanText(
            text,
            _named(concept, card.get(name, {}).get("title", name)),
            reverse("design:concept", args=place),
        )
        for name, text in texts_of_card(current_version(concept)).items()
    ]
    specification = current_specification(concept)
    answers = specification.answers if specification is not None else {}
    return found + [
        PlanText(
            text,
            _named(concept, tool.get(name, {}).get("title", name)),
            reverse("design:specification", args=place),
        )
        for name, text in answers.items()
        if text and name in tool and name != "problem"
    ]


def texts_of_plan(problem: Problem) -> list[PlanText]:
    """Every text of the plan of a problem; concepts that were set aside are none."""
    rows = Concept.objects.of(problem.workspace).filter(problem=problem)
    concepts = rows.exclude(state=ConceptState.SET_ASIDE).select_related("problem__workspace")
    found = [one for concept in concepts for one in texts_of_concept(concept)]
    theory = theory_of(problem)
    if theory is not None:
        address = reverse("theory:theory", args=[problem.workspace.slug, problem.number])
        found += [PlanText(text, _("Theory of change"), address) for text in texts_of(theory)]
    return found


def _named(concept: Concept, field: Any) -> str:
    return _("%(concept)s: %(field)s") % {"concept": concept.name, "field": field}
