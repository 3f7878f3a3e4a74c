"""What the pages of a problem have in common: who may open it, and the path on each of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from commonlight.web.policy import WorkspaceRequest, require
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import path_of

__all__ = ["address", "frame", "problem_page"]


def problem_page(request: WorkspaceRequest, number: int, action: str = "problem.view") -> Problem:
    """The problem with this number, if the actor may do this to it."""
    place: Any = request.workspace
    found = (
        Problem.objects.of(place)
        .select_related("owner", "first_framed_by", "workspace")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise Http404
    require(request.actor, action, found)
    problem: Problem = found
    return problem


def address(problem: Problem, name: str = "problem", *more: Any) -> str:
    """The address of a page of the problem."""
    return reverse(f"problems:{name}", args=[problem.workspace.slug, problem.number, *more])


def frame(
    request: WorkspaceRequest, problem: Problem, *, pillar: str = "", **more: Any
) -> dict[str, Any]:
    """What `problems/frame.html` is given; `pillar` is the one that the page serves."""
    path = path_of(request.actor, problem)
    return {
        "problem": problem,
        "path": path,
        "served": next((one for one in path if one.id == pillar), None),
        "home": address(problem),
        "back_url": address(problem),
        **more,
    }
