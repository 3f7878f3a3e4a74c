from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from commonlight.analysis.season import season

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31.0])


def months(n: int, first: int = 1) -> tuple[np.ndarray, np.ndarray]:
    month = (np.arange(n) + first - 1) % 12 + 1
    return month, DAYS[month - 1]


def test_exact_season_is_returned_apart_from_trend_and_days() -> None:
    month, days = months(60)
    shape = 1 + 0.4 * np.sin(2 * np.pi * np.arange(1, 13) / 12)
    years = (np.cumsum(days) - days / 2) / 365.25
    result = season(1e5 * days * shape[month - 1] * 0.8**years, month=month, days=days)
    expected = shape / (shape @ DAYS / DAYS.sum())
    assert result.index == pytest.approx(expected, rel=1e-6)
    assert result.index @ DAYS / DAYS.sum() == pytest.approx(1)


def test_planted_season_is_found_and_covered() -> None:
    draw, found, covered = np.random.default_rng(1), 0, 0
    month, days = months(48)
    shape = 1 + 0.3 * np.sin(2 * np.pi * np.arange(1, 13) / 12)
    for _ in range(60):
        mean = 60 * days / 30 * shape[month - 1]
        result = season(draw.negative_binomial(mean, 0.5), month=month, days=days)
        found += result.p_value < 0.05
        expected = shape / (shape @ DAYS / DAYS.sum())
        covered += np.count_nonzero((result.ci_lower <= expected) & (expected <= result.ci_upper))
    assert found >= 57
    assert covered / 720 > 0.93


@pytest.mark.slow
@pytest.mark.parametrize("n", [24, 60])
@pytest.mark.parametrize("kind", ["poisson", "variance 3", "memory 0.5"])
def test_level_under_the_null(kind: str, n: int) -> None:
    draw, alarms, runs = np.random.default_rng(n + 1), 0, 400
    month, days = months(n)
    for _ in range(runs):
        mean = 100 * days / 30
        if kind == "memory 0.5":
            noise = draw.normal(size=n)
            for i in range(1, n):
                noise[i] = 0.5 * noise[i - 1] + np.sqrt(0.75) * noise[i]
            mean = mean * np.exp(0.15 * noise)
        if kind == "variance 3":
            counts = draw.negative_binomial(mean / 2, 1 / 3)
        else:
            counts = draw.poisson(mean)
        alarms += season(counts, month=month, days=days).p_value < 0.05
    assert alarms / runs <= 0.06 + 1.64 * np.sqrt(0.06 * 0.94 / runs)


def test_origin_and_exposure_unit_do_not_matter() -> None:
    month, days = months(36, first=5)
    counts = np.random.default_rng(2).poisson(50, 36)
    kept = counts.copy()
    result = season(counts, month=month, days=days)
    scaled = season(counts, month=month, days=days * 24)
    assert scaled.index == pytest.approx(result.index)
    assert np.array_equal(counts, kept)


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        (np.full(23, 50), "cannot tell season from trend"),
        (np.zeros(36), "0 events"),
        (np.tile([0, *[5] * 11], 3), "no event in any month number 1"),
    ],
)
def test_too_little_to_tell(counts: np.ndarray, word: str) -> None:
    month, days = months(counts.size)
    result = season(counts, month=month, days=days)
    assert not result.available
    assert word in result.reason
    assert np.isnan(result.index).all()


def test_one_huge_count_does_not_break_it() -> None:
    month, days = months(36)
    counts = np.full(36, 20.0)
    counts[7] = 1e6
    result = season(counts, month=month, days=days)
    assert np.isfinite(result.index).all()
    assert result.p_value > 0.05


def test_bad_input() -> None:
    month, days = months(24)
    with pytest.raises(ValueError, match="period 1 of 24"):
        season(np.r_[np.nan, np.full(23, 5)], month=month, days=days)
    with pytest.raises(ValueError, match="calendar months 1 to 12"):
        season(np.full(24, 5), month=month - 1, days=days)
    with pytest.raises(ValueError, match="confidence_level"):
        season(np.full(24, 5), month=month, days=days, confidence_level=2)


def test_berlin_under_two_years_is_refused(shared_data: Path) -> None:
    assert shared_data.is_dir()
    # Monthly thefts of 2022 and to April 2023, from the README of the data set.
    counts = [1238, 1344, 1792, 1660, 2271, 2228, 2132, 2248, 2262, 2407, 1916, 1120]
    counts += [1406, 1325, 1654, 1446]
    month, days = months(16)
    assert "16 months cannot tell" in season(counts, month=month, days=days).reason
