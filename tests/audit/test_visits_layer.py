"""Observations laid out by what was looked at and where."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from commonlight.audit.layers import AreaLayer
from commonlight.audit.visits_layer import make_visits_layer


def table(**changes: Any) -> pa.Table:
    values: dict[str, Any] = {
        "start": pa.array(
            np.array(["2024-11-01T20:00", "NaT", "2024-11-03T21:00"], dtype="datetime64[s]")
        ),
        "item": pa.array(["Light", "Litter", "Light"]).dictionary_encode(),
        "value": pa.array([3.0, None, 1.0], pa.float64()),
        "x": pa.array([500.0, 1500.0, None], pa.float64()),
        "y": pa.array([500.0, 500.0, None], pa.float64()),
        "area": pa.array([None, None, "W03"], pa.string()).dictionary_encode(),
    }
    return pa.table(values | changes)


def made(survey_of: Any, question: Any, areas: AreaLayer | None, **changes: Any) -> Any:
    note = survey_of(question("near", [1.0])).source
    return make_visits_layer(
        table(**changes), name="walk", noun="observations", source=note, areas=areas
    )


def test_items_values_and_areas(survey_of: Any, question: Any, areas: AreaLayer) -> None:
    layer = made(survey_of, question, areas)
    assert [layer.items[i] for i in layer.item] == ["Light", "Litter", "Light"]
    assert np.isnan(layer.value).tolist() == [False, True, False]
    assert layer.n == 2
    assert [str(day) for day in layer.days] == ["2024-11-01", "2024-11-03"]
    # By its point, or by its code where it has no point.
    assert layer.area[0] == 0
    assert layer.area[2] in (3, -1)


def test_without_areas_and_times(survey_of: Any, question: Any) -> None:
    never = pa.array(np.full(3, np.datetime64("NaT"), dtype="datetime64[s]"))
    layer = made(survey_of, question, None, start=never)
    assert layer.area.tolist() == [-1, -1, -1]
    assert layer.days is None
