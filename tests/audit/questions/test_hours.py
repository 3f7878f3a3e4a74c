from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import Layer
from commonlight.audit.questions.hours import busiest_stretch, hour_findings, stretch_words
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]
FRIDAY_22 = np.datetime64("2023-05-05T22:30:00")
TUESDAY_10 = np.datetime64("2023-05-02T10:00:00")


def test_the_busiest_hours_and_their_share(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    """75 at one Friday night hour, 25 spread over Tuesday mornings."""
    start = np.concatenate([np.full(75, FRIDAY_22), np.full(25, TUESDAY_10)])
    found = told(hour_findings(layer_of(start)))["hours"]
    sentence = plain(found.sentence)
    assert "hold 75 % of all, against 5 % if they were spread evenly" in sentence
    assert "from 22:00 to 06:00 hold 75 %" in sentence
    assert found.numbers["share_busiest"] == pytest.approx(0.75)
    assert found.method.page == "methods/weekday-hour"
    friday = found.table.rows[4]
    assert friday[0] == "Friday"
    assert friday[-2:] == (75.0, 75.0)
    assert found.chart.values[4][22] == pytest.approx(75)


def test_windows_are_spread_and_their_length_told(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    """From 20:00 to 04:00: four hours fall on Friday, four on Saturday."""
    start = np.full(80, np.datetime64("2023-05-05T20:00:00"))
    end = start + np.timedelta64(8, "h")
    found = told(hour_findings(layer_of(start, end=end, time_kind=["interval"] * 80)))["hours"]
    assert "from Friday 20:00 to Saturday 04:00" in found.sentence
    assert "hold 100 % of all" in plain(found.sentence)
    assert found.chart.values[4][23] == pytest.approx(10)
    assert found.chart.values[5][3] == pytest.approx(10)
    assert found.method.page == "methods/aoristic"
    assert found.method.parameters["median window"] == "8 hours"
    assert "half of them longer than 8 hours" in found.limits[0]


@pytest.mark.parametrize("resolution", ["day", "month", "year"])
def test_without_hours_we_cannot_tell(
    resolution: str, layer_of: Callable[..., Layer], told: Told
) -> None:
    found = told(hour_findings(layer_of([TUESDAY_10] * 9, time_kind=[resolution] * 9)))["hours"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert f"the source gives the {resolution} only" in found.sentence
    assert found.chart is None


def test_reports_without_hours_are_not_asked(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([TUESDAY_10] * 9, time_kind=["month"] * 9, record_kind="reports")
    assert hour_findings(layer) == []


def test_windows_of_days_are_too_vague(layer_of: Callable[..., Layer], told: Told) -> None:
    start = np.full(10, TUESDAY_10)
    end = start + np.array([30, 30, 30, 30, 30, 30, 1, 1, 1, 1]) * 3600
    found = told(hour_findings(layer_of(start, end=end, time_kind=["interval"] * 10)))["hours"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert "60\u202f% are known only to lie in a window" in found.sentence
    half = start + np.array([30, 30, 30, 30, 30, 1, 1, 1, 1, 1]) * 3600
    found = told(hour_findings(layer_of(start, end=half, time_kind=["interval"] * 10)))["hours"]
    assert found.certainty is Certainty.DESCRIPTIVE


def test_counts_are_weights(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(hour_findings(layer_of([FRIDAY_22, TUESDAY_10], count=[9, 1])))["hours"]
    assert found.numbers["share_busiest"] == pytest.approx(0.9)


def test_the_busiest_stretch_may_run_over_the_weekend() -> None:
    grid = np.zeros((7, 24))
    grid[6, 20:] = 1
    grid[0, :4] = 1
    assert busiest_stretch(grid) == (164, 1.0)
    assert stretch_words(164) == "Sunday 20:00 to Monday 04:00"


@pytest.mark.parametrize(
    ("first", "words"),
    [(0, "Monday 00:00 to 08:00"), (16, "Monday 16:00 to midnight"), (40, "Tuesday 16:00")],
)
def test_a_stretch_in_words(first: int, words: str) -> None:
    assert stretch_words(first).startswith(words)
