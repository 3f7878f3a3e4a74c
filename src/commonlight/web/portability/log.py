"""The event log in an export, and who its numbers mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commonlight.web.eventlog.models import Event
from commonlight.web.portability.keys import Key, plain
from commonlight.web.portability.models import LogName

__all__ = ["EVENT_FIELDS", "PERSON", "events_of", "log_names"]

PERSON = "accounts.user"
EVENT_FIELDS = {
    "number": "Place in the chain.",
    "at": "When, in UTC.",
    "kind": "change, read, export, refusal or sign-in.",
    "action": "What was done or asked for.",
    "actor_kind": "person, token, job, public or system.",
    "actor_id": "Number of the person; log/names.jsonl says who it is.",
    "thing_kind": "Kind of the thing.",
    "thing_id": "Number of the thing; log/names.jsonl says what it is.",
    "detail": "More about it, without personal data.",
    "previous": "SHA-256 of the event before.",
    "digest": "SHA-256 of this event and the one before.",
}


def events_of(workspace: Any) -> Iterator[dict[str, Any]]:
    """The chain as it stands: sealed, so nothing in it is changed."""
    for event in Event.objects.filter(chain=workspace.slug).order_by("number"):
        yield {name: plain(getattr(event, name)) for name in EVENT_FIELDS}


def log_names(workspace: Any, keys: dict[str, dict[Any, Key]]) -> Iterator[dict[str, Any]]:
    """What each number in the log means, for each stretch written in one installation."""
    kept = list(LogName.objects.of(workspace))
    uids = keys[PERSON]
    for one in kept:
        yield _line(
            one.first, one.last, one.kind, one.number, one.reference, uids.get(one.person_id)
        )
    start = max((one.last for one in kept), default=0) + 1
    yield from _own_names(workspace, start, keys)


def _own_names(
    workspace: Any, start: int, keys: dict[str, dict[Any, Key]]
) -> Iterator[dict[str, Any]]:
    """The numbers of this installation in the events from `start` on."""
    events = Event.objects.filter(chain=workspace.slug, number__gte=start).order_by()
    last = events.order_by("-number").values_list("number", flat=True).first()
    if last is None:
        return
    used = {
        (PERSON, str(number)) for number in events.values_list("actor_id", flat=True).distinct()
    }
    used |= set(events.values_list("thing_kind", "thing_id").distinct())
    for kind, number in sorted(used):
        key = keys.get(kind, {}).get(int(number) if number.isdigit() else None)
        if key is not None:
            is_person = kind == PERSON
            yield _line(
                start, last, kind, number, None if is_person else key, key if is_person else None
            )


def _line(
    first: int, last: int, kind: str, number: str, reference: Key, person: str | None
) -> dict[str, Any]:
    return {
        "first": first,
        "last": last,
        "kind": kind,
        "number": number,
        "reference": reference,
        "person": person,
    }
