from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from commonlight.audit.layers import Layer
from commonlight.audit.questions.profiles import profile_findings

Told = Callable[..., dict[str, Any]]


def two_kinds(layer_of: Callable[..., Layer], n: int = 200, **more: Any) -> Layer:
    """Thefts on Friday nights in ward 0, burglaries on Tuesday mornings in ward 5."""
    start = np.repeat(np.array(["2023-05-05T20:00", "2023-05-02T08:00"], dtype="datetime64[s]"), n)
    columns = {
        "type": ["theft"] * n + ["burglary"] * n,
        "area": ["W00"] * n + ["W05"] * n,
    }
    return layer_of(start, **(columns | more))


def test_each_kind_has_its_hours_and_its_area(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(profile_findings(two_kinds(layer_of)))["kind-profiles"]
    rows = {row[0]: row[1:] for row in found.table.rows}
    assert rows["theft"][0] == 200
    assert "Friday" in rows["theft"][1]
    assert rows["theft"][2:] == (100.0, "Ward 0", 100.0)
    assert "Tuesday" in rows["burglary"][1] or "Monday" in rows["burglary"][1]
    assert rows["burglary"][3] == "Ward 5"
    assert "\u2018theft\u2019" in found.sentence
    assert "\u2018burglary\u2019" in found.sentence


def test_kinds_alike_are_said_to_be_alike(layer_of: Callable[..., Layer], told: Told) -> None:
    start = np.full(400, np.datetime64("2023-05-05T20:00:00"))
    layer = layer_of(start, type=["a", "b"] * 200)
    found = told(profile_findings(layer))["kind-profiles"]
    assert found.sentence.startswith("All larger kinds are most frequent from")


def test_without_hours_the_areas_are_told(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(profile_findings(two_kinds(layer_of, time_kind=["month"] * 400)))
    columns = [column.name for column in found["kind-profiles"].table.columns]
    assert columns == ["kind", "count", "area", "area_share"]
    assert "Ward 0" in found["kind-profiles"].sentence


def test_nothing_is_told_of_small_kinds_or_without_place_and_time(
    layer_of: Callable[..., Layer],
) -> None:
    assert profile_findings(two_kinds(layer_of, n=199)) == []
    assert profile_findings(two_kinds(layer_of, time_kind=["month"] * 400, areas=None)) == []
    nowhere = {"area": [None] * 400, "x": np.full(400, np.nan), "time_kind": ["month"] * 400}
    assert profile_findings(two_kinds(layer_of, **nowhere)) == []
