"""Append an event to its chain, in the transaction of what it tells of."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web.eventlog.models import ChainHead, Event
from commonlight.web.policy.actor import Actor

__all__ = ["event_digest", "record"]


def record(
    actor: Actor | None,
    action: str,
    thing: Any = None,
    *,
    workspace: Any = None,
    kind: str = "change",
    **detail: Any,
) -> Event:
    """Write one event; `detail` holds no personal data.

    The chain is that of `workspace`, else of the actor's workspace, else of the installation.
    """
    place = workspace or (actor.workspace if actor else None)
    chain = place.slug if place is not None else ""
    with transaction.atomic():
        ChainHead.objects.get_or_create(chain=chain)
        head = ChainHead.objects.select_for_update().get(chain=chain)
        event = Event(
            chain=chain,
            number=head.number + 1,
            at=timezone.now(),
            kind=kind,
            action=action,
            actor_kind=actor.kind if actor else "system",
            actor_id=actor.user_id if actor else None,
            thing_kind=thing._meta.label_lower if thing is not None else "",
            thing_id=str(thing.pk) if thing is not None else "",
            detail=json.loads(json.dumps(detail, default=str)),
            previous=head.digest,
        )
        event.digest = event_digest(event)
        event.save(force_insert=True)
        head.number, head.digest = event.number, event.digest
        head.save()
    return event


def event_digest(event: Event) -> str:
    """SHA-256 over all that an event says and the digest of the one before."""
    content = [
        event.chain,
        event.number,
        event.at.isoformat(timespec="microseconds"),
        event.kind,
        event.action,
        event.actor_kind,
        event.actor_id,
        event.thing_kind,
        event.thing_id,
        event.detail,
        event.previous,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
