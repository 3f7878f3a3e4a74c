"""From values to positions: linear scales, round ticks, classes, and text width.

Text width is estimated from a table that is a little wider than the common sans-serif fonts,
because the server does not know which font the reader has. It is good for leaving room, not
for typesetting.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

__all__ = ["Scale", "class_breaks", "class_of", "nice_ticks", "text_width", "wrap"]


@dataclass(frozen=True)
class Scale:
    """A linear map from a domain of values to a range of pixels."""

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        if not (isfinite(self.low) and isfinite(self.high) and self.low < self.high):
            raise ValueError(
                f"a scale needs two finite ends in rising order; got {self.low} and {self.high}"
            )

    def __call__(self, value: float) -> float:
        """Return the pixel position of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def nice_ticks(low: float, high: float, *, count: int = 5) -> tuple[float, ...]:
    """Round values that cover `low` to `high` with about `count` steps of 1, 2, 2.5 or 5.

    Parameters
    ----------
    low, high : float
        Smallest and largest value; equal values are widened.
    count : int, optional
        About how many steps.

    Returns
    -------
    tuple of float
        Ticks in rising order; the first is at most `low`, the last at least `high`.

    Examples
    --------
    >>> nice_ticks(0, 87)
    (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
    """
    if not (isfinite(low) and isfinite(high)):
        raise ValueError(f"ticks need finite ends; got {low} and {high}")
    if low > high:
        low, high = high, low
    if low == high:
        low, high = (min(low, 0.0), max(high, 0.0)) if low != 0 else (0.0, 1.0)
    step = _nice_step((high - low) / max(count, 1))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    decimals = max(0, -floor(log10(step)) + 1)
    return tuple(round(i * step, decimals) for i in range(first, last + 1))


def _nice_step(raw: float) -> float:
    magnitude = 10.0 ** floor(log10(raw))
    for factor in (1.0, 2.0, 2.5, 5.0):
        if raw <= factor * magnitude * (1 + 1e-9):
            return factor * magnitude
    return 10.0 * magnitude


def class_breaks(values: Iterable[float], *, classes: int = 5) -> tuple[float, ...]:
    """Round inner class borders for the finite `values`, at most `classes` classes.

    Examples
    --------
    >>> class_breaks([0, 12, 47])
    (10.0, 20.0, 30.0, 40.0)
    """
    finite = [float(value) for value in values if isfinite(value)]
    if not finite or min(finite) == max(finite):
        return ()
    low, high = min(finite), max(finite)
    for count in range(classes, 0, -1):
        inner = tuple(t for t in nice_ticks(low, high, count=count) if low < t < high)
        if len(inner) < classes:
            return inner
    return ()


def class_of(value: float, breaks: Sequence[float]) -> int:
    """Return the class (0 for the lowest) of a value; a border belongs to the class above.

    Examples
    --------
    >>> class_of(10, (10, 20)), class_of(9.99, (10, 20))
    (1, 0)
    """
    return bisect_right(breaks, value)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate the width of a text in pixels at a font size in pixels."""
    total = sum(_advance(character) for character in text)
    return total * size * (1.08 if bold else 1.0)


def _advance(character: str) -> float:
    if character in " .,:;|!'ijlI\u202f\u00a0":
        return 0.32
    if character in "frt()[]-/":
        return 0.40
    if character in "mwMW@%—":
        return 0.90
    return 0.69 if character.isupper() else 0.61


def wrap(text: str, width: float, size: float, *, lines: int = 2, bold: bool = False) -> list[str]:
    """Break a text into at most `lines` lines of `width` pixels; the rest becomes an ellipsis."""
    words = [word for word in re.split(r"[ \t\r\n]+", text) if word]  # not at no-break spaces
    result: list[str] = []
    current = ""
    for position, word in enumerate(words):
        candidate = f"{current} {word}".strip()
        if not current or text_width(candidate, size, bold=bold) <= width:
            current = candidate
            continue
        if len(result) == lines - 1:
            current = " ".join([current, *words[position:]])
            break
        result.append(current)
        current = word
    return [_shorten(line, width, size, bold=bold) for line in [*result, current] if line]


def _shorten(text: str, width: float, size: float, *, bold: bool) -> str:
    if text_width(text, size, bold=bold) <= width:
        return text
    while len(text) > 1 and text_width(text + "…", size, bold=bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"
