"""Rows of a workspace as JSON, with references by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from commonlight.web.portability.keys import Key, chosen_rows, plain, sort_key, thread_label
from commonlight.web.portability.shapes import Shape

__all__ = ["result_folder_of", "rows_of"]

Keys = Mapping[str, Mapping[Any, Key]]
CHUNK = 200


def rows_of(shape: Shape, workspace: Any, keys: Keys) -> Iterator[dict[str, Any]]:
    """The rows of one table in the order of their keys."""
    numbers = sorted(keys[shape.label].items(), key=lambda item: sort_key(item[1]))
    left = iter(numbers)
    while chunk := list(islice(left, CHUNK)):
        found = _loaded(shape, workspace, [pk for pk, _ in chunk])
        for pk, key in chunk:
            yield _row(shape, found[pk], key, keys)


def result_folder_of(number: int) -> str:
    """The folder of a run's files in the export."""
    return f"results/{number:06d}"


def _loaded(shape: Shape, workspace: Any, numbers: list[Any]) -> dict[Any, Any]:
    many = [name for name in shape.fields if shape.field(name).many_to_many]
    rows = chosen_rows(shape, workspace).filter(pk__in=numbers).prefetch_related(*many)
    return {one.pk: one for one in rows}


def _row(shape: Shape, one: Any, key: Key, keys: Keys) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if given := shape.given_key:
        row[given] = key
    for name in shape.fields:
        row[name] = _value(shape, one, name, keys)
    for name, root in shape.paths.items():
        row[name] = _path(one, row[name], root, key)
    return row


def _value(shape: Shape, one: Any, name: str, keys: Keys) -> Any:
    field = shape.field(name)
    if name in shape.threads:
        return _thread_key(getattr(one, shape.threads[name]), getattr(one, name), keys)
    if name in shape.inside:
        return _with_keys(getattr(one, name), shape.inside[name], keys)
    if not field.is_relation:
        return plain(getattr(one, name))
    known = keys[field.related_model._meta.label_lower]
    if field.many_to_many:
        found = [known[other.pk] for other in getattr(one, name).all() if other.pk in known]
        return sorted(found, key=sort_key)
    return known.get(getattr(one, field.attname))


def _thread_key(kind: str, number: str, keys: Keys) -> Key:
    """The key of a thing of the thread; empty where its row does not travel."""
    label = thread_label(kind)
    if not label:
        return number
    return keys[label].get(int(number), "") if number.isdecimal() else ""


def _with_keys(given: Any, inside: Mapping[str, str], keys: Keys) -> Any:
    """Numbers of rows inside a JSON field as keys; 0 where the row does not travel."""
    found = dict(given)
    for name, label in inside.items():
        if isinstance(found.get(name), int):
            found[name] = keys[label].get(found[name], 0) if label else 0
    return found


def _path(one: Any, given: str, root: str, key: Key) -> str:
    """Where the file lies in the export; empty when it is no longer kept."""
    if root == "results":
        return result_folder_of(key) if given and one.result_path.is_dir() else ""
    return f"{root}/{given}" if given else ""
