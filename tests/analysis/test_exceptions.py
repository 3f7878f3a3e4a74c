from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from commonlight.analysis.exceptions import weekly_exceptions

WEEKS = np.arange(156)
CYCLE = np.exp(0.3 * np.sin(2 * np.pi * WEEKS / 52.18))


def noise(mean: np.ndarray, phi: float, draw: np.random.Generator) -> np.ndarray:
    return draw.poisson(mean) if phi == 1 else draw.negative_binomial(mean / (phi - 1), 1 / phi)


@pytest.mark.slow
@pytest.mark.parametrize("phi", [1.0, 3.0])
@pytest.mark.parametrize("mean", [3.0, 50.0])
def test_pure_noise_signals_in_at_most_5_percent_of_series(phi: float, mean: float) -> None:
    draw, alarms, runs = np.random.default_rng(int(mean)), 0, 100
    for _ in range(runs):
        alarms += weekly_exceptions(noise(mean * CYCLE, phi, draw)).signal.any()
    assert alarms / runs <= 0.05 + 1.64 * np.sqrt(0.05 * 0.95 / runs)


def test_one_week_limits_hold_their_level() -> None:
    draw, outside, tested = np.random.default_rng(2), 0, 0
    for _ in range(20):
        result = weekly_exceptions(noise(25 * CYCLE, 2, draw), week_level=0.05)
        counts = result.count[result.tested]
        lower, upper = result.week_lower[result.tested], result.week_upper[result.tested]
        outside += np.count_nonzero((counts < lower) | (counts > upper))
        tested += counts.size
    assert outside / tested < 0.065


def test_planted_exceptions_are_found_high_and_low() -> None:
    draw, high, low = np.random.default_rng(3), 0, 0
    for _ in range(20):
        counts = noise(40 * CYCLE, 1.5, draw)
        counts[140], counts[150] = counts[140] + 60, 3
        signal = weekly_exceptions(counts).signal
        high += signal[140] == 1
        low += signal[150] == -1
    assert high >= 19
    assert low >= 17


def test_expected_values_agree_with_an_obvious_version() -> None:
    sm = pytest.importorskip("statsmodels.api")
    counts = noise(25 * CYCLE, 2, np.random.default_rng(4))
    counts[60] = 200
    result = weekly_exceptions(counts, tested_weeks=3, gap=4)
    for week in (153, 154, 155):
        past = np.arange(week - 4)

        def rows(w: np.ndarray) -> np.ndarray:
            angle = 2 * np.pi * w / (365.25 / 7)
            waves = [np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)]
            return np.column_stack([np.ones(w.size), w, *waves])

        plain = sm.GLM(counts[past], rows(past), family=sm.families.Poisson()).fit(tol=1e-12)
        hat = plain.get_hat_matrix_diag()
        phi = max(plain.pearson_chi2 / plain.df_resid, 1)
        anscombe = 1.5 * (counts[past] ** (2 / 3) - plain.mu ** (2 / 3)) / plain.mu ** (1 / 6)
        size = np.abs(anscombe) / np.sqrt(phi * (1 - hat))
        weights = np.where(size > 2.58, (2.58 / size) ** 2, 1.0)
        again = sm.GLM(
            counts[past], rows(past), family=sm.families.Poisson(), var_weights=weights
        ).fit(tol=1e-12)
        expected = again.predict(rows(np.array([week])))[0]
        assert result.expected[week] == pytest.approx(expected, rel=1e-6)


def test_limits_are_near_the_plain_poisson_quantiles_for_a_long_quiet_past() -> None:
    counts = np.resize([49, 51, 50, 50, 43, 57, 50, 52, 48], 300)
    result = weekly_exceptions(counts, tested_weeks=1, week_level=0.05)
    assert result.expected[-1] == pytest.approx(50, abs=1)
    assert result.week_upper[-1] == pytest.approx(stats.poisson.ppf(0.975, 50), abs=2)
    assert result.week_lower[-1] == pytest.approx(stats.poisson.ppf(0.025, 50), abs=2)
    assert result.lower[-1] == pytest.approx(stats.poisson.ppf(0.025, 50), abs=2)


def test_series_limits_are_wider_than_those_of_one_week() -> None:
    result = weekly_exceptions(noise(25 * CYCLE, 1, np.random.default_rng(5)))
    t = result.tested
    assert t.sum() == result.n_tested == 48  # 156 weeks less 104 of past and 4 of gap
    assert np.all(result.upper[t] >= result.week_upper[t])
    assert np.all(result.lower[t] <= result.week_lower[t])
    assert np.isnan(result.expected[~t]).all()
    assert not result.signal[~t].any()


def test_a_past_outlier_hardly_moves_the_limits() -> None:
    counts = noise(25 * CYCLE, 1, np.random.default_rng(6))
    quiet = weekly_exceptions(counts, tested_weeks=1)
    counts[100] = 250
    loud = weekly_exceptions(counts, tested_weeks=1)
    assert loud.expected[-1] == pytest.approx(quiet.expected[-1], rel=0.1)
    assert loud.upper[-1] < 1.5 * quiet.upper[-1]


def test_scaled_exposure_changes_nothing_and_inputs_are_kept() -> None:
    counts = noise(25 * CYCLE, 1, np.random.default_rng(7))
    kept = counts.copy()
    a = weekly_exceptions(counts, exposure=np.full(156, 7.0))
    b = weekly_exceptions(counts)
    assert np.allclose(a.expected, b.expected, equal_nan=True)
    assert np.array_equal(a.upper, b.upper, equal_nan=True)
    assert np.array_equal(counts, kept)


def test_later_weeks_do_not_change_the_limits_of_earlier_ones() -> None:
    counts = noise(25 * CYCLE, 1, np.random.default_rng(8))
    changed = counts.copy()
    changed[150:] += 500
    a, b = weekly_exceptions(counts), weekly_exceptions(changed)
    assert np.array_equal(a.upper[:150], b.upper[:150], equal_nan=True)


def test_too_little_to_tell() -> None:
    short = weekly_exceptions(np.full(73, 300))
    assert not short.available
    assert "73 weeks are too few: 104 weeks of past" in short.reason
    empty = weekly_exceptions(np.zeros(156))
    assert not empty.available
    assert "0 events are too few" in empty.reason
    assert not empty.signal.any()
    assert weekly_exceptions(np.full(73, 300), season=False).available


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="period 2 of 3; cut the series"):
        weekly_exceptions([1, float("nan"), 3])
    with pytest.raises(ValueError, match="tested_weeks must be"):
        weekly_exceptions(np.ones(200), tested_weeks=0)
    with pytest.raises(ValueError, match="levels must be"):
        weekly_exceptions(np.ones(200), level=float("nan"))
