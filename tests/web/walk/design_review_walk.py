"""The review of a design and its brief, for the walks of all pages."""

from __future__ import annotations

from typing import Any

AFTER = ("problems", "design", "engagement")
BASE = "problems/<int:number>/design/"
VALUES = {
    f"{BASE}tensions/": {"number": 1, "card": "protection_or_rights"},
    f"{BASE}impact/": {"number": 1},
    f"{BASE}checks/": {"number": 1, "concept": 1, "check": "several_causes"},
    f"{BASE}guards/": {
        "number": 1,
        "concept": 1,
        "part": "guard",
        "area": "public_spaces",
        "name": "upkeep",
    },
    f"{BASE}brief/": {"number": 1, "version": 1},
}
HERE = "/w/lakeside/problems/1/design"
API = "/api/v1/workspaces/lakeside/problems/1/design"
PAGES = (
    "tensions/",
    "tensions/protection_or_rights/",
    "impact/",
    "checks/1/",
    "checks/1/several_causes/",
    "guards/1/",
    "brief/",
    "brief/1/",
    "brief/1/brief.md",
)
HOLDERS = (
    *(f"{HERE}/{one}" for one in PAGES),
    *(f"{API}/{one}" for one in ("review", "concepts/1/checks", "briefs", "briefs/1")),
)
CARDS = ("protection_or_rights", "reassure_or_alarm", "local_or_wider")
CHECKS = ("several_causes", "design_stage", "least_coercive")
ASPECTS = ("legal", "ethical", "gender")


def make(city: Any, members: dict[str, Any], number: int, made: dict[str, Any]) -> dict[str, Any]:
    """One more answer of each kind, and one more version of the brief."""
    from datetime import date

    from django.utils import timezone

    from commonlight.web.design.models import Concept
    from commonlight.web.design.review import models

    problem, place, author = made["problem"], city.workspace, members["analyst"]
    concept = Concept.objects.of(place).filter(problem=problem).order_by("number").first()

    def one(model: Any, **fields: Any) -> Any:
        return model.objects.create(workspace=place, **fields)

    card = CARDS[number - 1]
    one(
        models.TensionAnswer,
        problem=problem,
        card=card,
        number=1,
        side="both",
        why="Both, with a date on which we look again.",
        who_may_lose="Those who pass.",
        watch="Complaints.",
        author=author,
    )
    one(models.UnintendedEffect, problem=problem, card=card, indicator="x", watch="Complaints.")
    one(
        models.PrincipleAnswer,
        concept=concept,
        check_id=CHECKS[number - 1],
        answer="will_do",
        what="Ask twice.",
        owner=city.police,
        due=date(2027, 1, 1),
        concept_version=1,
        author=author,
    )
    one(
        models.GuardAnswer,
        concept=concept,
        area="public_spaces",
        name=("gender", "upkeep", "planning_stage")[number - 1],
        text="The city does.",
        concept_version=1,
        author=author,
    )
    one(
        models.ImpactAnswer,
        problem=problem,
        aspect=ASPECTS[number - 1],
        answer="unknown",
        text="We ask a lawyer.",
        author=author,
    )
    brief = one(
        models.Brief,
        problem=problem,
        number=number,
        state="proposed",
        content=content(number),
        digest="a" * 64,
        author=author,
        proposed_by=author,
        proposed_at=timezone.now(),
    )
    brief.writers.add(author)
    return {"brief": brief}


def content(number: int) -> dict[str, Any]:
    """A small brief as it is kept."""
    words = dict.fromkeys(
        "kind as_of no_persons missing unwritten contents version simulated draft approved "
        "proposed replaced page_of".split(),
        "Word",
    )
    section = {
        "id": "summary",
        "title": "In short",
        "asks_for": "",
        "text": "It is dark.",
        "blocks": [
            {"kind": "items", "label": "Sources", "items": [f"Source {each}"]}
            for each in range(number)
        ],
        "is_empty": False,
        "when_empty": "",
    }
    return {
        "schema": "commonlight.design-brief/1",
        "language": "en",
        "title": "Station",
        "problem": 1,
        "number": number,
        "city": "Lakeside",
        "partnership": "Safer Lakeside",
        "as_of": "2026-05-04",
        "is_simulated": False,
        "one_sided": "",
        "cover": [["Place", "Station"]],
        "sections": [section] * number,
        "missing": [],
        "unwritten": [],
        "words": words,
    }
