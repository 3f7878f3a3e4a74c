from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import AreaLayer
from commonlight.audit.questions.context import context_findings
from commonlight.findings.model import Block

Told = Callable[..., dict[str, Any]]
Plain = Callable[[str], str]


def test_areas_size_and_residents(areas: AreaLayer, told: Told, plain: Plain) -> None:
    found = told(context_findings("Testham", areas))["wards"]
    assert plain(found.sentence) == (
        "Testham is divided into 12 wards, which cover 12 square kilometres and have "
        "12 000 residents."
    )
    assert found.block is Block.CONTEXT
    assert found.sources == ("residents",)
    assert found.map.values == pytest.approx(np.full(12, 1000.0))
    assert not found.one_sided


def test_missing_residents_are_named(areas: AreaLayer, told: Told, plain: Plain) -> None:
    people = np.array([np.nan, np.nan, *[500.0] * 10])
    some = replace(areas, population=people, unmatched_population=("X1", "X2", "X3"))
    found = told(context_findings("Testham", some))["wards"]
    assert "have 5 000 residents" in plain(found.sentence)
    limits = " ".join(found.limits)
    assert "2 wards have no count of residents and get no rate: Ward 0 and Ward 1." in limits
    assert "3 codes in the table of residents match none of the wards" in limits
    assert found.table.rows[-1] == ("W01", "Ward 1", None)


def test_without_residents_only_the_map_is_told(areas: AreaLayer, told: Told, plain: Plain) -> None:
    bare = replace(areas, population=None, population_source=None)
    found = told(context_findings("Testham", bare))["wards"]
    assert plain(found.sentence).endswith("12 wards, which cover 12 square kilometres.")
    assert "no rates" in found.limits[0]
    assert found.map is None


def test_without_a_map_only_residents_are_told(areas: AreaLayer, told: Told, plain: Plain) -> None:
    found = told(context_findings("Testham", replace(areas, polygons=())))["wards"]
    assert plain(found.sentence).endswith("12 wards, which have 12 000 residents.")
    assert found.map is None


def test_with_neither_nothing_is_told(areas: AreaLayer) -> None:
    assert context_findings("Testham", replace(areas, polygons=(), population=None)) == []
