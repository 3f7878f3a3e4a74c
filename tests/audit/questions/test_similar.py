"""Areas beside those most like them: variables are stated and can be changed (spec row 53)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from commonlight.audit.layers import AreaLayer
from commonlight.audit.questions.similar import AreaVariables, own_variables, similar_findings
from commonlight.findings.model import Certainty


@pytest.fixture
def many(areas: AreaLayer) -> AreaLayer:
    """40 squares; half are dense, half are not."""
    n = 40
    return replace(
        areas,
        codes=tuple(f"W{i:02d}" for i in range(n)),
        labels=tuple(f"Ward {i}" for i in range(n)),
        polygons=tuple(shapely.box(1000 * i, 0, 1000 * (i + 1), 1000) for i in range(n)),
        population=np.where(np.arange(n) < 20, 5000.0, 1000.0),
    )


@pytest.fixture
def variables() -> AreaVariables:
    rng = np.random.default_rng(2)
    values = np.column_stack([np.repeat([0.8, 0.1], 20), rng.normal(0, 0.01, 40)])
    return AreaVariables(names=("flats", "bars"), values=values, source="variables-wards")


def layer(layer_of: Any, many: AreaLayer, rate: np.ndarray) -> Any:
    rng = np.random.default_rng(3)
    counts = rng.poisson(rate * many.population)
    area = np.repeat(np.arange(40), counts)
    at = np.datetime64("2023-01-01T00:00:00") + rng.integers(0, 730 * 1440, area.size) * 60
    return layer_of(at, area=[many.codes[i] for i in area], areas=many)


def test_variables_are_stated_and_the_odd_one_is_found(
    layer_of: Any, many: AreaLayer, variables: AreaVariables, told: Any
) -> None:
    rate = np.repeat([0.06, 0.02], 20)
    rate[30] = 0.12
    found = told(similar_findings(layer(layer_of, many, rate), variables))["similar-areas"]
    assert found.method.parameters["compared by"] == "flats; bars"
    assert any("flats" in text and "bars" in text for text in found.details)
    assert found.sources == ("thefts", "variables-wards")
    assert found.certainty is Certainty.CLEAR
    names = [column.name for column in found.table.columns]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in found.table.rows}
    assert rows["W30"]["verdict"] == "above"
    # The dense wards have three times the rate of the others, and are like each other.
    assert sum(rows[f"W{i:02d}"]["verdict"] == "above" for i in range(20)) <= 1
    like = rows["W05"]["like"]
    assert all(f"Ward {i}" not in like.replace(" and ", ", ").split(", ") for i in range(20, 40))


def test_other_variables_give_other_neighbours(
    layer_of: Any, many: AreaLayer, variables: AreaVariables
) -> None:
    shuffled = np.random.default_rng(4).permutation(40)
    other = replace(variables, values=variables.values[shuffled], names=("age", "rent"))
    records = layer(layer_of, many, np.full(40, 0.03))
    first, second = (similar_findings(records, given)[0] for given in (variables, other))
    assert first.table is not None
    assert second.table is not None
    assert [row[-1] for row in first.table.rows] != [row[-1] for row in second.table.rows]


def test_nothing_without_variables_residents_or_enough_areas(
    layer_of: Any, many: AreaLayer, areas: AreaLayer, variables: AreaVariables
) -> None:
    records = layer(layer_of, many, np.full(40, 0.03))
    assert similar_findings(records, None) == []
    assert similar_findings(replace(records, areas=None), variables) == []
    bare = replace(records, areas=replace(many, population=None))
    assert similar_findings(bare, variables) == []
    assert similar_findings(replace(records, record_kind="reports"), variables) == []
    few = replace(variables, values=variables.values[:12])
    day = np.datetime64("2023-05-05T12:00:00")
    assert similar_findings(layer_of([day] * 30, area=["W01"] * 30), few) == []
    assert similar_findings(replace(records, areas=areas), few) == []


def test_own_variables_are_density_and_ages(many: AreaLayer) -> None:
    assert own_variables(many) is None
    ages = {"18-29": np.full(40, 100.0), "30-64": np.full(40, 300.0), "65+": np.full(40, 100.0)}
    found = own_variables(replace(many, groups={"age": ages}))
    assert found is not None
    assert len(found.names) == 3
    assert found.names[0].startswith("residents per square kilometre")
    assert [name.split()[-1] for name in found.names[1:]] == ["30-64", "65+"]
    assert found.values[0] == pytest.approx([np.log(5000), 0.6, 0.2])
    empty = replace(many, population=np.zeros(40), groups={"age": ages})
    own = own_variables(empty)
    assert own is not None
    assert np.isnan(own.values[:, 0]).all()
