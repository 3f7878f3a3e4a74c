"""What the pages of the review have in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from commonlight.web.design.models import Concept
from commonlight.web.design.views.frame import design_frame, numbered
from commonlight.web.policy import WorkspaceRequest
from commonlight.web.problems.models import Problem

__all__ = ["address", "concept_of", "show"]


def address(problem: Problem, name: str, *more: Any) -> str:
    """The address of a page of the review."""
    return reverse(f"review:{name}", args=[problem.workspace.slug, problem.number, *more])


def concept_of(problem: Problem, number: int) -> Concept:
    """The concept with this number."""
    rows = Concept.objects.of(problem.workspace).filter(problem=problem)
    found: Concept = numbered(rows.select_related("workspace"), number)
    found.problem = problem
    return found


def show(request: WorkspaceRequest, template: str, problem: Problem, **more: Any) -> HttpResponse:
    """A page of the design of a problem."""
    return render(request, f"review/{template}.html", design_frame(request, problem, **more))
