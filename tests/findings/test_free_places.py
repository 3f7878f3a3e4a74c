"""Numbers on a map stand where they hide nothing."""

from __future__ import annotations

from math import hypot
from typing import Any

from shapely import Point, box

from commonlight.findings.free_places import free_place


def place(shape: Any, marked: Any, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """With one pixel to a metre and y downwards, in a drawing of 400 by 400 pixels."""
    anchor = shape.centroid.x, shape.centroid.y
    return free_place(
        anchor,
        shape,
        marked,
        taken,
        10.0,
        right=400,
        bottom=400,
        disc=lambda x, y: Point(x, y).buffer(10),
    )


def test_a_number_stands_on_a_shape_that_it_does_not_cover() -> None:
    large = box(100, 100, 200, 200)
    assert place(large, large, []) == (150, 150)


def test_beside_a_small_shape_it_hides_no_marked_shape() -> None:
    small, other = box(195, 195, 205, 205), box(210, 150, 260, 250)
    x, y = place(small, small.union(other), [])
    assert not Point(x, y).buffer(10).intersects(small.union(other))
    assert hypot(x - 200, y - 200) <= 40


def test_two_numbers_do_not_overlap_and_stay_inside() -> None:
    corner = box(0, 0, 30, 30)
    first = place(corner, corner, [])
    second = place(corner, corner, [first])
    assert hypot(second[0] - first[0], second[1] - first[1]) >= 21.5
    assert min(*first, *second) >= 10
