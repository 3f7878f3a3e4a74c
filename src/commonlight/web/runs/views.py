"""Pages of runs. A page shows runs; it never computes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.policy import page, require
from commonlight.web.runs import domain
from commonlight.web.runs.forms import RunFilters
from commonlight.web.runs.models import Run
from commonlight.web.runs.pages import (
    facts,
    input_rows,
    parameter_rows,
    result_address,
)

__all__ = ["again", "cancel_page", "progress", "run_list", "run_page"]

ON_A_PAGE = 25


@require_safe
@page("run.view")
def run_list(request: Any, workspace: str) -> HttpResponse:
    """The runs that the person may see, newest first."""
    runs = domain.visible_runs(request.actor)
    kinds = sorted(set(runs.order_by().values_list("kind", flat=True)))
    form = RunFilters(request.GET or None, kinds=kinds)
    if form.is_bound:
        runs = form.narrowed(runs, request.actor)
    found = Paginator(runs.defer("result", "checkpoints", "messages"), ON_A_PAGE)
    context = {
        "form": form,
        "page": found.get_page(request.GET.get("page")),
        "is_filtered": form.is_bound and any(form.cleaned_data.values()),
    }
    return render(request, "runs/list.html", context)


@require_safe
@page("run.view")
def run_page(request: Any, workspace: str, pk: int) -> HttpResponse:
    """One run: how far it is, what went in, what it said and how it ended."""
    run = _run(request, pk)
    require(request.actor, "run.view", run)
    context = {
        "run": run,
        "facts": facts(run),
        "inputs": input_rows(run),
        "parameters": parameter_rows(run),
        "result_address": result_address(run),
    }
    return render(request, "runs/run.html", context)


@require_safe
@page("run.view")
def progress(request: Any, workspace: str, pk: int) -> HttpResponse:
    """How far the run is, for the page that polls; at the end the page is loaded anew."""
    run = _run(request, pk)
    require(request.actor, "run.view", run)
    response = render(request, "runs/progress_inside.html", {"run": run})
    if run.is_over and request.htmx:
        response["HX-Refresh"] = "true"
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@page("run.cancel")
def cancel_page(request: Any, workspace: str, pk: int) -> HttpResponse:
    """Ask whether to stop the run, and stop it."""
    run = _run(request, pk)
    require(request.actor, "run.view", run)
    require(request.actor, "run.cancel", run)
    if request.method == "POST" and not run.is_over:
        domain.cancel(request.actor, run)
        messages.success(request, _("The run will stop at its next step."))
    if request.method == "POST" or run.is_over:
        return redirect(run)
    context = {
        "run": run,
        "title": _("Cancel this run?"),
        "button": _("Cancel the run"),
        "is_dangerous": True,
        "back_url": run.get_absolute_url(),
        "consequences": [
            _("The work done so far is thrown away."),
            _("Data sets and earlier results stay as they are."),
        ],
    }
    return render(request, "runs/cancel.html", context)


@require_POST
@page("run.start")
def again(request: Any, workspace: str, pk: int) -> HttpResponse:
    """Do the same once more, with the version of Commonlight as it is now."""
    made = domain.run_again(request.actor, _run(request, pk))
    messages.success(request, _("The run waits for its turn."))
    return redirect(made)


def _run(request: Any, pk: int) -> Run:
    """The run of this workspace; what is elsewhere does not exist here."""
    runs = Run.objects.of(request.workspace).select_related(
        "workspace", "requested_by", "organisation"
    )
    run: Run | None = runs.filter(pk=pk).first()
    if run is None:
        raise Http404
    return run
