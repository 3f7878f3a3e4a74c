from __future__ import annotations

import numpy as np
import pytest

from commonlight.analysis.change_points import change_points

WEEKS = np.arange(156)
CYCLE = np.exp(0.3 * np.sin(2 * np.pi * WEEKS / 52.18))


def noise(mean: np.ndarray, phi: float, draw: np.random.Generator) -> np.ndarray:
    return draw.poisson(mean) if phi == 1 else draw.negative_binomial(mean / (phi - 1), 1 / phi)


@pytest.mark.slow
@pytest.mark.parametrize("phi", [1.0, 3.0])
@pytest.mark.parametrize("seasonal", [False, True])
def test_pure_noise_shows_a_change_in_at_most_5_percent(phi: float, seasonal: bool) -> None:
    draw, alarms, runs = np.random.default_rng(9), 0, 150
    for _ in range(runs):
        mean = 25 * CYCLE if seasonal else np.full(104, 25.0)
        result = change_points(
            noise(mean, phi, draw),
            rng=draw,
            periods_per_year=52.18 if seasonal else None,
            simulations=199,
        )
        alarms += result.index.size > 0
    assert alarms / runs <= 0.05 + 1.64 * np.sqrt(0.05 * 0.95 / runs)


@pytest.mark.slow
def test_planted_fall_of_30_percent_is_found() -> None:
    draw, found, covered, runs = np.random.default_rng(10), 0, 0, 60
    mean = 30 * np.where(np.arange(104) < 60, 1, 0.7)
    for _ in range(runs):
        result = change_points(noise(mean, 2, draw), rng=draw, simulations=199)
        if result.index.size and abs(result.index[0] - 60) <= 6:
            found += 1
            covered += result.ci_lower[0] <= 0.7 <= result.ci_upper[0]
    assert found / runs >= 0.85  # mean 30 a week, variance over mean 2, two years
    assert covered / found >= 0.85


def test_best_date_agrees_with_trying_every_date() -> None:
    draw = np.random.default_rng(11)
    counts = noise(20 * np.where(np.arange(60) < 25, 1, 1.8), 1, draw)
    result = change_points(counts, rng=draw, simulations=99, max_changes=1)
    scores = []
    for date in range(6, 55):
        before, after = counts[:date].mean(), counts[date:].mean()
        scores.append((after - before) ** 2 / (1 / date + 1 / (60 - date)))
    date = 6 + int(np.argmax(scores))
    assert result.index.tolist() == [date]
    assert result.ratio[0] == pytest.approx(counts[date:].mean() / counts[:date].mean())
    assert result.p_value[0] == pytest.approx(0.01)


def test_two_changes_are_found_in_order() -> None:
    draw = np.random.default_rng(12)
    result = change_points(noise(np.repeat([60.0, 30, 90], 40), 1, draw), rng=draw)
    assert result.index == pytest.approx([40, 80], abs=1)
    assert result.ratio == pytest.approx([0.5, 3], rel=0.2)


def test_seasonal_months_do_not_look_like_changes() -> None:
    draw = np.random.default_rng(13)
    month = np.arange(48) % 12 + 1
    mean = 100 * (1 + 0.5 * np.sin(2 * np.pi * month / 12))
    result = change_points(draw.poisson(mean), rng=draw, month=month)
    assert result.index.size == 0
    mean[30:] *= 0.7
    result = change_points(draw.poisson(mean), rng=draw, month=month)
    assert result.index == pytest.approx([30], abs=1)
    assert result.ratio == pytest.approx([0.7], abs=0.07)


def test_scale_of_exposure_seed_and_inputs() -> None:
    counts = noise(np.repeat([40.0, 20], 30), 1, np.random.default_rng(14))
    kept = counts.copy()
    a = change_points(counts, rng=np.random.default_rng(1))
    b = change_points(counts, rng=np.random.default_rng(1), exposure=np.full(60, 7.0))
    assert np.array_equal(a.index, b.index)
    assert a.ratio == pytest.approx(b.ratio)
    assert np.array_equal(a.p_value, b.p_value)
    assert np.array_equal(counts, kept)


def test_one_huge_count_is_not_a_change() -> None:
    counts = noise(np.full(80, 20.0), 1, np.random.default_rng(15)).astype(float)
    counts[40] = 10_000
    assert change_points(counts, rng=np.random.default_rng(2)).index.size == 0


def test_recording_that_starts_from_nothing_is_a_change() -> None:
    draw = np.random.default_rng(16)
    counts = np.r_[np.zeros(30), noise(np.full(30, 20.0), 1, draw)]
    result = change_points(counts, rng=draw)
    assert result.index.tolist() == [30]
    assert result.ratio[0] == np.inf
    assert np.isnan(result.ci_lower[0])


def test_constant_series_has_no_change() -> None:
    assert change_points(np.full(60, 10), rng=np.random.default_rng(3)).index.size == 0


def test_too_little_to_tell() -> None:
    draw = np.random.default_rng(4)
    assert "too few to search" in change_points(np.full(20, 9), rng=draw).reason
    empty = change_points(np.zeros(60), rng=draw)
    assert not empty.available
    assert "0 events" in empty.reason
    weekly = change_points(np.full(73, 300), rng=draw, periods_per_year=52.18)
    assert "at least 104 are needed" in weekly.reason


def test_bad_input() -> None:
    draw = np.random.default_rng(5)
    with pytest.raises(ValueError, match="period 1 of 30"):
        change_points(np.r_[np.nan, np.ones(29)], rng=draw)
    with pytest.raises(ValueError, match="not both"):
        change_points(np.ones(30), rng=draw, month=np.ones(30), periods_per_year=12)
    with pytest.raises(ValueError, match="simulations must be at least 19"):
        change_points(np.ones(30), rng=draw, simulations=10)
    with pytest.raises(ValueError, match="minimum_segment"):
        change_points(np.ones(30), rng=draw, minimum_segment=1)
    with pytest.raises(ValueError, match="periods_per_year"):
        change_points(np.ones(30), rng=draw, periods_per_year=float("nan"))
