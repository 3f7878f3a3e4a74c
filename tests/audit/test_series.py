from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from commonlight.audit.layers import Layer
from commonlight.audit.series import month_label, monthly, weekly, yearly


def days(*texts: str) -> np.ndarray:
    return np.asarray(texts, dtype="datetime64[s]")


def test_months_are_counted_with_their_days(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of(
        days("2024-01-31T23:59", "2024-02-01", "2024-02-29", "2024-03-15"),
        period=(date(2024, 1, 1), date(2024, 3, 31)),
    )
    series = monthly(layer)
    assert series.counts.tolist() == [1, 2, 1]
    assert series.days.tolist() == [31, 29, 31]
    assert series.of_year.tolist() == [1, 2, 3]
    assert series.year.tolist() == [2024] * 3
    assert month_label(int(series.month[1])) == "Feb 2024"
    assert series.unbroken


def test_months_that_the_period_cuts_are_left_out(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of(
        days("2024-01-20", "2024-02-10", "2024-03-05"),
        period=(date(2024, 1, 15), date(2024, 3, 20)),
    )
    assert monthly(layer).counts.tolist() == [1]


def test_months_without_a_file_are_a_gap_not_a_zero(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of(days("2023-07-05", "2024-07-06", "2024-07-07"))
    series = monthly(layer)
    assert series.counts.tolist() == [1, 2]
    assert series.gaps == 11
    assert not series.unbroken


def test_a_kind_without_record_in_a_delivered_month_is_a_zero(
    layer_of: Callable[..., Layer],
) -> None:
    layer = layer_of(days("2024-01-05", "2024-02-06"), type=["theft", "fraud"])
    fraud = layer.kinds.index("fraud")
    assert monthly(layer, layer.kind == fraud).counts.tolist() == [0, 1]


def test_an_interval_counts_in_the_month_of_its_middle(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of(
        days("2024-01-31T20:00", "2024-02-10"),
        end=days("2024-02-01T08:00", "2024-02-10"),
        period=(date(2024, 1, 1), date(2024, 2, 29)),
    )
    series = monthly(layer)
    assert dict(zip(series.of_year.tolist(), series.counts.tolist(), strict=True)) == {2: 2}


def test_weeks_run_from_monday_to_sunday(layer_of: Callable[..., Layer]) -> None:
    # 1 January 2024 was a Monday.
    layer = layer_of(
        days("2024-01-01", "2024-01-07T23:59", "2024-01-08", "2024-01-31"),
        period=(date(2024, 1, 1), date(2024, 1, 31)),
    )
    series = weekly(layer)
    assert [str(day) for day in series.monday] == [
        "2024-01-01",
        "2024-01-08",
        "2024-01-15",
        "2024-01-22",
    ]
    assert series.counts.tolist() == [2, 1, 0, 0]


def test_every_week_lies_in_the_period(layer_of: Callable[..., Layer]) -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        first = np.datetime64("2023-01-01") + rng.integers(0, 200)
        last = first + rng.integers(20, 300)
        layer = layer_of(
            np.asarray([first, last]).astype("datetime64[s]"),
            period=(first.item(), last.item()),
        )
        series = weekly(layer)
        assert (series.monday >= np.datetime64(layer.period[0])).all()
        assert (series.monday + 6 <= np.datetime64(layer.period[1])).all()
        assert {day.item().weekday() for day in series.monday} <= {0}


def test_only_whole_years_are_counted(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of(
        days("2022-06-01", "2023-01-01", "2023-12-31", "2024-05-01"),
        time_kind=["year"] * 4,
        count=[5, 1, 2, 9],
        period=(date(2022, 3, 1), date(2024, 12, 31)),
    )
    years, counts = yearly(layer)
    assert years.tolist() == [2023]
    assert counts.tolist() == [3]
