"""The path of a problem: each pillar's parts, what is done and what is missing in each.

An app tells of its part in its `path_parts.py`. A part counts with the queries of all problems
that are asked about at once, so that a list of problems costs as much as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from commonlight.web.content import read_content
from commonlight.web.eventlog.keeping import kept_until_a_change
from commonlight.web.policy import Actor, decide
from commonlight.web.problems.models import Problem

__all__ = ["PartState", "Pillar", "load_parts", "part_of_path", "path_of", "paths_of"]

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class PartState:
    """How far one part of a problem is: what there is, and each thing that is missing."""

    address: str
    has: Text = ""
    missing: tuple[Text, ...] = ()
    is_begun: bool = False
    holds_up: bool = True
    """Whether the next step waits for what is missing; what can wait is asked for last."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing of what was begun."""
        return self.is_begun and not self.missing


Teller = Callable[[Actor, list[Problem]], Mapping[int, PartState]]


@dataclass(frozen=True)
class Part:
    """A registered part: the pillar that it serves, its place in it, and who may see it."""

    pillar: str
    order: int
    label: Text
    action: str
    tell: Teller


@dataclass(frozen=True)
class Pillar:
    """One pillar of the path of one problem."""

    id: str
    title: Text
    purpose: Text
    principle: str
    is_built: bool
    parts: tuple[tuple[Text, PartState], ...]
    number: int = 0
    principle_title: Text = ""
    principle_reason: Text = ""
    lessons: tuple[Text, ...] = ()
    comes_next: Text = ""

    @property
    def missing_count(self) -> int:
        """How many things are missing in its parts."""
        return sum(len(state.missing) for _, state in self.parts)

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing; a part that lacks nothing may be left out."""
        return self.is_begun and not self.missing_count

    @property
    def is_begun(self) -> bool:
        """Whether any part is."""
        return any(state.is_begun for _, state in self.parts)


_parts: dict[str, Part] = {}


def part_of_path(
    *, pillar: str, order: int, label: Text, action: str
) -> Callable[[Teller], Teller]:
    """Register a part of a pillar for those whose role includes the action.

    The function is given problems and answers for each, by its key, in a constant number of
    queries.
    """

    def register(tell: Teller) -> Teller:
        name = f"{tell.__module__}.{tell.__qualname__}"
        _parts[name] = Part(pillar, order, label, action, tell)
        return tell

    return register


def paths_of(actor: Actor, problems: Iterable[Problem]) -> dict[int, list[Pillar]]:
    """The seven pillars of each problem, as the actor may see them."""
    asked = list(problems)
    told: dict[int, dict[str, list[tuple[Text, PartState]]]] = {
        one.pk: defaultdict(list) for one in asked
    }
    for part in sorted(_parts.values(), key=lambda one: one.order):
        if asked and decide(actor, part.action):
            for key, state in part.tell(actor, asked).items():
                told[key][part.pillar].append((part.label, state))
    pillars = read_content("commonlight.web.problems", "pillars")["pillar"]
    return {key: [_pillar(row, found[row["id"]]) for row in pillars] for key, found in told.items()}


@kept_until_a_change
def path_of(actor: Actor, problem: Problem) -> list[Pillar]:
    """The seven pillars of one problem."""
    return paths_of(actor, [problem])[problem.pk]


def _pillar(row: dict[str, Any], parts: list[tuple[Text, PartState]]) -> Pillar:
    return Pillar(
        row["id"],
        row["title"],
        row["purpose"],
        row["esm_principle"],
        row["is_built"],
        tuple(parts),
        row["number"],
        _principles()[row["esm_principle"]],
        row["esm_reason"],
        tuple(one["text"] for one in row["principle"]),
        row.get("comes_next", ""),
    )


def _principles() -> dict[str, Text]:
    """The principles of the European Security Model, each with its title."""
    rows = read_content("commonlight.web.problems", "pillars")["esm_principle"]
    return {one["id"]: one["title"] for one in rows}


def load_parts() -> None:
    """Load the `path_parts.py` of every app."""
    autodiscover_modules("path_parts")
