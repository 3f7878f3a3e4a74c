"""Rates, their intervals, and areas against the city."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.analysis.rates import rate_funnel, rates, smoothed_rates

# Garwood (1936), Biometrika 28, 437-442: 95 % limits of a Poisson mean, as tabled there and in
# Pearson & Hartley, Biometrika Tables for Statisticians, vol. 1, table 40.
GARWOOD_95 = [
    (0, 0.0, 3.69),
    (1, 0.0253, 5.57),
    (2, 0.242, 7.22),
    (5, 1.62, 11.67),
    (10, 4.80, 18.39),
    (20, 12.22, 30.89),
    (50, 37.11, 65.92),
]


@pytest.mark.parametrize(("count", "lower", "upper"), GARWOOD_95)
def test_garwood_limits(count, lower, upper):
    found = rates([count], [1000], per=1000)
    assert found.ci_lower[0] == pytest.approx(lower, abs=0.005)
    assert found.ci_upper[0] == pytest.approx(upper, abs=0.005)


def test_the_exact_interval_covers_at_least_its_level():
    rng = np.random.default_rng(1)
    for mean in (0.5, 3.0, 12.0, 80.0):
        found = rates(rng.poisson(mean, 20_000), np.full(20_000, 1000.0))
        covered = np.mean((found.ci_lower <= mean) & (mean <= found.ci_upper))
        assert covered >= 0.949


def test_the_stretched_interval_covers_over_dispersed_counts():
    rng = np.random.default_rng(2)
    phi, mean = 3.0, 60.0
    counts = rng.poisson(rng.gamma(mean / (phi - 1), phi - 1, 20_000))
    wide = rates(counts, np.full(20_000, 1000.0), dispersion=phi)
    narrow = rates(counts, np.full(20_000, 1000.0))
    assert np.mean((wide.ci_lower <= mean) & (mean <= wide.ci_upper)) > 0.94
    assert np.mean((narrow.ci_lower <= mean) & (mean <= narrow.ci_upper)) < 0.80


def test_no_area_is_dropped():
    found = rates([12, 0, 40, 9, 7], [1000, np.nan, 0, 1000, 50])
    assert found.no_population.tolist() == [False, True, True, False, False]
    assert found.too_small.tolist() == [False, True, True, True, True]
    np.testing.assert_array_equal(np.isnan(found.estimate), found.no_population)
    assert found.overall == pytest.approx(28 / 2050 * 1000)


@given(
    counts=st.lists(st.integers(0, 5000), min_size=1, max_size=20),
    factor=st.floats(0.01, 100),
    phi=st.floats(1, 20),
)
def test_properties(counts, factor, phi):
    population = np.linspace(500, 9000, len(counts))
    found = rates(counts, population, dispersion=phi)
    assert np.all(found.ci_lower <= found.estimate)
    assert np.all(found.estimate <= found.ci_upper)
    np.testing.assert_allclose(
        rates(counts, population, per=1000 * factor, dispersion=phi).ci_upper,
        found.ci_upper * factor,
    )
    backwards = rates(counts[::-1], population[::-1], dispersion=phi)
    np.testing.assert_array_equal(backwards.estimate[::-1], found.estimate)
    assert np.all(rates(counts, population, dispersion=phi + 1).ci_upper >= found.ci_upper)


def null_counts(rng, n_areas, phi):
    population = rng.lognormal(8, 0.6, n_areas)
    expected = population * 0.02
    if phi == 1:
        return rng.poisson(expected), population
    return rng.poisson(rng.gamma(expected / (phi - 1), phi - 1)), population


@pytest.mark.parametrize("n_areas", [6, 15, 40, 150])
@pytest.mark.parametrize("phi", [1.0, 2.0, 4.0])
def test_level_under_the_null(n_areas, phi):
    """No area differs: any is named in about 5 % of cities or fewer, over-dispersed or not.

    600 cities; 5 % has a standard error of 0.9 points, so 7.7 % is three of them away.
    """
    rng = np.random.default_rng([n_areas, int(phi)])
    named, small_p = 0, []
    for _ in range(600):
        found = rate_funnel(*null_counts(rng, n_areas, phi))
        named += (found.above | found.below).any()
        small_p.append(np.mean(found.p_value[~found.too_small] <= 0.05))
    assert named / 600 <= 0.077
    assert np.mean(small_p) <= 0.055


def test_a_poisson_test_would_not_hold_its_level():
    rng = np.random.default_rng(5)
    named = 0
    for _ in range(100):
        found = rate_funnel(*null_counts(rng, 40, 4.0), dispersion=1.0)
        named += (found.above | found.below).any()
    assert named > 90


def test_areas_that_stand_out_hide_themselves_but_little():
    rng = np.random.default_rng(6)
    estimates, plain = [], []
    for _ in range(200):
        counts, population = null_counts(rng, 100, 3.0)
        counts[:5] *= 3
        found = rate_funnel(counts, population)
        estimates.append(found.dispersion)
        plain.append(np.mean(4 * (np.sqrt(counts) - np.sqrt(found.expected)) ** 2))
    assert 3.0 < np.median(estimates) < 5.0
    assert np.median(plain) > 7.0


def test_planted_areas_are_found():
    rng = np.random.default_rng(7)
    hits = false = 0
    for _ in range(100):
        counts, population = null_counts(rng, 60, 2.0)
        population[:2] = 5000
        counts[0], counts[1] = 200, 30
        found = rate_funnel(counts, population)
        hits += int(found.above[0]) + int(found.below[1])
        false += (found.above | found.below)[2:].sum()
    assert hits >= 190
    assert false <= 25


def test_funnel_tests_only_what_it_can():
    found = rate_funnel([2, 300, 310, 0, 40], [900, 100_000, 100_000, 0, 50], dispersion=1.0)
    assert found.too_small.tolist() == [True, False, False, True, True]
    assert np.isnan(found.p_value[[0, 3, 4]]).all()
    assert found.n_tested == 2
    assert not (found.above | found.below)[[0, 3, 4]].any()


def test_funnel_interval_and_unit():
    counts, population = [50, 150, 100], [10_000, 10_000, 10_000]
    small, large = (rate_funnel(counts, population, per=per) for per in (1000.0, 100_000.0))
    assert large.city_rate == pytest.approx(100 * small.city_rate)
    np.testing.assert_array_equal(large.p_value, small.p_value)
    assert np.all((small.ci_lower < small.ratio) & (small.ratio < small.ci_upper))


def test_smoothing_keeps_large_areas_and_draws_in_small_ones():
    rng = np.random.default_rng(8)
    population = np.array([200.0, 500.0, 2_000.0, 20_000.0, 80_000.0])
    found = smoothed_rates([9, 4, 20, 110, 800], population)
    assert np.all(np.diff(found.weight) > 0)
    own = np.array([9, 4, 20, 110, 800]) / population * 1000
    between = (found.estimate - own) * (found.estimate - found.city_rate) <= 0
    assert between.all()
    flat = smoothed_rates(rng.poisson(50, 30) * 0 + 50, np.full(30, 5000.0))
    np.testing.assert_allclose(flat.estimate, 10.0)


def test_smoothing_without_population_or_events():
    found = smoothed_rates([10, 5, 30], [1000, np.nan, 1000])
    assert found.weight[1] == 0
    assert found.estimate[1] == pytest.approx(20.0)
    np.testing.assert_array_equal(smoothed_rates([0, 0], [10, 20]).estimate, 0.0)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 300), min_size=3, max_size=12))
def test_inputs_are_not_changed(counts):
    k, n = np.array(counts) + 1, np.linspace(100, 5000, len(counts))
    before = k.copy(), n.copy()
    rates(k, n), rate_funnel(k, n), smoothed_rates(k, n)
    np.testing.assert_array_equal(k, before[0])
    np.testing.assert_array_equal(n, before[1])


@pytest.mark.parametrize(
    ("counts", "population", "options", "message"),
    [
        ([1, 2], [10], {}, "equally long"),
        ([1, -2], [10, 10], {}, "counts must be finite and not negative; area 1 has -2.0"),
        ([1, np.nan], [10, 10], {}, "area 1 has nan"),
        ([1, 2], [10, -5], {}, "population must be finite"),
        ([1, 2], [10, np.inf], {}, "population must be finite"),
        ([1], [10], {"per": np.nan}, "per must be positive"),
        ([1], [10], {"confidence_level": 1.0}, "between 0 and 1"),
        ([1], [10], {"dispersion": 0.5}, "at least 1"),
        ([1], [10], {"dispersion": np.nan}, "at least 1"),
    ],
)
def test_bad_input_is_refused(counts, population, options, message):
    with pytest.raises(ValueError, match=message):
        rates(counts, population, **options)


def test_a_city_without_events_cannot_be_compared():
    with pytest.raises(ValueError, match="Check that the codes"):
        rate_funnel([0, 5], [100, np.nan])
    with pytest.raises(ValueError, match="at least one area"):
        smoothed_rates([1, 2], [0, np.nan])
