"""Spread and middle of answers: how far they lie apart, and where the middle one lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["added", "told_of"]

CLOSE, APART, FAR = "close", "apart", "far"
SMALLEST = 5


def added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Several statements as one."""
    total: dict[str, int] = {}
    for one in counts:
        for answer, count in one.items():
            total[answer] = total.get(answer, 0) + count
    return total


def _sorted(counts: Mapping[str, int], values: Mapping[str, int]) -> list[int]:
    """The answers that have a value, in order."""
    return sorted(value for answer, value in values.items() for _ in range(counts.get(answer, 0)))


def told_of(counts: Mapping[str, int], values: Mapping[str, int]) -> dict[str, Any]:
    """What is said of the answers to a statement; a middle and a mean need five with a value."""
    found = _sorted(counts, values)
    told: dict[str, Any] = {"counts": dict(counts), "middle": None, "spread": None, "mean": None}
    if len(found) >= SMALLEST:
        low, high = _middles(len(found))
        told["middle"] = [found[low], found[high]]
        told["spread"] = _spread(found)
        told["mean"] = round(10 * sum(found) / len(found))
    return told


def _middles(count: int) -> tuple[int, int]:
    return (count - 1) // 2, count // 2


def _spread(found: list[int]) -> str:
    """The width of the middle half in one of three words."""
    quarter = len(found) // 4
    return _word(found[len(found) - 1 - quarter] - found[quarter])


def _word(width: int) -> str:
    if width <= 1:
        return CLOSE
    return APART if width == 2 else FAR
