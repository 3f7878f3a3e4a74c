from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from commonlight.audit.layers import Layer
from commonlight.audit.questions.place_kinds import place_kind_findings
from commonlight.findings.model import Block, Certainty

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]


def places(layer_of: Callable[..., Layer], counts: dict[str | None, int]) -> Layer:
    start = np.full(len(counts), np.datetime64("2023-05-05T12:00:00"))
    return layer_of(
        start,
        count=list(counts.values()),
        local_setting=pa.array(list(counts), pa.string()),
        place_kind="setting",
    )


def test_the_most_frequent_kind_of_place(
    layer_of: Callable[..., Layer], told: Told, plain: Plain
) -> None:
    found = told(place_kind_findings(places(layer_of, {"street": 60, "shop": 30, "home": 10})))
    item = found["place-kinds"]
    assert item.block is Block.CAUSES
    assert item.certainty is Certainty.DESCRIPTIVE
    assert "(60 %)" in plain(item.sentence)
    assert "\u2018street\u2019, more than with any other kind of place." in item.sentence
    assert item.table.rows == (("street", 60, 60.0), ("shop", 30, 30.0), ("home", 10, 10.0))
    assert item.chart.categories == ("street", "shop", "home")
    assert item.chart.highlight == ("street",)
    assert "hint at conditions, not a cause" in item.limits[0]


def test_other_counts_another_place(layer_of: Callable[..., Layer], told: Told) -> None:
    found = told(place_kind_findings(places(layer_of, {"street": 20, "shop": 30, None: 25})))
    item = found["place-kinds"]
    assert "\u2018shop\u2019" in item.sentence
    assert item.chart.highlight == ("shop",)
    assert item.table.rows[1] == ("not stated", 25, 100 * 25 / 75)


def test_without_kinds_of_place_nothing_is_told(layer_of: Callable[..., Layer]) -> None:
    assert place_kind_findings(layer_of([np.datetime64("2023-05-05")])) == []
