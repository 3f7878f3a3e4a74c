"""One record in three orders: no field is lost, and each is told by the app that keeps it."""

from __future__ import annotations

import pytest

from commonlight.web.content import read_content
from commonlight.web.problems.coverage import covered, plan_lacks
from commonlight.web.problems.record_fields import reading, record_field

pytestmark = pytest.mark.django_db
READINGS = ("sara", "five_is", "sape")
OURS = {
    "title",
    "place",
    "period",
    "groups_harmed",
    "harm",
    "effects",
    "causes_inside",
    "causes_outside",
    "cause_evidence",
    "disputed",
    "owner",
    "sources_quantitative",
    "sources_qualitative",
    "missing_voices",
    "frames",
    "joint_statement",
    "minority_causes",
    "reframings",
}


def fields_of(actor, problem, name):
    return {one.id: one for heading in reading(actor, problem, name) for one in heading.fields}


@pytest.mark.parametrize("name", READINGS)
def test_no_field_is_lost_between_the_readings(opened, problem, sources, actor_of, name):
    problem.refresh_from_db()
    content = read_content("commonlight.web.problems", "readings")
    found = fields_of(actor_of("partner"), problem, name)
    assert set(found) == {one["id"] for one in content["field"]}
    placed = [
        field
        for one in content["reading"]
        if one["id"] == name
        for heading in one["heading"]
        for field in heading["fields"]
    ]
    assert len(placed) == len(set(placed))


def test_every_reading_says_the_same(opened, problem, sources, actor_of):
    problem.refresh_from_db()
    first, *others = (fields_of(actor_of("partner"), problem, name) for name in READINGS)
    for other in others:
        assert {key: one.entries for key, one in other.items()} == {
            key: one.entries for key, one in first.items()
        }
    assert first["sources_quantitative"].entries[0].text == "Thefts"
    assert [one.text for one in first["frames"].entries] == ["2 of 3 have answered."]


def test_our_fields_are_told_here():
    from commonlight.web.problems.record_fields import _tellers

    here = {
        name
        for name, tell in _tellers.items()
        if tell.__module__ == "commonlight.web.problems.problem_fields"
    }
    assert here == OURS


def test_a_field_that_nobody_knows_and_one_told_twice_are_mistakes():
    with pytest.raises(ValueError, match="has no field"):
        record_field("weather")
    with pytest.raises(ValueError, match="told by"):
        record_field("title")(lambda actor, problem: [])


def test_a_plan_lacks_evaluation_and_baseline_as_long_as_they_are_not_built(problem, actor_of):
    actor = actor_of("coordinator")
    found = {one.id: one for one in plan_lacks(reading(actor, problem, "sape"))}
    assert {"evaluation_plan", "baseline", "mechanism"} <= set(found)
    assert not found["evaluation_plan"].is_built
    assert found["mechanism"].is_built


def test_an_empty_side_of_the_problem_is_shown(problem, actor_of, client_of):
    sides = covered(actor_of("coordinator"), problem)
    assert [one.id for one in sides] == ["victim", "offender", "situation"]
    text = client_of("coordinator").get("/w/lakeside/problems/1/read/sape/").content.decode()
    assert text.count("No measure addresses this side.") == 3
    assert "Comes next" in text


def test_a_reading_that_nobody_knows_is_no_page(problem, client_of):
    assert client_of("partner").get("/w/lakeside/problems/1/read/swot/").status_code == 404
