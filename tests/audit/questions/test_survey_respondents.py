"""Who answered, against residents where they are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.audit.layers import AreaLayer
from commonlight.audit.questions.survey.respondents import (
    missing_groups,
    respondent_findings,
    respondents,
)

SEX = ("women", "men")


def only(layer: Any, told: Any) -> Any:
    return told(respondent_findings(layer))["respondents"]


def with_residents(areas: AreaLayer, women: float, men: float) -> AreaLayer:
    return replace(areas, groups={"sex": {"women": np.full(12, women), "men": np.full(12, men)}})


def test_without_residents_it_is_not_known_who_is_missing(
    question: Any, survey_of: Any, told: Any
) -> None:
    layer = survey_of(question("near", np.arange(40)), groups={"sex": (np.arange(40) % 2, SEX)})
    found = only(layer, told)
    assert found.sentence.startswith("40 residents answered; ")
    assert "is not known, for there is no count of residents by group" in found.sentence
    assert any("statistics office" in text for text in found.limits)
    assert "There are no weights: those who answer gladly count for too much." in found.limits
    assert [row[-1] for row in found.table.rows] == ["not known", "not known"]
    assert missing_groups(layer) == ()


def test_no_group_is_named_where_none_is_clearly_too_few(
    question: Any, survey_of: Any, areas: AreaLayer, told: Any
) -> None:
    layer = survey_of(
        question("near", np.arange(400) % 11),
        groups={"sex": (np.arange(400) % 2, SEX)},
        areas=with_residents(areas, 505, 495),
    )
    assert missing_groups(layer) == ()
    assert only(layer, told).numbers["weak_groups"] == 0


def test_missing_and_weak_groups_are_named(
    question: Any, survey_of: Any, areas: AreaLayer, told: Any
) -> None:
    nobody = survey_of(
        question("near", np.arange(200) % 11),
        groups={"sex": (np.zeros(200, int), SEX)},
        areas=with_residents(areas, 500, 500),
    )
    assert missing_groups(nobody) == ("men",)
    assert " men" in only(nobody, told).sentence


def test_weights_bring_shares_nearer_and_are_shown(
    question: Any, survey_of: Any, areas: AreaLayer, told: Any
) -> None:
    sex = np.repeat([0, 1], [150, 50])
    layer = survey_of(
        question("near", np.arange(200) % 11),
        groups={"sex": (sex, SEX)},
        weight=np.where(sex == 0, 1.0, 3.0),
        areas=with_residents(areas, 500, 500),
    )
    found = only(layer, told)
    women = found.table.rows[0]
    assert women[2:6] == (150, 75.0, 50.0, 50.0)
    # Weights do not hide that men were few: the mark is about who answered.
    assert missing_groups(layer) == ("men",)


def test_other_labels_than_those_of_residents_are_not_compared(
    question: Any, survey_of: Any, areas: AreaLayer, told: Any
) -> None:
    layer = survey_of(
        question("near", np.arange(40)),
        groups={"sex": (np.arange(40) % 2, ("female", "male"))},
        areas=with_residents(areas, 500, 500),
    )
    assert respondents(layer)[0].found is None
    assert "not known" in only(layer, told).sentence


def test_answers_without_area_and_thin_areas_are_counted(
    question: Any, survey_of: Any, told: Any
) -> None:
    area = np.repeat([0, 1, -1], [60, 29, 11])
    found = only(survey_of(question("near", np.arange(100) % 11), area=area), told)
    assert found.numbers["thin_areas"] == 11
    said = " ".join(found.details)
    assert "11 of 12 wards have fewer than 30 answers and get no estimate of their own" in said
    assert "11\u202f% of the answers belong to none of the wards" in said


def test_answers_in_no_group_are_left_out_of_the_shares(
    question: Any, survey_of: Any, told: Any
) -> None:
    sex = np.repeat([0, 1, -1], [10, 30, 60])
    found = only(survey_of(question("near", np.arange(100)), groups={"sex": (sex, SEX)}), told)
    assert [row[2:4] for row in found.table.rows] == [(10, 25.0), (30, 75.0)]


def test_areas_are_set_against_residents_and_told_as_a_number(
    question: Any, survey_of: Any, areas: AreaLayer, told: Any
) -> None:
    area = np.repeat(np.arange(12), [60] * 10 + [3, 0])
    layer = survey_of(
        question("near", np.arange(area.size) % 11),
        groups={"sex": (np.arange(area.size) % 2, SEX)},
        areas=with_residents(areas, 500, 500),
        area=area,
    )
    found = only(layer, told)
    by_area = [row for row in found.table.rows if row[1] == "area"]
    assert [row[2] for row in by_area] == [60] * 10 + [3, 0]
    # Twelve areas of as many residents: each is due one answer in twelve.
    assert [row[5] for row in by_area] == pytest.approx([100 / 12] * 12)
    assert [row[6] for row in by_area][10:] == ["under-represented", "missing"]
    assert any(
        text.startswith("2 of 12 wards have clearly fewer answers") for text in found.details
    )
    assert not any(label in found.sentence for label in areas.labels)
    assert missing_groups(layer) == ()
