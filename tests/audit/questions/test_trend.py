from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import Layer
from commonlight.audit.questions.trend import trend_findings
from commonlight.findings.model import Block, Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]
FIRST = np.datetime64("2021-01")


def months(
    layer_of: Callable[..., Layer], counts: Sequence[float] | np.ndarray, **more: Any
) -> Layer:
    """One record a month, in its middle, that stands for so many incidents."""
    start = (FIRST + np.arange(len(counts))).astype("datetime64[D]") + 14
    last = (FIRST + len(counts)).astype("datetime64[D]") - 1
    return layer_of(
        start.astype("datetime64[s]"),
        count=np.asarray(counts).round().astype(int).tolist(),
        period=(date(2021, 1, 1), last.item()),
        **more,
    )


def days(n: int) -> np.ndarray:
    edges = (FIRST + np.arange(n + 1)).astype("datetime64[D]").astype(int)
    return np.diff(edges)


def ask(layer: Layer, told: Told) -> dict[str, Any]:
    return told(trend_findings(layer, rng=np.random.default_rng(1)))


@pytest.mark.parametrize(
    ("percent", "certainty", "words"),
    [
        (20, Certainty.CLEAR, "Thefts rose from year to year, "),
        (-20, Certainty.CLEAR, "Thefts fell from year to year, "),
        (7, Certainty.CLEAR, "7 % more"),
        # Below five per cent a year a change is too small to be called one, however certain.
        (4, Certainty.NO_CLEAR_CHANGE, " in thefts"),
        (0, Certainty.NO_CLEAR_CHANGE, " in thefts"),
    ],
)
def test_the_planted_trend_is_in_the_sentence(
    percent: float,
    certainty: Certainty,
    words: str,
    layer_of: Callable[..., Layer],
    told: Told,
    plain: Plain,
) -> None:
    year = np.arange(36) / 12
    layer = months(layer_of, 300 * days(36) * (1 + percent / 100) ** year)
    found = ask(layer, told)["trend"]
    assert words in plain(found.sentence)
    assert "2021 to 2023" in found.sentence
    assert found.certainty is certainty
    assert found.block is Block.PROBLEMS
    # Whole incidents move the estimate by less than a tenth of a per cent.
    assert found.numbers["percent_a_year"] == pytest.approx(percent, abs=0.1)
    assert len(found.table.rows) == 36
    assert found.chart.series[0].values[0] == pytest.approx(300, abs=0.1)


def test_months_weigh_by_their_days(layer_of: Callable[..., Layer], told: Told) -> None:
    """As many a day in every month: February is no low and December no high."""
    found = ask(months(layer_of, 10 * days(24)), told)
    assert found["trend"].numbers["percent_a_year"] == pytest.approx(0, abs=1e-6)
    assert "with 10.0 a day" in found["trend"].details[0]
    assert found["season"].sentence == "There is no clear season in thefts."
    assert found["season"].certainty is Certainty.NOT_SHOWN
    assert found["season"].chart is None


def test_whole_years_are_named(layer_of: Callable[..., Layer], told: Told, plain: Plain) -> None:
    found = ask(months(layer_of, [10] * 12 + [20] * 12), told)["trend"]
    assert plain(found.details[1]) == "There were 120 in 2021 and 240 in 2022."


def test_under_two_years_a_trend_cannot_be_told(layer_of: Callable[..., Layer], told: Told) -> None:
    found = ask(months(layer_of, [100] * 12), told)
    assert found["trend"].certainty is Certainty.CANNOT_TELL
    assert "with 12 months (2021), less than two years" in found["trend"].sentence
    assert "season" not in found


def test_under_two_years_the_same_months_are_compared(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    found = ask(months(layer_of, [100] * 12 + [200] * 4), told)
    assert found["trend"].method.name == "Comparison of two periods"
    assert found["trend"].numbers["before"] == 400
    assert found["trend"].numbers["after"] == 800
    assert "it is no trend" in found["trend"].details[0]
    assert "season" not in found


def test_a_planted_season_is_named(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    """Half as many again in August and half in July, of as many days."""
    index = np.ones(12)
    index[7], index[6] = 1.5, 0.5
    found = ask(months(layer_of, 20 * days(48) * np.tile(index, 4)), told)["season"]
    assert found.certainty is Certainty.CLEAR
    assert found.numbers["highest"] == 8
    assert found.numbers["lowest"] == 7
    assert plain(found.sentence).startswith(
        "Thefts follow the seasons: in August there are 50 % more than in an average month"
    )
    assert "in July 50 % fewer" in plain(found.sentence)
    assert found.chart.title == "Most in August, fewest in July"


def test_a_jump_is_dated_and_sized(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson(np.repeat([20.0, 40.0], 24) * days(48))
    found = ask(months(layer_of, counts), told)["jumps"]
    assert "in Jan 2023" in found.sentence
    assert found.numbers["Jan 2023"] == pytest.approx(2, rel=0.05)


def test_flat_series_rarely_have_a_jump(layer_of: Callable[..., Layer], told: Told) -> None:
    """At a level of 5 %, more than 6 of 40 flat series have P < 1 %."""
    rng = np.random.default_rng(5)
    flat = [months(layer_of, rng.poisson(3.0 * days(36))) for _ in range(40)]
    assert sum("jumps" in ask(layer, told) for layer in flat) <= 6


def test_a_shift_too_small_to_be_a_change_is_not_told(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    counts = np.repeat([1000.0, 1030.0], 24) * days(48)
    assert "jumps" not in ask(months(layer_of, counts), told)


def test_months_with_gaps_are_compared_not_fitted(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    layer = layer_of(
        np.array(["2023-07-10", "2024-07-10"], dtype="datetime64[s]"), count=[1000, 1500]
    )
    assert ask(layer, told)["trend"].method.page == "methods/change"


def test_years_are_counted_as_years(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    starts = np.array([f"{year}-01-01" for year in range(2014, 2022)], dtype="datetime64[s]")
    ends = np.array([f"{year}-01-01" for year in range(2015, 2023)], dtype="datetime64[s]")
    layer = layer_of(
        starts,
        end=ends,
        time_kind=["year"] * 8,
        count=[100_000] * 8,
        period=(date(2014, 1, 1), date(2021, 12, 31)),
    )
    found = ask(layer, told)["trend"]
    assert found.certainty is Certainty.NO_CLEAR_CHANGE
    assert "2014 to 2021" in plain(found.sentence)
    assert found.table.rows == tuple((str(year), 100_000) for year in range(2014, 2022))


def test_two_years_are_too_few_for_a_trend(layer_of: Callable[..., Layer], told: Told) -> None:
    layer = layer_of(
        np.array(["2023-01-01", "2024-01-01"], dtype="datetime64[s]"),
        end=np.array(["2024-01-01", "2025-01-01"], dtype="datetime64[s]"),
        time_kind=["year"] * 2,
        count=[100, 900],
    )
    found = ask(layer, told)["trend"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert "2 years (2023 to 2024) are too few" in found.sentence
