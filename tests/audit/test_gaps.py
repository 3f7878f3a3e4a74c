from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.audit.gaps import absent_voices, missing_sources, one_sided
from commonlight.audit.intake import Intake
from commonlight.audit.layers import AreaLayer, Layer
from commonlight.findings.model import Block, SourceNote

DAY = np.datetime64("2023-05-05T12:00:00")


@pytest.fixture
def note(layer_of: Callable[..., Layer]) -> Callable[..., SourceNote]:
    police = layer_of([DAY]).source
    return lambda **changes: replace(police, **changes)


def intake(*notes: SourceNote, areas: tuple[AreaLayer, ...] = ()) -> Intake:
    return Intake(layers=(), areas=areas, sources=notes, crs="")


def test_police_alone_lacks_all_the_rest_each_with_its_voice(note: Any, areas: AreaLayer) -> None:
    missing = missing_sources(intake(note()))
    assert {item.block for item in missing} == set(Block)
    for item in missing:
        assert item.voice
        assert item.why.endswith(".")
        assert item.next_step.endswith(".")
    assert len(missing) == 9


def test_what_is_there_is_not_missing(note: Any, areas: AreaLayer) -> None:
    alone = {item.name for item in missing_sources(intake(note()))}
    residents = note(id="r", kind="population", witness="statistics")
    more = {item.name for item in missing_sources(intake(note(), residents, areas=(areas,)))}
    assert alone - more == {"Residents by area", "Area boundaries"}
    table_only = replace(areas, polygons=())
    assert "Area boundaries" in {
        item.name for item in missing_sources(intake(note(), areas=(table_only,)))
    }


def test_police_records_and_statistics_are_one_sided(note: Any) -> None:
    residents = note(id="r", kind="population", witness="statistics")
    assert one_sided(intake(note()))
    assert one_sided(intake(note(), residents))


def test_citizen_reports_end_the_one_sidedness(note: Any) -> None:
    reports = note(id="c", kind="reports", witness="residents")
    assert not one_sided(intake(note(), reports))
    names = {item.name for item in missing_sources(intake(note(), reports))}
    assert "What residents report to the municipality" not in names
    assert "What residents feel and live through" in names


def test_each_absent_voice_is_named_once(note: Any) -> None:
    missing = missing_sources(intake(note()))
    voices = absent_voices((*missing, *missing))
    assert len(set(voices)) == len(voices)
    # Those who hold boundaries or counts are asked for data, not for a view.
    assert set(voices) == {item.voice for item in missing if item.block is not Block.CONTEXT}


def test_a_survey_and_a_walk_meet_their_needs(note: Any) -> None:
    survey = note(id="s", kind="answers", witness="survey")
    walk = note(id="w", kind="visits", witness="site")
    had = intake(note(), survey, walk)
    assert not one_sided(had)
    names = {item.name for item in missing_sources(intake(note()))}
    left = {item.name for item in missing_sources(had)}
    assert names - left == {"What residents feel and live through", "What was seen on site"}


def test_where_the_police_do_not_speak_they_are_missing(note: Any) -> None:
    survey = note(id="s", kind="answers", witness="survey")
    missing = missing_sources(intake(survey))
    assert "the police, and those who report to them" in absent_voices(missing)
    assert not one_sided(intake(survey))


def test_a_source_of_which_no_row_could_be_used_meets_no_need(note: Any) -> None:
    empty = note(id="s", kind="answers", witness="survey", rows_accepted=0)
    assert one_sided(intake(note(), empty))
    names = {item.name for item in missing_sources(intake(note(), empty))}
    assert "What residents feel and live through" in names
    uncounted = note(id="s", kind="answers", witness="survey", rows_accepted=None)
    assert not one_sided(intake(note(), uncounted))
