"""Where a number stands on a map: on its shape, or as near to it as nothing is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, hypot, pi, sin
from typing import Any

__all__ = ["free_place"]

_HIDING = 8.0  # so many radii away is as bad as hiding a marked shape


def free_place(
    anchor: tuple[float, float],
    shape: Any,
    marked: Any,
    taken: list[tuple[float, float]],
    radius: float,
    *,
    right: float,
    bottom: float,
    disc: Callable[[float, float], Any],
) -> tuple[float, float]:
    """The nearest free place for a number.

    To hide a marked shape or to cross another number counts as far away.

    Parameters
    ----------
    anchor : (float, float)
        Point of the shape, in pixels.
    shape, marked : shapely geometry
        The shape, and all marked shapes together, in metres.
    taken : list of (float, float)
        Middles of the numbers that have a place, in pixels.
    radius : float
        Of a number, in pixels.
    right, bottom : float
        Ends of the drawing, in pixels.
    disc : callable
        The ground that a number at a place in pixels would hide, in metres.

    Returns
    -------
    (float, float)
        In pixels.
    """
    best, cost = anchor, float("inf")
    for reach, x, y in _candidates(anchor, radius):
        inside = radius <= x <= right and radius <= y <= bottom
        if not inside or any(hypot(x - a, y - b) < 2.15 * radius for a, b in taken):
            continue
        ground = disc(x, y)
        hidden = not shape.contains(ground) if reach == 0 else marked.intersects(ground)
        behind = any(_from_segment(centre, anchor, (x, y)) < radius + 1 for centre in taken)
        price = reach + _HIDING * hidden + _HIDING / 2 * behind
        if price < cost:
            best, cost = (x, y), price
    return best


def _from_segment(
    point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]
) -> float:
    """How far a point lies from a straight line between two others, in pixels."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = (point[0] - start[0]) * dx + (point[1] - start[1]) * dy
    share = min(max(along / (dx * dx + dy * dy), 0.0), 1.0) if dx or dy else 0.0
    return hypot(point[0] - start[0] - share * dx, point[1] - start[1] - share * dy)


def _candidates(anchor: tuple[float, float], radius: float) -> Iterator[tuple[float, float, float]]:
    yield 0.0, *anchor
    for reach in (2.0, 2.8, 3.8, 5.4, 7.0, 9.0, 11.0):
        for turn in range(24):
            angle = turn * pi / 12
            yield (
                reach,
                anchor[0] + reach * radius * cos(angle),
                anchor[1] - reach * radius * sin(angle),
            )
