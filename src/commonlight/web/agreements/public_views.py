"""The public register of agreements, for everybody, as page, CSV and JSON."""

from __future__ import annotations

import csv
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.finding import standing
from commonlight.web.agreements.domain.register import COLUMNS, SCHEMA, register, register_row
from commonlight.web.agreements.domain.words import place_words, time_words
from commonlight.web.eventlog.csv_export import safe_cell
from commonlight.web.policy import open_page
from commonlight.web.workspaces.models import Workspace

__all__ = ["register_csv", "register_json", "register_page"]


@open_page
@require_safe
def register_page(request: HttpRequest, workspace: str) -> HttpResponse:
    """What is shared in this city, by whom, for what, and until when."""
    place = _place(workspace)
    today = today_in(place)
    rows = [
        {
            "agreement": agreement,
            "told": told,
            "standing": standing(agreement, today),
            "kinds": sorted({one.get_kind_display() for one in agreement.datasets.all()}),
            "place": place_words(agreement.place_detail),
            "time": time_words(agreement.time_detail),
        }
        for agreement, told in register(place, today)
    ]
    return render(request, "agreements/register.html", {"workspace": place, "rows": rows})


@open_page
@require_safe
def register_csv(request: HttpRequest, workspace: str) -> HttpResponse:
    """The register as a table."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="agreements-{workspace}.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for told in _entries(workspace):
        writer.writerow([safe_cell(value) for value in register_row(told)])
    return answer


@open_page
@require_safe
def register_json(request: HttpRequest, workspace: str) -> HttpResponse:
    """The register as JSON."""
    content = {"schema": SCHEMA, "workspace": workspace, "agreements": _entries(workspace)}
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return HttpResponse(text, content_type="application/json; charset=utf-8")


def _entries(workspace: str) -> list[dict[str, Any]]:
    place = _place(workspace)
    return [told for _, told in register(place, today_in(place))]


def _place(slug: str) -> Workspace:
    found = Workspace.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
