from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import Layer
from commonlight.audit.questions.compare import compared_finding
from commonlight.audit.series import monthly
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]


def compared(
    layer_of: Callable[..., Layer], told: Told, months: Sequence[str], counts: Sequence[int]
) -> Any:
    start = np.asarray([f"{month}-10" for month in months], dtype="datetime64[s]")
    layer = layer_of(start, count=list(counts))
    return told([compared_finding(layer, monthly(layer))])["trend"]


@pytest.mark.parametrize(
    ("counts", "certainty", "words"),
    [
        ((1000, 1500), Certainty.CLEAR, "Thefts rose from July 2023 to July 2024: 50 % more"),
        ((1500, 1000), Certainty.CLEAR, "Thefts fell from July 2023 to July 2024: 33 % fewer"),
        ((1000, 1010), Certainty.NO_CLEAR_CHANGE, "There was no clear change in thefts from July"),
        ((3, 1), Certainty.CANNOT_TELL, "We cannot tell whether thefts rose or fell"),
    ],
)
def test_the_same_month_of_two_years_is_compared(
    counts: tuple[int, int],
    certainty: Certainty,
    words: str,
    layer_of: Callable[..., Layer],
    told: Told,
    plain: Plain,
) -> None:
    found = compared(layer_of, told, ["2023-07", "2024-07"], counts)
    assert plain(found.sentence).startswith(words)
    assert found.certainty is certainty
    assert found.numbers["ratio"] == pytest.approx(counts[1] / counts[0])


def test_the_interval_allows_for_what_moves_the_whole_city(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    """Delta method by hand: log ratio with Poisson noise and 7 % a month for the whole city."""
    found = compared(layer_of, told, ["2023-07", "2024-07"], (40_000, 48_000))
    half = 1.96 * np.sqrt(1 / 40_000 + 1 / 48_000 + 2 * 0.07**2)
    assert found.numbers["lower"] == pytest.approx(1.2 * np.exp(-half), rel=0.01)
    assert found.numbers["upper"] == pytest.approx(1.2 * np.exp(half), rel=0.01)
    assert found.certainty is Certainty.TENTATIVE


def test_a_leap_day_is_no_rise(layer_of: Callable[..., Layer], told: Told) -> None:
    found = compared(layer_of, told, ["2023-02", "2024-02"], (2800, 2900))
    assert found.numbers["ratio"] == pytest.approx(1)


def test_without_the_same_month_twice_nothing_is_compared(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    found = compared(layer_of, told, ["2023-03", "2023-07", "2024-01"], (10, 900, 10))
    assert found.certainty is Certainty.CANNOT_TELL
    assert "only 3 months were delivered, with gaps" in found.sentence
    assert found.table.rows == (("Mar 2023", 10), ("Jul 2023", 900), ("Jan 2024", 10))
