"""The pages of retention: rules, dry run, removal, and leaving for good."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonlight.web import runs
from commonlight.web.accounts.models import User
from commonlight.web.agreements.domain import today_in
from commonlight.web.data.models import DataSet
from commonlight.web.eventlog.record import record
from commonlight.web.policy import WorkspaceRequest, own_page, page, require
from commonlight.web.portability.retention.accounts import (
    LastCoordinatorError,
    anonymise,
    places_left_alone,
)
from commonlight.web.portability.retention.due import due
from commonlight.web.portability.retention.forms import LeaveForm, PeriodsForm, RunForm

__all__ = ["leave", "removal", "retention", "rules"]

either = require_http_methods(["GET", "HEAD", "POST"])


@require_http_methods(["GET", "HEAD"])
@page("retention.view")
def retention(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The rules, and what would go today."""
    place: Any = request.workspace
    found = due(place)
    overdue = DataSet.objects.of(place).filter(
        deleted_at__isnull=True, next_delivery_on__lt=today_in(place)
    )
    context = {
        "due": found,
        "total": sum(one.count for one in found),
        "size": sum(one.size for one in found),
        "overdue": list(overdue),
    }
    return render(request, "retention/retention.html", context)


@either
@page("retention.run")
def rules(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Set for how many days each kind of thing is kept."""
    place: Any = request.workspace
    form = PeriodsForm(request.POST if request.method == "POST" else None, workspace=place)
    if request.method == "POST" and form.is_valid():
        place.retention = {**place.retention, **form.cleaned_data}
        place.save(update_fields=["retention"])
        actor = request.actor
        record(actor, "retention.rules", place, days=form.cleaned_data)
        messages.success(request, _("The rules are saved. Nothing was removed yet."))
        return redirect("retention:retention", workspace)
    return render(request, "retention/rules.html", {"form": form, "back_url": _home(workspace)})


@either
@page("retention.run")
def removal(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What goes, once more, and the confirmation; the removal itself is a run."""
    place: Any = request.workspace
    actor = request.actor
    require(actor, "retention.run", place)
    form = RunForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        run = runs.request(actor, "retention.run", workspace=place, reuse=False)
        return redirect("runs:run", workspace, run.pk)
    found = [one for one in due(place) if one.count]
    context = {
        "form": form,
        "due": found,
        "title": _("Remove what is past its time"),
        "button": _("Remove"),
        "is_dangerous": True,
        "back_url": _home(workspace),
    }
    return render(request, "retention/removal.html", context)


@either
@own_page
def leave(request: HttpRequest) -> HttpResponse:
    """Delete one's own account: name and address are replaced, and the session ends."""
    user = request.user
    assert isinstance(user, User)
    data = request.POST if request.method == "POST" else None
    form = LeaveForm(data, address=user.email)
    if request.method == "POST" and form.is_valid():
        try:
            anonymise(user)
        except LastCoordinatorError as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            return render(request, "retention/left.html")
    context = {
        "form": form,
        "alone": places_left_alone(user),
        "title": _("Delete your account"),
        "button": _("Delete account"),
        "is_dangerous": True,
        "back_url": "/me/",
        "consequences": [
            _("Your name and your e-mail address are replaced, and you are signed out everywhere."),
            _("You leave all workspaces."),
            _("What you did stays in the event log under a number, without your name."),
            _("This cannot be undone."),
        ],
    }
    return render(request, "ui/confirm.html", context)


def _home(workspace: str) -> str:
    return reverse("retention:retention", args=[workspace])
