"""Cards fire on the words of a plan, in three languages; an answered card is watched."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from commonlight.web.design.review.domain.noticing import cards, noticed
from commonlight.web.design.review.domain.tensions import (
    ReviewError,
    answer_card,
    cards_of,
    waiting_cards,
    watched_effects,
)
from commonlight.web.design.review.models import TensionAnswer

TEXTS = tomllib.loads(
    (Path(__file__).parents[1] / "tensions_tests.toml").read_text(encoding="utf-8")
)
ANSWER = {
    "side": "both",
    "why": "Two cameras, looked at again in a year.",
    "who_may_lose": "Everybody who passes",
    "watch": "Complaints each month",
}


def fired(text, language=""):
    return {card for card, _words in noticed(text, language)}


def change(concept, actor, text):
    from commonlight.web.design.domain.concepts import card_of, change_concept, current_version

    card = {**card_of(current_version(concept)), "why_it_should_work": text}
    ideas = card.pop("from_ideas")
    change_concept(actor, concept, reason="Said anew.", organisations=[], ideas=ideas, **card)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_plans_fire_exactly_the_cards_that_are_expected(language):
    for plan in (one for one in TEXTS["plan"] if one["language"] == language):
        assert fired(plan["text"], language) == set(plan["expects"]), plan["id"]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_controls_fire_nothing(language):
    for control in (one for one in TEXTS["control"] if one["language"] == language):
        assert fired(control["text"], language) <= {control.get("may_fire")}, control["id"]


def test_phrases_from_unseen_texts_are_noticed():
    missed = [
        one["id"]
        for one in TEXTS["phrase"]
        if one["card"] not in fired(one["text"], one["language"])
    ]
    assert missed == []


def test_every_plan_fires_in_whatever_language_it_is_written():
    for plan in TEXTS["plan"]:
        assert set(plan["expects"]) <= fired(plan["text"]), plan["id"]


def test_a_card_fires_once_with_its_words_and_where_they_stand(problem, concept, actor_of):
    change(concept, actor_of("analyst"), "Twelve cameras show who comes. Cameras stay on.")
    waiting = {one.id: one for one in waiting_cards(problem)}
    assert "protection_or_rights" in waiting
    firing = waiting["protection_or_rights"].firings[0]
    assert "amera" in firing.words
    assert "Evening café" in str(firing.where)


def test_a_problem_that_mentions_a_measure_is_no_plan(problem):
    problem.statements.update(effects="The cameras were broken, the fence is open.")
    assert waiting_cards(problem) == []


def test_an_answered_card_adds_a_side_effect_that_is_watched(problem, concept, actor_of):
    analyst = actor_of("analyst")
    answer_card(analyst, problem, "protection_or_rights", **ANSWER)
    (effect,) = watched_effects(problem)
    assert effect.watch == "Complaints each month"
    assert effect.indicator == cards()["protection_or_rights"]["indicator"]["id"]
    answer_card(
        analyst, problem, "protection_or_rights", side="not_relevant", why="No camera is planned."
    )
    assert watched_effects(problem) == []
    assert TensionAnswer.objects.of(problem.workspace).count() == 2


def test_not_relevant_needs_a_reason_and_a_side_needs_what_is_watched(problem, actor_of):
    analyst = actor_of("analyst")
    with pytest.raises(ReviewError, match="needs a reason"):
        answer_card(analyst, problem, "local_or_wider", side="not_relevant", why=" ")
    with pytest.raises(ReviewError, match="what you will watch"):
        answer_card(analyst, problem, "local_or_wider", side="both", why="Both.")


def test_an_answered_card_waits_no_more(problem, concept, actor_of):
    analyst = actor_of("analyst")
    change(concept, analyst, "Twelve cameras show who comes.")
    answer_card(analyst, problem, "protection_or_rights", **ANSWER)
    card = next(one for one in cards_of(problem) if one.id == "protection_or_rights")
    assert card.firings
    assert not card.is_waiting


@pytest.mark.parametrize("role", ["decision_maker", "stranger"])
def test_who_may_not_write_may_not_answer(role, problem, actor_of):
    from commonlight.web.policy import Refused

    with pytest.raises(Refused):
        answer_card(actor_of(role), problem, "protection_or_rights", **ANSWER)
