"""Which sides of a problem its concepts address."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from commonlight.web.design.enums import ConceptState
from commonlight.web.design.models import ConceptVersion
from commonlight.web.policy import Actor, decide
from commonlight.web.problems.coverage import addresses_sides
from commonlight.web.problems.models import Problem
from commonlight.web.problems.record_fields import Entry

__all__ = ["sides_of_concepts"]


@addresses_sides
def sides_of_concepts(actor: Actor, problem: Problem) -> Iterable[tuple[str, Entry]]:
    """The sides that the newest version of each concept names; what was set aside is left out."""
    if not decide(actor, "design.view"):
        return
    rows = ConceptVersion.objects.of(actor.workspace).filter(concept__problem=problem)
    found = rows.exclude(concept__state=ConceptState.SET_ASIDE).select_related("concept")
    newest: dict[int, ConceptVersion] = {}
    for one in found.order_by("concept__number", "-number"):
        newest.setdefault(one.concept_id, one)
    for one in newest.values():
        place = [problem.workspace.slug, problem.number, one.concept.number]
        for side in one.sides:
            yield side, Entry(text=one.name, address=reverse("design:concept", args=place))
