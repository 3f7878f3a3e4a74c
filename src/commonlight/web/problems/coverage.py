"""What a plan needs beyond the definition, and which sides of a problem its measures address.

An app that keeps measures tells in its `problem_coverage.py` which side each addresses:

    @addresses_sides
    def sides_of_concepts(actor, problem) -> Iterable[tuple[str, Entry]]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from commonlight.web.content import read_content
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem
from commonlight.web.problems.record_fields import Entry, Heading

__all__ = ["PlanLack", "Side", "addresses_sides", "covered", "load_coverage", "plan_lacks"]

Text = str | Promise
Teller = Callable[[Actor, Problem], Iterable[tuple[str, Entry]]]
_tellers: dict[str, Teller] = {}


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a problem, and the measures that address it; an empty one is shown as such."""

    id: str
    title: Text
    help: Text
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class PlanLack:
    """One thing without which no plan is approved; `is_built` says whether it can be mended yet."""

    id: str
    text: Text
    is_built: bool


def addresses_sides(tell: Teller) -> Teller:
    """Register what tells which side of a problem each measure addresses."""
    _tellers[f"{tell.__module__}.{tell.__qualname__}"] = tell
    return tell


def covered(actor: Actor, problem: Problem) -> list[Side]:
    """The three sides with what addresses each."""
    told = [pair for tell in _tellers.values() for pair in tell(actor, problem)]
    return [
        Side(
            id=row["id"],
            title=row["title"],
            help=row["help"],
            entries=tuple(entry for side, entry in told if side == row["id"]),
        )
        for row in _content()["coverage"]
    ]


def plan_lacks(headings: Iterable[Heading]) -> list[PlanLack]:
    """What the record lacks for a plan to be approved: evaluation plan, baseline, mechanism."""
    filled = {one.id for heading in headings for one in heading.fields if one.entries}
    return [
        PlanLack(id=row["id"], text=row["refusal"], is_built=row["is_built"])
        for row in _content()["needed_for_plan"]
        if row["field"] not in filled
    ]


def _content() -> dict[str, list[dict[str, Any]]]:
    content: dict[str, list[dict[str, Any]]] = read_content("commonlight.web.problems", "readings")
    return content


def load_coverage() -> None:
    """Load the `problem_coverage.py` of every app."""
    autodiscover_modules("problem_coverage")
