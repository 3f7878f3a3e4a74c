"""Hot spots: quiet on random points, awake on planted ones, exact in the tail."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from scipy import stats
from shapely import Polygon, box
from shapely.affinity import translate

from commonlight.analysis.grids import hexagon_grid, square_grid
from commonlight.analysis.hot_spots import hot_spots, hot_spots_from_counts
from commonlight.analysis.neighbours import Neighbours

SQUARE = box(0, 0, 5000, 4000)
BENT = Polygon([(0, 0), (6000, 500), (6200, 3500), (3000, 1700), (1100, 4600), (-300, 2300)])
RING = Polygon(
    shapely.Point(3000, 3000).buffer(2800).exterior,
    [shapely.Point(3200, 2700).buffer(1500).exterior],
)
OUTLINES = {"square": SQUARE, "bent": BENT, "ring": RING}
LAYS = {"square": square_grid, "hexagon": hexagon_grid}


def points_in(outline, n, rng):
    x, y = np.empty(0), np.empty(0)
    west, south, east, north = outline.bounds
    while len(x) < n:
        new_x, new_y = rng.uniform(west, east, 2 * n), rng.uniform(south, north, 2 * n)
        inside = shapely.contains_xy(outline, new_x, new_y)
        x, y = np.r_[x, new_x[inside]], np.r_[y, new_y[inside]]
    return x[:n], y[:n]


@pytest.mark.slow
@pytest.mark.parametrize("n", [30, 100, 1000, 20_000])
@pytest.mark.parametrize("shape", list(OUTLINES))
@pytest.mark.parametrize("lay", list(LAYS))
def test_random_points_give_no_hot_spot_in_95_of_100_runs(lay, shape, n):
    """Requirement of the feature list, row 13."""
    grid = LAYS[lay](OUTLINES[shape], cell_size=300)
    rng = np.random.default_rng([n, len(shape)])
    quiet = 0
    for _ in range(100):
        quiet += not hot_spots(*points_in(OUTLINES[shape], n, rng), grid=grid).hot.any()
    assert quiet >= 95


@pytest.mark.slow
@pytest.mark.parametrize("n", [60, 2000, 200_000])
def test_uneven_exposure_alone_gives_no_hot_spot(n):
    grid = hexagon_grid(BENT, cell_size=300)
    rng = np.random.default_rng(n)
    exposure = rng.lognormal(0, 1.5, grid.n_cells) * grid.area_share
    exposure[rng.uniform(size=grid.n_cells) < 0.2] = 0
    lists = grid.neighbours(include_self=True)
    quiet = 0
    for _ in range(100):
        count = rng.multinomial(n, exposure / exposure.sum())
        found = hot_spots_from_counts(count, exposure=exposure, neighbours=lists)
        quiet += not found.hot.any()
    assert quiet >= 95


@pytest.mark.slow
def test_records_that_come_in_pairs_need_the_dispersion():
    grid = square_grid(SQUARE, cell_size=250)
    lists, share = grid.neighbours(include_self=True), grid.area_share / grid.area_share.sum()
    rng = np.random.default_rng(4)
    fooled = quiet = 0
    for _ in range(100):
        count = 3 * rng.multinomial(700, share)
        plain = hot_spots_from_counts(count, exposure=share, neighbours=lists)
        strict = hot_spots_from_counts(count, exposure=share, neighbours=lists, dispersion=3)
        fooled += plain.hot.any()
        quiet += not strict.hot.any()
    assert fooled > 50
    assert quiet >= 95


@pytest.mark.parametrize("lay", list(LAYS))
def test_planted_hot_spots_are_found(lay):
    """Two places with 40 more of 600 incidents each, in every one of 20 runs."""
    grid = LAYS[lay](BENT, cell_size=250)
    centres = np.array([[1200, 1200], [5200, 1800]])
    rng = np.random.default_rng(9)
    for _ in range(20):
        x, y = points_in(BENT, 600, rng)
        extra = np.repeat(centres, 40, axis=0) + rng.normal(0, 80, (80, 2))
        found = hot_spots(np.r_[x, extra[:, 0]], np.r_[y, extra[:, 1]], grid=grid)
        hot = found.hot[grid.assign(*centres.T)]
        assert hot.all()
        away = np.hypot(*(grid.centres[found.hot][:, None] - centres).transpose(2, 0, 1)).min(1)
        assert (away < 800).all()


def test_population_explains_the_centre():
    grid = square_grid(SQUARE, cell_size=500)
    rng = np.random.default_rng(2)
    people = np.where(np.hypot(*(grid.centres - [2500, 2000]).T) < 900, 20.0, 1.0)
    count = rng.multinomial(800, people / people.sum())
    lists = grid.neighbours(include_self=True)
    by_area = hot_spots_from_counts(count, exposure=grid.area_share, neighbours=lists)
    by_people = hot_spots_from_counts(count, exposure=people, neighbours=lists)
    assert by_area.hot.any()
    assert not by_people.hot.any()


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(6)
    x, y = points_in(SQUARE, 400, rng)
    x, y = np.r_[x, rng.normal(1000, 100, 60)], np.r_[y, rng.normal(1000, 100, 60)]
    grid = square_grid(SQUARE, cell_size=250)
    return grid, hot_spots(x, y, grid=grid)


def test_tail_and_interval_agree_with_scipy(found):
    _, spots = found
    share = spots.around_expected / spots.n_events
    p = stats.binom.sf(spots.around_count - 1, spots.n_events, share)
    np.testing.assert_allclose(spots.p_value, p, rtol=1e-9)
    np.testing.assert_allclose(spots.adjusted_p, stats.false_discovery_control(p), rtol=1e-9)
    cell = int(spots.around_count.argmax())
    exact = stats.binomtest(int(spots.around_count[cell]), spots.n_events).proportion_ci()
    assert spots.ci_lower[cell] == pytest.approx(exact.low / share[cell], rel=1e-6)
    assert spots.ci_upper[cell] == pytest.approx(exact.high / share[cell], rel=1e-6)


def test_neighbourhoods_are_sums_over_lists(found):
    grid, spots = found
    lists = grid.neighbours(include_self=True)
    slow = [spots.count[lists.of(cell)].sum() for cell in range(grid.n_cells)]
    assert spots.around_count.tolist() == slow
    assert spots.expected.sum() == pytest.approx(spots.n_events)


def test_clusters_add_up(found):
    _, spots = found
    first = spots.clusters[0]
    assert set(np.flatnonzero(spots.cluster == 0)) == set(first.cells)
    assert sum(len(c.cells) for c in spots.clusters) == spots.hot.sum()
    assert first.count == spots.count[list(first.cells)].sum()
    assert first.share_of_events == first.count / spots.n_events
    assert first.ratio == pytest.approx(first.share_of_events / first.share_of_exposure)
    assert first.ratio > 3


def test_hot_cells_hold_more_than_their_own_share(found):
    _, spots = found
    assert (spots.count[spots.hot] > spots.expected[spots.hot]).all()
    assert (spots.around_count[spots.hot] >= 5).all()


def test_touching_cells_are_one_cluster_and_others_are_not():
    chain = Neighbours.from_pairs(range(19), range(1, 20), n=20)
    count = np.full(20, 10)
    count[[3, 4, 14]] = 90
    spots = hot_spots_from_counts(count, exposure=np.ones(20), neighbours=chain)
    assert [c.cells for c in spots.clusters] == [(3, 4), (14,)]


def test_too_few_incidents_cannot_tell():
    chain = Neighbours.from_pairs(range(19), range(1, 20), n=20)
    count = np.zeros(20, int)
    count[3] = 12
    spots = hot_spots_from_counts(count, exposure=np.ones(20), neighbours=chain)
    assert spots.too_few
    assert not spots.hot.any()
    assert spots.reason.startswith("cannot tell: 12 incidents are too few")
    nothing = hot_spots_from_counts(np.zeros(20), exposure=np.ones(20), neighbours=chain)
    assert nothing.too_few
    assert nothing.detectable_ratio == math.inf


def test_detectable_ratio_falls_with_the_number_of_incidents():
    lists = square_grid(SQUARE, cell_size=250).neighbours(include_self=True)
    flat = [
        hot_spots_from_counts(np.full(lists.n, k), exposure=np.ones(lists.n), neighbours=lists)
        for k in (1, 10, 100)
    ]
    ratios = [spots.detectable_ratio for spots in flat]
    assert ratios == sorted(ratios, reverse=True)
    assert 1 < ratios[2] < 1.3


@pytest.mark.slow
def test_places_at_the_minimum_ratio_are_not_hot_and_places_above_it_are():
    """A part of the city holds twice, or five times, its share of 20,000 incidents."""
    grid = square_grid(SQUARE, cell_size=250)
    lists, rng = grid.neighbours(include_self=True), np.random.default_rng(8)
    block = (grid.centres[:, 0] < 1000) & (grid.centres[:, 1] < 1000)
    quiet = found = 0
    for _ in range(100):
        for times in (2, 5):
            share = times * block.mean()  # of incidents
            risk = np.where(block, share / block.sum(), (1 - share) / (~block).sum())
            count = rng.multinomial(20_000, risk)
            spots = hot_spots_from_counts(
                count, exposure=grid.area_share, neighbours=lists, minimum_ratio=2
            )
            quiet += times == 2 and not spots.hot.any()
            found += times == 5 and bool(spots.hot[block].all())
    assert quiet >= 95
    assert found == 100


def test_moving_the_city_changes_nothing():
    x, y = points_in(BENT, 300, np.random.default_rng(3))
    x, y = np.r_[x, np.full(40, 1210.0)], np.r_[y, np.full(40, 1210.0)]
    here = hot_spots(x, y, grid=square_grid(BENT, cell_size=250))
    grid = square_grid(translate(BENT, 25_000, 50_000), cell_size=250)
    there = hot_spots((x + 25_000)[::-1], (y + 50_000)[::-1], grid=grid)
    np.testing.assert_array_equal(here.hot, there.hot)
    np.testing.assert_array_equal(here.count, there.count)


def test_cells_without_exposure_are_not_tested():
    chain = Neighbours.from_pairs([0, 1, 3], [1, 2, 4], n=5)
    spots = hot_spots_from_counts([20, 20, 20, 0, 0], exposure=[1, 1, 1, 0, 0], neighbours=chain)
    assert spots.n_tested == 3
    assert np.isnan(spots.p_value[3:]).all()
    assert np.isnan(spots.ratio[3:]).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"count": [1, 2]}, "same cells"),
        ({"count": [1, -1, 0]}, "whole numbers"),
        ({"count": [1, 0.5, 0]}, "whole numbers"),
        ({"count": [1, math.nan, 0]}, "whole numbers"),
        ({"exposure": [1, math.nan, 1]}, "exposure must be finite"),
        ({"exposure": [0, 0, 0]}, "exposure is 0 everywhere"),
        ({"level": math.nan}, "level must lie"),
        ({"dispersion": 0.5}, "dispersion must be finite and at least 1"),
        ({"minimum_ratio": math.nan}, "minimum_ratio must be finite and at least 1"),
        ({"minimum_count": 0}, "minimum_count must be at least 1"),
        ({"minimum_total": 0}, "minimum_total must be at least 1"),
        ({"confidence_level": 1}, "confidence_level must lie"),
    ],
)
def test_bad_input(change, words):
    options = {"count": [1, 2, 3], "exposure": [1, 1, 1]} | change
    chain = Neighbours.from_pairs([0, 1], [1, 2], n=3)
    with pytest.raises(ValueError, match=words):
        hot_spots_from_counts(options.pop("count"), neighbours=chain, **options)
