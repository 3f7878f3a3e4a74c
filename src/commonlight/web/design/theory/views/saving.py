"""What a page is told after it sent a step or link by itself: saved, not saved, or changed."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commonlight.web.policy import WorkspaceRequest

__all__ = ["conflict", "done_in_panel", "in_panel", "is_autosave", "not_saved", "saved"]


def is_autosave(request: WorkspaceRequest) -> bool:
    """Whether the script of the page asks, and not the browser itself."""
    return request.headers.get("HX-Request") == "true"


def in_panel(request: WorkspaceRequest, name: str) -> str:
    """The template of a form: of the panel beside the diagram, or of a page."""
    return f"theory/{name}_panel.html" if is_autosave(request) else f"theory/{name}.html"


def done_in_panel(kind: str, number: int) -> HttpResponse:
    """A step or link was added; the page draws the theory anew and goes there."""
    answer = HttpResponse()
    answer["HX-Trigger"] = json.dumps({"theory-added": {"kind": kind, "number": number}})
    return answer


def saved(request: WorkspaceRequest, part: Any) -> HttpResponse:
    """When it was saved, and the revision that the next change replaces."""
    context = {"state": "saved", "part": part, "now": timezone.now()}
    answer = render(request, "theory/state.html", context)
    answer["HX-Trigger"] = json.dumps({"theory-saved": {"number": part.number}})
    return answer


def not_saved(request: WorkspaceRequest, form: Any) -> HttpResponse:
    """What is wrong with it; what was typed stays in the fields."""
    errors = [str(text) for found in form.errors.values() for text in found]
    return render(request, "theory/state.html", {"state": "wrong", "errors": errors})


def conflict(
    request: WorkspaceRequest,
    current: Any,
    rows: list[tuple[str, str]],
    context: dict[str, Any],
    *,
    kind: str,
) -> HttpResponse:
    """Somebody else was faster: her words beside one's own, which stay in the fields."""
    told = {"current": current, "current_rows": rows, "state": "conflict"}
    if is_autosave(request):
        return render(request, "theory/state.html", context | told)
    return render(request, f"theory/{kind}.html", context | told, status=409)
