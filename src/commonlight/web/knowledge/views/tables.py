"""Survey items and unit costs, with their sources and marks."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonlight.web.agreements.domain import today_in
from commonlight.web.knowledge.labels import label
from commonlight.web.knowledge.methods import evidence, survey_items
from commonlight.web.knowledge.words import number
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["costs", "items"]


@require_safe
@page("knowledge.view")
def items(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Questions on feelings of insecurity by what they measure; nothing is pooled."""
    known = survey_items()
    groups = [
        (one.name, [item for item in known.items.values() if item.construct == one.name])
        for one in known.constructs.values()
    ]
    return render(request, "knowledge/items.html", {"groups": groups, "sources": known.sources})


@require_safe
@page("knowledge.view")
def costs(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What one crime costs, set by set; what was not found says so."""
    known = evidence().unit_costs
    sets = [
        {
            "set": one,
            "rows": [_cost(row, known.sources[row.source]) for row in known.of_set(one.id)],
        }
        for one in known.sets.values()
    ]
    context = {
        "sets": sets,
        "checked": known.checked,
        "check_again": known.check_again,
        "is_past": today_in(request.workspace) > known.check_again,
    }
    return render(request, "knowledge/costs.html", context)


def _cost(row: Any, source: Any) -> dict[str, Any]:
    return {
        "cost": row,
        "amount": None if row.amount is None else number(row.amount),
        "confidence": label("confidences", row.confidence),
        "is_secondary": row.confidence == "secondary",
        "source": source,
    }
