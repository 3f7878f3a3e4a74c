"""Axes, domains and the values that a chart prints beside its marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

from commonlight.findings.drawing import label, lines_of_text, segment
from commonlight.findings.model import Series
from commonlight.findings.palette import GRID, MUTED
from commonlight.findings.scales import Scale, text_width
from commonlight.findings.svg import Element
from commonlight.findings.words import number

__all__ = [
    "at",
    "bottom_axis",
    "check_series",
    "decimals_for",
    "interval_note",
    "known",
    "no_value",
    "spread_labels",
    "value_decimals",
]


def known(values: Iterable[float | None]) -> list[float]:
    """The values that are given and finite."""
    return [float(value) for value in values if value is not None and isfinite(value)]


def no_value(withheld: str) -> str:
    """What stands for a missing value: "withheld" in a chart with such a note."""
    return "withheld" if withheld else "not known"


def at(values: Sequence[float | None], index: int) -> float | None:
    """The value at a position, or None where it is missing or not finite."""
    if index >= len(values):
        return None
    value = values[index]
    return None if value is None or not isfinite(value) else float(value)


def check_series(series: Iterable[Series], size: int, title: str) -> None:
    """Raise where a series does not have one value per category or position."""
    for one in series:
        for name, values in (("values", one.values), ("lower", one.lower), ("upper", one.upper)):
            if len(values) != size and (name == "values" or len(values) > 0):
                raise ValueError(
                    f"chart {title!r}: series {one.label!r} has {len(values)} {name}, "
                    f"but there are {size} categories or positions"
                )


def decimals_for(ticks: Sequence[float]) -> int:
    """How many decimals the ticks of an axis need."""
    for decimals in range(4):
        if all(abs(round(tick, decimals) - tick) < 1e-9 for tick in ticks):
            return decimals
    return 4


def value_decimals(values: Sequence[float]) -> int:
    """How many decimals the values of a chart are printed with, the same for all of them."""
    if all(float(value).is_integer() for value in values):
        return 0
    largest = max(abs(value) for value in values)
    return 0 if largest >= 100 else 1 if largest >= 10 else 2


def bottom_axis(
    scale: Scale,
    ticks: Sequence[float],
    *,
    top: float,
    bottom: float,
    text: str,
    size: float,
    left: float,
    width: float,
) -> tuple[list[Element], float]:
    """Vertical grid lines with numbers below and the axis title under them, within `width`."""
    decimals = decimals_for(ticks)
    drawn: list[Element] = []
    last = float("-inf")
    for tick in ticks:
        x = scale(tick)
        drawn.append(segment(x, top, x, bottom, stroke=GRID))
        words = number(tick, decimals=decimals)
        half = text_width(words, size) / 2
        middle = min(max(x, half + 4), width - half - 4)
        if middle - half > last + 6:
            drawn.append(label(words, middle, bottom + size + 4, anchor="middle", fill=MUTED))
            last = middle + half
    title, taken = lines_of_text(
        text, left, bottom + 2 * size + 12, width=width - left - 2, size=size, lines=3
    )
    return drawn + title, size + 18 + max(taken - round(size * 0.35), size)


def interval_note(series: Iterable[Series], *, mark: str) -> str:
    """Words that say what the drawn limits are."""
    names = {one.limits_label for one in series if known(one.lower) and known(one.upper)}
    if not names:
        return ""
    words = ", ".join(sorted(name for name in names if name)) or "from lower to upper limit"
    return f"{mark}: {words}"


def spread_labels(
    positions: Sequence[float], *, gap: float, low: float, high: float
) -> list[float]:
    """Move label positions apart until none is nearer than `gap`, keeping their order."""
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    placed = [0.0] * len(positions)
    previous = low - gap
    for index in order:
        placed[index] = previous = max(positions[index], previous + gap)
    following = high + gap
    for index in reversed(order):
        placed[index] = following = min(placed[index], following - gap)
    return placed
