"""Mark a problem as defined, define it anew, set it aside, take it up again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.content import read_content
from commonlight.web.policy import Refused, WorkspaceRequest, page
from commonlight.web.problems.domain.defining import define, may_define
from commonlight.web.problems.domain.moving import may_move, move
from commonlight.web.problems.forms.problem import ReasonForm
from commonlight.web.problems.steps import DESIGN
from commonlight.web.problems.views.frame import PILLAR, address, frame, problem_page

__all__ = ["define_page", "redefine", "set_aside", "start_design", "take_up"]

either = require_http_methods(["GET", "HEAD", "POST"])


@either
@page("problem.view")
def define_page(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The list of what a defined problem needs, each item with where it is mended."""
    problem = problem_page(request, number)
    if request.method == "POST":
        define(request.actor, problem)
        messages.success(request, _("The problem is defined. The page shows what comes next."))
        return redirect(address(problem))
    context = frame(request, problem, pillar=PILLAR)
    lacks = {one.need: one for one in context["known"].lacks[problem.pk]}
    content = read_content("commonlight.web.problems", "definition")
    context |= {
        "items": [(one, lacks.get(one["id"])) for one in content["needed"]],
        "may": may_define(request.actor, problem, list(lacks.values())),
        "lacks": list(lacks.values()),
        "words": content["words"],
    }
    return render(request, "problems/define.html", context)


@either
@page("problem.move")
def start_design(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Begin to design; a brief is proposed only after this."""
    problem = problem_page(request, number, "problem.move")
    may = may_move(request.actor, problem, "start_design")
    if not may:
        raise Refused("problem.move", may)
    if request.method == "POST":
        move(request.actor, problem, "start_design")
        messages.success(request, _("The design has begun. The page shows what comes next."))
        return redirect(address(problem))
    context = frame(
        request,
        problem,
        pillar=DESIGN,
        title=_("Begin to design"),
        lead=_("You can still define the problem anew, whenever the ideas show another one."),
        button=_("Begin to design"),
    )
    return render(request, "problems/form.html", context)


@either
@page("problem.move")
def set_aside(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Set the problem aside, with the reason."""
    return _with_reason(
        request,
        number,
        "set_aside",
        title=_("Set this problem aside"),
        lead=_("Its record stays readable, and nobody can change it until it is taken up again."),
        button=_("Set it aside"),
        done=_("The problem is set aside."),
    )


@either
@page("problem.move")
def redefine(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Define the problem anew."""
    return _with_reason(
        request,
        number,
        "redefine",
        title=_("Define this problem anew"),
        lead=_(
            "What was written stays. You can change the statement, ask the partners again, and "
            "mark it as defined again."
        ),
        button=_("Define it anew"),
        done=_("The problem is open again."),
    )


@either
@page("problem.move")
def take_up(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Take the problem up again; it begins as a signal."""
    return _with_reason(
        request,
        number,
        "take_up",
        title=_("Take this problem up again"),
        lead=_(
            "It begins as a signal again, since things may have changed. What was written stays, "
            "and the partners are asked anew."
        ),
        button=_("Take it up again"),
        done=_("The problem is taken up again."),
    )


def _with_reason(
    request: WorkspaceRequest, number: int, action: str, *, done: str, **words: Any
) -> HttpResponse:
    problem = problem_page(request, number, "problem.move")
    may = may_move(request.actor, problem, action)
    if not may:
        raise Refused("problem.move", may)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        move(request.actor, problem, action, reason=form.cleaned_data["reason"])
        messages.success(request, done)
        return redirect(address(problem))
    context = frame(request, problem, pillar=PILLAR, form=form, **words)
    return render(request, "problems/form.html", context)
