"""A session that is over is ended; a person's own language is used."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commonlight.web.accounts.models import User
from commonlight.web.accounts.second_factor import SecondFactorNeeded
from commonlight.web.accounts.sessions import is_over

__all__ = ["AccountsMiddleware"]


class AccountsMiddleware:
    """Ends sessions on time, speaks the person's language, asks for a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out whose time is up, before anything is read."""
        if not request.session.is_empty() and is_over(request):
            return _signed_out(request)
        if language := _own_language(request):
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        return _kept_out_of_caches(request, self.get_response(request))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead to where a second factor is set up."""
        if not isinstance(error, SecondFactorNeeded):
            return None
        messages.warning(request, str(error))
        return redirect("mfa_index")


def _signed_out(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back to the same page afterwards."""
    logout(request)
    messages.info(request, _("Your session has ended. Sign in again to go on."))
    after = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return redirect(f"{settings.LOGIN_URL}{after}")


def _kept_out_of_caches(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page for a signed-in person is not left behind on a shared desk."""
    if not request.session.is_empty() and SESSION_KEY in request.session:
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
    elif request.method == "POST" and request.path == reverse("account_logout"):
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _own_language(request: HttpRequest) -> str:
    """The language of one's own page; a choice in this browser comes before it."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or request.session.is_empty():
        return ""
    return request.user.language if isinstance(request.user, User) else ""
