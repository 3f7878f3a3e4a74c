"""Whether somebody signed in with a second factor, where the workspace asks for one."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.functional import Promise

__all__ = ["SecondFactorNeeded", "has_second_factor"]


def _provider_has_one() -> bool:
    """Whether the operator vouches for the second factor of the single sign-on."""
    return bool(getattr(settings, "COMMONLIGHT_OIDC_HAS_SECOND_FACTOR", False))


class SecondFactorNeeded(PermissionDenied):
    """A page was asked for that needs a second factor; the sentence says so."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session, or at least this account, is guarded by more than a password.

    Who has a second factor is always asked for it at sign-in, so having one is enough for a
    session that began before it was set up.
    """
    methods = {record["method"] for record in get_authentication_records(request, request.user)}
    if "mfa" in methods:
        return True
    if "socialaccount" in methods and _provider_has_one():
        return True
    return bool(is_mfa_enabled(request.user))
