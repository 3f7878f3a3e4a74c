from __future__ import annotations

import csv
import gzip
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlight.analysis.aoristic import (
    aoristic_profile,
    aoristic_weights,
    start_profile,
    total_variation,
)

PERIOD = {168: (168, 1.0), 24: (24, 1.0), 7: (168, 24.0)}
windows = st.lists(
    st.tuples(
        st.floats(-1e6, 1e6, allow_nan=False),
        st.one_of(st.just(0.0), st.floats(1e-9, 400.0)),
        st.sampled_from([168, 24, 7]),
    ),
    min_size=1,
    max_size=12,
)


def obvious_weights(start: float, end: float, bins: int) -> np.ndarray:
    """Overlap of the window with each bin of every period that it touches."""
    period, width = PERIOD[bins]
    out = np.zeros(bins)
    if end - start >= 168:
        return out + 1 / bins
    if end == start:
        out[int((start % period) // width)] = 1
        return out
    cycle = np.floor(start / period)
    while cycle * period < end:
        for b in range(bins):
            low = cycle * period + b * width
            out[b] += max(0.0, min(end, low + width) - max(start, low)) / (end - start)
        cycle += 1
    return out


@given(windows)
def test_weights_of_each_event_sum_to_one(cases: list[tuple[float, float, int]]) -> None:
    for start, length, bins in cases:
        weights = aoristic_weights([start], [start + length], bins=bins)
        assert abs(weights.sum() - 1.0) < 1e-12
        assert weights.min() >= 0


@pytest.mark.parametrize("bins", [168, 24, 7])
def test_agrees_with_the_obvious_version(bins: int) -> None:
    draw = np.random.default_rng(2)
    start = draw.uniform(-300, 900, 200).round(2)
    end = start + np.where(draw.random(200) < 0.2, 0, draw.uniform(0.01, 200, 200)).round(2)
    expected = np.array([obvious_weights(s, e, bins) for s, e in zip(start, end, strict=True)])
    assert aoristic_weights(start, end, bins=bins) == pytest.approx(expected, abs=1e-10)
    profile = aoristic_profile(start, end, bins=bins)
    assert profile.profile == pytest.approx(expected.sum(axis=0), abs=1e-9)


def test_window_of_no_length_is_in_its_own_hour() -> None:
    weights = aoristic_weights([25.999], [25.999])
    assert weights[0, 25] == 1.0


def test_window_over_a_week_is_even() -> None:
    assert aoristic_weights([5.0], [5.0 + 168.0])[0] == pytest.approx(np.full(168, 1 / 168))
    assert aoristic_weights([5.0], [400.0], bins=24)[0] == pytest.approx(np.full(24, 1 / 24))


def test_window_over_the_end_of_the_week_wraps() -> None:
    weights = aoristic_weights([167.5], [169.0])[0]
    assert weights[[167, 0]] == pytest.approx([1 / 3, 2 / 3])


def test_shift_by_whole_weeks_changes_nothing() -> None:
    start, end = np.array([3.25, 50.0]), np.array([9.5, 70.0])
    far = 168.0 * 2700
    assert aoristic_weights(start + far, end + far) == pytest.approx(
        aoristic_weights(start, end), abs=1e-9
    )


def test_day_and_weekday_profiles_are_sums_of_the_week_profile() -> None:
    draw = np.random.default_rng(3)
    start = draw.uniform(0, 168, 50)
    end = start + draw.uniform(0, 60, 50)
    week = aoristic_profile(start, end).profile.reshape(7, 24)
    assert aoristic_profile(start, end, bins=24).profile == pytest.approx(week.sum(axis=0))
    assert aoristic_profile(start, end, bins=7).profile == pytest.approx(week.sum(axis=1))


def test_long_windows_are_counted() -> None:
    profile = aoristic_profile([0, 0, 0, 0], [1, 23.9, 24, 100])
    assert profile.share_uninformative == 0.5
    assert aoristic_profile([0, 0], [30, 170], bins=7).share_uninformative == 0.5


def test_weights_scale_the_profile_and_inputs_are_not_changed() -> None:
    start, end = np.array([1.0, 5.0]), np.array([2.5, 9.0])
    kept = start.copy(), end.copy()
    twice = aoristic_profile(start, end, weights=[2, 2]).profile
    assert twice == pytest.approx(2 * aoristic_profile(start, end).profile)
    assert np.array_equal(start, kept[0])
    assert np.array_equal(end, kept[1])


def test_no_events_is_not_available() -> None:
    result = aoristic_profile([], [])
    assert not result.available
    assert result.profile.sum() == 0


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="event 2 ends 3 hours before its start"):
        aoristic_weights([1.0, 5.0], [2.0, 2.0])
    with pytest.raises(ValueError, match="finite, in hours; event 1"):
        aoristic_weights([float("nan")], [2.0])
    with pytest.raises(ValueError, match="bins must be"):
        aoristic_weights([1.0], [2.0], bins=12)
    with pytest.raises(ValueError, match="must match"):
        aoristic_weights([1.0], [2.0, 3.0])
    with pytest.raises(ValueError, match="weights must be"):
        aoristic_profile([1.0], [2.0], weights=[-1.0])


def test_berlin_hours_are_later_than_the_starts(shared_data: Path) -> None:
    folder = shared_data / "eu_berlin_bike_theft"
    monday = datetime(2021, 12, 27)

    def hours(row: dict[str, str], which: str) -> float:
        day = datetime.strptime(row[f"TATZEIT_{which}_DATUM"], "%d.%m.%Y")
        hour = int(row[f"TATZEIT_{which}_STUNDE"])
        return (day - monday).total_seconds() / 3600 + hour

    with gzip.open(folder / "thefts_2022_2023.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    start = np.array([hours(row, "ANFANG") for row in rows])
    end = np.array([hours(row, "ENDE") for row in rows])
    profile = aoristic_profile(start, end, bins=24)
    starts = start_profile(start, bins=24)
    # README of the data set: median window 9 h, 2,994 of no length.
    assert profile.median_window == 9
    assert np.count_nonzero(end == start) == 2_994
    assert profile.profile.sum() == pytest.approx(29_791)
    assert total_variation(profile.profile, starts) > 0.15
    # Bikes are left in the day and found gone in the morning: the night gains, the day loses.
    assert profile.profile[:6].sum() > 2 * starts[:6].sum()
    assert profile.profile[14:20].sum() < starts[14:20].sum()
    # Within the four days after each start the mass moves later, never earlier.
    delay = (end - start) / 2
    assert delay.mean() == pytest.approx(14.1 / 2, abs=0.05)
