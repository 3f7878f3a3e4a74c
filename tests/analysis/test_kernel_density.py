"""Kernel density against SciPy, a slow sum, its mass, and bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from shapely import Polygon, box

from commonlight.analysis.grids import hexagon_grid, square_grid
from commonlight.analysis.kernel_density import density_ratio, kernel_density, scott_bandwidth

RNG = np.random.default_rng(5)
X, Y = RNG.normal(5000, 800, (2, 400))


def slow(x, y, centres, h, kernel, weights=None):
    weights = np.ones(len(x)) if weights is None else weights
    square = ((centres[:, None, :] - np.column_stack([x, y])) ** 2).sum(axis=2)
    if kernel == "gaussian":
        k = np.exp(-square / (2 * h * h)) / (2 * math.pi * h * h)
    else:
        k = np.where(square < h * h, 3 / (math.pi * h * h) * (1 - square / (h * h)) ** 2, 0.0)
    return (k * weights).sum(axis=1) * 1e6


@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
@pytest.mark.parametrize("lay", [square_grid, hexagon_grid])
def test_slow_sum(kernel, lay):
    grid = lay(box(2000, 2000, 8000, 8000), cell_size=250)
    weights = RNG.uniform(0, 3, 400)
    ours = kernel_density(X, Y, grid=grid, bandwidth=400, kernel=kernel, weights=weights)
    theirs = slow(X, Y, grid.centres, 400, kernel, weights)
    np.testing.assert_allclose(ours.density, theirs, atol=1e-6 * theirs.max())


def test_squares_equal_free_centres():
    grid = square_grid(Polygon([(0, 0), (9000, 500), (4000, 9000)]), cell_size=300)
    by_grid = kernel_density(X, Y, grid=grid, bandwidth=300, truncation=8)
    free = kernel_density(X, Y, centres=grid.centres, bandwidth=300, truncation=8)
    np.testing.assert_allclose(by_grid.density, free.density, atol=1e-9)


def test_scipy_with_the_same_covariance():
    """Whitened points have covariance c I, so that SciPy's kernel is round as ours."""
    points = np.vstack([X, Y])
    centred = points - points.mean(axis=1, keepdims=True)
    white = np.linalg.inv(np.linalg.cholesky(np.cov(centred))) @ centred * 700
    theirs = stats.gaussian_kde(white, bw_method=0.4)
    centres = RNG.uniform(-1500, 1500, (200, 2))
    ours = kernel_density(*white, centres=centres, bandwidth=0.4 * 700, truncation=12)
    np.testing.assert_allclose(ours.density / 400 / 1e6, theirs(centres.T), rtol=1e-9)


@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
@pytest.mark.parametrize("lay", [square_grid, hexagon_grid])
def test_mass_is_the_number_of_points(kernel, lay):
    grid = lay(box(0, 0, 10_000, 10_000), cell_size=200)
    ours = kernel_density(X, Y, grid=grid, bandwidth=500, kernel=kernel)
    mass = (ours.density * grid.cell_area / 1e6).sum()
    assert mass == pytest.approx(400, rel=2e-3)


def test_edge_correction_keeps_every_point_inside():
    outline = Polygon([(4000, 3000), (6500, 3500), (6000, 6500), (3500, 6000)])
    from shapely import contains_xy

    inside = contains_xy(outline, X, Y)
    grid = square_grid(outline, cell_size=100)
    area = grid.area_share * grid.cell_area / 1e6
    plain = kernel_density(X[inside], Y[inside], grid=grid, bandwidth=300)
    corrected = kernel_density(X[inside], Y[inside], grid=grid, bandwidth=300, edge_correction=True)
    assert (plain.density * area).sum() < 0.98 * inside.sum()
    assert (corrected.density * area).sum() == pytest.approx(inside.sum(), rel=1e-6)


@pytest.mark.parametrize("max_error", [0.05, 0.005, 0.0005])
@pytest.mark.parametrize("size", [40, 100, 170])
def test_an_approximate_map_keeps_its_promise(max_error, size):
    """Spread points, with weights, some of them outside; and all of them on one coordinate."""
    grid = square_grid(box(2000, 2000, 8000, 8000), cell_size=size)
    rng = np.random.default_rng(7)
    x, y = rng.normal(5000, 1500, (2, 30_000))
    x[:10_000], y[:10_000] = 4000 + 0.5 * size, 4000 + 0.5 * size
    options = {"grid": grid, "bandwidth": 300, "weights": rng.uniform(0, 3, len(x))}
    exact = kernel_density(x, y, **options)
    ours = kernel_density(x, y, max_error=max_error, **options)
    apart = np.abs(ours.density - exact.density).sum() / exact.density.sum()
    assert exact.error_bound == 0
    assert 0 < apart <= ours.error_bound <= max_error
    assert ours.density.min() >= 0
    assert ours.density.sum() == pytest.approx(exact.density.sum(), rel=1e-6)


@pytest.mark.parametrize("place", np.linspace(0, 0.5, 6))
@pytest.mark.parametrize("ratio", [0.05, 0.17, 0.3, 0.54])
def test_the_bound_holds_for_a_point_anywhere_between_the_nodes(place, ratio):
    """Half of the bound for one direction, by a fine integral over the line."""
    u = np.linspace(-9, 9, 200_001)

    def bell(at, variance):
        return np.exp(-((u - at) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)

    narrow = 1 - ratio**2 / 6
    left, right = bell(-place * ratio, narrow), bell((1 - place) * ratio, narrow)
    apart = np.abs((1 - place) * left + place * right - bell(0, 1)).sum() * (u[1] - u[0])
    assert apart <= 0.17 / 2 * ratio**2


def test_few_points_and_other_shapes_stay_exact():
    squares = square_grid(box(2000, 2000, 8000, 8000), cell_size=1000)
    hexagons = hexagon_grid(box(2000, 2000, 8000, 8000), cell_size=100)
    for options in ({"grid": squares}, {"grid": hexagons}, {"centres": squares.centres}):
        ours = kernel_density(X, Y, bandwidth=300, max_error=0.005, **options)
        exact = kernel_density(X, Y, bandwidth=300, **options)
        assert ours.error_bound == 0
        np.testing.assert_array_equal(ours.density, exact.density)


def test_scott_is_scipys_factor():
    factor = stats.gaussian_kde(np.vstack([X, Y])).scotts_factor()
    spread = math.sqrt((X.var(ddof=1) + Y.var(ddof=1)) / 2)
    assert scott_bandwidth(X, Y) == pytest.approx(factor * spread)
    assert kernel_density(X, Y, centres=[[0, 0]]).bandwidth == scott_bandwidth(X, Y)


def test_place_order_and_inputs():
    centres = RNG.uniform(3000, 7000, (50, 2))
    kept = X.copy(), Y.copy(), centres.copy()
    ours = kernel_density(X, Y, centres=centres, bandwidth=300)
    moved = kernel_density(
        X[::-1] + 1e5, Y[::-1], centres=centres + np.array([1e5, 0]), bandwidth=300
    )
    np.testing.assert_allclose(ours.density, moved.density, rtol=1e-9)
    for before, after in zip(kept, (X, Y, centres), strict=True):
        np.testing.assert_array_equal(before, after)


def test_ratio_is_flat_where_incidents_follow_homes():
    centres = RNG.uniform(4500, 5500, (50, 2))
    homes = kernel_density(X, Y, centres=centres, bandwidth=300, weights=np.full(400, 50.0))
    thefts = kernel_density(X, Y, centres=centres, bandwidth=300)
    np.testing.assert_allclose(density_ratio(thefts, homes, minimum_density=1).ratio, 20.0)
    thin = density_ratio(thefts, homes, minimum_density=1e9)
    assert thin.too_small.all()
    assert np.isnan(thin.ratio).all()


def test_no_points_no_density():
    assert kernel_density([], [], centres=[[0, 0]], bandwidth=1).density.tolist() == [0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bandwidth": math.nan}, "bandwidth must be positive"),
        ({"bandwidth": 0}, "bandwidth must be positive"),
        ({"kernel": "box"}, "kernel must be"),
        ({"weights": [1]}, "weights must be 400"),
        ({"centres": None}, "either grid or centres"),
        ({"centres": [1, 2]}, r"shape \(n, 2\)"),
        ({"edge_correction": True}, "edge_correction needs grid"),
        ({"truncation": math.nan}, "truncation must be"),
        ({"max_error": 0.1}, "max_error must be 0"),
        ({"max_error": math.nan}, "max_error must be 0"),
    ],
)
def test_bad_input(change, words):
    options = {"centres": [[0, 0]], "bandwidth": 100} | change
    with pytest.raises(ValueError, match=words):
        kernel_density(X, Y, **options)


def test_bad_points():
    with pytest.raises(ValueError, match="1 of 2 points are not"):
        kernel_density([0, math.nan], [0, 0], centres=[[0, 0]])
    with pytest.raises(ValueError, match="all points are at one place"):
        scott_bandwidth([1, 1], [2, 2])
