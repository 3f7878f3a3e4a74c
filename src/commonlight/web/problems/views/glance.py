"""A problem at a glance, for who has fifteen minutes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonlight.web.content import read_content
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.domain.glance import glance_of
from commonlight.web.problems.views.frame import frame, problem_page

__all__ = ["glance"]


@require_safe
@page("problem.view")
def glance(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What people say, what records say, where partners differ, what is done, what is unknown."""
    problem = problem_page(request, number)
    context = frame(request, problem)
    found = glance_of(request.actor, problem, context["known"], context["path"])
    rows = read_content("commonlight.web.problems", "frames")["cause_family"]
    titles = {one["id"]: one["title"] for one in rows}
    context |= {
        "glance": found,
        "differing": [(titles[one.family], one) for one in found.differing],
        "statement": context["known"].statements[problem.pk],
    }
    return render(request, "problems/glance.html", context)
