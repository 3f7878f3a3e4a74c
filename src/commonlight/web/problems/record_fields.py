"""The fields of the one record, told by the apps that keep them, read in three orders.

Every field of `content/readings.toml` that is built has one teller; SARA, 5Is and SAPE are the
same fields under other headings, so none can be lost between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from commonlight.web.content import read_content
from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem

__all__ = ["Entry", "Field", "Heading", "load_fields", "reading", "record_field", "tellers"]

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that stands in a field, with its page."""

    text: Text
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of the record with what stands in it; one that comes later says so."""

    id: str
    label: Text
    is_built: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of a reading with its fields."""

    id: str
    title: Text
    question: Text
    fields: tuple[Field, ...]


Teller = Callable[[Actor, Problem], Iterable[Entry]]
_tellers: dict[str, Teller] = {}


def record_field(name: str) -> Callable[[Teller], Teller]:
    """Register what tells the entries of one field.

    Raises
    ------
    ValueError
        If the record has no such field, or another function tells it already.
    """
    if name not in {one["id"] for one in _content()["field"]}:
        raise ValueError(f"the record of a problem has no field {name!r}")

    def register(tell: Teller) -> Teller:
        known = _tellers.get(name)
        if known is not None and known.__module__ != tell.__module__:
            raise ValueError(f"the field {name!r} is told by {known.__module__} already")
        _tellers[name] = tell
        return tell

    return register


def tellers() -> frozenset[str]:
    """The fields that some app tells."""
    return frozenset(_tellers)


@kept_until_a_change
def reading(actor: Actor, problem: Problem, name: str) -> list[Heading]:
    """The whole record in the order of one reading: sara, five_is or sape.

    Raises
    ------
    KeyError
        If there is no reading of this name.
    """
    content = _content()
    wanted = {one["id"]: one for one in content["reading"]}[name]
    fields = {one["id"]: _field(actor, problem, one) for one in content["field"]}
    return [
        Heading(
            id=row["id"],
            title=row["title"],
            question=row["question"],
            fields=tuple(fields[one] for one in row["fields"]),
        )
        for row in wanted["heading"]
    ]


def _field(actor: Actor, problem: Problem, row: dict[str, Any]) -> Field:
    tell = _tellers.get(row["id"])
    entries = tuple(tell(actor, problem)) if tell is not None else ()
    return Field(id=row["id"], label=row["label"], is_built=row["is_built"], entries=entries)


def _content() -> dict[str, Any]:
    return read_content("commonlight.web.problems", "readings")


def load_fields() -> None:
    """Load the `problem_fields.py` of every app."""
    autodiscover_modules("problem_fields")
