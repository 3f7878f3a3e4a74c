"""Pages about invitations, for those who invite."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonlight.web.policy import page
from commonlight.web.workspaces.asking import WorkspaceRequest
from commonlight.web.workspaces.models import Invitation
from commonlight.web.workspaces.people import invitations as domain
from commonlight.web.workspaces.people.forms import InvitationForm
from commonlight.web.workspaces.people.mail import send_invitation

__all__ = ["invitation", "invite", "renew", "withdraw"]


@page("people.invite")
def invite(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Invite somebody; the link is shown once and sent by mail."""
    form = InvitationForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        made, code = domain.invite(request.actor, **form.cleaned_data)
        return _sent(request, made, code)
    return render(request, "workspaces/people/invite.html", {"form": form})


@page("people.invite")
def invitation(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Where an invitation stands; its link is shown only after it was made."""
    found = _invitation(request, pk)
    code = request.session.pop(_key(found), None)
    context = {
        "invitation": found,
        "state": domain.state_of(found),
        "address": _address(request, code) if code else "",
    }
    answer = render(request, "workspaces/people/invitation.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@page("people.invite")
@require_POST
def renew(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A new link for fourteen more days."""
    found = _invitation(request, pk)
    try:
        code = domain.renew(request.actor, found)
    except domain.InvitationError as error:
        messages.error(request, str(error))
        return redirect("workspaces:invitation", workspace=workspace, pk=pk)
    return _sent(request, found, code)


@page("people.invite")
def withdraw(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Withdraw an invitation, after a page that says what that means."""
    found = _invitation(request, pk)
    if request.method == "POST":
        try:
            domain.withdraw(request.actor, found)
            messages.success(request, _("The invitation is withdrawn."))
        except domain.InvitationError as error:
            messages.error(request, str(error))
        return redirect("workspaces:people", workspace=workspace)
    context = {
        "title": _("Withdraw the invitation of %(email)s") % {"email": found.email},
        "consequences": [_("The link stops working at once.")],
        "button": _("Withdraw the invitation"),
        "is_dangerous": True,
        "back_url": reverse("workspaces:invitation", args=[workspace, pk]),
    }
    return render(request, "ui/confirm.html", context)


def _sent(request: WorkspaceRequest, made: Invitation, code: str) -> HttpResponse:
    """Send the mail, keep the link for one page, say what happened."""
    if send_invitation(made, _address(request, code)):
        messages.success(request, _("The invitation is on its way to %s.") % made.email)
    else:
        messages.warning(
            request, _("The mail could not be sent. Hand over the link in another safe way.")
        )
    request.session[_key(made)] = code
    return redirect("workspaces:invitation", workspace=request.workspace.slug, pk=made.pk)


def _address(request: WorkspaceRequest, code: str) -> str:
    return request.build_absolute_uri(reverse("workspaces-site:accept", args=[code]))


def _key(invitation: Invitation) -> str:
    return f"invitation_code_{invitation.pk}"


def _invitation(request: WorkspaceRequest, pk: int) -> Invitation:
    found = Invitation.objects.of(request.workspace)
    one: Invitation = get_object_or_404(
        found.select_related("workspace", "organisation", "invited_by", "accepted_by"), pk=pk
    )
    return one
