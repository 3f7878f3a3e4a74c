"""The start page and the overview of a workspace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from commonlight.web.policy import WorkspaceRequest, own_page, page
from commonlight.web.workspaces.actors import memberships_of
from commonlight.web.workspaces.overview import (
    beginnings_for,
    first_shown,
    sections_for,
    tasks_for,
)

__all__ = ["overview", "start"]


@own_page
def start(request: HttpRequest) -> HttpResponse:
    """The only workspace of a person, or the list of them."""
    memberships = list(memberships_of(request.user))
    if len(memberships) == 1:
        return redirect("workspaces:overview", workspace=memberships[0].workspace.slug)
    return render(request, "workspaces/start.html", {"memberships": memberships})


@page("workspace.view")
def overview(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is there, what is missing and what to do next."""
    actor = request.actor
    tasks = tasks_for(actor)
    first = first_shown(tasks)
    context = {
        "beginnings": beginnings_for(actor),
        "tasks": tasks[:first],
        "later": tasks[first:],
        "sections": sections_for(actor),
    }
    return render(request, "workspaces/overview.html", context)
