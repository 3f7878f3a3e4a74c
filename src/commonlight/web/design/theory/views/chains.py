"""Write a whole chain of a theory on one page."""

from __future__ import annotations

from dataclasses import fields

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.design.theory.domain.chaining import (
    Chain,
    add_chain,
    begun_by_concept,
    newest_card,
)
from commonlight.web.design.theory.forms import ChainForm
from commonlight.web.design.theory.rules import require_write
from commonlight.web.design.theory.views.shared import address, framed
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.views.frame import problem_page

__all__ = ["add"]


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.write")
def add(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What is done, what it changes, what is hoped for, how it is noticed, and who may lose."""
    problem = problem_page(request, number)
    require_write(request.actor, problem)
    card = newest_card(problem)
    sent = request.POST if request.method == "POST" else None
    form = ChainForm(sent, initial=begun_by_concept(card))
    if sent is not None and form.is_valid():
        given = {one.name: form.cleaned_data[one.name] for one in fields(Chain)}
        add_chain(request.actor, problem, Chain(**given))
        messages.success(
            request, _("The steps and their links are in the theory now. Each can be changed.")
        )
        return redirect(f"{address(problem)}#checks")
    return render(request, "theory/chain.html", framed(request, problem, form=form, card=card))
