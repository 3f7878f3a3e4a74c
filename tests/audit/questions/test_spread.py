from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from commonlight.audit.layers import Layer
from commonlight.audit.questions.spread import month_dispersion, season_free_dispersion
from commonlight.audit.series import monthly


def months(layer_of: Callable[..., Layer], counts: np.ndarray) -> Layer:
    from datetime import date

    first = np.datetime64("2020-01")
    start = (first + np.arange(counts.size)).astype("datetime64[D]") + 9
    last = ((first + counts.size).astype("datetime64[D]") - 1).item()
    return layer_of(
        start.astype("datetime64[s]"), count=counts.tolist(), period=(date(2020, 1, 1), last)
    )


@pytest.mark.parametrize("times", [1.0, 6.0])
def test_the_planted_dispersion_is_found(layer_of: Callable[..., Layer], times: float) -> None:
    """Negative binomial months with a season; mean of 40 estimates within 15 %."""
    rng = np.random.default_rng(3)
    mean = 200 * np.tile(1 + 0.3 * np.sin(np.arange(12) / 2), 5)
    found = []
    for _ in range(40):
        rate = mean if times == 1 else rng.gamma(mean / (times - 1), times - 1)
        spread = season_free_dispersion(monthly(months(layer_of, rng.poisson(rate))))
        assert spread is not None
        found.append(spread.estimate)
    # Estimates below 1 are set to 1, which draws the mean of pure Poisson up a little.
    assert np.mean(found) == pytest.approx(times, rel=0.15)


def test_short_series_have_none(layer_of: Callable[..., Layer]) -> None:
    series = monthly(months(layer_of, np.full(23, 50)))
    assert season_free_dispersion(series) is None


def test_areas_that_change_apart_widen_the_interval(layer_of: Callable[..., Layer]) -> None:
    """Twelve wards in two Julys: the chi-square of the table over its freedom."""
    rng = np.random.default_rng(5)
    table = rng.poisson(rng.gamma(5, 20, (12, 2)))
    start = np.array(["2023-07-05", "2024-07-05"] * 12, dtype="datetime64[s]")
    codes = [f"W{i:02d}" for i in range(12) for _ in range(2)]
    layer = layer_of(start, area=codes, count=table.ravel().tolist())
    expected = table.sum(1, keepdims=True) * table.sum(0) / table.sum()
    chi_square = ((table - expected) ** 2 / expected).sum()
    found = month_dispersion(layer, monthly(layer))
    assert found["dispersion"] == pytest.approx(chi_square / 11)
    assert found["dispersion_df"] == 11


def test_without_anything_to_go_on_it_is_one(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of(np.array(["2023-07-05"], dtype="datetime64[s]"), areas=None)
    assert month_dispersion(layer, monthly(layer)) == {"dispersion": 1.0}
