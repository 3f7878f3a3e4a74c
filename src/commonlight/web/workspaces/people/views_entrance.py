"""The page that an invitation leads to, for somebody who is not a member yet."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter as single_sign_on
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonlight.web.accounts.adapters import INVITED
from commonlight.web.accounts.creation import create_account, sign_in_first
from commonlight.web.accounts.forms import NewAccountForm
from commonlight.web.accounts.models import User
from commonlight.web.policy import open_page
from commonlight.web.workspaces.models import Invitation
from commonlight.web.workspaces.people import invitations as domain

__all__ = ["accept", "ask_renewal"]


@open_page
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the workspace is and who invites; accept with a new or an existing account."""
    invitation = _invitation(code)
    state = domain.state_of(invitation)
    if state != domain.InvitationState.OPEN:
        return _closed(request, invitation, state, code)
    if request.user.is_authenticated:
        return _accept_signed_in(request, invitation, code)
    if User.objects.filter(email=invitation.email, is_active=True).exists():
        return _page(request, invitation, code, has_account=True)
    return _accept_new(request, invitation, code)


@open_page
@require_POST
def ask_renewal(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the coordinator for a new code."""
    domain.ask_renewal(_invitation(code))
    return redirect("workspaces-site:accept", code=code)


def _accept_signed_in(request: HttpRequest, invitation: Invitation, code: str) -> HttpResponse:
    """One press, when it is the account that was invited."""
    user: Any = request.user
    if request.method == "POST" and user.email == invitation.email:
        try:
            domain.accept(invitation, user)
        except domain.InvitationError as error:
            messages.error(request, str(error))
            return redirect("workspaces-site:start")
        return _welcome(request, invitation)
    is_other = user.email != invitation.email
    return _page(request, invitation, code, is_other=is_other)


def _accept_new(request: HttpRequest, invitation: Invitation, code: str) -> HttpResponse:
    """A new account, and a member at once."""
    initial = {"name": invitation.name}
    form = NewAccountForm(request.POST or None, initial=initial, email=invitation.email)
    if request.method != "POST" or not form.is_valid():
        request.session[INVITED] = invitation.email
        return _page(request, invitation, code, form=form)
    try:
        user = _new_member(invitation, form.cleaned_data)
    except domain.InvitationError as error:
        messages.error(request, str(error))
        return redirect("workspaces-site:accept", code=code)
    sign_in_first(request, user)
    return _welcome(request, invitation)


@transaction.atomic
def _new_member(invitation: Invitation, given: dict[str, Any]) -> User:
    user = create_account(
        email=invitation.email,
        name=given["name"],
        password=given["password"],
        language=get_language() or "",
    )
    domain.accept(invitation, user)
    return user


def _welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    request.session.pop(INVITED, None)
    name = {"name": invitation.workspace.name}
    messages.success(request, _("Welcome to “%(name)s”.") % name)
    return redirect("workspaces:overview", workspace=invitation.workspace.slug)


def _page(request: HttpRequest, invitation: Invitation, code: str, **context: Any) -> HttpResponse:
    here = reverse("workspaces-site:accept", args=[code])
    given = {"invitation": invitation, "code": code, "here": here, **_providers(request)}
    answer = render(request, "workspaces/people/accept.html", {**given, **context})
    answer["Cache-Control"] = "no-store"
    return answer


def _providers(request: HttpRequest) -> dict[str, Any]:
    has_any = bool(getattr(settings, "SOCIALACCOUNT_PROVIDERS", {}))
    return {"providers": single_sign_on().list_providers(request) if has_any else []}


def _closed(request: HttpRequest, invitation: Invitation, state: str, code: str) -> HttpResponse:
    """Why it does not work any more, since when, and who renews it."""
    context = {"invitation": invitation, "state": state, "code": code}
    answer = render(request, "workspaces/people/accept_closed.html", context, status=410)
    answer["Cache-Control"] = "no-store"
    return answer


def _invitation(code: str) -> Invitation:
    found = domain.find(code)
    if found is None:
        raise Http404
    return found
