"""A new account, whose address somebody vouches for, and its first sign-in."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from django.db import transaction
from django.http import HttpRequest

from commonlight.web.accounts.models import User

__all__ = ["create_account", "sign_in_first"]


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str,
    password: str | None = None,
    language: str = "",
    is_operator: bool = False,
) -> User:
    """An account whose address was confirmed, by an invitation sent to it or by the operator.

    Without a password the person sets one through the link “Forgotten your password?”, or signs
    in through the organisation.
    """
    user = User.objects.create_user(
        email, password, name=name, language=language, is_operator=is_operator
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in_first(request: HttpRequest, user: User) -> None:
    """Sign in who has just chosen a password; it is not asked for again before a second factor."""
    perform_login(request, user, email_verification="none")
    record_authentication(request, user, method="password", reauthenticated=True)
