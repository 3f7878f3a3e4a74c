"""What was seen on site: means by area, with thin areas left open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import AreaLayer
from commonlight.audit.questions.observed import (
    FEWEST,
    cause_chart,
    observed_causes,
    observed_findings,
)
from commonlight.audit.questions.survey.areas import area_findings
from commonlight.audit.visits_layer import VisitsLayer


@pytest.fixture
def visits_of(areas: AreaLayer, survey_of: Any, question: Any) -> Any:
    note = survey_of(question("near", [1.0])).source

    def make(item: Any, value: Any, area: Any, within: AreaLayer | None = areas) -> VisitsLayer:
        n = len(item)
        return VisitsLayer(
            name="walk",
            noun="observations",
            source=replace(note, id="walk", name="Walk", kind="visits", witness="site"),
            start=np.full(n, np.datetime64("2024-11-01T20:00:00")),
            item=np.asarray(item, dtype=np.int64),
            items=("Light", "Litter"),
            value=np.asarray(value, dtype=float),
            area=np.asarray(area, dtype=np.int64),
            areas=within,
        )

    return make


def test_means_by_area_need_three_observations(visits_of: Any, areas: AreaLayer) -> None:
    assert FEWEST == 3
    layer = visits_of([0, 0, 0, 0, 0, 1, 0], [1, 2, 6, 4, 4, 5, np.nan], [2, 2, 2, 5, 5, 5, 5])
    light, litter = observed_causes([layer], areas)
    assert light.values[2] == pytest.approx(3)
    assert np.isnan(np.delete(light.values, 2)).all()
    assert np.isnan(litter.values).all()
    assert (light.mean, litter.mean) == pytest.approx((17 / 5, 5))
    assert observed_causes([layer], replace(areas)) == ()


def test_what_was_looked_at_and_where_is_told(visits_of: Any, told: Any, plain: Any) -> None:
    layer = visits_of([0, 0, 0, 1], [1, 2, 3, 5], [2, 2, 2, -1])
    found = told(observed_findings(layer))["seen"]
    assert plain(found.sentence).startswith("4 observations were made in 1 wards")
    assert "of light and litter" in found.sentence
    assert not found.one_sided
    assert found.chart.categories == ("Light", "Litter")
    assert found.chart.series[0].values == pytest.approx((2, 5))
    shown = {row[1]: row[2:] for row in found.table.rows}
    assert shown["Ward 2"] == (2.0, None)
    assert [row[1] for row in found.table.rows] == sorted(shown)


def test_without_areas_there_is_one_row_for_each_thing(visits_of: Any, told: Any) -> None:
    found = told(observed_findings(visits_of([0, 1, 1], [1, 2, 3], [-1] * 3, None)))["seen"]
    assert found.table.rows == (("Light", 1, 1.0), ("Litter", 2, 2.5))


def test_nothing_noted_gives_no_finding(visits_of: Any) -> None:
    assert observed_findings(visits_of([], [], [])) == []
    assert observed_findings(visits_of([0], [np.nan], [1])) == []


def test_days_are_those_that_are_known(visits_of: Any) -> None:
    layer = visits_of([0], [1], [1])
    assert [str(day) for day in layer.days] == ["2024-11-01", "2024-11-01"]
    unknown = replace(layer, start=np.array(["NaT"], dtype="datetime64[s]"))
    assert unknown.days is None


def test_maps_of_feelings_show_what_was_seen_first(
    visits_of: Any, question: Any, survey_of: Any, areas: AreaLayer, told: Any
) -> None:
    n = np.arange(600)
    layer = visits_of(np.tile([0, 1], 72), np.arange(144) % 5, np.repeat(np.arange(12), 12))
    causes = observed_causes([layer], areas)
    survey = survey_of(question("near", n % 11, place="area"), area=n % 12)
    found = told(area_findings(survey, causes=causes))["areas"]
    assert found.chart.title == "Look first at what was seen on site"
    names = [column.name for column in found.table.columns]
    assert names.index("seen_0_0") < names.index("direct")
    assert found.sources == ("survey", "walk")
    assert any("Look at the causes first" in text for text in found.limits)
    assert cause_chart(causes[:1]) is None
