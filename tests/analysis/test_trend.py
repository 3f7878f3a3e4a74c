from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.trend import trend

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31.0])


def months(n: int) -> tuple[np.ndarray, np.ndarray]:
    month = np.arange(n) % 12 + 1
    return month, DAYS[month - 1]


def remembered(n: int, rho: float, draw: np.random.Generator) -> np.ndarray:
    """Standard first-order autoregressive noise."""
    noise = np.empty(n)
    noise[0] = draw.normal()
    for i in range(1, n):
        noise[i] = rho * noise[i - 1] + np.sqrt(1 - rho**2) * draw.normal()
    return noise


def series(kind: str, mean: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    if kind == "poisson":
        return draw.poisson(mean)
    if kind == "variance 3":
        return draw.negative_binomial(mean / 2, 1 / 3)
    return draw.poisson(mean * np.exp(0.15 * remembered(mean.size, 0.5, draw)))


def test_exact_decline_is_returned() -> None:
    month, days = months(60)
    years = (np.cumsum(days) - days / 2) / 365.25
    result = trend(1e6 * days * 0.7**years * (1 + month / 20), days=days, month=month)
    assert result.estimate == pytest.approx(-30, abs=1e-6)


def test_planted_fall_of_30_percent_is_found() -> None:
    draw, found, covered = np.random.default_rng(1), 0, 0
    month, days = months(48)
    years = np.arange(48) / 12
    season = 1 + 0.2 * np.sin(month)
    for _ in range(60):
        counts = series("variance 3", 60 * season * days / 30 * 0.7**years, draw)
        result = trend(counts, days=days, month=month)
        found += result.ci_upper < 0
        covered += result.ci_lower <= -30 <= result.ci_upper
    assert found >= 59
    assert covered >= 53


@pytest.mark.slow
@pytest.mark.parametrize("n", [24, 60, 120])
@pytest.mark.parametrize("kind", ["poisson", "variance 3", "memory 0.5"])
def test_level_under_the_null(kind: str, n: int) -> None:
    draw, alarms, runs = np.random.default_rng(n), 0, 1000 if n < 120 else 400
    month, days = months(n)
    mean = 100 * days / 30 * (1 + 0.2 * np.sin(2 * np.pi * month / 12))
    for _ in range(runs):
        alarms += trend(series(kind, mean, draw), days=days, month=month).p_value < 0.05
    assert alarms / runs <= 0.06 + 1.64 * np.sqrt(0.06 * 0.94 / runs)


def test_interval_and_p_value_agree() -> None:
    draw = np.random.default_rng(5)
    for _ in range(20):
        result = trend(draw.poisson(30, 30), days=np.full(30, 30))
        assert (result.p_value < 0.05) == (result.ci_lower > 0 or result.ci_upper < 0)


def test_unit_of_exposure_and_inputs() -> None:
    month, days = months(36)
    counts = np.random.default_rng(6).poisson(50, 36)
    kept = counts.copy(), days.copy(), month.copy()
    result = trend(counts, days=days, month=month)
    assert np.array_equal(counts, kept[0])
    assert np.array_equal(days, kept[1])
    assert np.array_equal(month, kept[2])
    halved = trend(counts, days=days / 2, month=month)
    assert (1 + halved.estimate / 100) == pytest.approx((1 + result.estimate / 100) ** 2)
    assert halved.p_value == pytest.approx(result.p_value)


def test_reversed_time_reverses_the_sign() -> None:
    counts = np.random.default_rng(7).poisson(50, 36)
    ahead, back = (trend(c, days=np.full(36, 30)) for c in (counts, counts[::-1]))
    assert (1 + ahead.estimate / 100) * (1 + back.estimate / 100) == pytest.approx(1)
    assert ahead.p_value == pytest.approx(back.p_value, rel=1e-6)


@pytest.mark.parametrize(
    ("counts", "seasonal", "word"),
    [
        (np.full(23, 9), True, "cannot tell season from trend"),
        (np.full(7, 9), False, "too few for a trend"),
        (np.zeros(36), False, "0 events"),
        (np.r_[np.zeros(35), 50], False, "too few periods"),
        (np.tile([0, *[5] * 11], 3), True, "no event in any month"),
    ],
)
def test_too_little_to_tell(counts: np.ndarray, seasonal: bool, word: str) -> None:
    month, days = months(counts.size)
    result = trend(counts, days=days, month=month if seasonal else None)
    assert not result.available
    assert word in result.reason
    assert np.isnan(result.estimate)


def test_one_huge_count_does_not_break_it() -> None:
    counts = np.full(36, 20.0)
    counts[30] = 1e7
    result = trend(counts, days=np.full(36, 30))
    assert result.p_value > 0.05


def test_bad_input() -> None:
    month, days = months(24)
    counts = np.full(24, 5.0)
    with pytest.raises(ValueError, match="period 3 of 24; cut the series"):
        trend(np.where(np.arange(24) == 2, np.nan, counts), days=days)
    with pytest.raises(ValueError, match="days must be finite and positive"):
        trend(counts, days=np.zeros(24))
    with pytest.raises(ValueError, match="without a gap; after 5 comes 7"):
        trend(counts[:23], days=days[:23], month=np.delete(month, 5))
    with pytest.raises(ValueError, match="one value per period"):
        trend(counts, days=[30])
    with pytest.raises(ValueError, match="confidence_level"):
        trend(counts, days=days, confidence_level=0)
