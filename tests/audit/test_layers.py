from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from commonlight.audit.layers import AreaLayer, Layer

DAY = np.datetime64("2023-05-05T12:00:00")


def test_records_outside_the_period_are_counted_apart(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([DAY, DAY, np.datetime64("2022-12-31T23:00:00")], count=[1, 2, 4])
    assert layer.n == 3
    assert layer.outside_period == 4


def test_an_area_code_wins_over_the_point(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([DAY, DAY, DAY], area=["W05", None, "gone"], x=[500.0, 1500.0, 2500.0])
    assert layer.area.tolist() == [5, 1, 2]


def test_points_outside_all_areas_are_counted(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([DAY, DAY], x=[500.0, 9000.0])
    assert layer.area.tolist() == [0, -1]
    assert layer.outside_areas == 1
    assert layer.without_place == 0


def test_records_without_place_are_counted(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([DAY, DAY], x=[500.0, np.nan], y=[500.0, np.nan])
    assert layer.without_place == 1
    assert layer.outside_areas == 0


def test_area_counts_add_up_to_what_has_an_area(layer_of: Callable[..., Layer]) -> None:
    rng = np.random.default_rng(2)
    layer = layer_of(
        np.full(500, DAY), x=rng.uniform(-500, 4500, 500), y=rng.uniform(-500, 3500, 500)
    )
    assert layer.area_counts().sum() + layer.outside_areas == layer.n


def test_resolution_is_the_coarsest_that_a_tenth_has(layer_of: Callable[..., Layer]) -> None:
    kinds = ["instant"] * 80 + ["day"] * 20
    assert layer_of(np.full(100, DAY), time_kind=kinds).resolution == "day"
    kinds = ["instant"] * 95 + ["day"] * 5
    assert layer_of(np.full(100, DAY), time_kind=kinds).resolution == "instant"
    assert layer_of(np.full(10, DAY), time_kind=["month"] * 10).resolution == "month"


def test_kinds_keep_their_own_words_and_codes(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([DAY] * 3, type=["b", "a", None], iccs=["0501", None, None])
    assert layer.kinds == ("a", "b", "not stated")
    assert layer.codes == (None, "0501", None)
    assert layer.kind_counts().tolist() == [1, 1, 1]


def test_excluded_types_are_left_out(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([DAY] * 3, type=["b", "a", "a"], exclude_types=("a",))
    assert layer.kinds == ("b",)
    assert layer.n == 1


def test_the_period_shrinks_to_the_months_delivered(layer_of: Callable[..., Layer]) -> None:
    layer = layer_of([np.datetime64("2023-03-10T00:00:00"), np.datetime64("2023-11-02T00:00:00")])
    assert layer.period == (date(2023, 3, 1), date(2023, 11, 30))


def test_the_outline_of_areas_is_their_union(areas: AreaLayer) -> None:
    assert areas.outline.area == 12e6


def test_a_file_wider_than_the_city_can_be_cut_to_it(layer_of: Callable[..., Layer]) -> None:
    """Codes of another county are left out; what has no place at all stays in the totals."""
    columns = {
        "area": ["W05", "elsewhere", None],
        "x": [np.nan, np.nan, np.nan],
        "count": [2, 4, 8],
        "type": ["a", "b", "a"],
    }
    layer = layer_of([DAY] * 3, **columns, only_inside=True)
    assert layer.n == 10
    assert layer.kinds == ("a",)
    assert (layer.outside_areas, layer.without_place) == (4, 8)
    assert layer_of([DAY] * 3, **columns).n == 14


def test_the_order_of_rows_changes_nothing(layer_of: Callable[..., Layer]) -> None:
    rng = np.random.default_rng(4)
    n = 50
    columns = {
        "x": rng.uniform(0, 4000, n),
        "y": rng.uniform(0, 3000, n),
        "type": rng.choice(["a", "b"], n),
    }
    start = DAY + rng.integers(0, 10**6, n)
    other = rng.permutation(n)
    first = layer_of(start, **columns)
    second = layer_of(start[other], **{key: value[other] for key, value in columns.items()})
    for name in ("start", "end", "x", "y", "area", "kind"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
