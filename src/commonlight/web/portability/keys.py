"""Names of rows that hold in every installation, in place of the numbers of a database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import models

from commonlight.web.portability.shapes import Shape, shapes
from commonlight.web.thread.kinds import kind_named

__all__ = ["Key", "all_keys", "chosen_rows", "key_text", "plain", "sort_key", "thread_label"]

Key = Any
"""A text, a number or a list of these: what names a row in the export."""

_PEOPLE = UUID("6f0c2a52-5e0b-5d0c-9a4e-1a9a5f1f4c11")


def all_keys(workspace: Any) -> dict[str, dict[Any, Key]]:
    """For each table, the key of every row that travels, by its number in this database."""
    found: dict[str, dict[Any, Key]] = {}
    for shape in shapes():
        found[shape.label] = dict(_keys(shape, workspace, found))
    return found


def chosen_rows(shape: Shape, workspace: Any) -> models.QuerySet[Any]:
    """The rows of a table that travel."""
    manager: Any = shape.model._default_manager
    if shape.name == "people":
        return _people(manager, workspace)
    rows = manager.of(workspace).filter(**shape.only)
    for name, value in shape.without.items():
        rows = rows.exclude(**{name: value})
    return rows  # type: ignore[no-any-return]


def plain(value: Any) -> Any:
    """A value as JSON; moments in UTC to the microsecond, decimal numbers with all their digits."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if hasattr(value, "isoformat") else value


def sort_key(key: Key) -> Any:
    """Rows stand in this order: numbers as numbers, then texts."""
    parts = key if isinstance(key, list) else [key]
    return [(isinstance(part, str), part if part is not None else "") for part in parts]


def _people(manager: Any, workspace: Any) -> models.QuerySet[Any]:
    """Everybody who is named somewhere in the workspace."""
    numbers: set[int] = set()
    for shape in shapes():
        for name in shape.fields:
            field = shape.field(name)
            if shape.name != "people" and _points_to_people(field):
                rows = shape.model._default_manager.of(workspace)  # type: ignore[attr-defined]
                numbers.update(rows.order_by().values_list(field.attname, flat=True))
    return manager.filter(pk__in=numbers - {None})  # type: ignore[no-any-return]


def _points_to_people(field: Any) -> bool:
    related = field.related_model
    return related is not None and related._meta.label_lower == "accounts.user"


def _keys(
    shape: Shape, workspace: Any, known: Mapping[str, Mapping[Any, Key]]
) -> Iterable[tuple[Any, Key]]:
    rows = chosen_rows(shape, workspace)
    if not shape.key:
        numbers = rows.order_by(*shape.order, "pk").values_list("pk", flat=True)
        return [(pk, number) for number, pk in enumerate(numbers, start=1)]
    fields = [shape.field(name) for name in shape.key]
    named = rows.order_by().values_list("pk", *[field.attname for field in fields])
    return [(pk, _key(shape, fields, values, known)) for pk, *values in named]


def _key(
    shape: Shape, fields: list[Any], values: list[Any], known: Mapping[str, Mapping[Any, Key]]
) -> Key:
    if shape.name == "people":
        return str(uuid5(_PEOPLE, values[0].lower()))
    parts: list[Any] = []
    for field, value in zip(fields, values, strict=True):
        part = value
        if field.is_relation:
            part = known[field.related_model._meta.label_lower][value]
        parts += part if isinstance(part, list) else [plain(part)]
    return parts[0] if len(parts) == 1 else parts


def thread_label(kind: str) -> str:
    """The table in which things of this kind of the thread are rows; empty for those of no table.

    Raises
    ------
    KeyError
        If there is no such kind.
    """
    meta = getattr(kind_named(kind).model, "_meta", None)
    return "" if meta is None else meta.label_lower


def key_text(key: Key) -> str:
    """A key as one text, for messages and for looking it up."""
    return key if isinstance(key, str) else json.dumps(key, ensure_ascii=False)
