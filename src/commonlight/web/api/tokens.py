"""Make, find and revoke tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web.api.models import ApiToken
from commonlight.web.api.words import SCOPES
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.policy.rules import role_actions

__all__ = [
    "LONGEST_DAYS",
    "actor_of_token",
    "make_token",
    "own_tokens",
    "revoke_token",
    "scopes_for",
]

LONGEST_DAYS = 365
_MARK = "clt_"


def scopes_for(role: str) -> list[str]:
    """The actions that a token of this role can be given."""
    return [one for one in SCOPES if one in role_actions(role)]


def make_token(
    actor: Actor, *, name: str, scopes: Iterable[str], days: int
) -> tuple[ApiToken, str]:
    """A new token and its text, which is shown once and kept nowhere.

    Raises
    ------
    ValueError
        If a scope goes beyond the role, or the token would live too long.
    """
    require(actor, "token.manage")
    chosen = sorted(set(scopes))
    beyond = set(chosen) - set(scopes_for(actor.role or ""))
    if beyond or not chosen:
        raise ValueError(f"scopes must be some of those of the role; got {chosen}")
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"days must be 1 to {LONGEST_DAYS}; got {days}")
    text = _MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            workspace=actor.workspace,
            membership=actor.membership,
            name=name,
            scopes=chosen,
            prefix=text[:10],
            digest=_digest(text),
            expires_at=timezone.now() + timedelta(days=days),
        )
        record(actor, "token.make", token, scopes=chosen, days=days)
    return token, text


def own_tokens(actor: Actor) -> Any:
    """The actor's tokens, the newest first."""
    return ApiToken.objects.of(actor.workspace).filter(membership=actor.membership)


def revoke_token(actor: Actor, token: ApiToken) -> None:
    """End a token at once."""
    require(actor, "token.manage", token)
    with transaction.atomic():
        if own_tokens(actor).filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record(actor, "token.revoke", token)


def actor_of_token(text: str) -> Actor | None:
    """The actor behind a token: the member's role of today, bounded by the token's scopes."""
    if not text.startswith(_MARK) or len(text) > 100:
        return None
    token = (
        ApiToken.objects.everywhere("a token says itself which workspace it is for")
        .select_related("workspace", "membership__user", "membership__organisation")
        .filter(digest=_digest(text), revoked_at=None, expires_at__gt=timezone.now())
        .filter(membership__ended_at=None, membership__user__is_active=True)
        .first()
    )
    if token is None:
        return None
    _note_use(token)
    member = token.membership
    return Actor(
        kind="token",
        user_id=member.user_id,
        name=str(member.user),
        workspace=token.workspace,
        membership=member,
        role=member.role,
        organisation_id=member.organisation_id,
        scopes=frozenset(token.scopes) & frozenset(SCOPES),
    )


def _note_use(token: ApiToken) -> None:
    """Keep the day of the last use; once a day, so that reading stays reading."""
    today = timezone.now().date()
    if token.last_used_on != today:
        ApiToken.objects.of(token.workspace).filter(pk=token.pk).update(last_used_on=today)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
