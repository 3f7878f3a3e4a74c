"""Feelings by area: in the order of names, never marked, with chance under control."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import AreaLayer
from commonlight.audit.questions.survey.areas import area_estimates, area_findings
from commonlight.findings.model import AreaMap, Certainty
from commonlight.sources.codebook import Construct

VICTIM: dict[str, Any] = {
    "labels": {"1": "yes", "2": "no"},
    "share_of": ("1",),
    "construct": Construct.VICTIMISATION,
}


def rated(question: Any, survey_of: Any, each: int, mean: Any, seed: int = 1, **given: Any) -> Any:
    """Ratings around a mean for each of twelve wards."""
    area = np.repeat(np.arange(12), each)
    rng = np.random.default_rng(seed)
    values = np.clip(np.round(rng.normal(np.asarray(mean)[area], 1.5)), 0, 10)
    return survey_of(question("near", values, place="area"), area=area, **given)


@pytest.fixture
def apart() -> np.ndarray:
    return np.array([2.0, 2.0, 8.0, *[5.0] * 9])


def test_clearly_other_areas_are_counted_and_none_is_named_or_marked(
    question: Any, survey_of: Any, apart: np.ndarray, told: Any
) -> None:
    found = told(area_findings(rated(question, survey_of, 60, apart)))["areas"]
    assert found.certainty is Certainty.CLEAR
    assert found.numbers["lower"] == 2
    assert found.numbers["higher"] >= 1
    assert "Ward" not in found.sentence
    shown = [row[1] for row in found.table.rows]
    assert shown == sorted(shown)
    assert isinstance(found.map, AreaMap)
    assert found.map.marked == ()
    assert any("This is no ranking" in text for text in found.limits)
    verdict = {row[0]: row[-1] for row in found.table.rows}
    assert (verdict["W00"], verdict["W02"]) == ("lower", "higher")


def test_areas_with_few_answers_borrow_and_say_how_much(
    question: Any, survey_of: Any, apart: np.ndarray, told: Any
) -> None:
    layer = rated(question, survey_of, 40, apart)
    few = (layer.area == 3) & (np.arange(layer.n) % 4 > 0)
    found = told(area_findings(replace(layer, area=np.where(few, -1, layer.area))))["areas"]
    names = [column.name for column in found.table.columns]
    row = dict(
        zip(names, found.table.rows[[r[0] for r in found.table.rows].index("W03")], strict=True)
    )
    assert row["answers"] == 10
    assert row["direct"] is None
    assert row["verdict"] == "too few to say"
    assert row["model"] is None or row["borrowed"] > 0
    assert "borrowed" in names


def test_a_rare_answer_makes_no_area_clearly_lower(
    question: Any, survey_of: Any, told: Any
) -> None:
    """12 of 1,200 are victims: wards of 100 without one are to be expected (0.99^100 = 37 %)."""
    area = np.repeat(np.arange(12), 100)
    victim = np.where(np.isin(np.arange(1200), np.arange(0, 600, 50)), 1, 2)
    layer = survey_of(question("victim", victim, **VICTIM), area=area)
    found = told(area_findings(layer))["areas"]
    assert found.certainty is Certainty.NOT_SHOWN
    assert "none of the 12 wards" in found.sentence.lower()


def test_hardly_ever_a_difference_where_there_is_none(question: Any, survey_of: Any) -> None:
    """60 surveys of equal areas, half of them about what 3 % lived through: at 5 %, 8 or more
    with any clear area have P = 1 %."""
    clear = []
    for seed in range(60):
        rng = np.random.default_rng([9, seed])
        area = np.repeat(np.arange(12), 60)
        asked = (
            question("near", rng.integers(0, 11, 720))
            if seed % 2
            else question("victim", np.where(rng.random(720) < 0.03, 1, 2), **VICTIM)
        )
        layer = survey_of(asked, area=area)
        construct = Construct.SAFETY if seed % 2 else Construct.VICTIMISATION
        found = area_estimates(layer, layer.measures(construct)[0])
        clear.append(bool((found.higher | found.lower).any()))
    assert sum(clear) <= 7


@pytest.mark.parametrize("each", [1, 10])
def test_too_few_answers_everywhere(question: Any, survey_of: Any, each: int, told: Any) -> None:
    found = told(area_findings(rated(question, survey_of, each, np.full(12, 5.0))))["areas"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert "too few answers" in found.sentence
    assert {row[-1] for row in found.table.rows} == {"too few to say"}


def test_one_area_alone_cannot_differ(
    question: Any, survey_of: Any, areas: AreaLayer, told: Any
) -> None:
    alone = replace(
        areas, codes=("W00",), labels=("Ward 0",), polygons=areas.polygons[:1],
        population=np.array([1000.0]),
    )  # fmt: skip
    layer = rated(question, survey_of, 50, np.full(12, 5.0), areas=alone)
    found = told(area_findings(layer))["areas"]
    assert found.certainty is Certainty.CANNOT_TELL
    assert len(found.table.rows) == 1


def test_answers_without_areas_are_not_told_by_area(question: Any, survey_of: Any) -> None:
    asked = question("near", np.arange(100) % 11)
    assert area_findings(survey_of(asked)) == []
    assert area_findings(survey_of(asked, areas=None)) == []
    assert area_findings(survey_of(asked, area=np.full(100, -1))) == []


def test_without_a_map_the_table_stands_alone(
    question: Any, survey_of: Any, areas: AreaLayer, apart: np.ndarray, told: Any
) -> None:
    layer = rated(question, survey_of, 60, apart, areas=replace(areas, polygons=()))
    found = told(area_findings(layer))["areas"]
    assert found.map is None
    assert not any(cells.shown_in == "map" for cells in found.cells)
