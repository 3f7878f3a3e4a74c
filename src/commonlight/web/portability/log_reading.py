"""The event log of an export is verified link by link, and goes on where it ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from commonlight.web.eventlog.models import ChainHead, Event
from commonlight.web.eventlog.record import event_digest
from commonlight.web.portability.errors import PackageError
from commonlight.web.portability.keys import plain
from commonlight.web.portability.log import EVENT_FIELDS
from commonlight.web.portability.models import LogName
from commonlight.web.portability.reading import checked_value, read_lines

__all__ = ["read_log"]

CHUNK = 500
NAME_FIELDS = {"first", "last", "kind", "number", "reference", "person"}


def read_log(folder: Path, workspace: Any, known: Mapping[str, Mapping[str, Any]]) -> int:
    """Keep the events as they stand; returns how many.

    Raises
    ------
    PackageError
        If an event was changed, left out or put in another place.
    """
    events = list(_verified(folder / "log" / "events.jsonl", workspace.slug))
    Event.objects.bulk_create(events, batch_size=CHUNK)
    if events:
        last = events[-1]
        ChainHead.objects.create(chain=workspace.slug, number=last.number, digest=last.digest)
    names = [
        _name(row, workspace, known, len(events)) for row in read_lines(folder / "log/names.jsonl")
    ]
    LogName.objects.bulk_create(names, batch_size=CHUNK)
    return len(events)


def _verified(path: Path, chain: str) -> Any:
    previous = ""
    for number, row in enumerate(read_lines(path), start=1):
        event = _event(row, chain, number)
        sealed = event.previous == previous and event.digest == event_digest(event)
        if event.number != number or not sealed:
            raise PackageError(
                f"the event log is broken at event {number}: it was changed, left out or moved. "
                "Ask for a new export of the workspace"
            )
        previous = event.digest
        yield event


def _event(row: dict[str, Any], chain: str, number: int) -> Event:
    try:
        if set(row) != set(EVENT_FIELDS):
            raise PackageError("it does not hold the members that it should")
        values = {
            name: checked_value(Event._meta.get_field(name), given) for name, given in row.items()
        }
        if plain(values["at"]) != row["at"]:
            raise PackageError("its moment is not written in UTC")
    except (ValueError, TypeError, ValidationError) as error:
        raise PackageError(f"log/events.jsonl, line {number}: {error}") from error
    return Event(chain=chain, **values)


def _name(
    row: dict[str, Any], workspace: Any, known: Mapping[str, Mapping[str, Any]], events: int
) -> LogName:
    person = row.get("person")
    numbers = [row.get("first"), row.get("last")]
    fits = set(row) == NAME_FIELDS and all(isinstance(one, int) for one in numbers)
    texts = isinstance(row.get("kind"), str) and isinstance(row.get("number"), str)
    if not fits or not texts or not 1 <= row["first"] <= row["last"] <= events:
        raise PackageError("log/names.jsonl holds a line that names no stretch of the event log")
    if person is not None and person not in known["accounts.user"]:
        raise PackageError(f"log/names.jsonl names {person}, who is not in tables/people.jsonl")
    return LogName(
        workspace=workspace,
        first=row["first"],
        last=row["last"],
        kind=row["kind"][:60],
        number=row["number"][:100],
        reference=row["reference"],
        person_id=known["accounts.user"][person] if person else None,
    )
