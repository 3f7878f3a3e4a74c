"""Rows of lists: tasks, facts, events, big numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["BigNumber", "Event", "SummaryRow", "Task", "as_rows"]

Text = Any
Row = TypeVar("Row")


@dataclass(frozen=True)
class SummaryRow:
    """A fact with its name; `url` and `action` lead to where it is changed."""

    label: Text
    value: Text
    url: str = ""
    action: Text = ""


@dataclass(frozen=True)
class Task:
    """Something to do, with its state in words; `kind` is a kind of tag."""

    label: Text
    status: Text
    url: str = ""
    kind: str = ""
    hint: Text = ""


@dataclass(frozen=True)
class Event:
    """Something that happened; `when` is a moment."""

    title: Text
    when: Any
    who: Text = ""
    text: Text = ""
    url: str = ""


@dataclass(frozen=True)
class BigNumber:
    """A figure that stands out, with its label and what it is set against."""

    value: Text
    label: Text
    context: Text = ""
    url: str = ""


def as_rows(kind: type[Row], given: Iterable[Any]) -> list[Row]:
    """Rows given as such, as tuples in the order of the fields, or by name."""
    return [_as_row(kind, one) for one in given]


def _as_row(kind: type[Row], one: Any) -> Row:
    if isinstance(one, kind):
        return one
    if isinstance(one, Mapping):
        return kind(**one)
    return kind(*one)
