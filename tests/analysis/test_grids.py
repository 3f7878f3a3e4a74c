"""Square and hexagonal grids."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from commonlight.analysis.grids import hexagon_grid, square_grid
from commonlight.analysis.neighbours import Neighbours

MAKERS = [square_grid, hexagon_grid]
PARK = Point(5_000, 3_000).buffer(2_000).difference(Point(4_800, 3_000).buffer(300))


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("shift", [0.0, 5_812_000.0])
def test_arithmetic_agrees_with_the_polygons(make, shift):
    outline = shapely.transform(PARK, lambda c: c + shift)
    grid = make(outline, cell_size=97.0, origin=(13.0, -7.0))
    rng = np.random.default_rng(1)
    x, y = rng.uniform([[2_500], [500]], [[7_500], [5_500]], (2, 20_000)) + shift
    point, cell = shapely.STRtree(grid.polygons()).query(shapely.points(x, y), predicate="within")
    expected = np.full(x.size, -1)
    expected[point] = cell
    np.testing.assert_array_equal(grid.assign(x, y), expected)


@pytest.mark.parametrize("make", MAKERS)
def test_shares_add_up_to_the_study_area(make):
    grid = make(PARK, cell_size=150.0)
    assert (grid.area_share * grid.cell_area).sum() == pytest.approx(PARK.area, rel=1e-12)
    assert np.all((grid.area_share > 0) & (grid.area_share <= 1))
    slow = [cell.intersection(PARK).area / cell.area for cell in grid.polygons()]
    np.testing.assert_allclose(grid.area_share, slow, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("make", MAKERS)
def test_every_point_of_the_study_area_has_one_cell(make):
    grid = make(PARK, cell_size=211.0)
    rng = np.random.default_rng(2)
    points = shapely.points(*rng.uniform([[3_000], [1_000]], [[7_000], [5_000]], (2, 20_000)))
    inside = shapely.get_coordinates(points[shapely.contains(PARK, points)])
    assert np.all(grid.assign(*inside.T) >= 0)
    assert grid.count(*inside.T).sum() == len(inside)


@pytest.mark.parametrize("make", MAKERS)
def test_neighbours_are_those_that_touch(make):
    grid = make(PARK, cell_size=180.0, origin=(1.5, 2.5))
    touching = Neighbours.from_polygons(grid.polygons(), tolerance=1e-6)
    found = grid.neighbours()
    np.testing.assert_array_equal(found.indptr, touching.indptr)
    np.testing.assert_array_equal(found.indices, touching.indices)
    assert found.is_symmetric
    assert grid.neighbours(include_self=True).includes_self
    assert found.sizes.max() == (8 if make is square_grid else 6)


@pytest.mark.parametrize("make", MAKERS)
def test_centres_lie_in_their_cells_row_by_row(make):
    grid = make(PARK, cell_size=120.0)
    np.testing.assert_array_equal(grid.assign(*grid.centres.T), np.arange(grid.n_cells))
    order = np.lexsort((grid.centres[:, 0], grid.centres[:, 1]))
    np.testing.assert_array_equal(order, np.arange(grid.n_cells))


@settings(max_examples=40)
@given(columns=st.integers(-30, 30), rows=st.integers(-30, 30), kind=st.sampled_from(MAKERS))
def test_moving_the_origin_by_whole_cells_changes_nothing(columns, rows, kind):
    size = 128.0  # sums of powers of two stay exact
    step = (columns * size, rows * size if kind is square_grid else 0.0)
    outline = box(10, 20, 900, 700)
    here, moved = kind(outline, cell_size=size), kind(outline, cell_size=size, origin=step)
    np.testing.assert_allclose(here.centres, moved.centres)
    np.testing.assert_allclose(here.area_share, moved.area_share, atol=1e-12)


def test_moving_the_origin_by_half_a_cell_moves_the_borders():
    outline = box(0, 0, 400, 400)
    assert square_grid(outline, cell_size=100).n_cells == 16
    moved = square_grid(outline, cell_size=100, origin=(50, 50))
    assert moved.n_cells == 25
    assert moved.area_share[0] == pytest.approx(0.25)


def test_squares_own_their_western_and_southern_side():
    grid = square_grid(box(0, 0, 200, 200), cell_size=100)
    assert grid.assign([0, 100, 0, 200, 100], [0, 0, 100, 0, 100]).tolist() == [0, 1, 2, -1, 3]


@pytest.mark.parametrize("make", MAKERS)
def test_odd_points_lie_nowhere(make):
    grid = make(box(0, 0, 1_000, 1_000), cell_size=100)
    odd = [np.nan, np.inf, -np.inf, 1e300, -1e300, 9e18]
    assert grid.assign(odd, [500] * 6).tolist() == [-1] * 6
    assert grid.assign([500] * 6, odd).tolist() == [-1] * 6
    assert grid.assign([], []).size == 0


@pytest.mark.parametrize("make", MAKERS)
def test_weights_add_up_in_cells(make):
    grid = make(box(0, 0, 1_000, 1_000), cell_size=250)
    rng = np.random.default_rng(3)
    x, y, w = rng.uniform(0, 999, (3, 500))
    assert grid.count(x, y, weights=w).sum() == pytest.approx(w.sum())
    assert grid.count(x, y).dtype == np.int64


def test_hexagons_have_the_given_width():
    cell = hexagon_grid(box(0, 0, 5, 5), cell_size=2.0).polygons()[0]
    low_x, _, high_x, _ = cell.bounds
    assert high_x - low_x == pytest.approx(2.0)
    assert cell.area == pytest.approx(2.0**2 * np.sqrt(3) / 2)


def test_a_stray_point_gets_help_instead_of_millions_of_cells():
    outline = shapely.MultiPolygon([box(0, 0, 9_000, 9_000), box(4e6, 4e6, 4e6 + 1, 4e6 + 1)])
    with pytest.raises(ValueError, match=r"would make 1,600,080,001 cells; the limit is 1,000,000"):
        square_grid(outline, cell_size=100)
    with pytest.raises(ValueError, match="stray point or a wrong coordinate system, use cells of"):
        hexagon_grid(outline, cell_size=100)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"cell_size": 0}, ValueError, "cell_size must be positive and finite, in metres; got 0"),
        ({"cell_size": np.nan}, ValueError, "got nan"),
        ({"origin": (0, np.inf)}, ValueError, "origin must be two finite numbers"),
        ({"cell_size": 1e-12}, ValueError, "within 1e\\+09 cells of the origin"),
        ({"outline": shapely.Polygon()}, ValueError, "must not be empty"),
        ({"outline": Point(0, 0)}, TypeError, "got Point"),
        (
            {"outline": shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])},
            ValueError,
            "Repair it",
        ),
    ],
)
def test_bad_input_is_refused(change, error, message):
    options = {"outline": box(0, 0, 10, 10), "cell_size": 5, **change}
    with pytest.raises(error, match=message):
        square_grid(options.pop("outline"), **options)
