from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.analysis.precision import coordinate_precision
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.audit.questions.coverage import coverage_findings
from commonlight.audit.questions.places import default_cell_size, place_findings
from commonlight.findings.model import Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]


def spread_and_pile(rng: np.random.Generator, pile: int) -> tuple[np.ndarray, np.ndarray]:
    """600 points all over, and a pile of points within 60 m in the middle of ward 6."""
    x, y = rng.uniform(0, 4000, 600), rng.uniform(0, 3000, 600)
    x = np.concatenate([x, rng.normal(2500, 30, pile)])
    y = np.concatenate([y, rng.normal(1500, 30, pile)])
    return x, y


def at(layer_of: Callable[..., Layer], x: np.ndarray, y: np.ndarray, **more: Any) -> Layer:
    rng = np.random.default_rng(0)
    start = np.datetime64("2023-01-01T00:00:00") + rng.integers(0, 700 * 86400, x.size)
    return layer_of(start, x=x, y=y, **more)


def test_a_planted_pile_is_found_where_it_is(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    x, y = spread_and_pile(np.random.default_rng(1), 200)
    found = told(place_findings(at(layer_of, x, y)))["hot-spots"]
    assert found.certainty is Certainty.CLEAR
    for part in ("in Ward 6", "26 %", "less than 1 % of the area"):
        assert part in plain(found.sentence)
    assert found.numbers["spots"] == 1
    assert found.numbers["share_of_events"] == pytest.approx(200 / 800, abs=0.03)
    assert found.table.rows[0][:2] == (1, "Ward 6")
    spot = found.map.cells[found.map.marked[0]]
    assert spot.contains_properly(type(spot.centroid)(2500, 1500))
    assert "found again on other grids" in found.details[0]
    assert "1 of 1" in found.details[1]


def test_points_all_over_show_no_spot(layer_of: Callable[..., Layer], told: Told) -> None:
    x, y = spread_and_pile(np.random.default_rng(2), 0)
    found = told(place_findings(at(layer_of, x, y)))["hot-spots"]
    assert found.certainty is Certainty.NOT_SHOWN
    assert found.sentence.startswith("No place ")
    assert "3 times" in found.sentence
    assert len(found.table.rows) == 10
    assert found.map.marked == ()


def test_piled_up_points_switch_hot_spots_off_with_the_reason(
    layer_of: Callable[..., Layer], told: Told
) -> None:
    rng = np.random.default_rng(3)
    x, y = (np.repeat(rng.uniform(0, 3000, 20), 40) for _ in range(2))
    precision = coordinate_precision(x, y)
    layer = at(layer_of, x, y, precision=precision)
    found = told(place_findings(layer))["hot-spots"]
    assert found.certainty is Certainty.CANNOT_TELL
    told_why = (*found.details, *coverage_findings(layer)[0].details)
    assert precision.reason in told_why
    assert found.map is None
    assert found.chart is None
    assert "nothing is said below the level of areas" in found.sentence


def test_too_few_points_cannot_tell(layer_of: Callable[..., Layer], told: Told) -> None:
    x, y = spread_and_pile(np.random.default_rng(4), 0)
    found = told(place_findings(at(layer_of, x[:29], y[:29])))["hot-spots"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert "30" in found.sentence
    enough = told(place_findings(at(layer_of, x[:30], y[:30])))["hot-spots"]
    assert enough.certainty is not Certainty.CANNOT_TELL


def test_points_outside_the_areas_are_left_out(layer_of: Callable[..., Layer], told: Told) -> None:
    x, y = spread_and_pile(np.random.default_rng(2), 0)
    x = np.concatenate([x, np.full(400, 9000.0)])
    y = np.concatenate([y, np.full(400, 9000.0)])
    found = told(place_findings(at(layer_of, x, y)))["hot-spots"]
    assert found.certainty is Certainty.NOT_SHOWN


def test_areas_only_say_nothing_of_places(layer_of: Callable[..., Layer], areas: AreaLayer) -> None:
    nowhere = np.full(40, np.nan)
    assert place_findings(at(layer_of, nowhere, nowhere, area=["W01"] * 40)) == []
    x, y = spread_and_pile(np.random.default_rng(1), 200)
    assert place_findings(at(layer_of, x, y, areas=None)) == []
    assert place_findings(at(layer_of, x, y, areas=replace(areas, polygons=()))) == []


def test_the_cell_size_may_be_given(layer_of: Callable[..., Layer], told: Told) -> None:
    x, y = spread_and_pile(np.random.default_rng(1), 200)
    found = told(place_findings(at(layer_of, x, y), cell_size=200.0))["hot-spots"]
    assert found.method.parameters["cell size"] == "200 m"
    assert found.numbers["cell_size"] == 200


@pytest.mark.parametrize(("square_km", "size"), [(25, 100.0), (56, 150.0), (600, 500.0), (1, 100)])
def test_the_default_cell_size_cuts_a_city_into_about_2500(square_km: float, size: float) -> None:
    assert default_cell_size(square_km * 1e6) == size
