"""A new account, whose address somebody vouches for."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from commonlight.web.accounts.models import User

__all__ = ["create_account"]


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
