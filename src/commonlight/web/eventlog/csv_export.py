"""The event log as a table that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from commonlight.web.eventlog.models import Event

__all__ = ["COLUMNS", "csv_lines", "safe_cell"]

COLUMNS = (
    "number",
    "at",
    "kind",
    "action",
    "actor_kind",
    "person_number",
    "thing_kind",
    "thing_number",
    "detail",
    "previous_sha256",
    "sha256",
)


class _Line:
    """Takes what the writer writes and hands it on."""

    def write(self, text: str) -> str:
        """Give the line back."""
        return text


def csv_lines(events: Iterable[Event]) -> Iterator[str]:
    """The header and one line an event; persons stand by number."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for event in events:
        yield writer.writerow([safe_cell(value) for value in _cells(event)])


def safe_cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def _cells(event: Event) -> list[Any]:
    return [
        event.number,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.kind,
        event.action,
        event.actor_kind,
        event.actor_id,
        event.thing_kind,
        event.thing_id,
        json.dumps(event.detail, sort_keys=True, ensure_ascii=False),
        event.previous,
        event.digest,
    ]
