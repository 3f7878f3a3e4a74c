from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import Layer
from commonlight.audit.questions.weeks import week_findings
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
MONDAY = np.datetime64("2021-01-04")


def weeks(layer_of: Callable[..., Layer], counts: np.ndarray, **more: Any) -> Layer:
    """One record each Wednesday noon that stands for so many incidents."""
    start = (MONDAY + 7 * np.arange(len(counts)) + 2).astype("datetime64[s]") + 43_200
    last = (MONDAY + 7 * len(counts) - 1).item()
    return layer_of(start, count=counts.tolist(), period=(date(2021, 1, 4), last), **more)


def test_one_planted_week_is_named(layer_of: Callable[..., Layer], told: Told) -> None:
    counts = np.random.default_rng(3).poisson(50, 156)
    counts[150] = 120
    found = told(week_findings(weeks(layer_of, counts)))["weeks"]
    assert found.certainty is Certainty.CLEAR
    assert found.sentence.startswith("1 week of the last ")
    assert "more in the week from 20 November 2023" in found.sentence
    assert found.numbers["high"] == 1
    assert found.numbers["low"] == 0
    marked = [row for row in found.table.rows if row[-1] == "above"]
    assert [row[:2] for row in marked] == [("2023-11-20", 120)]
    assert [label for *_, label in found.chart.marks] == ["20 November 2023"]


def test_an_empty_week_is_named_as_fewer(layer_of: Callable[..., Layer], told: Told) -> None:
    counts = np.random.default_rng(3).poisson(50, 156)
    counts[150] = 3
    found = told(week_findings(weeks(layer_of, counts)))["weeks"]
    assert "fewer in the week from 20 November 2023" in found.sentence
    assert "more in the week" not in found.sentence
    assert (found.numbers["high"], found.numbers["low"]) == (0, 1)


@pytest.mark.slow
def test_weeks_of_pure_noise_rarely_stand_out(layer_of: Callable[..., Layer], told: Told) -> None:
    """One series in twenty may have a week outside; more than 6 of 40 have P < 1 %."""
    rng = np.random.default_rng(8)
    found = [told(week_findings(weeks(layer_of, rng.poisson(30, 130))))["weeks"] for _ in range(40)]
    assert sum(item.certainty is Certainty.CLEAR for item in found) <= 6
    quiet = next(item for item in found if item.certainty is Certainty.NOT_SHOWN)
    assert "None of the last" in quiet.sentence


def test_a_short_past_cannot_tell(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(week_findings(weeks(layer_of, np.full(10, 50))))["weeks"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert found.chart is None
    assert found.details[0]


@pytest.mark.parametrize("resolution", ["month", "year"])
def test_months_hold_no_weeks(resolution: str, layer_of: Callable[..., Layer]) -> None:
    layer = weeks(layer_of, np.full(156, 50), time_kind=[resolution] * 156)
    assert week_findings(layer) == []
