"""Gates list all that is missing, let through when it is there, and shut again."""

from __future__ import annotations

from datetime import date

import pytest

from commonlight.web.content import read_content
from commonlight.web.design.engagement.domain.catalogue import group_titles
from commonlight.web.design.engagement.domain.gates import (
    confirm_problem,
    decide_gate,
    gates_of,
    go_back,
    pass_gate,
    stage_of,
    stage_table,
)
from commonlight.web.design.engagement.domain.planning import (
    EngagementError,
    choose,
    engagement_of,
    make_plan,
    say_not_heard,
    say_why,
)
from commonlight.web.design.engagement.domain.register import record_hearing
from commonlight.web.design.engagement.needs import told_needs
from commonlight.web.policy import Refused

GATES = read_content("commonlight.web.design.engagement", "stage_gates")


def lacks(actor, problem, name):
    gate = next(one for one in gates_of(actor, problem) if one.id == name)
    return {one.need: one.text for one in gate.missing}


def why(actor, problem, **more):
    given = {
        "rationale": "substantive",
        "decision": "Which of the two routes is lit",
        "decided_by": "The committee for streets",
        "decided_on": date(2026, 12, 1),
        "harmed_groups": ["women"],
    }
    return say_why(actor, problem, **{**given, **more})


def test_every_need_of_a_gate_is_told_by_an_app():
    assert {one["id"] for one in GATES["need"]} <= told_needs()


def test_the_gates_are_the_table_of_states():
    table = stage_table()
    for gate in GATES["gate"]:
        assert table.after(gate["from"], gate["id"]) == gate["to"]
        assert table.after(gate["to"], "back") == gate["from"]


def test_a_gate_says_everything_that_is_missing_at_once(problem, actor_of):
    coordinator = actor_of("coordinator")
    assert set(lacks(coordinator, problem, "to_define")) == {
        "rationale",
        "decision_at_stake",
        "two_organisations",
    }
    with pytest.raises(EngagementError, match="Say why you engage people"):
        pass_gate(coordinator, problem, "to_frame")


def test_the_way_through_and_back_and_shut_again(problem, actor_of):
    coordinator = actor_of("coordinator")
    why(coordinator, problem)
    pass_gate(coordinator, problem, "to_frame")
    assert engagement_of(problem).stage == "frame"
    with pytest.raises(EngagementError, match="not the next phase"):
        pass_gate(coordinator, problem, "to_prototype")
    why(coordinator, problem, rationale="")
    first = gates_of(coordinator, problem)[0]
    assert first.is_passed
    assert first.is_shut_again
    with pytest.raises(EngagementError, match="why you go back"):
        go_back(coordinator, problem, reason=" ")
    go_back(coordinator, problem, reason="We asked too late.")
    assert engagement_of(problem).stage == "signal"
    assert [one.step for one in problem.gate_passages.all()] == ["to_frame", "back"]


def test_only_the_next_gate_can_be_open(problem, actor_of):
    told = [bool(decide_gate(one)) for one in gates_of(actor_of("partner"), problem)]
    assert told == [False] * 5


def test_groups_that_are_harmed_are_heard_or_it_is_said_why_not(problem, actor_of):
    coordinator = actor_of("coordinator")
    assert (
        "Women on their way home"
        in lacks(coordinator, problem, "to_prototype")["harmed_groups_heard"]
    )
    why(coordinator, problem, harmed_groups=["women", "youth"])
    assert (
        "women and young people up to 24"
        in lacks(coordinator, problem, "to_prototype")["harmed_groups_heard"]
    )
    record_hearing(
        coordinator,
        problem,
        held_on=date(2026, 5, 4),
        method="focus_group",
        groups={"women": 8, "men": 0},
        said="The way home is dark.",
    )
    assert "women" not in lacks(coordinator, problem, "to_prototype")["harmed_groups_heard"]
    say_not_heard(coordinator, problem, group="youth", reason="They are asked in spring.")
    assert "harmed_groups_heard" not in lacks(coordinator, problem, "to_prototype")
    assert "engagement_record" not in lacks(coordinator, problem, "to_prototype")


def test_a_new_statement_asks_for_a_new_confirmation(problem, actor_of):
    from commonlight.web.problems.domain.stating import state_anew

    coordinator = actor_of("coordinator")
    confirm_problem(coordinator, problem, note="Nobody named another cause.")
    assert "problem_confirmed" not in lacks(coordinator, problem, "to_prototype")
    state_anew(
        actor_of("analyst"),
        problem,
        sentence="Travellers are afraid at the station between 20:00 and 23:00.",
        place="Station square",
        reason="The survey says so.",
    )
    assert "problem_confirmed" in lacks(coordinator, problem, "to_prototype")


def test_sources_of_both_kinds_are_asked_as_the_definition_asks(problem, actor_of):
    from commonlight.web.problems.domain.defining import lacks as lacks_of_definition

    coordinator = actor_of("coordinator")
    told = {one.need: one.address for one in lacks_of_definition(coordinator, problem)}
    gate = next(one for one in gates_of(coordinator, problem) if one.id == "to_ideate")
    lack = next(one for one in gate.missing if one.need == "both_kinds_of_source")
    assert lack.address == told["quantitative_source"]


def test_a_plan_counts_with_a_method(problem, answers, actor_of):
    coordinator = actor_of("coordinator")
    plan = make_plan(coordinator, problem, answers)
    assert "engagement_plan" in lacks(coordinator, problem, "to_ideate")
    choose(coordinator, plan, "focus_group")
    assert "engagement_plan" not in lacks(coordinator, problem, "to_ideate")


def test_a_method_that_the_planner_did_not_put_first_needs_a_reason(problem, answers, actor_of):
    coordinator = actor_of("coordinator")
    plan = make_plan(coordinator, problem, answers)
    with pytest.raises(EngagementError, match="Say why"):
        choose(coordinator, plan, "citizens_jury")
    choose(coordinator, plan, "citizens_jury", reason="The council has paid for it already.")
    assert [one.method for one in plan.chosen.all()] == ["citizens_jury"]


@pytest.mark.parametrize("role", ["partner", "decision_maker", "stranger"])
def test_only_the_coordinator_plans(role, problem, answers, actor_of):
    with pytest.raises(Refused):
        make_plan(actor_of(role), problem, answers)


def test_a_problem_that_is_defined_begins_past_the_definition(problem, actor_of):
    coordinator = actor_of("coordinator")
    assert stage_of(problem) == "signal"
    problem.state = "defined"
    problem.save()
    assert stage_of(problem) == "define"
    told = gates_of(coordinator, problem)
    assert [one.is_passed for one in told] == [True, True, False, False, False]
    assert [one.proof for one in told] == ["Defined", "Defined", "", "", ""]
    assert not any(one.is_shut_again for one in told)
    go_back(coordinator, problem, reason="We asked too late.")
    assert stage_of(problem) == "frame"
    assert engagement_of(problem).stage == "frame"


def test_groups_heard_through_a_source_of_the_board_are_heard_here(problem, actor_of, dataset):
    from commonlight.web.problems.domain.board import hear, voice_titles

    coordinator = actor_of("coordinator")
    why(coordinator, problem, harmed_groups=["women"])
    assert "harmed_groups_heard" in lacks(coordinator, problem, "to_prototype")
    source = dataset("walk", is_public=True, version=True)
    hear(coordinator, problem, "women_and_girls", source)
    assert "harmed_groups_heard" not in lacks(coordinator, problem, "to_prototype")
    assert set(GATES["groups_of_voice"]) <= set(voice_titles())
    pairs = [name for names in GATES["groups_of_voice"].values() for name in names]
    assert set(pairs) <= set(group_titles())


def test_a_gate_that_the_state_proves_may_be_put_on_record(problem, actor_of):
    coordinator = actor_of("coordinator")
    problem.state = "defined"
    problem.save()
    pass_gate(coordinator, problem, "to_frame")
    assert [one.step for one in problem.gate_passages.all()] == ["to_frame"]
    assert stage_of(problem) == "define"
    with pytest.raises(EngagementError, match="Still missing"):
        pass_gate(coordinator, problem, "to_ideate")
