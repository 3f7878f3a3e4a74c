"""Append an event to its chain, in the transaction of what it tells of."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web.eventlog.models import ChainHead, Event, EventKind
from commonlight.web.policy.actor import Actor

__all__ = ["chain_of", "event_digest", "locked_head", "plain", "record"]


def record(
    actor: Actor | None,
    action: str,
    thing: Any = None,
    *,
    workspace: Any = None,
    kind: str = EventKind.CHANGE,
    **detail: Any,
) -> Event:
    """Write one event; `detail` holds no personal data.

    The chain is that of `workspace`, else of the actor's workspace, else of the installation.
    If the transaction around it fails, the event was never there.

    Raises
    ------
    ValueError
        If `kind` is no kind of event.
    """
    chain, known = chain_of(actor, workspace), EventKind(kind)
    with transaction.atomic(savepoint=False):
        head = locked_head(chain)
        event = Event(
            chain=chain,
            number=head.number + 1,
            at=timezone.now(),
            kind=known,
            action=action,
            actor_kind=actor.kind if actor else "system",
            actor_id=actor.user_id if actor else None,
            thing_kind=thing._meta.label_lower if thing is not None else "",
            thing_id=str(thing.pk) if thing is not None else "",
            detail=plain(detail),
            previous=head.digest,
        )
        event.digest = event_digest(event)
        event.save(force_insert=True)
        head.number, head.digest = event.number, event.digest
        head.save(force_update=True)
    return event


def chain_of(actor: Actor | None, workspace: Any = None) -> str:
    """The name of the chain that an event belongs to."""
    place = workspace or (actor.workspace if actor else None)
    return place.slug if place is not None else ""


def locked_head(chain: str) -> ChainHead:
    """The newest event of a chain; others wait until this transaction is over."""
    heads = ChainHead.objects.select_for_update()
    found = heads.filter(chain=chain).first()
    if found is not None:
        return found
    ChainHead.objects.get_or_create(chain=chain)
    return heads.get(chain=chain)


def plain(detail: dict[str, Any]) -> dict[str, Any]:
    """Detail that every database gives back as it was written.

    Fractions become text, since databases write them in different ways; characters that a
    database refuses are replaced.
    """
    text = json.dumps(detail, default=str).replace("\\u0000", "\\ufffd")
    kept = json.loads(text, parse_float=str, parse_constant=str)
    valid = json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace").decode()
    plain_detail: dict[str, Any] = json.loads(valid)
    return plain_detail


def event_digest(event: Event) -> str:
    """SHA-256 over all that an event says and the digest of the one before."""
    content = [
        event.chain,
        event.number,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
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
