"""Agreement with established packages and published values for the methods of time."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from commonlight.analysis.change import compare_counts
from commonlight.analysis.count_regression import correlated_errors, fit_counts
from commonlight.analysis.season import season
from commonlight.analysis.trend import trend, trend_design

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31.0])


def glm(counts: np.ndarray, design: np.ndarray, days: np.ndarray) -> object:
    model = sm.GLM(counts, design, family=sm.families.Poisson(), offset=np.log(days))
    return model.fit(scale="X2", tol=1e-13)


@pytest.fixture(scope="module")
def monthly_assaults(shared_data: Path) -> np.ndarray:
    path = shared_data / "us_chicago_assaults" / "assaults_2010_2019.csv.gz"
    counts = np.zeros(120)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            counts[(int(row["date"][:4]) - 2010) * 12 + int(row["date"][5:7]) - 1] += 1
    return counts


def test_trend_agrees_with_statsmodels_quasi_poisson() -> None:
    month = np.arange(60) % 12 + 1
    days = DAYS[month - 1]
    counts = np.random.default_rng(1).negative_binomial(20 + month, 0.4)
    result = trend(counts, days=days, month=month)
    oracle = glm(counts, trend_design(days, month), days)
    assert np.log1p(result.estimate / 100) == pytest.approx(oracle.params[-1], rel=1e-6)
    assert result.standard_error == pytest.approx(oracle.bse[-1], rel=1e-6)
    assert result.dispersion == pytest.approx(oracle.scale, rel=1e-6)


def test_without_memory_the_interval_is_the_t_interval_of_quasi_poisson() -> None:
    counts = np.array([12, 15, 9, 14, 11, 13, 12, 10, 14, 12.0])
    days = np.full(10, 365.25)
    design = trend_design(days, None)
    oracle = glm(counts, design, days)
    assert oracle.scale < 1  # no extra noise, so no memory; dispersion held at 1
    fit = fit_counts(counts, design, exposure=days)
    half = correlated_errors(fit).half_widths(np.array([[0.0, 1.0]]), confidence_level=0.95)[0]
    error = oracle.bse[-1] / np.sqrt(oracle.scale)
    assert half == pytest.approx(stats.t.ppf(0.975, 8) * error, rel=1e-6)


def test_season_agrees_with_statsmodels_on_chicago_assaults(monthly_assaults: np.ndarray) -> None:
    # README of the data set: rows by year.
    by_year = [17324, 15920, 15103, 12950, 12943, 13284, 15329, 15022, 15433, 15328]
    assert monthly_assaults.reshape(10, 12).sum(axis=1).tolist() == by_year
    month = np.arange(120) % 12 + 1
    days = DAYS[month - 1]
    result = season(monthly_assaults, month=month, days=days)
    years = (np.cumsum(days) - days / 2) / 365.25
    bends = [np.maximum(years - years[k], 0) for k in (24, 48, 72, 96)]
    levels = (month[:, None] == np.arange(1, 13)).astype(float)
    oracle = glm(monthly_assaults, np.column_stack([levels, years, *bends]), days)
    shape = np.exp(oracle.params[:12])
    assert result.index == pytest.approx(shape / (shape @ DAYS / DAYS.sum()), rel=1e-6)
    assert result.p_value < 1e-6
    assert result.index[6] > 1.1 > 0.9 > result.index[1]  # July above, February below


def test_poisson_ratio_of_the_r_manual() -> None:
    # R manual, ?poisson.test, lung cancer in Fredericia against three other cities, ages
    # 55-59 (ISwR eba1977): poisson.test(c(11, 6+8+7), c(800, 1083+1050+878)) prints
    # rate ratio 1.971488, 95 percent confidence interval 0.8584264 to 4.2772659.
    result = compare_counts(
        21, 11, exposure_before=1083 + 1050 + 878, exposure_after=800, dispersion=1.0
    )
    assert result.estimate == pytest.approx(1.971488, abs=5e-7)
    assert result.ci_lower == pytest.approx(0.8584264, abs=5e-8)
    assert result.ci_upper == pytest.approx(4.2772659, abs=1e-6)


@pytest.mark.parametrize(("before", "after"), [(10, 3), (0, 6), (7, 0), (120, 150)])
def test_poisson_form_agrees_with_scipy_binomial(before: int, after: int) -> None:
    result = compare_counts(before, after, exposure_before=2.0, exposure_after=3.0, dispersion=1)
    test = stats.binomtest(after, before + after, 0.6).proportion_ci(0.95, "exact")
    lower = test.low / (1 - test.low) / 1.5
    upper = np.inf if test.high == 1 else test.high / (1 - test.high) / 1.5
    assert (result.ci_lower, result.ci_upper) == pytest.approx((lower, upper), rel=1e-8)
    tails = (
        stats.binom.cdf(after, before + after, 0.6),
        stats.binom.sf(after - 1, before + after, 0.6),
    )
    assert result.p_value == pytest.approx(min(1, 2 * min(tails)))


def test_weighted_fit_agrees_with_statsmodels() -> None:
    draw = np.random.default_rng(3)
    design = np.column_stack([np.ones(40), draw.normal(size=40)])
    counts, weights = draw.poisson(8, 40).astype(float), draw.uniform(0.2, 1, 40)
    fit = fit_counts(counts, design, exposure=np.full(40, 7.0), weights=weights)
    model = sm.GLM(
        counts,
        design,
        family=sm.families.Poisson(),
        offset=np.full(40, np.log(7.0)),
        var_weights=weights,
    ).fit(scale="X2", tol=1e-13)
    assert fit.coefficients == pytest.approx(model.params, rel=1e-8)
    assert fit.covariance * fit.dispersion == pytest.approx(model.cov_params(), rel=1e-6)
