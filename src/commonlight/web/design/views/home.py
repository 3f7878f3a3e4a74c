"""The first page of the design of a problem."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonlight.web.design.domain.catalogue import phases
from commonlight.web.design.views.frame import design_frame, design_page, next_of_design
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.domain.stating import current_statement

__all__ = ["home"]


@require_safe
@page("design.view")
def home(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The parts of the design, what each has, and what is missing."""
    problem = design_page(request, number)
    context = design_frame(
        request,
        problem,
        phases=list(phases().values()),
        onward=next_of_design(request.actor, problem),
        statement=current_statement(problem),
    )
    return render(request, "design/home.html", context)
