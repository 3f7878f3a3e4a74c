"""A problem is defined when nothing of the list is missing, and each missing item is named."""

from __future__ import annotations

import pytest

from commonlight.web.content import read_content
from commonlight.web.policy import Refused
from commonlight.web.problems.domain.agreeing import CauseChoice, agree
from commonlight.web.problems.domain.causing import add_cause, withdraw_cause
from commonlight.web.problems.domain.defining import define, lacks
from commonlight.web.problems.domain.moving import ReasonError, move, states
from commonlight.web.problems.domain.stating import describe
from commonlight.web.problems.needs import Known, lacks_of, sharing, tellers
from commonlight.web.problems.path import paths_of
from commonlight.web.states import NotNow
from commonlight.web.thread.domain import join, part
from commonlight.web.thread.models import Link

pytestmark = pytest.mark.django_db


def named(actor, problem):
    return [one.need for one in lacks(actor, problem)]


def of_the_core(needs):
    return [one for one in needs if one != "valued_use"]


@pytest.fixture
def complete(opened, problem, sources, actor_of, whole, city):
    """Everything that the core of the record asks for is there."""
    problem.refresh_from_db()
    actor = actor_of("coordinator")
    describe(
        actor,
        problem,
        title=problem.title,
        owner=city.municipality,
        focus_area="public_spaces",
        theme="",
    )
    families = ("lighting", "policing", "school_family")
    causes = {one: CauseChoice(text=f"Cause {one}", reach="inside") for one in families}
    agree(actor, problem, reason="We met.", causes=causes, **whole)
    for cause in problem.causes.all():
        join(actor, cause, sources[0])
    return problem


def test_every_item_of_the_list_is_told_by_an_app():
    content = read_content("commonlight.web.problems", "definition")
    assert tellers() == {one["id"] for one in content["needed"]}


def test_a_signal_lacks_everything_and_says_where_to_mend_it(problem, actor_of):
    found = {one.need: one for one in lacks(actor_of("coordinator"), problem)}
    assert of_the_core(found) == [
        "statement_complete",
        "joint_statement",
        "two_organisations",
        "quantitative_source",
        "qualitative_source",
        "causes_with_evidence",
    ]
    assert "City of Lakeside" in found["two_organisations"].text
    assert "Groups harmed" in found["statement_complete"].text
    assert found["quantitative_source"].address.endswith("/problems/1/sources/")
    with pytest.raises(Refused):
        define(actor_of("coordinator"), problem)


def test_a_complete_problem_lacks_nothing(complete, actor_of):
    assert of_the_core(named(actor_of("coordinator"), complete)) == []


def test_two_sources_of_one_nature_are_not_enough(complete, actor_of):
    told = Link.objects.of(complete.workspace).filter(claim_kind="problem").last()
    part(actor_of("coordinator"), complete, told, reason="Withdrawn by the city")
    assert of_the_core(named(actor_of("coordinator"), complete)) == ["qualitative_source"]


def test_a_source_that_was_deleted_counts_for_nothing(complete, sources, actor_of):
    from django.utils import timezone

    sources[0].deleted_at = timezone.now()
    sources[0].save()
    assert of_the_core(named(actor_of("coordinator"), complete)) == [
        "quantitative_source",
        "causes_with_evidence",
    ]


def test_a_cause_within_reach_needs_evidence_or_is_marked_presumed(complete, actor_of, sources):
    actor = actor_of("coordinator")
    cause = add_cause(
        actor, complete, text="The kiosk hides the path", family="design_of_place", reach="inside"
    )
    assert of_the_core(named(actor, complete)) == ["causes_with_evidence"]
    join(actor, cause, sources[1])
    assert of_the_core(named(actor, complete)) == []
    other = add_cause(actor, complete, text="No bus", family="transport", reach="inside")
    assert "No bus" in lacks(actor, complete)[0].text
    withdraw_cause(actor, other, reason="There is a bus.")
    far = add_cause(actor, complete, text="Winter is dark", family="lighting", reach="outside")
    assert far.pk
    assert of_the_core(named(actor, complete)) == []


def test_the_same_list_whoever_looks(complete, actor_of):
    names = {tuple(named(actor_of(role), complete)) for role in ("coordinator", "evaluator")}
    assert len(names) == 1


def test_a_problem_is_told_alike_alone_and_among_others(complete, actor_of):
    from commonlight.web.problems.domain.stating import open_problem

    actor = actor_of("coordinator")
    other = open_problem(actor, title="Noise", sentence="It is too loud to sleep.", place="Quay")
    both = lacks_of(Known(actor, [other, complete]))
    assert [one.need for one in both[complete.pk]] == named(actor, complete)
    assert [one.need for one in both[other.pk]] == named(actor, other)


def test_defining_moves_the_problem_on_and_design_may_begin(complete, actor_of, monkeypatch):
    actor = actor_of("coordinator")
    monkeypatch.setattr("commonlight.web.problems.needs._tellers", {})
    with pytest.raises(NotNow):
        move(actor, complete, "brief")
    define(actor, complete)
    assert complete.state == "defined"
    for action, state in (("start_design", "designing"), ("brief", "briefed")):
        move(actor, complete, action)
        assert complete.state == state
    with pytest.raises(ReasonError):
        move(actor, complete, "redesign")
    move(actor, complete, "redesign", reason="The residents said no.")
    move(actor, complete, "redefine", reason="It is another problem.")
    assert complete.state == "framed"


def test_every_state_has_a_name_and_every_step_an_event():
    from commonlight.web.problems.enums import ProblemState
    from commonlight.web.problems.event_words import WORDS

    assert set(states().states) == set(ProblemState.values)
    assert {f"problem.{one.action}" for one in states().transitions} <= set(WORDS)


def test_the_path_shows_what_is_missing_in_each_pillar(problem, actor_of):
    with sharing():
        path = paths_of(actor_of("partner"), [problem])[problem.pk]
    assert [one.number for one in path] == [1, 2, 3, 4, 5, 6, 7]
    first = path[0]
    assert first.principle_title == "Citizen-centred"
    assert first.missing_count > 4
    assert [one.id for one in path if not one.is_built] == [
        "implementation",
        "outcomes",
        "evaluation",
        "communication",
    ]
    assert all(one.comes_next and not one.parts for one in path if not one.is_built)
