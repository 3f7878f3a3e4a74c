"""Survival of hot spots on other grids."""

from __future__ import annotations

import math

import numpy as np
import pytest
from shapely import box

from commonlight.analysis.cell_size import cell_size_sensitivity
from commonlight.analysis.grids import square_grid
from commonlight.analysis.hot_spots import hot_spots

CITY = box(0, 0, 6000, 5000)


def planted(n=500, spot=80, sd=80.0, seed=1):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 6000, n), rng.uniform(0, 5000, n)
    return np.r_[x, rng.normal(1500, sd, spot)], np.r_[y, rng.normal(1500, sd, spot)]


@pytest.mark.parametrize("kind", ["square", "hexagon"])
def test_a_strong_hot_spot_survives_everywhere(kind):
    found = cell_size_sensitivity(*planted(), outline=CITY, cell_sizes=(250, 150, 400), kind=kind)
    assert found.n_clusters >= 1
    assert found.survival[0] == 1.0
    assert found.stable[0]
    assert found.n_survivals[0] == len(found.alternatives) == 5


def test_a_weak_hot_spot_of_one_grid_does_not_survive_small_cells():
    """A wide, faint rise that shows in large neighbourhoods only."""
    rng = np.random.default_rng(7)
    x, y = planted(spot=0)
    x, y = np.r_[x, rng.normal(2500, 500, 130)], np.r_[y, rng.normal(2500, 500, 130)]
    found = cell_size_sensitivity(
        x, y, outline=CITY, cell_sizes=(600, 60, 50), shifts=((0, 0), (0.5, 0.5)), kind="square"
    )
    assert found.n_clusters >= 1
    assert found.survived[0, 0]  # the same size, laid elsewhere
    assert not found.survived[0, 1:].any()
    assert found.n_stable == 0


def test_primary_is_the_plain_search_and_overlap_counts_incidents():
    x, y = planted()
    found = cell_size_sensitivity(x, y, outline=CITY, cell_sizes=(250, 400), shifts=((0, 0),))
    grid = square_grid(CITY, cell_size=250)
    np.testing.assert_array_equal(found.primary.hot, hot_spots(x, y, grid=grid).hot)
    other = square_grid(CITY, cell_size=400)
    hot = hot_spots(x, y, grid=other).hot
    inside = found.primary.cluster[grid.assign(x, y)] == 0
    assert found.overlap[0, 0] == hot[other.assign(x, y)][inside].mean()
    assert found.alternatives[0].share_of_events == hot[other.assign(x, y)].mean()


def test_no_hot_spot_gives_empty_tables():
    found = cell_size_sensitivity(*planted(spot=0), outline=CITY, cell_sizes=(250, 400))
    assert found.n_clusters == found.n_stable == 0
    assert found.overlap.shape == (0, 3)


def test_exposure_is_asked_for_each_grid():
    asked = []

    def exposure(grid):
        asked.append(grid.cell_size)
        return grid.area_share

    cell_size_sensitivity(
        *planted(), outline=CITY, cell_sizes=(250, 400), shifts=((0, 0),), exposure=exposure
    )
    assert asked == [250, 400]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cell_sizes": (250,), "shifts": ((0, 0),)}, "at least two cell sizes"),
        ({"cell_sizes": (250, 400), "minimum_overlap": math.nan}, "minimum_overlap must"),
        ({"cell_sizes": (250, 400), "minimum_survival": 0}, "minimum_survival must"),
        ({"cell_sizes": (250, math.nan)}, "cell_size must be positive"),
        ({"cell_sizes": (250, 400), "kind": "triangle"}, "kind must be"),
    ],
)
def test_bad_input(options, words):
    with pytest.raises(ValueError, match=words):
        cell_size_sensitivity(*planted(), outline=CITY, **options)
