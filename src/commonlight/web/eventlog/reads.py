"""Reading of sensitive data is kept: once a person, thing and hour, and never for the public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web.eventlog.models import Event, EventKind
from commonlight.web.eventlog.record import chain_of, locked_head, record
from commonlight.web.policy import Actor

__all__ = ["note_read"]

WINDOW = timedelta(hours=1)


def note_read(actor: Actor, thing: Any, *, action: str = "data.view") -> Event | None:
    """Keep that a member read something sensitive; None where nothing needs to be kept.

    What is marked as not sensitive is not kept, and who reads a public page leaves no trace.
    """
    if actor.user_id is None or not actor.is_member or not getattr(thing, "is_sensitive", True):
        return None
    if _was_noted(actor, thing):
        return None
    with transaction.atomic():
        locked_head(chain_of(actor))
        if _was_noted(actor, thing):
            return None
        return record(actor, action, thing, kind=EventKind.READ)


def _was_noted(actor: Actor, thing: Any) -> bool:
    return Event.objects.filter(
        chain=chain_of(actor),
        thing_kind=thing._meta.label_lower,
        thing_id=str(thing.pk),
        actor_id=actor.user_id,
        kind=EventKind.READ,
        at__gt=timezone.now() - WINDOW,
    ).exists()
