"""Which groups were heard, told by the apps that hold talks with people.

The groups are those of `content/definition.toml` (`voice`). An app that imports this one registers
what tells it, for many problems in a constant number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem

__all__ = ["voices_heard", "voices_told_by"]

Teller = Callable[[Actor, list[Problem]], Mapping[int, frozenset[str]]]
_tellers: dict[str, Teller] = {}


def voices_told_by(tell: Teller) -> Teller:
    """Register what tells which groups were heard, by the key of the problem."""
    _tellers[f"{tell.__module__}.{tell.__qualname__}"] = tell
    return tell


def voices_heard(actor: Actor, problems: Iterable[Problem]) -> dict[int, frozenset[str]]:
    """The groups whose voice stands in the sources of each problem."""
    asked = list(problems)
    heard: dict[int, frozenset[str]] = defaultdict(frozenset)
    for tell in _tellers.values():
        for key, groups in tell(actor, asked).items():
            heard[key] |= groups
    return {one.pk: heard[one.pk] for one in asked}
