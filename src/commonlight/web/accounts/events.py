"""What the sign-in library reports, told to the event log; an address that was typed never is."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.account.signals import user_logged_in as signed_in
from allauth.account.signals import user_logged_out as signed_out
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.signals import social_account_added
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest

from commonlight.web.accounts.happenings import tell
from commonlight.web.accounts.sessions import start_clock
from commonlight.web.policy import Actor

__all__ = ["listen"]


def listen() -> None:
    """Connect everything, once."""
    user_logged_in.connect(_start_clock, dispatch_uid="accounts.clock")
    signed_in.connect(_signed_in, dispatch_uid="accounts.in")
    signed_out.connect(_signed_out, dispatch_uid="accounts.out")
    user_login_failed.connect(_failed, dispatch_uid="accounts.failed")
    user_locked_out.connect(_locked_out, dispatch_uid="accounts.locked")
    authentication_failed.connect(_code_failed, dispatch_uid="accounts.code")
    for signal in (password_changed, password_reset, password_set):
        signal.connect(_password_changed, dispatch_uid=f"accounts.{id(signal)}")
    authenticator_added.connect(_factor_added, dispatch_uid="accounts.factor")
    authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.unfactor")
    authenticator_reset.connect(_factor_reset, dispatch_uid="accounts.refactor")
    social_account_added.connect(_linked, dispatch_uid="accounts.linked")


def _actor(user: Any) -> Actor:
    return Actor(kind="person", user_id=user.pk, name=str(user))


def _start_clock(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    start_clock(request)


def _signed_in(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    tell(_actor(user), "person.sign-in", user, kind="sign-in")


def _signed_out(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None and user.is_authenticated:
        tell(_actor(user), "person.sign-out", user, kind="sign-in")


def _failed(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    tell(None, "person.sign-in-failed", kind="sign-in")


def _locked_out(sender: Any, **_: Any) -> None:
    tell(None, "person.locked-out", kind="sign-in")


def _code_failed(sender: Any, user: Any, **_: Any) -> None:
    tell(_actor(user), "person.code-failed", user, kind="sign-in")


def _password_changed(sender: Any, user: Any, **_: Any) -> None:
    tell(_actor(user), "person.password-change", user)


def _factor_added(sender: Any, user: Any, authenticator: Any, **_: Any) -> None:
    tell(_actor(user), "person.second-factor-add", user, factor=authenticator.type)


def _factor_removed(sender: Any, user: Any, authenticator: Any, **_: Any) -> None:
    tell(_actor(user), "person.second-factor-remove", user, factor=authenticator.type)


def _factor_reset(sender: Any, user: Any, authenticator: Any, **_: Any) -> None:
    tell(_actor(user), "person.second-factor-reset", user, factor=authenticator.type)


def _linked(sender: Any, sociallogin: Any, **_: Any) -> None:
    tell(_actor(sociallogin.user), "person.single-sign-on-link", sociallogin.user)
