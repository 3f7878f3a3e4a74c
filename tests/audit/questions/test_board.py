"""Who speaks and who is missing: spec row 11, from police alone to police, survey and walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from commonlight.audit.config import AuditConfig
from commonlight.audit.intake import Intake
from commonlight.audit.layers import AreaLayer
from commonlight.audit.questions.board import board_finding
from commonlight.audit.run import audit_report
from commonlight.audit.visits_layer import VisitsLayer
from commonlight.findings.html import ONE_SIDED, render_html
from commonlight.findings.model import Report, SourceNote

CONFIG = AuditConfig(
    city="Testham",
    sources=(),
    period=(date(2023, 1, 1), date(2024, 12, 31)),
    made_on=date(2025, 1, 1),
)
AGES = ("18-29", "30-64", "65+")


@pytest.fixture
def thefts(layer_of: Callable[..., Any]) -> Any:
    rng = np.random.default_rng(1)
    start = np.datetime64("2023-01-01T00:00:00") + rng.integers(0, 730 * 86400, 600)
    return layer_of(start, area=[f"W{i:02d}" for i in rng.integers(0, 12, 600)])


@pytest.fixture
def asked_areas(areas: AreaLayer) -> AreaLayer:
    """Residents by sex and age: half are women; a fifth, three fifths and a fifth by age."""
    return replace(
        areas,
        groups={
            "sex": {"women": np.full(12, 500.0), "men": np.full(12, 500.0)},
            "age": dict(zip(AGES, (np.full(12, n) for n in (200.0, 600.0, 200.0)), strict=True)),
        },
    )


@pytest.fixture
def survey(question: Any, survey_of: Any, asked_areas: AreaLayer) -> Any:
    """600 answers: as many women as men, but the young are 5 % instead of 20 %."""
    n = 600
    age = np.repeat([0, 1, 2], [30, 390, 180])
    return survey_of(
        question("near", np.arange(n) % 11),
        groups={"sex": (np.arange(n) % 2, ("women", "men")), "age": (age, AGES)},
        area=np.arange(n) % 12,
        areas=asked_areas,
    )


@pytest.fixture
def walk(asked_areas: AreaLayer, survey: Any) -> VisitsLayer:
    n = 48
    note = replace(survey.source, id="walk", name="Walk", kind="visits", witness="site")
    return VisitsLayer(
        name="walk",
        noun="observations",
        source=note,
        start=np.full(n, np.datetime64("2024-11-01T20:00:00")),
        item=np.arange(n) % 2,
        items=("light", "litter"),
        value=np.arange(n) % 5.0,
        area=np.arange(n) // 4,
        areas=asked_areas,
    )


def report_of(thefts: Any, *others: Any) -> Report:
    surveys = tuple(item for item in others if not isinstance(item, VisitsLayer))
    visits = tuple(item for item in others if isinstance(item, VisitsLayer))
    areas = others[0].areas if others else thefts.areas
    intake = Intake(
        layers=(replace(thefts, areas=areas),),
        areas=(areas,),
        sources=(thefts.source, *(item.source for item in others)),
        crs="EPSG:25832",
        surveys=surveys,
        visits=visits,
    )
    return audit_report(CONFIG, intake)


# Row 11


def test_police_data_alone_show_the_warning(thefts: Any) -> None:
    report = report_of(thefts)
    assert report.one_sided
    board = report.finding("context.witnesses")
    assert (
        board.sentence == "Only the police speak in this audit, of what was reported and recorded."
    )
    assert any("rests on police records alone" in text for text in report.cautions)
    assert ONE_SIDED in render_html(report)
    assert "residents, above all those who do not go to the police" in report.absent_voices


def test_survey_and_walk_remove_it(thefts: Any, survey: Any, walk: VisitsLayer) -> None:
    report = report_of(thefts, survey, walk)
    assert not report.one_sided
    assert not any("police records alone" in text for text in report.cautions)
    board = report.finding("context.witnesses")
    assert board.sentence.startswith(
        "This audit hears what was reported and recorded, what was seen on site and what residents "
        "feel and live through"
    )
    before = set(report_of(thefts).absent_voices)
    gone = before - set(report.absent_voices)
    assert gone == {
        "residents, above all those who do not go to the police",
        "those who use the place, by day and by night",
    }
    # Problems hold findings of both witnesses, and each finding says on whom it rests.
    sided = {item.id: item.one_sided for item in report.findings}
    assert sided["thefts.trend"]
    assert not sided["survey.safety"]
    assert not sided["survey.thefts-near.divergence"]
    assert not sided["walk.seen"]


@pytest.mark.parametrize("which", ["survey", "walk"])
def test_one_of_them_is_enough(thefts: Any, which: str, request: pytest.FixtureRequest) -> None:
    assert not report_of(thefts, request.getfixturevalue(which)).one_sided


def test_respondents_are_set_against_residents_by_sex_and_age(thefts: Any, survey: Any) -> None:
    report = report_of(thefts, survey)
    found = report.finding("survey.respondents")
    assert found.table is not None
    rows = {row[0]: row for row in found.table.rows}
    # Of the answers, of residents, and how that is called.
    assert (rows["18-29"][3], rows["18-29"][5]) == pytest.approx((5, 20))
    assert (rows["women"][3], rows["women"][5]) == pytest.approx((50, 50))
    assert "18-29" in found.sentence
    assert rows["18-29"][6] != rows["women"][6]
    board = report.finding("context.witnesses")
    assert any("18-29" in text for text in board.details)
    assert found.sources == ("survey", "residents-wards")


# The board itself


def test_nobody_speaks_where_only_statistics_are_given() -> None:
    assert board_finding([], [], [], one_sided=True) is None


def test_each_witness_has_a_row_with_its_age_in_one_order(thefts: Any, survey: Any) -> None:
    people = replace(thefts.source, id="people", kind="population", witness="statistics")
    notes: list[SourceNote] = [survey.source, people, thefts.source]
    found = board_finding(notes, [survey], [], one_sided=False)
    turned = board_finding(notes[::-1], [survey], [], one_sided=False)
    assert found is not None
    assert turned is not None
    assert found.table is not None
    assert turned.table == found.table
    assert turned.sentence == found.sentence
    assert [row[1] for row in found.table.rows] == ["Police", "Survey"]
    assert found.table.rows[0][5].startswith("30 days old")
    assert found.numbers == {"witnesses": 2, "missing": 0}


def test_a_source_without_a_usable_row_does_not_speak(thefts: Any, survey: Any) -> None:
    empty = replace(survey.source, rows_accepted=0)
    intake = Intake(
        layers=(thefts,), areas=(thefts.areas,), sources=(thefts.source, empty), crs="EPSG:25832"
    )
    report = audit_report(CONFIG, intake)
    assert report.one_sided
    assert report.finding("context.witnesses").sentence.startswith("Only the police speak")
    assert "What residents feel and live through" in {item.name for item in report.missing}


def test_absent_police_are_named(thefts: Any, survey: Any) -> None:
    intake = Intake(
        layers=(), areas=(survey.areas,), sources=(survey.source,), crs="", surveys=(survey,)
    )
    report = audit_report(CONFIG, intake)
    assert not report.one_sided
    assert "the police, and those who report to them" in report.absent_voices
    assert any("the police" in text for text in report.finding("context.witnesses").details)
