"""Actions: the list, one of them, and its steps."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonlight.web.partnerships.domain.actions import (
    actions_of,
    confirm_action,
    decide_closing,
    drop_action,
    finish_action,
    give_action,
    reopen_action,
)
from commonlight.web.partnerships.domain.shared import day_of
from commonlight.web.partnerships.domain.words import words
from commonlight.web.partnerships.enums import ActionState
from commonlight.web.partnerships.forms.fields import ReasonForm
from commonlight.web.partnerships.forms.meetings import ActionForm, FilterForm, OutcomeForm
from commonlight.web.partnerships.models import Action
from commonlight.web.partnerships.views.meetings import meeting_of
from commonlight.web.partnerships.views.shared import (
    address,
    ask,
    either,
    one_of,
    sent,
    take_step,
)
from commonlight.web.policy import WorkspaceRequest, page, require

__all__ = ["action_list", "action_page", "add", "confirm", "drop", "finish", "reopen"]

KINDS = {ActionState.OPEN: "info", ActionState.DONE: "success", ActionState.DROPPED: ""}


@require_safe
@page("partnership.view")
def action_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All actions, those that are open first, by their day."""
    form = FilterForm(request.GET, workspace=request.workspace)
    found = actions_of(request.workspace)
    if form.is_valid():
        if form.cleaned_data["state"]:
            found = found.filter(state=form.cleaned_data["state"])
        if form.cleaned_data["owner"]:
            found = found.filter(owner=form.cleaned_data["owner"])
    today = day_of(request.workspace)
    rows = [
        {
            "action": one,
            "kind": KINDS[one.state],
            "is_late": one.is_late(today),
            "url": address(request, "action", one.pk),
        }
        for one in sorted(found, key=lambda one: one.state != ActionState.OPEN)
    ]
    return render(request, "partnerships/actions.html", {"rows": rows, "form": form})


@require_safe
@page("partnership.view")
def action_page(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One action with its history over meetings."""
    action = _action(request, pk)
    context = {
        "action": action,
        "kind": KINDS[ActionState(action.state)],
        "is_open": action.state == ActionState.OPEN,
        "is_late": action.is_late(day_of(request.workspace)),
        "is_mine": action.owner_id == request.actor.organisation_id,
        "carried": action.carried.select_related("meeting"),
        "closing": decide_closing(request.actor, action),
        "words": words("meeting"),
    }
    return render(request, "partnerships/action.html", context)


@either
@page("meeting.write")
def add(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Write an action of a meeting down."""
    meeting = meeting_of(request, number)
    form = ActionForm(sent(request), workspace=request.workspace)
    return ask(
        request,
        form,
        lambda: give_action(request.actor, meeting=meeting, **form.cleaned_data),
        title=_("Add an action"),
        button=_("Add action"),
        done=_("The action is saved. Until it is done it comes back by itself."),
        back=address(request, "meeting", number),
    )


@require_POST
@page("meeting.write")
def confirm(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The owner takes it on."""
    action = _action(request, pk)
    return take_step(
        request,
        lambda: confirm_action(request.actor, action),
        done=_("Your organisation has taken the action on."),
        back=address(request, "action", pk),
    )


@either
@page("meeting.write")
def finish(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """It is done."""
    action = _action(request, pk)
    require(request.actor, "meeting.write", action)
    form = OutcomeForm(sent(request))
    return ask(
        request,
        form,
        lambda: finish_action(request.actor, action, outcome=form.cleaned_data["outcome"]),
        title=_("Finish the action"),
        button=_("Mark as done"),
        done=_("The action is done."),
        back=address(request, "action", pk),
        intro=action.text,
    )


@either
@page("meeting.write")
def drop(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """It is not wanted any more."""
    action = _action(request, pk)
    require(request.actor, "meeting.write", action)
    form = ReasonForm(sent(request))
    return ask(
        request,
        form,
        lambda: drop_action(request.actor, action, reason=form.cleaned_data["reason"]),
        title=_("Drop the action"),
        button=_("Drop action"),
        done=_("The action is dropped. It stays on record with the reason."),
        back=address(request, "action", pk),
        intro=action.text,
    )


@require_POST
@page("meeting.write")
def reopen(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """It was not done after all."""
    action = _action(request, pk)
    return take_step(
        request,
        lambda: reopen_action(request.actor, action),
        done=_("The action is open again."),
        back=address(request, "action", pk),
    )


def _action(request: WorkspaceRequest, pk: int) -> Action:
    found: Action = one_of(actions_of(request.workspace), pk=pk)
    return found
