"""A person's own page."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.accounts.forms import OwnPageForm
from commonlight.web.accounts.happenings import tell
from commonlight.web.accounts.models import User
from commonlight.web.policy import Actor, open_page, own_page

__all__ = ["closed", "me"]


@open_page
def closed(request: HttpRequest, **given: Any) -> HttpResponse:
    """A page of the sign-in library that this installation does not use."""
    raise Http404


@own_page
def me(request: HttpRequest) -> HttpResponse:
    """Name, language, ways to sign in, workspaces."""
    user: Any = request.user
    form = OwnPageForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        return _saved(form)
    context = {"form": form, "rows": _rows(user), "memberships": _memberships(user)}
    return render(request, "accounts/me.html", context)


def _saved(form: OwnPageForm) -> HttpResponse:
    """Save, and let the new language be seen at once."""
    with transaction.atomic():
        user = form.save()
        actor = Actor(kind="person", user_id=user.pk, name=str(user))
        tell(actor, "person.change", user, changed=sorted(form.changed_data))
    answer = redirect("accounts-site:me")
    if user.language:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, user.language, httponly=True, samesite="Lax"
        )
    else:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return answer


def _memberships(user: Any) -> Any:
    found = user.memberships.filter(ended_at__isnull=True)
    return found.select_related("workspace", "organisation").order_by("workspace__name")


def _rows(user: Any) -> list[dict[str, Any]]:
    """The ways to sign in, each with where it is changed."""
    sessions = UserSession.objects.filter(user=user).count()
    return [
        {"label": _("E-mail address"), "value": user.email},
        {
            "label": _("Password"),
            "value": _("Set") if user.has_usable_password() else _("None: you sign in otherwise"),
            "url": reverse("account_change_password") if user.has_usable_password() else "",
            "action": _("Change"),
        },
        {
            "label": _("Second factor"),
            "value": _("On") if is_mfa_enabled(user) else _("Off"),
            "url": reverse("mfa_index"),
            "action": _("Change"),
        },
        {
            "label": _("Signed in"),
            "value": ngettext("%(count)d browser", "%(count)d browsers", sessions)
            % {"count": sessions},
            "url": reverse("usersessions_list"),
            "action": _("Look at"),
        },
    ]
