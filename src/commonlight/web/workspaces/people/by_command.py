"""Workspaces and members made from a terminal, by the one who operates the installation."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from commonlight.web.accounts.creation import create_account
from commonlight.web.accounts.models import User
from commonlight.web.ui.languages import LANGUAGES
from commonlight.web.workspaces.creation import add_member, create_workspace
from commonlight.web.workspaces.enums import OrganisationKind, Role
from commonlight.web.workspaces.models import Membership, Organisation, Workspace

__all__ = ["new_member", "new_workspace", "password_link"]

SHORT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def new_workspace(*, slug: str, name: str, city: str, **given: Any) -> Workspace:
    """A workspace, after everything given was checked.

    Raises
    ------
    ValueError
        If something given cannot be used, or the short name is taken.
    """
    from zoneinfo import available_timezones

    if not SHORT_NAME.fullmatch(slug) or len(slug) > 50:
        raise ValueError(f"the short name {slug!r} must be of a-z, 0-9 and single hyphens")
    if Workspace.objects.filter(slug=slug).exists():
        raise ValueError(f"there is a workspace {slug!r} already")
    _one_of("language", given["language"], [code for code, _ in LANGUAGES])
    if given["time_zone"] not in available_timezones():
        raise ValueError(f"no time zone {given['time_zone']!r}: give one such as Europe/Berlin")
    if given["country"] and not re.fullmatch("[A-Za-z]{2}", given["country"]):
        raise ValueError(f"the country code must be two letters; got {given['country']!r}")
    return create_workspace(
        slug=slug, name=name, city=city, **{**given, "country": given["country"].upper()}
    )


@transaction.atomic
def new_member(
    *, workspace: str, email: str, name: str, organisation: str, kind: str, role: str
) -> str:
    """Make somebody a member; the address to set the first password, or empty.

    Raises
    ------
    ValueError
        If something given cannot be used, or the person is a member already.
    """
    place = Workspace.objects.filter(slug=workspace).first()
    if place is None:
        raise ValueError(f"no workspace {workspace!r}: make it with 'commonlight workspace create'")
    _one_of("role", role, Role.values)
    if not Organisation.objects.of(place).filter(name=organisation).exists():
        _one_of("kind", kind, OrganisationKind.values)
    user = _account(email, name)
    if Membership.objects.of(place).filter(user=user, ended_at=None).exists():
        raise ValueError(f"{user.email} is a member of {workspace} already")
    add_member(
        place,
        user,
        organisation=organisation,
        kind=kind,
        role=role,
        is_signatory=role == Role.COORDINATOR,
    )
    return "" if user.has_usable_password() else password_link(user)


def _account(email: str, name: str) -> User:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValueError(f"{email!r} is not an e-mail address") from error
    found = User.objects.filter(email=address).first()
    return found or create_account(email=address, name=name)


def password_link(user: Any) -> str:
    """The link that a mail for a forgotten password holds, without the host."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, token = key.split("-", 1)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return f"{_host()}{path}"


def _host() -> str:
    """Where the installation answers, as far as its settings say."""
    from django.conf import settings

    public = list(settings.CSRF_TRUSTED_ORIGINS)
    return public[0] if public else "http://localhost:8000"


def _one_of(what: str, given: str, known: list[Any]) -> None:
    if given not in known:
        raise ValueError(f"no {what} {given!r}: give one of {', '.join(map(str, known))}")
