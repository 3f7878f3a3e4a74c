"""The joint statement."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.policy import Refused, WorkspaceRequest, page, require
from commonlight.web.problems.domain.agreeing import (
    JointError,
    agree,
    last_opened,
    may_agree,
    named_causes,
)
from commonlight.web.problems.domain.causing import families
from commonlight.web.problems.domain.stating import PARTS, current_statement
from commonlight.web.problems.forms.joint import JointForm
from commonlight.web.problems.views.frame import PILLAR, address, frame, problem_page
from commonlight.web.problems.views.problems import say_notes

__all__ = ["joint"]


@require_http_methods(["GET", "HEAD", "POST"])
@page("problem.view")
def joint(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Write one statement together; each cause that a partner named is taken up or answered."""
    problem = problem_page(request, number)
    may = may_agree(request.actor, problem)
    round = last_opened(problem) if may else None
    context = frame(request, problem, pillar=PILLAR, may=may, round=round)
    if round is None:
        if request.method == "POST":
            raise Refused("problem.move", may)
        return render(request, "problems/joint.html", context)
    require(request.actor, "problem.write", problem)
    now, sent = current_statement(problem), request.POST if request.method == "POST" else None
    form = JointForm(
        sent,
        initial={name: getattr(now, name) for name in PARTS},
        table=named_causes(round),
        titles=families(),
        causes=problem.causes.filter(withdrawn_at=None).order_by("pk"),
        agreed_before=problem.statements.filter(is_joint=True).exists(),
    )
    if sent is not None and form.is_valid():
        parts = {name: form.cleaned_data[name] for name in (*PARTS, "reason")}
        try:
            made = agree(request.actor, problem, causes=form.causes, **parts)
        except JointError as error:
            form.add_error(f"why_{error.family}", str(error))
        else:
            messages.success(request, _("The joint statement is saved."))
            say_notes(request, *(getattr(made, name) for name in PARTS))
            return redirect(address(problem))
    return render(request, "problems/joint.html", context | {"form": form, "statement": now})
