"""The front page of knowledge: a search, sixteen cells, and what lies behind them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonlight.web.knowledge.domain.gaps import gaps_of
from commonlight.web.knowledge.domain.profile import profile_of, transfer_fields
from commonlight.web.knowledge.enums import GapState
from commonlight.web.knowledge.forms.finding import SearchForm
from commonlight.web.knowledge.labels import label
from commonlight.web.knowledge.methods import CELL_AREAS, KINDS, evidence
from commonlight.web.knowledge.models import LocalPractice, LocalStatement
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["overview"]


@require_safe
@page("knowledge.view")
def overview(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is known elsewhere and here, and what nobody knows."""
    room = evidence()
    practices = room.practices.practices.values()
    counts = {(one.kind, one.focus_area): one.count for one in room.statements.cells()}
    rows = [
        (area, label("focus_areas", area), [(kind, counts[kind, area]) for kind in KINDS])
        for area in CELL_AREAS
    ]
    crossing = [(kind, len(room.statements.cell(kind, "cross_cutting"))) for kind in KINDS]
    context = {
        "form": SearchForm(),
        "kinds": [(kind, label("kinds", kind)) for kind in KINDS],
        "rows": rows,
        "crossing": crossing,
        "practices": len(practices),
        "failing": sum(one.did_not_work for one in practices),
        "untested": sum(one.is_untested for one in practices),
        "statements": len(room.statements.statements),
        "checked": room.practices.checked,
        "local": sum(
            model.objects.of(request.workspace).count() for model in (LocalPractice, LocalStatement)
        ),
        "gaps": len(gaps_of(request.actor, state=GapState.OPEN)),
        "known_fields": len(profile_of(request.actor)),
        "all_fields": len(transfer_fields()),
    }
    return render(request, "knowledge/overview.html", context)
