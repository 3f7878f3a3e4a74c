"""How the sign-in library is bent to our rules: nobody signs up without an invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from commonlight.web.accounts.sealing import sealed, unsealed

__all__ = ["INVITED", "AccountAdapter", "SecondFactorAdapter", "SingleSignOnAdapter"]

INVITED = "invited_email"
"""Where the session keeps the address of the invitation that is being accepted."""

KEPT_CLAIMS = ("sub", "email", "email_verified", "name")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts with a password come from an invitation, a command or the first set-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens an account alone."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The lock-out counts wrong passwords; a second count would answer first."""

    def get_from_email(self) -> str:
        """The sender that the environment names."""
        return str(settings.DEFAULT_FROM_EMAIL)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names that devices show beside a code or a passkey."""

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A name for a key that was given none."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key %(number)d") % {"number": number}

    def encrypt(self, text: str) -> str:
        """Seal what is kept in the database."""
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what was sealed."""
        return unsealed(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The installation, under its host name."""
        entity = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Commonlight"}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """An identity provider vouches for a person; membership comes from an invitation only."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Only while an invitation to the same, verified address is being accepted."""
        invited = request.session.get(INVITED, "")
        return bool(invited) and invited in _verified(sociallogin)

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """An account is linked by an address that the provider verified, never otherwise."""
        return email.lower() in _verified(login)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Keep no more of the person than what links the account."""
        account = sociallogin.account
        account.extra_data = _slim(account.extra_data)

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Take the name from the provider."""
        user = super().populate_user(request, sociallogin, data)
        user.name = (data.get("name") or user.email)[:200]
        user.email = user.email.lower()
        return user


def _verified(login: Any) -> set[str]:
    """The addresses that the provider says are the person's own; some say so in words."""
    return {
        one.email.lower() for one in login.email_addresses if str(one.verified).lower() == "true"
    }


def _slim(data: dict[str, Any]) -> dict[str, Any]:
    kept = {name: part for name, part in data.items() if isinstance(part, dict)}
    return {
        name: {claim: part[claim] for claim in KEPT_CLAIMS if claim in part}
        for name, part in kept.items()
    }
