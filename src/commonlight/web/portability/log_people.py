"""Who stands behind the numbers of events that another installation wrote."""

from __future__ import annotations

from collections.abc import Iterable

from commonlight.web.eventlog.models import Event
from commonlight.web.portability.log import PERSON
from commonlight.web.portability.models import LogName

__all__ = ["people_behind"]


def people_behind(chain: str, events: Iterable[Event]) -> dict[int, int | None]:
    """The person's number here, by the number of the event; only for events that were imported."""
    names = LogName.objects.everywhere("an event log is found by its chain").filter(
        workspace__slug=chain
    )
    stretches: dict[tuple[int, int], dict[str, int | None]] = {}
    for first, last, kind, number, person in names.values_list(
        "first", "last", "kind", "number", "person_id"
    ):
        known = stretches.setdefault((first, last), {})
        if kind == PERSON:
            known[number] = person
    return {
        event.number: known.get(str(event.actor_id))
        for event in events
        for (first, last), known in stretches.items()
        if first <= event.number <= last
    }
