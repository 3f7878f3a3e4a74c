"""The list of problems, a new one, and the page of one with its path."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.content import read_content
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.domain.stating import current_statement, open_problem
from commonlight.web.problems.forms import FilterForm, NewProblemForm
from commonlight.web.problems.models import Problem
from commonlight.web.problems.path import paths_of
from commonlight.web.problems.record_fields import reading
from commonlight.web.problems.views.frame import address, frame, problem_page

__all__ = ["index", "new", "problem", "read"]

ON_A_PAGE = 25


@require_safe
@page("problem.view")
def index(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All problems, each with how far it is on its path."""
    form = FilterForm(request.GET)
    found = Problem.objects.of(request.workspace).select_related("owner", "workspace")
    if form.is_valid():
        chosen = form.cleaned_data
        found = found.filter(title__icontains=chosen["q"]) if chosen["q"] else found
        for name in ("state", "focus_area"):
            found = found.filter(**{name: chosen[name]}) if chosen[name] else found
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    paths = paths_of(request.actor, shown)
    rows = [(one, address(one), paths[one.pk]) for one in shown]
    return render(request, "problems/list.html", {"form": form, "rows": rows, "shown": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@page("problem.open")
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is wrong, in a sentence or two."""
    form = NewProblemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = open_problem(request.actor, **form.cleaned_data)
        messages.success(request, _("The problem is recorded. This page shows what comes next."))
        return redirect(address(made))
    back = reverse("problems:list", args=[workspace])
    return render(request, "problems/new.html", {"form": form, "back_url": back})


@require_safe
@page("problem.view")
def problem(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The seven pillars of one problem: what is done, and each thing that is missing."""
    found = problem_page(request, number)
    context = frame(request, found, statement=current_statement(found))
    return render(request, "problems/problem.html", context)


@require_safe
@page("problem.view")
def read(request: WorkspaceRequest, workspace: str, number: int, name: str) -> HttpResponse:
    """The same record in the order of SARA, 5Is or SAPE."""
    found = problem_page(request, number)
    content = read_content("commonlight.web.problems", "readings")
    orders = {one["id"]: one for one in content["reading"]}
    if name not in orders:
        raise Http404
    context = frame(
        request,
        found,
        order=orders[name],
        orders=list(orders.values()),
        headings=reading(request.actor, found, name),
        words=content["words"],
    )
    return render(request, "problems/read.html", context)
