"""A registry of facts: what the workbench counts, told by the apps that hold it.

An app tells of its facts in its `partnership_facts.py`. A fact is a count by organisation, or of
the partnership as a whole (under the key None), and never about a person. Nothing is counted for
a fact that no app tells; the page says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from commonlight.web.partnerships.domain.words import by_id

__all__ = [
    "Count",
    "Involvement",
    "Period",
    "counts_of",
    "fact",
    "involvement",
    "involvements_of",
    "load_facts",
    "told_facts",
]

Text = str | Promise


@dataclass(frozen=True)
class Count:
    """What was declared, and how much of it is done."""

    declared: int
    done: int


@dataclass(frozen=True)
class Period:
    """The days that are looked at, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Involvement:
    """Something on record that shows how far an organisation is involved."""

    organisation_id: int
    step: str
    on: date
    text: Text
    address: str = ""


Teller = Callable[[Any, Period], Mapping[int | None, Count]]
Source = Callable[[Any], Iterable[Involvement]]
_tellers: dict[str, Teller] = {}
_sources: dict[str, Source] = {}


def fact(name: str) -> Callable[[Teller], Teller]:
    """Register what counts a fact of `content/facts.toml`, in a constant number of queries.

    Raises
    ------
    ValueError
        If there is no such fact, or another function tells it already.
    """
    if name not in by_id("facts", "fact"):
        raise ValueError(f"facts.toml has no fact {name!r}")

    def register(tell: Teller) -> Teller:
        known = _tellers.get(name)
        if known is not None and known.__module__ != tell.__module__:
            raise ValueError(f"the fact {name!r} is told by {known.__module__} already")
        _tellers[name] = tell
        return tell

    return register


def involvement(source: Source) -> Source:
    """Register what yields events of involvement, in a constant number of queries."""
    _sources[f"{source.__module__}.{source.__qualname__}"] = source
    return source


def told_facts() -> frozenset[str]:
    """The facts that some app tells."""
    return frozenset(_tellers)


def counts_of(workspace: Any, period: Period) -> dict[str, Mapping[int | None, Count]]:
    """Every fact that is told, with its counts."""
    return {name: tell(workspace, period) for name, tell in _tellers.items()}


def involvements_of(workspace: Any) -> list[Involvement]:
    """All events that any app has on record, the oldest first."""
    found = [one for source in _sources.values() for one in source(workspace)]
    return sorted(found, key=lambda one: one.on)


def load_facts() -> None:
    """Load the `partnership_facts.py` of every app."""
    autodiscover_modules("partnership_facts")
