"""The list of problems, a new one, the page of one with its path, and its three readings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.content import read_content
from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.policy import Actor, WorkspaceRequest, page, require
from commonlight.web.problems.coverage import covered, plan_lacks
from commonlight.web.problems.domain.finding import problems_of
from commonlight.web.problems.domain.framing import open_due
from commonlight.web.problems.domain.moving import may_move
from commonlight.web.problems.domain.stating import current_statement, describe, open_problem
from commonlight.web.problems.domain.words import notes_on
from commonlight.web.problems.forms.problem import DescribeForm, FilterForm, NewProblemForm
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import Known, sharing
from commonlight.web.problems.path import Pillar, paths_of
from commonlight.web.problems.record_fields import reading
from commonlight.web.problems.steps import pillar_of
from commonlight.web.problems.views.frame import PILLAR, address, frame, problem_page
from commonlight.web.workspaces.enums import Role

__all__ = ["describe_page", "index", "new", "problem", "read", "say_notes"]

ON_A_PAGE = 25


@require_safe
@page("problem.view")
def index(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All problems, each with how far it is on its path."""
    open_due(request.workspace)
    form = FilterForm(request.GET, workspace=request.workspace)
    chosen = form.cleaned_data if form.is_valid() else {}
    shown = Paginator(problems_of(request.actor, **chosen), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    paths = _paths(request.actor, *shown)
    rows = [(one, address(one), paths[one.pk]) for one in shown]
    return render(request, "problems/list.html", {"form": form, "rows": rows, "shown": shown})


@kept_until_a_change
def _paths(actor: Actor, *shown: Problem) -> dict[int, list[Pillar]]:
    with sharing():
        return paths_of(actor, shown)


@require_http_methods(["GET", "HEAD", "POST"])
@page("problem.open")
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is wrong, in a sentence or two."""
    form = NewProblemForm(
        request.POST if request.method == "POST" else None,
        workspace=request.workspace,
        initial={"owner": _keeps_records(request.actor)},
    )
    if request.method == "POST" and form.is_valid():
        made = open_problem(request.actor, **form.cleaned_data)
        messages.success(request, _("The problem is recorded. This page shows what comes next."))
        say_notes(request, made.title, form.cleaned_data["sentence"])
        return redirect(address(made))
    back = reverse("problems:list", args=[workspace])
    return render(request, "problems/new.html", {"form": form, "back_url": back})


def _keeps_records(actor: Actor) -> int | None:
    """The coordinator's organisation answers unless she says otherwise; a signal binds nobody."""
    return actor.organisation_id if actor.role == Role.COORDINATOR else None


@require_safe
@page("problem.view")
def problem(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The seven pillars of one problem: what is done, and each thing that is missing."""
    found = problem_page(request, number)
    steps = [
        {
            "address": address(found, name),
            "label": label,
            "may": may_move(request.actor, found, action),
        }
        for action, name, label in (
            ("start_design", "start-design", _("Begin to design")),
            ("redefine", "redefine", _("Define it anew")),
            ("set_aside", "set-aside", _("Set it aside")),
            ("take_up", "take-up", _("Take it up again")),
        )
    ]
    context = frame(request, found, pillar=PILLAR, steps=[one for one in steps if one["may"]])
    context["statement"] = context["known"].statements[found.pk]
    context["unshown"] = _unshown(context["known"], found)
    context["next_pillar"] = pillar_of(context["step"], context["path"])
    return render(request, "problems/problem.html", context)


def _unshown(known: Known, problem: Problem) -> str:
    """What is said where sources stand behind the problem and behind none of its causes."""
    causes = [one for one in known.causes.get(problem.pk, ()) if not one.left_out_reason]
    if not causes or any(known.evidence[problem.pk].causes[one.pk] for one in causes):
        return ""
    if all(one.is_presumed for one in causes):
        return _("Its causes are presumed: no source shows one of them yet.")
    return _("No source shows one of its causes yet.")


@require_http_methods(["GET", "HEAD", "POST"])
@page("problem.move")
def describe_page(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Title, who answers for the problem, and where it belongs."""
    found = problem_page(request, number, "problem.move")
    require(request.actor, "problem.write", found)
    now = {name: getattr(found, name) for name in ("title", "owner", "focus_area", "theme")}
    sent = request.POST if request.method == "POST" else None
    form = DescribeForm(sent, initial=now, workspace=request.workspace)
    if sent is not None and form.is_valid():
        describe(request.actor, found, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(address(found))
    context = frame(
        request,
        found,
        pillar=PILLAR,
        form=form,
        title=_("Title, owner and area"),
        lead=_("Who answers for the problem keeps its record going. It need not have caused it."),
        button=_("Save"),
    )
    return render(request, "problems/form.html", context)


@require_safe
@page("problem.view")
def read(request: WorkspaceRequest, workspace: str, number: int, name: str) -> HttpResponse:
    """The same record in the order of SARA, 5Is or SAPE."""
    found = problem_page(request, number)
    content = read_content("commonlight.web.problems", "readings")
    orders = {one["id"]: one for one in content["reading"]}
    if name not in orders:
        raise Http404
    with sharing():
        headings = reading(request.actor, found, name)
        context: dict[str, Any] = {
            "order": orders[name],
            "orders": list(orders.values()),
            "headings": headings,
            "words": content["words"],
            "plan_lacks": plan_lacks(headings),
            "sides": covered(request.actor, found),
            "statement": current_statement(found),
        }
        return render(request, "problems/read.html", frame(request, found, **context))


def say_notes(request: WorkspaceRequest, *texts: str) -> None:
    """Tell what the guard against words that stigmatise says; nothing is refused for it."""
    for note in notes_on(*texts):
        messages.warning(request, note)
