"""Data files that say where they are wrong: a table is read into a class that is its schema.

The fields of a frozen class tell which keys a table has and what stands in each. A word from a
list of the vocabulary is annotated with :class:`Word`. Every error names the file, the line and
the field. What is not answered here: whether what a file says is true.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

from commonlight.evidence.offences import EvidenceError
from commonlight.evidence.sources import parse

__all__ = ["DataFile", "Place", "Word", "open_text", "read_rows"]

Row = TypeVar("Row")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NO_WORDS: Mapping[str, frozenset[str]] = {}


@dataclass(frozen=True)
class Word:
    """The word stands in this list of the vocabulary."""

    list: str


@dataclass(frozen=True)
class DataFile:
    """A parsed file.

    Parameters
    ----------
    name : str
        Its name, for errors.
    text : str
        What stands in it.
    data : dict
        The same, parsed.
    """

    name: str
    text: str
    data: dict[str, Any]

    @property
    def whole(self) -> Place:
        """The place of everything in it."""
        return Place(self, (), self.data)

    def line(self, path: tuple[str | int, ...]) -> int:
        """The line at which a place of the file begins, from 1."""
        node: Any = yaml.compose(self.text, Loader=_LOADER)
        for step in path:
            below = _below(node, step)
            if below is None:
                break
            node = below
        return int(node.start_mark.line) + 1


@dataclass(frozen=True)
class Place:
    """A value of a file, and where it stands.

    Parameters
    ----------
    file : DataFile
        The file.
    path : tuple of str or int
        Keys and positions that lead to the value.
    value : Any
        The value.
    """

    file: DataFile
    path: tuple[str | int, ...]
    value: Any

    def at(self, step: str | int) -> Place:
        """The place under a key or position."""
        return Place(self.file, (*self.path, step), self.value[step])

    def rows(self) -> list[Place]:
        """The places of a list."""
        if not isinstance(self.value, list):
            raise self.refuse(f"must be a list; got {self.value!r}")
        return [self.at(k) for k in range(len(self.value))]

    def refuse(self, message: str) -> EvidenceError:
        """An error that says where it is; raise it."""
        where = ", ".join(
            part
            for part in (self.file.name, f"line {self.file.line(self.path)}", self.field)
            if part
        )
        return EvidenceError(f"{where}: {message}")

    @property
    def field(self) -> str:
        """The path in words, with the ids of rows in place of their positions."""
        value: Any = self.file.data
        parts = []
        for step in self.path:
            value = value[step] if _has(value, step) else None
            name = value.get("id", value.get("ref")) if isinstance(value, dict) else None
            parts.append(str(name if isinstance(step, int) and name is not None else step))
        return ".".join(parts)


def open_text(text: str, name: str, required: set[str]) -> DataFile:
    """Parse a file.

    Parameters
    ----------
    text : str
        The YAML.
    name : str
        Its name, for errors.
    required : set of str
        Keys that must be there.

    Returns
    -------
    DataFile

    Raises
    ------
    EvidenceError
        If it is no YAML, a key is missing, or the day on which it was checked is.
    """
    file = DataFile(name, text, parse(text, name, {"version", "checked", *required}))
    if not isinstance(file.data["checked"], date):
        raise file.whole.at("checked").refuse("must be a day such as 2026-11-21")
    return file


def read_rows(
    kind: type[Row],
    rows: Place,
    *,
    key: str,
    words: Mapping[str, frozenset[str]] = _NO_WORDS,
) -> dict[str, Row]:
    """Read a list of tables into a class each.

    Parameters
    ----------
    kind : type
        The frozen class whose fields are the keys.
    rows : Place
        The list.
    key : str
        The field that is different in each row.
    words : mapping of str to frozenset of str
        Ids of each list of the vocabulary.

    Returns
    -------
    dict of str to row
        By key, in the order of the file.

    Raises
    ------
    EvidenceError
        If a key is missing, unknown or of the wrong type, a word is not in its list, or a row
        stands twice.
    """
    found: dict[str, Row] = {}
    for place in rows.rows():
        row = _table(kind, place, words)
        name = getattr(row, key)
        if name in found:
            raise place.at(key).refuse(f"{name!r} stands twice")
        found[name] = row
    return found


def _table(kind: Any, place: Place, words: Mapping[str, frozenset[str]]) -> Any:
    if not isinstance(place.value, dict):
        raise place.refuse(f"must be a table of keys; got {place.value!r}")
    schema = _schema(kind)
    missing = [name for name in schema if name not in place.value and not _may_lack(kind, name)]
    unknown = sorted(set(place.value) - set(schema))
    if missing:
        raise place.refuse(f"{', '.join(missing)} is missing")
    if unknown:
        raise place.at(unknown[0]).refuse(f"unknown keys {', '.join(unknown)}")
    given = [name for name in schema if name in place.value]
    return kind(**{name: _value(schema[name], place.at(name), words) for name in given})


def _value(kind: Any, place: Place, words: Mapping[str, frozenset[str]]) -> Any:
    origin = get_origin(kind)
    if origin in (types.UnionType, Union):
        if place.value is None:
            return None
        return _value(next(one for one in get_args(kind) if one is not type(None)), place, words)
    if origin is Annotated:
        inner, word = get_args(kind)
        return _known(_value(inner, place, words), word, place, words)
    if origin is Mapping:
        if not isinstance(place.value, dict):
            raise place.refuse(f"must be a table; got {place.value!r}")
        return {key: _value(get_args(kind)[1], place.at(key), words) for key in place.value}
    if origin is tuple:
        return tuple(_value(get_args(kind)[0], one, words) for one in place.rows())
    if is_dataclass(kind):
        return _table(kind, place, words)
    return _plain(kind, place)


def _plain(kind: Any, place: Place) -> Any:
    value = place.value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise place.refuse(f"must be {_NAMES[kind]}; got {value!r}")
    if kind is str and not value.strip():
        raise place.refuse("must not be empty; write null where nothing is known")
    if kind is float and not abs(value) < float("inf"):
        raise place.refuse(f"must be finite; got {value!r}")
    return value


_NAMES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a day such as 2026-11-21",
}


def _known(value: Any, word: Word, place: Place, words: Mapping[str, frozenset[str]]) -> Any:
    if value not in words[word.list]:
        raise place.refuse(f"{value!r} is not in the list {word.list} of the vocabulary")
    return value


@lru_cache
def _schema(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {one.name: hints[one.name] for one in fields(kind)}


@lru_cache
def _may_lack(kind: Any, name: str) -> bool:
    """Whether the field has a value of its own where the file says nothing."""
    return name in getattr(kind, "__dataclass_fields__", {}) and hasattr(kind, name)


def _below(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)
