"""Same answers, same methods with the same reasons; a slow and obvious version agrees."""

from __future__ import annotations

import random
import tomllib
from importlib.resources import files

import pytest

from commonlight.web.design.engagement.domain.catalogue import group_titles, phases
from commonlight.web.design.engagement.domain.ranking import TESTS, Answers, change_for, rank

CONTENT = files("commonlight.web.design.engagement").joinpath("content")
CATALOGUE = tomllib.loads(CONTENT.joinpath("engagement_methods.toml").read_text(encoding="utf-8"))
RULES = tomllib.loads(CONTENT.joinpath("engagement_rules.toml").read_text(encoding="utf-8"))
PURPOSES = [one["id"] for one in CATALOGUE["purpose"]]
COSTS = [one["id"] for one in CATALOGUE["cost"]]


def slow_and_obvious(a: Answers) -> tuple[list[str], dict[str, set[str]]]:
    """The ranking as the head of engagement_rules.toml tells it, written a second time."""
    points = {rule["id"]: rule.get("points", 0) for rule in RULES["rule"]}
    lists = {rule["id"]: rule.get("methods", []) for rule in RULES["rule"]}
    kept, out = [], {}
    for m in CATALOGUE["method"]:
        says = [PURPOSES.index(one) for one in m["purposes"]]
        want = PURPOSES.index(a.purpose)
        no = {
            "wrong_phase": a.phase not in m["phases"],
            "less_than_promised": max(says) < want,
            "too_long": m["days_needed"] > a.days,
            "too_dear": COSTS.index(m["cost"]) > COSTS.index(a.cost),
            "too_few": a.size < m["group_min"],
            "public_on_sensitive": a.is_sensitive and m["id"] in lists["public_on_sensitive"],
        }
        if any(no.values()):
            out[m["id"]] = {name for name, holds in no.items() if holds}
            continue
        hits = {
            "reaches_group": sum(group in m["reaches_well"] for group in a.reach),
            "misses_group": sum(group in m["reaches_badly"] for group in a.reach),
            "purpose_matches": a.purpose in m["purposes"],
            "more_than_promised": min(says) > want,
            "size_fits": m["group_min"] <= a.size <= m["group_max"],
            "several_rounds": m["group_max"] < a.size <= 6 * m["group_max"],
            "far_too_small": a.size > 6 * m["group_max"],
            "time_to_spare": m["days_needed"] <= a.days / 2,
            "cheaper": COSTS.index(m["cost"]) < COSTS.index(a.cost),
            "skills_there": not set(m["skills"]) - set(a.skills),
            "skills_missing": bool(set(m["skills"]) - set(a.skills)),
            "needs_missing": bool(set(m["needs"]) - set(a.offers)),
            "protected_room": a.is_sensitive and "safe_space" in m["needs"],
            "trained_lead": a.is_conflict and "mediation" in m["skills"],
            "plenary_in_conflict": a.is_conflict and m["id"] in lists["plenary_in_conflict"],
        }
        total = sum(points[name] * int(number) for name, number in hits.items())
        kept.append((-total, COSTS.index(m["cost"]), m["days_needed"], m["id"]))
    return [one[-1] for one in sorted(kept)], out


def drawn(number: int) -> list[Answers]:
    """Random answers, the same in every run."""
    chance = random.Random(19)
    skills = [one["id"] for one in CATALOGUE["skill"]]
    needs = [one["id"] for one in CATALOGUE["need"]]

    def some(pool, least=0):
        return tuple(chance.sample(sorted(pool), chance.randint(least, min(5, len(pool)))))

    return [
        Answers(
            phase=chance.choice(sorted(phases())),
            purpose=chance.choice(PURPOSES),
            reach=some(group_titles(), 1),
            size=chance.choice([1, 6, 12, 25, 80, 300, 5000]),
            days=chance.choice([7, 21, 45, 90, 180, 365]),
            cost=chance.choice(COSTS),
            skills=some(skills),
            offers=some(needs),
            is_sensitive=chance.random() < 0.3,
            is_conflict=chance.random() < 0.3,
        )
        for _ in range(number)
    ]


def test_every_rule_of_the_content_is_tried():
    assert {rule["id"] for rule in RULES["rule"]} == set(TESTS)


def test_the_ranking_agrees_with_a_slow_and_obvious_version():
    for answers in drawn(400):
        found = rank(answers)
        order, aside = slow_and_obvious(answers)
        assert [one.method["id"] for one in found.kept] == order, answers
        told = {one.method["id"]: {each.rule for each in one.reasons} for one in found.set_aside}
        assert told == aside, answers


def test_the_same_answers_give_the_same_list_with_the_same_reasons(answers):
    first, second = rank(answers), rank(answers)
    assert [(one.method["id"], one.reasons) for one in first.kept] == [
        (one.method["id"], one.reasons) for one in second.kept
    ]
    assert all(one.reasons for one in first.shown)


def test_no_sentence_keeps_an_open_place():
    for answers in drawn(60):
        found = rank(answers)
        sentences = [
            each.sentence for one in (*found.kept, *found.set_aside) for each in one.reasons
        ]
        assert not [one for one in [*sentences, found.combine] if "{" in one]


def test_reasons_name_groups_as_a_sentence_does(answers):
    found = {one.method["id"]: one for one in rank(answers).kept}["focus_group"]
    told = [one.sentence for one in found.reasons]
    assert "Reaches women and young people up to 24 well." in told
    assert "Fits 10 people." in told


def test_points_are_never_told(answers):
    assert not hasattr(rank(answers).kept[0], "points")


def test_a_second_method_is_named_for_those_whom_the_first_misses(answers):
    from dataclasses import replace

    found = rank(replace(answers, reach=("women", "people_without_home"), cost="medium"))
    assert "people without a home" in found.combine.lower() or not found.combine


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_order_does_not_depend_on_the_language(answers, language):
    from django.utils import translation

    with translation.override("en"):
        plain = [one.method["id"] for one in rank(answers).kept]
    with translation.override(language):
        assert [one.method["id"] for one in rank(answers).kept] == plain


def test_the_nearest_misses_stand_first_and_one_changed_answer_lets_each_in(answers):
    from dataclasses import replace

    found = rank(replace(answers, phase="ideate", purpose="collaborate", days=40, cost="low"))
    assert not found.kept
    counts = [len(one.reasons) for one in found.set_aside]
    assert counts == sorted(counts)
    assert found.nearest == found.set_aside[: len(found.nearest)]
    for one in found.nearest:
        changed = dict(change_for(one.method, each.rule) for each in one.reasons)
        again = replace(answers, phase="ideate", purpose="collaborate", days=40, cost="low")
        again = replace(again, **changed)
        assert one.method["id"] in [each.method["id"] for each in rank(again).kept]


def test_a_talk_with_a_group_helps_to_find_ideas(answers):
    from dataclasses import replace

    found = rank(replace(answers, phase="ideate", reach=("youth",), size=8, days=42))
    assert {"focus_group", "exploratory_walk"} <= {one.method["id"] for one in found.shown}
    dear = rank(replace(answers, phase="ideate", size=8, cost="medium", is_sensitive=True))
    assert "interviews" in [one.method["id"] for one in dear.shown]


def test_what_nobody_has_answered_is_said_once_and_blames_nobody(answers):
    from dataclasses import replace

    silent = rank(replace(answers, skills=(), offers=()))
    focus = {one.method["id"]: one for one in silent.kept}["focus_group"]
    (unsaid,) = [one for one in focus.reasons if one.is_neutral]
    assert unsaid.sentence.startswith("Needs facilitation")
    assert unsaid.sentence.endswith(", and you have not said whether you offer it.")
    told = [one.rule for all_ in silent.kept for one in all_.reasons]
    assert "skills_missing" not in told
    assert "needs_missing" not in told
    some = rank(replace(answers, skills=("arts",), offers=("childcare",)))
    focus = {one.method["id"]: one for one in some.kept}["focus_group"]
    assert not [one for one in focus.reasons if one.is_neutral]
    assert "skills_missing" in [one.rule for one in focus.reasons]
    half = rank(replace(answers, skills=("facilitation",), offers=()))
    focus = {one.method["id"]: one for one in half.kept}["focus_group"]
    (unsaid,) = [one for one in focus.reasons if one.is_neutral]
    assert "acilitation" not in unsaid.sentence
