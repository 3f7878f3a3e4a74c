"""Intervals of shares keep their level with few answers and shares near 0."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from commonlight.analysis.survey.intervals import proportion_interval, t_interval, t_quantile


def simple(k, n, method="auto", level=0.95):
    p = np.asarray(k) / n
    se = np.sqrt(p * (1 - p) / (n - 1))
    size = np.full(p.shape, float(n))
    return proportion_interval(
        p, se, size - 1, n=size, n_weights=size, method=method, confidence_level=level
    )


def coverage(n, p, method="auto"):
    """Exact: every possible count, weighted with its probability."""
    k = np.arange(n + 1)
    lower, upper = simple(k, n, method)
    return binom(n, p).pmf(k)[(lower <= p) & (p <= upper)].sum()


@pytest.mark.parametrize("n", [10, 30, 60, 150, 400, 1000, 5000])
@pytest.mark.parametrize("p", [0.002, 0.01, 0.03, 0.1, 0.3, 0.5, 0.8, 0.97, 0.999])
def test_simple_samples_are_covered_at_any_size_and_share(n, p):
    assert coverage(n, p) >= 0.93


def test_on_average_over_shares_the_level_is_held_and_not_wasted():
    for n in (200, 1000):
        level = np.mean([coverage(n, p) for p in np.linspace(0.15, 0.85, 71)])
        assert 0.945 <= level <= 0.96


def test_a_plain_t_interval_would_fail_here():
    """The reason for all this: at n = 60 and a share of 3 %, it covers in 84 %."""
    k = np.arange(61)
    p = k / 60
    lower, upper = t_interval(p, np.sqrt(p * (1 - p) / 59), np.full(61, 59))
    assert binom(60, 0.03).pmf(k)[(lower <= 0.03) & (upper >= 0.03)].sum() < 0.86


@pytest.mark.parametrize(("k", "n"), [(0, 12), (12, 12), (0, 40), (3, 40)])
def test_nobody_or_everybody_gives_the_binomial_limits(k, n):
    """Without a standard error these are Clopper and Pearson's (scipy) limits."""
    p = np.array([k / n])
    lower, upper = proportion_interval(
        p, [0.0], [n - 1], n=[n], n_weights=[n], method="korn-graubard"
    )
    exact = binomtest(k, n).proportion_ci(0.95, "exact")
    assert lower[0] == pytest.approx(exact.low)
    assert upper[0] == pytest.approx(exact.high)


def test_few_degrees_of_freedom_widen_both_intervals():
    options = {"n": [200], "n_weights": [200]}
    for method in ("logit", "korn-graubard"):
        few = proportion_interval([0.2], [0.05], [5], method=method, **options)
        many = proportion_interval([0.2], [0.05], [199], method=method, **options)
        assert few[0] < many[0] < many[1] < few[1]


def test_more_answers_than_there_are_is_never_claimed():
    """A design better than a simple sample does not narrow the exact limits below its own n."""
    lower, upper = proportion_interval(
        [0.1], [0.001], [99], n=[100], n_weights=[100], method="korn-graubard"
    )
    exact = binomtest(10, 100).proportion_ci(0.95, "exact")
    assert (lower[0], upper[0]) == pytest.approx((exact.low, exact.high))


def test_without_degrees_of_freedom_there_is_no_interval():
    lower, upper = proportion_interval([0.4], [0.1], [0], n=[10], n_weights=[10])
    assert np.isnan(lower[0])
    assert np.isnan(upper[0])


def test_missing_shares_stay_missing():
    lower, upper = proportion_interval([np.nan], [np.nan], [5], n=[0], n_weights=[0])
    assert np.isnan(lower[0])
    assert np.isnan(upper[0])


def test_t_quantile_of_tables():
    # Student's t, two-sided 95 %: standard tables
    np.testing.assert_allclose(t_quantile([1, 4, 30], 0.95), [12.706, 2.776, 2.042], atol=5e-4)
    assert t_quantile(np.inf, 0.95) == pytest.approx(1.959964, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.01, 0.05, 0.5])
def test_clustered_samples_are_covered(share):
    """30 clusters of 10 whose own shares differ: at least 93 %, by simulation."""
    from commonlight.analysis.survey.design import SurveyDesign
    from commonlight.analysis.survey.estimates import survey_proportion

    rng = np.random.default_rng(77)
    rho, rounds = 0.05, 3_000
    a, b = share * (1 - rho) / rho, (1 - share) * (1 - rho) / rho
    design = SurveyDesign(weights=np.ones(300), clusters=np.repeat(np.arange(30), 10))
    covered = 0
    for _ in range(rounds):
        own = np.repeat(rng.beta(a, b, 30), 10)
        found = survey_proportion(rng.random(300) < own, design)
        covered += found.ci_lower[0] <= share <= found.ci_upper[0]
    assert covered / rounds >= 0.93
