"""Maps of points as counts in cells: how fine, and what two maps give away."""

from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.disclosure.points import SIZES_M, grids_leave, publishable_grid


def town(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.gamma(4.0, 250.0, n), rng.gamma(4.0, 250.0, n)


@pytest.mark.parametrize("precision", [0.0, 30.0, 120.0, 400.0, 1500.0])
def test_cells_are_never_finer_than_twice_the_precision(precision):
    x, y = town(1, 3000)
    found = publishable_grid(x, y, precision=precision)
    assert found.available
    assert found.cell_size >= 2 * precision
    assert found.cell_size in SIZES_M


def test_counts_are_those_of_the_cells_and_small_ones_are_not_printed():
    x, y = town(2, 800)
    found = publishable_grid(x, y, precision=50)
    inside = [
        int(((x // found.cell_size == c) & (y // found.cell_size == r)).sum())
        for c, r in zip(found.column, found.row, strict=True)
    ]
    assert sum(inside) == 800
    for n, count, hidden in zip(inside, found.count, found.suppressed, strict=True):
        assert hidden or count == n >= 5
        assert not hidden or count == -1
    assert found.suppressed.sum() != 1


def test_too_few_points_are_refused_with_a_reason():
    found = publishable_grid([100.0, 4000.0, 9000.0], [100.0, 200.0, 9000.0], precision=50)
    assert not found.available
    assert "Publish areas" in found.reason
    none = publishable_grid(*town(1, 500), precision=4000)
    assert not none.available
    assert "8000 m" in none.reason


def test_cells_need_enough_residents():
    x, y = town(3, 4000)
    homes = np.random.default_rng(0).uniform(0, 1000, (2, 500))
    found = publishable_grid(
        x,
        y,
        precision=50,
        residents=(*homes, np.full(500, 2.0)),
        minimum_residents=10,
        largest_share=1.0,
    )
    empty = (found.column * found.cell_size >= 1000) | (found.row * found.cell_size >= 1000)
    assert empty.any()
    assert found.suppressed[empty].all()


def test_second_grid_that_would_tell_a_small_count_is_refused():
    # 13 points in one cell of 500 m; a grid moved by 10 m leaves out the one nearest the edge.
    x = np.array([505.0, *np.linspace(560, 900, 12), *np.linspace(1100, 1400, 12)])
    y = np.linspace(100, 400, 25)
    options = {"precision": 100.0, "sizes": [500.0], "total_published": False}
    first = publishable_grid(x, y, **options)
    moved = publishable_grid(x, y, origin=(10.0, 0.0), **options)
    assert not first.suppressed.any()
    assert moved.count.tolist() == [-1, 12, 12]
    [(low, high)] = grids_leave(x, y, first, moved).values()
    assert (low, high) == (1, 1)
    second = publishable_grid(x, y, origin=(10.0, 0.0), published=[first], **options)
    assert not second.available
    assert "published already" in second.reason
    again = publishable_grid(x, y, published=[first], **options)
    assert np.array_equal(again.count, first.count)


def test_overlays_too_large_to_check_are_refused():
    x, y = town(4, 60_000)
    first = publishable_grid(x, y, precision=50)
    second = publishable_grid(x, y, precision=50, origin=(37.0, 11.0), published=[first])
    assert first.available
    assert not second.available
    other = publishable_grid(x, y, precision=50, origin=(37.0, 11.0))
    with pytest.raises(ValueError, match="pieces together, more than"):
        grids_leave(x, y, first, other)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"precision": -1.0}, "precision must be finite"),
        ({"precision": float("nan")}, "got nan"),
        ({"precision": 1.0, "minimum_residents": 5}, "needs residents"),
        ({"precision": 1.0, "largest_share": 2.0}, "between 0 and 1"),
        ({"precision": 1.0, "minimum_cell_size": float("inf")}, "smallest cell"),
    ],
)
def test_bad_input_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        publishable_grid([1.0], [1.0], **options)


def test_bad_coordinates_are_refused():
    with pytest.raises(ValueError, match="coordinates must be finite"):
        publishable_grid([np.nan], [1.0], precision=1)
    with pytest.raises(ValueError, match="equally long"):
        publishable_grid([1.0, 2.0], [1.0], precision=1)
