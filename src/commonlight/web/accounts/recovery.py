"""For the one who operates the installation: help somebody whose second factor is lost."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from commonlight.web.accounts.happenings import tell
from commonlight.web.accounts.models import User
from commonlight.web.accounts.sessions import end_sessions

__all__ = ["take_off_second_factor"]


@transaction.atomic
def take_off_second_factor(email: str) -> int:
    """Remove every second factor of an account and end its sessions; how many were removed.

    Raises
    ------
    ValueError
        If there is no such account.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise ValueError(f"there is no account with the address {email!r}")
    removed = Authenticator.objects.filter(user=user).delete()[0]
    end_sessions(user)
    tell(None, "person.second-factor-take-off", user)
    return int(removed)
