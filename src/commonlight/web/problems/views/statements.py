"""The statement of a problem in all its versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.domain.stating import PARTS, current_statement, state_anew
from commonlight.web.problems.forms import StatementForm
from commonlight.web.problems.models import Statement
from commonlight.web.problems.views.frame import address, frame, problem_page

__all__ = ["change", "reframing"]

PILLAR = "problem_identification"


@require_http_methods(["GET", "HEAD", "POST"])
@page("problem.write")
def change(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Write the statement anew; the version before stays."""
    problem = problem_page(request, number, "problem.write")
    now = current_statement(problem)
    sent = request.POST if request.method == "POST" else None
    form = StatementForm(sent, initial={name: getattr(now, name) for name in PARTS})
    if sent is not None and form.is_valid():
        made = state_anew(request.actor, problem, **form.cleaned_data)
        if made.pk == now.pk:
            messages.info(request, _("Nothing was changed, so there is no new version."))
        else:
            messages.success(request, _("The new version is saved. The one before stays readable."))
        return redirect(address(problem, "reframing"))
    context = frame(request, problem, pillar=PILLAR, form=form, statement=now)
    return render(request, "problems/statement_form.html", context)


@require_safe
@page("problem.view")
def reframing(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The first and the newest statement side by side, and what moved each version."""
    problem = problem_page(request, number)
    versions = list(problem.statements.select_related("author__organisation").order_by("number"))
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        versions=versions,
        rows=_side_by_side(versions[0], versions[-1]),
        first=versions[0],
        last=versions[-1],
    )
    return render(request, "problems/reframing.html", context)


def _side_by_side(first: Statement, last: Statement) -> list[dict[str, Any]]:
    """Each part as it was at first and as it is now."""
    return [
        {
            "label": Statement._meta.get_field(name).verbose_name,
            "first": getattr(first, name),
            "last": getattr(last, name),
            "is_changed": getattr(first, name) != getattr(last, name),
        }
        for name in PARTS
    ]
