from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from commonlight.analysis.calendar_profile import weekday_hour


def test_agrees_with_counting_one_by_one() -> None:
    times = np.random.default_rng(1).uniform(-50, 24 * 40, 500)
    result = weekday_hour(times, first_day=2, last_day=33)
    expected, outside = np.zeros((7, 24), dtype=int), 0
    for time in times:
        if 48 <= time < 34 * 24:
            expected[int(time // 24) % 7, int(time % 24)] += 1
        else:
            outside += 1
    days = [sum(1 for day in range(2, 34) if day % 7 == k) for k in range(7)]
    assert np.array_equal(result.count, expected)
    assert result.n_outside == outside
    assert result.exposure[:, 0].tolist() == days
    assert result.estimate == pytest.approx(expected / np.array(days)[:, None])


def test_dispersion_agrees_with_the_obvious_version() -> None:
    draw = np.random.default_rng(2)
    table = draw.negative_binomial(1, 0.3, size=(10, 168))
    table[:, 5] = 0
    times = np.repeat(np.arange(1680), table.ravel()) + 0.5
    result = weekday_hour(times, first_day=0, last_day=69)
    mean = table.mean(axis=0)
    used = mean > 0
    chi_square = ((table[:, used] - mean[used]) ** 2 / mean[used]).sum()
    assert result.dispersion == pytest.approx(chi_square / (9 * used.sum()))
    assert result.dispersion > 2


def test_poisson_interval_is_the_exact_one() -> None:
    # One event a week in one hour: dispersion 0, so the exact Poisson interval is used.
    times = np.arange(8) * 168.0 + 9.5
    result = weekday_hour(times, first_day=0, last_day=55)
    # Garwood (1936): 8 events, 95 %: 3.454 to 15.763.
    assert result.ci_lower[0, 9] * 8 == pytest.approx(3.454, abs=5e-4)
    assert result.ci_upper[0, 9] * 8 == pytest.approx(15.763, abs=5e-4)
    assert result.ci_upper[0, 8] * 8 == pytest.approx(-np.log(0.025))
    assert result.ci_upper[0, 9] * 8 == pytest.approx(stats.chi2.ppf(0.975, 18) / 2)


@pytest.mark.parametrize("phi", [1.0, 3.0])
def test_intervals_cover(phi: float) -> None:
    draw, missed = np.random.default_rng(3), 0
    for _ in range(40):
        size = (20, 168)
        table = (
            draw.poisson(4, size)
            if phi == 1
            else draw.negative_binomial(4 / (phi - 1), 1 / phi, size)
        )
        times = np.repeat(np.arange(20 * 168), table.ravel()) + 0.5
        result = weekday_hour(times, first_day=0, last_day=139)
        missed += np.count_nonzero((result.ci_lower > 4) | (result.ci_upper < 4))
    assert missed / (40 * 168) < 0.055


def test_given_exposure_replaces_the_days() -> None:
    exposure = np.full((7, 24), 2.0)
    exposure[6, 2] = 0.0
    result = weekday_hour([3.5], first_day=0, last_day=13, exposure=exposure)
    assert result.estimate[0, 3] == 0.5
    assert np.isnan(result.estimate[6, 2])


def test_shift_by_weeks_and_no_events() -> None:
    times = np.array([10.2, 99.9])
    a = weekday_hour(times, first_day=0, last_day=6)
    b = weekday_hour(times + 168, first_day=7, last_day=13)
    assert np.array_equal(a.count, b.count)
    assert not weekday_hour([], first_day=0, last_day=6).available


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="finite times"):
        weekday_hour([float("nan")], first_day=0, last_day=6)
    with pytest.raises(ValueError, match="in order"):
        weekday_hour([1.0], first_day=6, last_day=0)
    with pytest.raises(ValueError, match=r"shape \(7, 24\)"):
        weekday_hour([1.0], first_day=0, last_day=6, exposure=[1.0])
    with pytest.raises(ValueError, match="confidence_level"):
        weekday_hour([1.0], first_day=0, last_day=6, confidence_level=1.0)
