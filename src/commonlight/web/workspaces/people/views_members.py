"""Pages about the members of a workspace."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from commonlight.web.policy import decide, page
from commonlight.web.policy import require as require_action
from commonlight.web.workspaces.asking import WorkspaceRequest
from commonlight.web.workspaces.models import Invitation, Membership, Organisation
from commonlight.web.workspaces.people.forms import MemberForm
from commonlight.web.workspaces.people.invitations import state_of
from commonlight.web.workspaces.people.members import (
    MemberError,
    change_member,
    end_membership,
)

__all__ = ["end", "member", "people"]


@page("people.view")
def people(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All members, by organisation; the coordinator also sees invitations and who has left."""
    may_invite = bool(decide(request.actor, "people.invite"))
    context = {
        "organisations": _by_organisation(request.workspace),
        "may_manage": bool(decide(request.actor, "people.manage")),
        "may_invite": may_invite,
        "invitations": _pending(request.workspace) if may_invite else [],
        "left": _left(request.workspace) if may_invite else [],
    }
    return render(request, "workspaces/people/people.html", context)


def _by_organisation(workspace: Any) -> list[tuple[Organisation, list[Membership]]]:
    """Each organisation with its members; those without members last."""
    members = (
        Membership.objects.of(workspace)
        .filter(ended_at=None)
        .select_related("user", "organisation")
        .order_by("organisation__name", "organisation_id", "user__name", "pk")
    )
    groups = {key: list(rows) for key, rows in groupby(members, lambda row: row.organisation_id)}
    organisations = list(Organisation.objects.of(workspace))
    pairs = [(one, groups.get(one.pk, [])) for one in organisations]
    return sorted(pairs, key=lambda pair: not pair[1])


def _pending(workspace: Any) -> list[tuple[Invitation, str]]:
    found = (
        Invitation.objects.of(workspace)
        .filter(accepted_at=None, withdrawn_at=None)
        .select_related("organisation")
    )
    return [(one, state_of(one)) for one in found]


def _left(workspace: Any) -> Any:
    return (
        Membership.objects.of(workspace)
        .filter(ended_at__isnull=False)
        .select_related("user", "organisation")
        .order_by("-ended_at")[:100]
    )


@page("people.manage")
def member(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Change role, organisation or right to sign."""
    found = _member(request, pk)
    require_action(request.actor, "people.manage", found)
    is_own = found.user_id == request.actor.user_id
    form = MemberForm(request.POST or None, instance=_member(request, pk), is_own=is_own)
    if request.method == "POST" and form.is_valid():
        try:
            change_member(request.actor, found, **form.cleaned_data)
        except MemberError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The membership of %(name)s is changed.") % _name(found))
            return redirect("workspaces:people", workspace=workspace)
    context = {"form": form, "member": found, "is_own": is_own}
    return render(request, "workspaces/people/member.html", context)


@page("people.manage")
def end(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """End a membership, after a page that says what that means."""
    found = _member(request, pk)
    require_action(request.actor, "people.manage", found)
    if request.method == "POST":
        try:
            end_membership(request.actor, found)
        except MemberError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The membership of %(name)s has ended.") % _name(found))
            if found.user_id == request.actor.user_id:
                return redirect("/")
        return redirect("workspaces:people", workspace=workspace)
    context = {
        "title": _("End the membership of %(name)s") % _name(found),
        "consequences": [
            _("From this moment the person can read nothing in this workspace."),
            _("Without another workspace, the person is signed out everywhere."),
            _("What the person did stays in the event log. Signatures stay valid."),
        ],
        "button": _("End the membership"),
        "is_dangerous": True,
        "back_url": reverse("workspaces:member", args=[workspace, pk]),
    }
    return render(request, "ui/confirm.html", context)


def _member(request: WorkspaceRequest, pk: int) -> Membership:
    members = Membership.objects.of(request.workspace).select_related("user", "organisation")
    found: Membership = get_object_or_404(members, pk=pk)
    return found


def _name(membership: Membership) -> dict[str, str]:
    return {"name": str(membership.user)}
