from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.questions.concentration import concentration_findings
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]


def with_counts(layer_of: Callable[..., Layer], counts: list[int], **more: Any) -> Layer:
    start = np.full(len(counts), np.datetime64("2023-05-05T12:00:00"))
    codes = [f"W{i:02d}" for i in range(len(counts))]
    return layer_of(start, area=codes, count=counts, **more)


def ask(layer: Layer, told: Told) -> dict[str, Any]:
    return told(concentration_findings(layer, rng=np.random.default_rng(1)))


def test_half_of_all_in_two_areas(layer_of: Callable[..., Layer], told: Told, plain: Plain) -> None:
    """300 and 250 of 1050: two areas are needed to hold half, one to hold a quarter."""
    found = ask(with_counts(layer_of, [300, 250, *[50] * 10]), told)["concentration"]
    assert plain(found.sentence).startswith(
        "Half of all thefts were recorded in 2 of 12 wards (17 %)"
    )
    assert found.certainty is Certainty.DESCRIPTIVE
    quarter, half = found.table.rows
    assert quarter[:2] == (25.0, 1)
    assert half[:2] == (50.0, 2)
    assert half[2] == pytest.approx(100 * 2 / 12)
    assert found.numbers["places_half"] == 2
    assert found.numbers["gini"] == pytest.approx(_gini([300, 250, *[50] * 10]))


def test_other_counts_other_places(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    found = ask(with_counts(layer_of, [1000, *[50] * 11]), told)["concentration"]
    assert "in 1 of 12 wards (8 %)" in plain(found.sentence)


def test_chance_alone_is_what_chance_is_said_to_give(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    """Thirty cities with equal areas: the excess over chance is nothing on average."""
    rng = np.random.default_rng(9)
    found = [
        ask(with_counts(layer_of, rng.multinomial(400, np.full(12, 1 / 12)).tolist()), told)
        for _ in range(30)
    ]
    excess = [f["concentration"].numbers["gini_excess"] for f in found]
    assert np.mean(excess) == pytest.approx(0, abs=0.01)


def test_few_areas_have_no_curve(layer_of: Callable[..., Layer], areas: AreaLayer) -> None:
    nine = replace(areas, codes=areas.codes[:9], labels=areas.labels[:9])
    rng = np.random.default_rng(1)
    assert concentration_findings(with_counts(layer_of, [9] * 9, areas=nine), rng=rng) == []
    assert concentration_findings(with_counts(layer_of, [9] * 9, areas=None), rng=rng) == []


def _gini(counts: list[int]) -> float:
    """The mean difference of all pairs over twice the mean, the definition."""
    values = np.asarray(counts, dtype=float)
    return float(np.abs(values[:, None] - values).mean() / (2 * values.mean()))
