"""Who should be in the room, who was, and why a warning is accepted."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web.design.domain.catalogue import words
from commonlight.web.design.domain.room import (
    RoomError,
    give_reason,
    set_present,
    set_seats,
    warnings_of,
)
from commonlight.web.design.enums import WorkshopState
from commonlight.web.design.forms.workshops import PresentForm, ReasonForm, SeatsForm
from commonlight.web.design.views.frame import (
    address,
    sent,
    workshop_frame,
    workshop_page,
)
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.domain.stating import current_statement

__all__ = ["present", "reason", "seats"]

either = require_http_methods(["GET", "HEAD", "POST"])


@either
@page("design.write")
def seats(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """Who should be in the room, by group."""
    problem, found = workshop_page(request, number, held, "design.write")
    form = SeatsForm(sent(request), workshop=found)
    if request.method == "POST" and form.is_valid():
        set_seats(request.actor, found, form.seats())
        messages.success(request, _("The list is saved."))
        return redirect(address(problem, "workshop", held))
    statement = current_statement(problem)
    context = workshop_frame(request, problem, found, form=form, statement=statement)
    return render(request, "design/seats.html", context)


@either
@page("design.write")
def present(request: WorkspaceRequest, workspace: str, number: int, held: int) -> HttpResponse:
    """How many of each group were in the room."""
    problem, found = workshop_page(request, number, held, "design.write")
    form = PresentForm(sent(request), workshop=found)
    if found.state != WorkshopState.HELD:
        messages.info(request, _("First say that the workshop was held."))
        return redirect(address(problem, "workshop", held))
    if request.method == "POST" and form.is_valid():
        set_present(request.actor, found, form.present())
        messages.success(request, _("The count is saved. No names are kept."))
        return redirect(address(problem, "workshop", held))
    context = workshop_frame(request, problem, found, form=form, words=words("groups"))
    return render(request, "design/present.html", context)


@either
@page("design.write")
def reason(
    request: WorkspaceRequest, workspace: str, number: int, held: int, rule: str
) -> HttpResponse:
    """Why a warning about the room is accepted."""
    problem, found = workshop_page(request, number, held, "design.write")
    warning = next((one for one in warnings_of(found) if one.rule == rule), None)
    if warning is None:
        raise Http404
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            give_reason(request.actor, found, rule, text=form.cleaned_data["reason"])
        except RoomError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("The reason stands beside the warning now."))
            return redirect(address(problem, "workshop", held))
    context = workshop_frame(
        request,
        problem,
        found,
        form=form,
        title=warning.text,
        button=_("Save the reason"),
        consequences=[warning.ask, _("The reason stays readable beside the warning.")],
    )
    return render(request, "design/step.html", context)
