"""The path asks for the guards of a concept before its checks."""

from __future__ import annotations

import pytest

from commonlight.web.design.review.domain.guards import answer_guard, guards_of
from commonlight.web.design.review.domain.principles import answer_check, content
from commonlight.web.problems.path import path_of, paths_of

HERE = "/w/lakeside/problems/1/design/"


@pytest.fixture
def state(problem, actor_of):
    def read():
        pillar = next(one for one in path_of(actor_of("partner"), problem) if one.id == "design")
        return {str(label): found for label, found in pillar.parts}["Guards and checks"]

    return read


def test_nothing_is_asked_before_there_is_a_concept(state):
    assert (state().missing, state().address) == ((), f"{HERE}concepts/")
    assert not state().is_begun


def test_guards_come_before_checks(concept, state, actor_of):
    partner = actor_of("partner")
    assert str(state().missing[0]).startswith("5 questions of the focus area have no answer.")
    assert state().address == f"{HERE}guards/1/"
    for one in guards_of(concept):
        chosen = one.row.get("answers", [])[:1]
        answer_guard(partner, concept, "public_spaces", one.row["id"], choices=chosen, text="Said.")
    assert [str(one) for one in state().missing] == ["18 principle checks have no answer."]
    assert state().address == f"{HERE}checks/1/"
    for row in content()["check"]:
        answer_check(partner, concept, row["id"], answer="met", where="On the card")
    assert state().is_done


def test_many_problems_cost_as_much_as_one(
    problem, concept, actor_of, django_assert_max_num_queries
):
    from commonlight.web.design.domain.concepts import open_concept
    from commonlight.web.design.review.path_parts import answers
    from commonlight.web.problems.domain.stating import open_problem

    analyst = actor_of("analyst")
    made = [problem]
    for name in ("Dark way", "Loud lane"):
        one = open_problem(analyst, title=name, sentence="It is so.", place="Lane")
        card = {"name": name, "in_one_sentence": "Light.", "why_it_should_work": "One sees."}
        card |= dict.fromkeys("who_does_it who_may_lose cost_guess good_uses_kept".split(), "")
        open_concept(
            analyst, one, users=[], designed_with=[], cause=None, organisations=[], ideas=[], **card
        )
        made.append(one)
    with django_assert_max_num_queries(3):
        found = answers(analyst, made)
    assert {str(one.missing[0]) for one in found.values()} == {
        "18 principle checks have no answer."
    }
    assert len(paths_of(analyst, made)) == 3
