"""The clauses that an agreement of some kind must settle."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from commonlight.web.agreements.clause_words import WORDS

__all__ = ["Clause", "all_clauses", "clause", "clauses_for"]


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One thing to settle, and where the demand comes from."""

    id: str
    kinds: frozenset[str]
    is_required: bool
    source_title: str
    source_url: str
    source_place: str

    @property
    def title(self) -> str:
        """What it settles."""
        return str(WORDS[self.id].title)

    @property
    def question(self) -> str:
        """What the drafter is asked."""
        return str(WORDS[self.id].question)

    @property
    def suggestion(self) -> str:
        """A wording to start from."""
        return str(WORDS[self.id].suggestion)


@lru_cache
def all_clauses() -> tuple[Clause, ...]:
    """All clauses, in the order of an agreement."""
    package = files("commonlight.web.agreements")
    table = tomllib.loads(package.joinpath("clauses.toml").read_text(encoding="utf-8"))
    return tuple(_clause(entry, table["sources"]) for entry in table["clause"])


def clauses_for(kind: str) -> list[Clause]:
    """The clauses of a kind of agreement; one-way agreements have none about a return flow."""
    return [one for one in all_clauses() if kind in one.kinds]


def clause(name: str) -> Clause:
    """One clause by its name.

    Raises
    ------
    LookupError
        If there is none.
    """
    for one in all_clauses():
        if one.id == name:
            return one
    raise LookupError(f"no clause {name!r} in clauses.toml")


def _clause(entry: dict[str, Any], sources: dict[str, Any]) -> Clause:
    source = sources[entry["source"]]
    return Clause(
        id=entry["id"],
        kinds=frozenset(entry["kinds"]),
        is_required=entry["required"],
        source_title=source["title"],
        source_url=source["url"],
        source_place=entry["place"],
    )
