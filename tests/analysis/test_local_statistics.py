"""Gi*, Moran and Geary: slow versions, esda, permutations, level and bad input."""

from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pytest
from scipy import stats
from shapely import box

from commonlight.analysis.grids import hexagon_grid, square_grid
from commonlight.analysis.local_statistics import gearys_c, gi_star, local_moran, morans_i
from commonlight.analysis.local_statistics_tails import exact_tails
from commonlight.analysis.neighbours import Neighbours

GRID = square_grid(box(0, 0, 2000, 1500), cell_size=100)
LISTS = GRID.neighbours(include_self=False)
COUNTS = np.random.default_rng(3).poisson(3.0, GRID.n_cells).astype(float)
TINY = Neighbours.from_pairs([0, 0, 1, 2, 3], [1, 2, 3, 3, 4], n=5)
FIVE = np.array([1.0, 4.0, 2.0, 9.0, 7.0])


def test_gi_star_slow_version():
    x, n = COUNTS, len(COUNTS)
    ours = gi_star(x, LISTS)
    s = math.sqrt(np.mean(x**2) - x.mean() ** 2)
    for i in range(0, n, 17):
        cells = {i, *LISTS.of(i).tolist()}
        w = len(cells)
        total = sum(x[c] for c in cells)
        z = (total - w * x.mean()) / (s * math.sqrt((n * w - w * w) / (n - 1)))
        assert ours.z[i] == pytest.approx(z, abs=1e-10)
        assert ours.local_sum[i] == total


@pytest.mark.parametrize("lay", [square_grid, hexagon_grid])
def test_gi_star_equals_esda(lay):
    esda, weights = pytest.importorskip("esda"), pytest.importorskip("libpysal").weights
    grid = lay(box(0, 0, 2000, 1500), cell_size=100)
    lists = grid.neighbours(include_self=False)
    x = np.random.default_rng(4).poisson(2.0, grid.n_cells).astype(float)
    w = weights.W({i: lists.of(i).tolist() for i in range(lists.n)}, silence_warnings=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = esda.G_Local(x, w, transform="B", star=True, permutations=0)
    np.testing.assert_allclose(gi_star(x, lists).z, theirs.Zs, atol=1e-10)


def test_self_listed_or_not_is_the_same():
    with_self = GRID.neighbours(include_self=True)
    np.testing.assert_array_equal(gi_star(COUNTS, LISTS).z, gi_star(COUNTS, with_self).z)
    assert morans_i(COUNTS, LISTS) == morans_i(COUNTS, with_self)
    first = local_moran(COUNTS, LISTS, permutations=0).i
    np.testing.assert_array_equal(first, local_moran(COUNTS, with_self, permutations=0).i)


def exact_upper_tail(x, lists, i):
    """All ways to give the neighbours of i values of the other areas."""
    others = np.delete(x, i)
    seen = x[lists.of(i)].sum()
    draws = [sum(pick) for pick in itertools.combinations(others, len(lists.of(i)))]
    return np.mean(np.array(draws) >= seen - 1e-9)


def test_conditional_permutation_agrees_with_enumeration():
    draws = 20_000
    ours = gi_star(
        FIVE, TINY, alternative="greater", permutations=draws, rng=np.random.default_rng(1)
    )
    for i in range(5):
        exact = exact_upper_tail(FIVE, TINY, i)
        assert ours.p_value[i] == pytest.approx(exact, abs=4 * math.sqrt(0.25 / draws))


def test_conditional_moments_of_local_moran_are_exact():
    ours = local_moran(FIVE, TINY, permutations=0)
    for i in range(5):
        k = len(TINY.of(i))
        draws = [np.mean(p) for p in itertools.combinations(np.delete(FIVE, i), k)]
        z = (FIVE[TINY.of(i)].mean() - np.mean(draws)) / np.std(draws)
        assert ours.z[i] == pytest.approx(z * np.sign(FIVE[i] - FIVE.mean()))


@pytest.mark.parametrize("x", [[0, 0, 1, 3, 0, 2, 9, 1], [5, 5, 5, 5, 5, 5, 5, 7]])
def test_exact_tails_weigh_every_permutation(x):
    """All choices of k of the seven others, for k from 0 to 7, against one pass."""
    x = np.array(x, dtype=float)
    rng = np.random.default_rng(8)
    for k in range(8):
        seen = np.array([rng.choice(np.delete(x, i), k, replace=False).sum() for i in range(8)])
        lower, upper = exact_tails(x, seen, np.full(8, k))
        for i in range(8):
            sums = [sum(c) for c in itertools.combinations(np.delete(x, i), k)]
            assert lower[i] == pytest.approx(np.mean([s <= seen[i] for s in sums]), abs=1e-12)
            assert upper[i] == pytest.approx(np.mean([s >= seen[i] for s in sums]), abs=1e-12)


def test_exact_tails_of_zeros_and_ones_are_hypergeometric():
    """k of the 499 others, 60 or 59 of them ones: SciPy knows the answer."""
    x = np.zeros(500)
    x[:60] = 1.0
    rng = np.random.default_rng(1)
    sizes = rng.integers(0, 40, 500)
    seen = np.minimum(rng.integers(0, 12, 500), sizes).astype(float)
    lower, upper = exact_tails(x, seen, sizes)
    ones = (60 - x).astype(int)
    np.testing.assert_allclose(lower, stats.hypergeom.cdf(seen, 499, ones, sizes), atol=1e-12)
    np.testing.assert_allclose(upper, stats.hypergeom.sf(seen - 1, 499, ones, sizes), atol=1e-12)


@pytest.mark.slow
def test_exact_is_where_permutations_lead_and_the_normal_is_not():
    """Sparse counts: 99,999 permutations stay within their own error of the exact p-value."""
    grid = square_grid(box(0, 0, 4000, 4000), cell_size=100)
    rng = np.random.default_rng(6)
    x, lists = rng.poisson(0.1, grid.n_cells).astype(float), grid.neighbours()
    exact = gi_star(x, lists, alternative="greater", method="exact").p_value
    drawn = gi_star(x, lists, alternative="greater", permutations=99_999, rng=rng).p_value
    moments = gi_star(x, lists, alternative="greater", method="moments").p_value
    error = np.sqrt(np.maximum(exact * (1 - exact), 1e-5) / 99_999)
    assert (np.abs(drawn - exact) < 5 * error + 1e-5).all()
    assert np.abs(moments - exact).max() > 0.2


def test_conditional_score_has_the_moments_of_all_permutations():
    found = gi_star(FIVE, TINY)
    for i in range(5):
        others = TINY.of(i)
        sums = [sum(c) for c in itertools.combinations(np.delete(FIVE, i), len(others))]
        score = (FIVE[others].sum() - np.mean(sums)) / np.std(sums)
        assert found.conditional_z[i] == pytest.approx(score, abs=1e-12)


def test_exact_does_not_depend_on_unit_start_or_order():
    exact = gi_star(COUNTS, LISTS, method="exact").p_value
    for moved in (COUNTS * 3 + 100, COUNTS - 40):
        again = gi_star(moved, LISTS, method="exact")
        np.testing.assert_allclose(again.p_value, exact, atol=1e-12)
        assert (again.method, again.permutations) == ("exact", 0)
    mirrored = gi_star(COUNTS.max() - COUNTS, LISTS, alternative="less", method="exact").p_value
    plain = gi_star(COUNTS, LISTS, alternative="greater", method="exact").p_value
    np.testing.assert_allclose(mirrored, plain, atol=1e-12)


def test_local_moran_takes_the_same_exact_tails():
    chain = Neighbours.from_pairs(range(4), range(1, 5), n=5)
    x = np.array([1.0, 1, 2, 6, 6])
    found = local_moran(x, chain, method="exact")
    for i in range(5):
        seen = x[chain.of(i)].sum()
        sums = np.array([sum(c) for c in itertools.combinations(np.delete(x, i), len(chain.of(i)))])
        smaller = min((sums <= seen).mean(), (sums >= seen).mean())
        assert found.p_value[i] == pytest.approx(min(1.0, 2 * smaller), abs=1e-12)


@pytest.mark.parametrize(
    ("options", "values", "words"),
    [
        ({"method": "exact"}, FIVE + 0.5, "exact p-values need whole numbers"),
        ({"method": "exact"}, FIVE * 1e9 + np.arange(5), "would take too long"),
        ({"method": "saddle"}, FIVE, "method must be"),
        ({"method": "permutation"}, FIVE, "permutations need rng"),
    ],
)
def test_what_a_method_cannot_do(options, values, words):
    with pytest.raises(ValueError, match=words):
        gi_star(values, TINY, **options)


def test_permutation_p_values_are_never_zero_and_repeat_with_the_seed():
    options = {"permutations": 99, "alternative": "greater"}
    one = gi_star(COUNTS, LISTS, rng=np.random.default_rng(2), **options)
    two = gi_star(COUNTS, LISTS, rng=np.random.default_rng(2), **options)
    np.testing.assert_array_equal(one.p_value, two.p_value)
    assert one.p_value.min() >= 0.01
    tails = [
        gi_star(COUNTS, LISTS, rng=np.random.default_rng(2), permutations=99, alternative=a).p_value
        for a in ("greater", "less", "two-sided")
    ]
    np.testing.assert_allclose(tails[2], np.minimum(1, 2 * np.minimum(tails[0], tails[1])))


@pytest.mark.slow
def test_level_under_the_null():
    rng = np.random.default_rng(5)
    p = {"gi": [], "moran": [], "gi normal": [], "global": []}
    for _ in range(60):
        x = rng.normal(size=GRID.n_cells)
        p["gi"].append(gi_star(x, LISTS, permutations=199, rng=rng).p_value)
        p["gi normal"].append(gi_star(x, LISTS).p_value)
        p["moran"].append(local_moran(x, LISTS, permutations=199, rng=rng).p_value)
    for _ in range(1000):
        p["global"].append(morans_i(rng.normal(size=GRID.n_cells), LISTS).p_value)
    for name in ("gi", "gi normal", "moran"):
        assert np.mean(np.array(p[name]) <= 0.05) == pytest.approx(0.05, abs=0.01)
    assert stats.kstest(p["global"], "uniform").pvalue > 1e-3


def test_a_planted_patch_is_high_among_high():
    x = COUNTS.copy()
    patch = np.hypot(*(GRID.centres - [700, 700]).T) < 200
    x[patch] += 15
    ours = local_moran(x, LISTS, rng=np.random.default_rng(1))
    assert (ours.quadrant[patch] == 1).all()
    assert (ours.p_value[patch] <= 0.05).all()
    assert gi_star(x, LISTS).z[patch].min() > 3


def test_morans_i_variance_by_permutation():
    rng = np.random.default_rng(6)
    draws = [morans_i(rng.permutation(COUNTS), LISTS).i for _ in range(2000)]
    moran = morans_i(COUNTS, LISTS)
    assert np.mean(draws) == pytest.approx(moran.expected, abs=4 * np.std(draws) / 2000**0.5)
    assert np.var(draws) == pytest.approx(moran.variance, rel=0.15)


@pytest.mark.parametrize("change", [lambda x: 3 * x + 100, lambda x: x / 1000])
def test_units_do_not_matter(change):
    np.testing.assert_allclose(
        gi_star(COUNTS, LISTS).z, gi_star(change(COUNTS), LISTS).z, atol=1e-9
    )
    assert morans_i(COUNTS, LISTS).i == pytest.approx(morans_i(change(COUNTS), LISTS).i)
    assert gearys_c(COUNTS, LISTS).c == pytest.approx(gearys_c(change(COUNTS), LISTS).c)


def test_an_island_has_no_neighbours():
    lists = Neighbours.from_pairs([0, 1, 2], [1, 2, 3], n=5)
    ours = local_moran(FIVE, lists, permutations=99, rng=np.random.default_rng(1))
    assert ours.quadrant[4] == 0
    assert ours.i[4] == 0
    assert math.isnan(ours.p_value[4])
    assert not math.isnan(gi_star(FIVE, lists).z[4])


def test_inputs_are_not_changed():
    kept = COUNTS.copy()
    gi_star(COUNTS, LISTS, permutations=9, rng=np.random.default_rng(1))
    local_moran(COUNTS, LISTS, permutations=9, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(COUNTS, kept)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1, 2, 3], "same areas"),
        ([1, 2, math.nan, 4, 5], "1 of 5 are missing"),
        ([2, 2, 2, 2, 2], "all equal"),
    ],
)
@pytest.mark.parametrize("method", [gi_star, morans_i, gearys_c])
def test_bad_values(method, values, words):
    with pytest.raises(ValueError, match=words):
        method(values, TINY)


def test_bad_options():
    with pytest.raises(ValueError, match="alternative must be"):
        gi_star(FIVE, TINY, alternative="high")
    with pytest.raises(ValueError, match="permutations need rng"):
        local_moran(FIVE, TINY)
    with pytest.raises(ValueError, match="no area has a neighbour"):
        morans_i(FIVE, Neighbours.from_pairs([], [], n=5))
