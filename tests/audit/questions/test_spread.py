from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from commonlight.analysis.change import compare_counts
from commonlight.audit.layers import Layer
from commonlight.audit.questions.spread import CITYWIDE, month_dispersion, season_free_dispersion
from commonlight.audit.series import monthly

LayerOf = Callable[..., Layer]


def months(layer_of: Callable[..., Layer], counts: np.ndarray) -> Layer:
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
    citywide = CITYWIDE**2 * table.sum() / 2
    assert found == {"dispersion": pytest.approx(chi_square / 11 + citywide)}


def test_a_single_record_is_as_good_as_poisson(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of(np.array(["2023-07-05"], dtype="datetime64[s]"), areas=None)
    assert month_dispersion(layer, monthly(layer)) == {"dispersion": pytest.approx(1, abs=0.01)}


def monthly_layer(layer_of: LayerOf, first: str, counts: Any, **options: Any) -> Layer:
    start = (np.datetime64(first) + np.arange(len(counts))).astype("datetime64[s]")
    return layer_of(start, count=list(counts), **options)


def years_of(layer_of: LayerOf, counts: Any) -> Layer:
    year = np.datetime64("2012") + np.arange(len(counts))
    return layer_of(
        year.astype("datetime64[s]"),
        end=(year + 1).astype("datetime64[s]"),
        time_kind=["year"] * len(counts),
        count=list(counts),
        period=(date(2012, 1, 1), date(2019, 12, 31)),
    )


def test_yearly_counts_show_how_much_years_differ(layer_of: LayerOf) -> None:
    """Fires in the Berlin crime atlas: 12 % more in 2019 is no more than years usually differ."""
    fires = [2514, 2561, 2322, 2103, 2529, 2210, 2334, 2616]
    layer = years_of(layer_of, fires)
    found = month_dispersion(layer, monthly(layer))
    x = np.arange(8.0)
    line = np.polynomial.Polynomial.fit(x, fires, 1)(x)
    assert found["dispersion"] == pytest.approx(((fires - line) ** 2 / line).sum() / 6, rel=0.03)
    assert found["dispersion_df"] == 6
    change = compare_counts(2334, 2616, **found)
    assert change.ci_lower < 1 < change.ci_upper


def test_months_of_the_same_name_show_how_differently_they_changed(layer_of: LayerOf) -> None:
    """Cellar break-ins in Berlin, by hand from the two-by-four table."""
    counts = [58, 55, 68, 78, *[80] * 8, 77, 99, 102, 78]
    layer = monthly_layer(layer_of, "2023-01", counts, period=(date(2023, 1, 1), date(2024, 4, 30)))
    table = np.array([[58, 55, 68, 78], [77, 99, 102, 78]])
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    found = month_dispersion(layer, monthly(layer))
    by_hand = ((table - expected) ** 2 / expected).sum() / 3
    assert found == {"dispersion": pytest.approx(by_hand), "dispersion_df": 3.0}


def test_single_months_get_the_usual_movement_of_a_city(layer_of: LayerOf) -> None:
    start = np.asarray(["2023-07-10", "2024-07-10"], dtype="datetime64[s]")
    layer = layer_of(start, count=[9_000, 11_000])
    assert month_dispersion(layer, monthly(layer)) == {
        "dispersion": pytest.approx(1 + CITYWIDE**2 * 10_000)
    }


def test_two_years_of_months_speak_for_themselves(layer_of: LayerOf) -> None:
    counts = np.random.default_rng(5).poisson(400, 24)
    layer = monthly_layer(layer_of, "2023-01", counts)
    found = month_dispersion(layer, monthly(layer))
    assert found["dispersion_df"] == 11
    assert 1 <= found["dispersion"] < 4


def test_months_that_move_together_vary_more_in_sum(layer_of: LayerOf) -> None:
    """The same noise, once in slow waves and once shuffled; 60 months."""
    rng = np.random.default_rng(3)
    wave = np.zeros(60)
    for i in range(1, 60):
        wave[i] = 0.8 * wave[i - 1] + rng.normal(0, 0.06)
    found = []
    for noise in (wave, rng.permutation(wave)):
        counts = (1000 * np.exp(noise)).round().astype(int)
        layer = monthly_layer(
            layer_of, "2020-01", counts, period=(date(2020, 1, 1), date(2024, 12, 31))
        )
        found.append(month_dispersion(layer, monthly(layer))["dispersion"])
    slow, fast = found
    assert slow > 2 * fast


@pytest.mark.slow
def test_the_same_month_of_two_years_differs_by_chance_as_often_as_it_should(
    layer_of: LayerOf,
) -> None:
    """Level under the null: a city that moves by 7 % a month, single months compared."""
    rng = np.random.default_rng(11)
    wrong = 0
    for _ in range(400):
        before, after = rng.poisson(5_000 * np.exp(rng.normal(0, 0.07, 2)))
        start = np.asarray(["2023-07-10", "2024-07-10"], dtype="datetime64[s]")
        layer = layer_of(start, count=[before, after])
        change = compare_counts(before, after, **month_dispersion(layer, monthly(layer)))
        wrong += change.p_value < 0.05
    assert wrong / 400 < 0.08
