from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from commonlight.audit.layers import Layer
from commonlight.audit.questions.spans import comparable_spans


def at(layer_of: Callable[..., Layer], *days: str, **more: object) -> Layer:
    return layer_of(np.array(days, dtype="datetime64[s]"), **more)


def test_the_last_twelve_months_and_those_before(layer_of: Callable[..., Layer]) -> None:
    months = np.arange(np.datetime64("2023-01"), np.datetime64("2025-01"))
    layer = layer_of((months.astype("datetime64[D]") + 3).astype("datetime64[s]"))
    spans = comparable_spans(layer)
    assert spans is not None
    assert (spans.before_label, spans.after_label) == ("2023", "2024")
    assert (spans.before_days, spans.after_days) == (365, 366)
    assert spans.before.sum() == spans.after.sum() == 12
    assert not (spans.before & spans.after).any()


def test_only_months_that_are_in_both_years(layer_of: Callable[..., Layer]) -> None:
    months = np.arange(np.datetime64("2023-01"), np.datetime64("2024-05"))
    layer = layer_of((months.astype("datetime64[D]") + 3).astype("datetime64[s]"))
    spans = comparable_spans(layer)
    assert spans is not None
    assert spans.before_label == "January to April 2023"
    assert spans.after_label == "January to April 2024"
    assert spans.before_days == pytest.approx(31 + 28 + 31 + 30)
    assert spans.after_days == pytest.approx(31 + 29 + 31 + 30)


def test_years_are_compared_with_years(layer_of: Callable[..., Layer]) -> None:
    layer = at(
        layer_of,
        "2021-01-01",
        "2022-01-01",
        "2023-01-01",
        time_kind=["year"] * 3,
        period=(date(2021, 1, 1), date(2023, 12, 31)),
        end=np.array(["2022-01-01", "2023-01-01", "2024-01-01"], dtype="datetime64[s]"),
    )
    spans = comparable_spans(layer)
    assert spans is not None
    assert spans.before.tolist() == [False, True, False]
    assert spans.after.tolist() == [False, False, True]


def test_nothing_to_compare(layer_of: Callable[..., Layer]) -> None:
    assert comparable_spans(at(layer_of, "2023-03-05", "2024-07-05")) is None
    one_year = at(layer_of, "2023-01-01", time_kind=["year"])
    assert comparable_spans(one_year) is None
