"""What the pages of engagement have in common."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from commonlight.web.policy import WorkspaceRequest
from commonlight.web.problems.models import Problem
from commonlight.web.problems.views.frame import frame

__all__ = ["address", "found_or_404", "show"]


def address(problem: Problem, name: str = "engagement", *more: Any) -> str:
    """The address of a page of the engagement of a problem."""
    return reverse(f"engagement:{name}", args=[problem.workspace.slug, problem.number, *more])


def found_or_404(rows: Any) -> Any:
    """The one thing that a query finds."""
    found = rows.first()
    if found is None:
        raise Http404
    return found


def show(request: WorkspaceRequest, template: str, problem: Problem, **more: Any) -> HttpResponse:
    """A page of the pillar of design."""
    given = {"engagement_url": address(problem), "back_url": address(problem), **more}
    context = frame(request, problem, pillar="design") | given
    return render(request, f"engagement/{template}.html", context)
