"""A whole chain on one page: begun from the concept card, complete for the checks, never twice."""

from __future__ import annotations

import pytest

from commonlight.web.design.theory.domain.chaining import Chain, add_chain
from commonlight.web.design.theory.domain.reading import read_theory, steps_of, theory_of
from commonlight.web.design.theory.models import Link, Step
from commonlight.web.design.theory.path_parts import theory

PAGE = "/w/lakeside/problems/1/theory/chain/"
SAID = {
    "activity": "Youth workers are at the station in the evening",
    "change": "Young people know an adult whom they can tell",
    "first_assumption": "The same two workers come each evening",
    "outcome": "Fewer threats at the station",
    "second_assumption": "Those who threaten fear to be known",
    "indicator": "Share of pupils who were threatened",
    "witness": "survey",
    "harm": "Groups may move to the bus stop",
    "is_own_judgement": "on",
}


@pytest.fixture
def concept(problem, actor_of):
    from commonlight.web.design.domain.concepts import open_concept

    return open_concept(
        actor_of("partner"),
        problem,
        name="Evening presence",
        in_one_sentence="Youth workers are at the station in the evening",
        cause=None,
        sides=[],
        why_it_should_work="Young people know an adult whom they can tell",
        users=[],
        designed_with=[],
        organisations=[],
        who_does_it="",
        good_uses_kept="",
        who_may_lose="Groups may move to the bus stop",
        cost_guess="",
        ideas=[],
    )


def text_of(answer):
    return answer.content.decode()


def test_one_page_makes_a_theory_in_which_the_checks_find_nothing(problem, client_of, actor_of):
    answer = client_of("partner").post(PAGE, SAID)
    assert (answer.status_code, answer.url) == (302, "/w/lakeside/problems/1/theory/#checks")
    sheet = read_theory(actor_of("partner"), problem)
    kinds = [(one.kind, one.text) for one in sheet.steps]
    assert kinds == [
        ("activity", SAID["activity"]),
        ("mechanism", SAID["change"]),
        ("outcome", SAID["outcome"]),
        ("indicator", SAID["indicator"]),
    ]
    assert sheet.steps[3].witness == "survey"
    ends = [(one.source.number, one.target.number) for one in sheet.links]
    assert ends == [(1, 2), (2, 3), (3, 4)]
    assert [one.assumption for one in sheet.links[:2]] == [
        SAID["first_assumption"],
        SAID["second_assumption"],
    ]
    assert sheet.links[0].harm == SAID["harm"]
    assert [one.is_own_judgement for one in sheet.links] == [True, True, False]
    assert sheet.faults == []


def test_what_is_left_out_is_what_the_checks_name(problem, client_of, actor_of):
    named = ("activity", "change", "outcome")
    client_of("partner").post(PAGE, {name: SAID[name] for name in named})
    sheet = read_theory(actor_of("partner"), problem)
    assert {one.check for one in sheet.faults} == {
        "missing_assumption",
        "no_indicator",
        "no_harm_path",
        "no_evidence",
    }


def test_the_page_begins_with_what_the_concept_card_says(concept, client_of):
    client = client_of("partner")
    assert f'href="{PAGE}"' in text_of(client.get("/w/lakeside/problems/1/theory/"))
    page = text_of(client.get(PAGE))
    for text in (
        "Youth workers are at the station in the evening</textarea>",
        "Young people know an adult whom they can tell</textarea>",
        "Groups may move to the bus stop</textarea>",
    ):
        assert text in page


def test_words_too_long_for_a_step_are_shown_and_not_cut(concept, actor_of, client_of):
    from commonlight.web.design.domain.concepts import change_concept

    long = "They know an adult whom they can tell. " * 6
    card = {
        "name": "Evening presence",
        "in_one_sentence": "Youth workers are at the station",
        "cause": None,
        "why_it_should_work": long,
        "who_does_it": "",
        "good_uses_kept": "",
        "who_may_lose": "",
        "cost_guess": "",
        **{name: [] for name in ("sides", "users", "designed_with", "organisations", "ideas")},
    }
    change_concept(actor_of("partner"), concept, reason="Longer", **card)
    page = text_of(client_of("partner").get(PAGE))
    assert long.strip() in page.replace("\n", " ")
    assert f"{long.strip()}</textarea>" not in page


def test_a_second_chain_to_the_same_outcome_uses_it_again(problem, actor_of, city):
    who = actor_of("partner")
    first = add_chain(who, problem, Chain(activity="A", change="B", outcome="C", indicator="I"))
    second = add_chain(who, problem, Chain(activity="D", change="E", outcome="C", indicator="I"))
    assert (first[2].pk, first[3].pk) == (second[2].pk, second[3].pk)
    assert len(steps_of(theory_of(problem))) == 6
    assert Link.objects.of(city.workspace).count() == 5


def test_a_fault_in_the_form_writes_nothing(problem, client_of, city):
    answer = client_of("partner").post(PAGE, {**SAID, "outcome": ""})
    page = text_of(answer)
    assert "<title>Error:" in page
    assert "Groups may move to the bus stop</textarea>" in page
    assert not Step.objects.of(city.workspace).exists()


def test_the_path_leads_to_the_first_chain_as_long_as_there_is_none(problem, actor_of):
    for role, page in (("partner", PAGE), ("decision_maker", PAGE.removesuffix("chain/"))):
        assert theory(actor_of(role), [problem])[problem.pk].address == page
