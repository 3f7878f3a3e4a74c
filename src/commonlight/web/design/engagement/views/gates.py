"""Through a gate, back again, and the question whether the problem is still the same."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commonlight.web.design.engagement.domain.catalogue import gates as gate_content
from commonlight.web.design.engagement.domain.gates import confirm_problem, go_back, pass_gate
from commonlight.web.design.engagement.domain.planning import EngagementError
from commonlight.web.design.engagement.forms import ReasonForm
from commonlight.web.design.engagement.views.frame import address, show
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.domain.stating import current_statement
from commonlight.web.problems.views.frame import frame, problem_page
from commonlight.web.states import NotNow

__all__ = ["back", "confirm", "go_on"]


@require_POST
@page("engagement.manage")
def go_on(request: WorkspaceRequest, workspace: str, number: int, name: str) -> HttpResponse:
    """Go through the gate, or read all that is missing."""
    problem = problem_page(request, number, "engagement.manage")
    try:
        pass_gate(request.actor, problem, name)
    except (EngagementError, NotNow) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You are in the next phase. The way back stays open."))
    return redirect(f"{address(problem)}#gates")


@require_http_methods(["GET", "HEAD", "POST"])
@page("engagement.manage")
def back(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Go back one stage, with the reason."""
    problem = problem_page(request, number, "engagement.manage")
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label=_("Why do you go back?")
    )
    if request.method == "POST" and form.is_valid():
        try:
            go_back(request.actor, problem, reason=form.cleaned_data["reason"])
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("You are one phase back. Nothing is lost."))
            return redirect(f"{address(problem)}#gates")
    context = frame(request, problem, pillar="design") | {
        "title": _("Go back one phase"),
        "consequences": [str(gate_content()["words"]["back"])],
        "form": form,
        "button": _("Go back one phase"),
        "back_url": address(problem),
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("engagement.manage")
def confirm(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """After the ideas: is the problem still the same?"""
    problem = problem_page(request, number, "engagement.manage")
    statement = current_statement(problem)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label=_("What makes you sure that the problem is still the same?"),
    )
    if request.method == "POST" and form.is_valid():
        confirm_problem(request.actor, problem, note=form.cleaned_data["reason"])
        messages.success(request, _("The problem is confirmed as it stands."))
        return redirect(f"{address(problem)}#gates")
    return show(request, "confirm", problem, form=form, statement=statement)
