"""Which categories of people a problem concerns, told by apps above that know.

Forms show these first. An app tells of its own in its `concerned_groups.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules

from commonlight.web.problems.models import Problem

__all__ = ["Concerned", "concerned_by", "load_tellers", "tells_concerned"]


@dataclass(frozen=True)
class Concerned:
    """Categories by name: those whom the problem harms, and those of whom somebody was heard."""

    harmed: tuple[str, ...] = ()
    heard: frozenset[str] = frozenset()

    @property
    def all(self) -> tuple[str, ...]:
        """Everybody whom the problem concerns, each once."""
        return tuple(dict.fromkeys((*self.harmed, *sorted(self.heard))))


Teller = Callable[[Problem], Concerned]
_tellers: dict[str, Teller] = {}


def tells_concerned(tell: Teller) -> Teller:
    """Register what knows of categories that a problem concerns."""
    _tellers[f"{tell.__module__}.{tell.__qualname__}"] = tell
    return tell


def concerned_by(problem: Problem) -> Concerned:
    """All that is known of whom the problem concerns."""
    told = [tell(problem) for tell in _tellers.values()]
    return Concerned(
        tuple(dict.fromkeys(_joined(one.harmed for one in told))),
        frozenset(_joined(one.heard for one in told)),
    )


def load_tellers() -> None:
    """Load the `concerned_groups.py` of every app."""
    autodiscover_modules("concerned_groups")


def _joined(parts: Iterable[Iterable[str]]) -> Iterable[str]:
    return (one for part in parts for one in part)
