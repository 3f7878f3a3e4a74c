"""Principles and guards stand between a concept and its approval until each has its answer."""

from __future__ import annotations

from datetime import date

import pytest

from commonlight.web.content import read_content
from commonlight.web.design.domain.approval import open_points
from commonlight.web.design.domain.concepts import card_of, change_concept, current_version
from commonlight.web.design.models import ConceptVersion
from commonlight.web.design.review.domain.guards import (
    answer_guard,
    detected,
    guards_of,
    open_guards,
)
from commonlight.web.design.review.domain.impact import answer_aspect, open_aspects
from commonlight.web.design.review.domain.principles import (
    answer_check,
    checks_of,
    content,
    open_checks,
)
from commonlight.web.design.review.domain.record_shows import (
    shown_checks,
    shown_guards,
    taken_from_guards,
)
from commonlight.web.design.review.domain.tensions import ReviewError
from commonlight.web.thread.domain import join
from web.design.hearing import heard

AREAS = {one["id"]: one for one in read_content("commonlight.web.problems", "focus_areas")["area"]}


def answer_all(actor, concept):
    for one in content()["check"]:
        answer_check(actor, concept, one["id"], answer="met", where="On the card")


def say(concept, actor, text):
    card = {**card_of(current_version(concept)), "why_it_should_work": text}
    ideas = card.pop("from_ideas")
    change_concept(actor, concept, reason="Said anew.", organisations=[], ideas=ideas, **card)


def told(actor, concept):
    return " ".join(str(one.text) for one in open_points(actor, concept))


def test_each_unmet_principle_needs_an_answer_before_approval(concept, actor_of):
    partner = actor_of("partner")
    assert "principle checks have no answer" in told(partner, concept)
    answer_all(partner, concept)
    assert "principle" not in told(partner, concept)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"answer": "perhaps"}, "no such answer"),
        ({"answer": "will_do"}, "what will be done"),
        ({"answer": "will_do", "what": "Ask twice"}, "owner and a date"),
        ({"answer": "not_applicable"}, "needs a reason"),
    ],
)
def test_an_answer_needs_what_the_content_says(given, refusal, concept, actor_of):
    with pytest.raises(ReviewError, match=refusal):
        answer_check(actor_of("partner"), concept, "several_causes", **given)


def test_met_needs_a_sentence_only_where_the_question_asks_which(concept, actor_of):
    partner = actor_of("partner")
    made = answer_check(partner, concept, "several_causes", answer="met")
    assert (made.answer, made.where) == ("met", "")
    with pytest.raises(ReviewError, match="asks what or which"):
        answer_check(partner, concept, "side_effects_watched", answer="met")


def test_what_a_guard_answers_is_proposed_to_its_check_in_its_own_words(concept, actor_of):
    partner = actor_of("partner")
    for name, text in (
        ("other_functions", "People wait here, and still can"),
        ("non_coercive_option", "Talking came first."),
    ):
        answer_guard(partner, concept, "public_spaces", name, text=text)
    shown = shown_checks(partner, concept)
    assert shown["positive_uses_kept"] == "Our answer: “People wait here, and still can.”"
    assert shown["least_coercive"] == "Our answer: “Talking came first.”"
    taken = taken_from_guards(concept, shown)
    assert {name: one.row["id"] for name, one in taken.items()} == {
        "positive_uses_kept": "other_functions",
        "least_coercive": "non_coercive_option",
    }


@pytest.mark.parametrize(("stage", "is_early"), [("concept", True), ("in_use", False)])
def test_an_early_stage_counts_as_early_and_a_built_place_is_asked(
    stage, is_early, concept, actor_of
):
    partner = actor_of("partner")
    answer_guard(
        partner, concept, "public_spaces", "planning_stage", choices=[stage], text="The light."
    )
    assert ("design_stage" in shown_checks(partner, concept)) is is_early


def test_will_do_names_an_owner_and_a_date(concept, actor_of, city):
    answer_check(
        actor_of("partner"),
        concept,
        "several_causes",
        answer="will_do",
        what="Ask twice",
        owner=city.police,
        due=date(2027, 1, 1),
    )
    (one,) = [each for each in checks_of(concept) if each.answer is not None]
    assert one.answer.owner == city.police
    assert len(open_checks(concept)) == len(content()["check"]) - 1


def test_an_answer_to_an_older_version_says_so(concept, actor_of):
    partner = actor_of("partner")
    answer_check(partner, concept, "several_causes", answer="met", where="On the card")
    say(concept, actor_of("analyst"), "People talk to each other.")
    assert [one.is_older for one in checks_of(concept) if one.answer] == [True]


def test_guards_of_the_focus_area_hold_the_concept_back(concept, actor_of):
    partner = actor_of("partner")
    names = [one.row["id"] for one in guards_of(concept)]
    assert {"planning_stage", "non_coercive_option"} <= set(names)
    assert "At which planning stage are you" in told(partner, concept)
    answer_guard(
        partner, concept, "public_spaces", "planning_stage", choices=["in_use"], text="The light."
    )
    assert "planning stage" not in told(partner, concept)


def test_individual_risk_scores_are_refused_in_radicalisation(problem, concept, actor_of):
    problem.focus_area = "radicalisation"
    problem.save()
    concept.problem = problem
    coordinator = actor_of("coordinator")
    say(concept, actor_of("analyst"), "Teachers rate pupils and keep a watch list.")
    guard = next(one for one in guards_of(concept) if one.row["id"] == "no_individual_risk_scores")
    assert guard.hits
    with pytest.raises(ReviewError, match="rates individual people"):
        answer_guard(
            coordinator,
            concept,
            "radicalisation",
            "no_individual_risk_scores",
            is_confirmed=True,
        )
    say(concept, actor_of("analyst"), "There are no risk scores. Teachers talk with all pupils.")
    with pytest.raises(ReviewError, match="coordinator confirms"):
        answer_guard(
            actor_of("partner"),
            concept,
            "radicalisation",
            "no_individual_risk_scores",
            is_confirmed=True,
        )
    answer_guard(
        coordinator, concept, "radicalisation", "no_individual_risk_scores", is_confirmed=True
    )
    left = [one.row["id"] for one in open_guards(concept)]
    assert "no_individual_risk_scores" not in left
    assert "referral_rules_stated" in left


def test_the_stigma_note_is_asked_where_young_people_are_chosen(problem, concept, actor_of):
    problem.focus_area = "juvenile_delinquency"
    problem.save()
    concept.problem = problem
    partner = actor_of("partner")
    assert "Whom it is open to" in told(partner, concept)
    assert "stigma_note" not in [one.row["id"] for one in guards_of(concept)]
    answer_guard(
        partner, concept, "juvenile_delinquency", "reach", choices=["targeted"], is_parameter=True
    )
    assert "being marked by it?" in told(partner, concept)
    answer_guard(partner, concept, "juvenile_delinquency", "stigma_note", text="Nobody is named.")
    assert "being marked by it?" not in told(partner, concept)


def test_organised_crime_asks_for_an_approach_and_themes_have_their_guards(
    problem, concept, actor_of
):
    problem.focus_area, problem.theme = "organised_crime", "feelings_of_insecurity"
    problem.save()
    concept.problem = problem
    asked = {(one.area["id"], one.row["id"]) for one in guards_of(concept)}
    assert any(area == "organised_crime" for area, _name in asked)
    assert ("everyday_insecurity", "cause_before_measure") in asked


def test_an_unanswered_guard_is_a_question_and_states_nothing(concept, actor_of):
    said = told(actor_of("partner"), concept)
    assert "Which option without coercion did you consider" in said
    assert "Only measures with coercion are named" not in said
    assert all(one.refusal == "" for one in guards_of(concept))


def test_a_refusal_about_voices_is_read_in_the_record(problem, concept, actor_of):
    coordinator = actor_of("coordinator")
    assert "No source of this problem holds the view of women" in told(coordinator, concept)
    assert shown_guards(coordinator, concept)["gender"] == ""
    heard(coordinator, problem, women=8)
    said = told(coordinator, concept)
    assert "No source of this problem" not in said
    assert "What did women and other groups who feel less safe say" in said
    sentence = "These groups took part in sessions or workshops: women."
    sentence += " There it was said: “The way home is dark.”"
    assert shown_guards(coordinator, concept)["gender"] == sentence


def test_that_a_group_was_heard_does_not_say_that_it_is_served(problem, concept, actor_of):
    """The record's own sentence answers the guard; the check asks what changed for the group."""
    coordinator = actor_of("coordinator")
    heard(coordinator, problem, women=8)
    for text, is_shown in (
        (shown_guards(coordinator, concept)["gender"], False),
        ("Women asked for light; it comes.", True),
    ):
        answer_guard(coordinator, concept, "public_spaces", "gender", text=text)
        shown = shown_checks(coordinator, concept)
        assert bool(shown.get("gender_and_vulnerable")) is is_shown


def test_voices_heard_through_a_source_of_the_board_count(problem, concept, actor_of, city):
    from commonlight.web.problems.domain.board import hear
    from commonlight.web.problems.domain.stating import open_problem

    analyst = actor_of("analyst")
    source = open_problem(analyst, title="Dark way", sentence="It is dark.", place="Lane")
    hear(analyst, problem, "women_and_girls", source)
    sentence = "These groups are heard through sources here: Women and girls (Dark way)."
    assert shown_guards(analyst, concept)["gender"] == sentence
    assert "No source of this problem" not in told(analyst, concept)


def test_a_supported_cause_is_not_refused(problem, concept, actor_of, dataset):
    from commonlight.web.problems.domain.causing import add_cause
    from commonlight.web.thread.domain import join

    analyst = actor_of("analyst")
    problem.theme = "feelings_of_insecurity"
    problem.save()
    concept.problem = problem
    assert "No supported cause is linked" in told(analyst, concept)
    cause = add_cause(analyst, problem, text="Nowhere to sit", family="place", reach="reach")
    version = current_version(concept)
    version.cause = cause
    version.save()
    assert "No supported cause is linked" in told(analyst, concept)
    join(actor_of("coordinator"), cause, dataset("walk", is_public=True, version=True))
    said = told(analyst, concept)
    assert "No supported cause is linked" not in said
    assert "Which cause of this feeling is supported" in said
    assert "supported: Nowhere to sit." in shown_guards(analyst, concept)["cause_before_measure"]


def test_research_counts_as_checked_with_a_reason_and_a_passport(problem, concept, actor_of, city):
    from commonlight.web.knowledge.domain.passports import open_passport
    from commonlight.web.knowledge.domain.published import practice_in
    from commonlight.web.knowledge.domain.stances import take_stance

    who, name = actor_of("coordinator"), "evidence_considered"
    lamps = practice_in(city.workspace, "street_lighting")
    take_stance(who, problem, lamps, "considered", reason="It is dark there.")
    assert name not in shown_checks(who, concept)
    take_stance(who, problem, practice_in(city.workspace, "cctv"), "rejected", reason="Too much.")
    assert shown_checks(who, concept)[name].endswith("research: Public-space CCTV (Rejected).")
    take_stance(who, problem, lamps, "applied", reason="It is dark there.")
    assert name not in shown_checks(who, concept)
    open_passport(who, problem, lamps)
    assert "(Applied); " in shown_checks(who, concept)[name]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Teachers score pupils each month.", True),
        ("No teacher may score pupils.", False),
        ("We work without risk scores.", False),
        ("Risikoscores für Jugendliche werden geführt.", True),
        ("Keine Risikoscores werden geführt.", False),
        ("Un score de risque est calculé.", True),
        ("Aucun score de risque n’est calculé.", False),
        ("Lamps are repaired.", False),
    ],
)
def test_patterns_of_absence_heed_a_negation(text, is_found):
    guards = {one["id"]: one for one in AREAS["radicalisation"]["guard"]}
    found = bool(detected(guards["no_individual_risk_scores"], text))
    assert found is is_found


def test_not_known_yet_is_an_answer_to_an_impact_question(problem, actor_of):
    before = len(open_aspects(problem))
    with pytest.raises(ReviewError, match="sentence"):
        answer_aspect(actor_of("partner"), problem, "legal", answer="yes_with_text", text="")
    answer_aspect(actor_of("partner"), problem, "legal", answer="unknown", text="")
    answer_aspect(actor_of("partner"), problem, "ethical", answer="unknown", text="We ask them.")
    assert len(open_aspects(problem)) == before - 2


def test_an_unknown_without_words_is_named_alone_in_the_brief(problem, actor_of):
    from commonlight.web.design.review.domain.brief.blocks import text_of
    from commonlight.web.design.review.domain.brief.watched import not_known
    from commonlight.web.design.review.domain.impact import aspects_of

    for one in aspects_of(problem)[:1]:
        answer_aspect(actor_of("partner"), problem, one.row["id"], answer="unknown", text="")
    told = text_of(not_known(problem)[0]["items"][0])
    assert told == str(aspects_of(problem)[0].row["title"])


def test_a_guard_begins_with_what_the_record_holds(problem, concept, actor_of, dataset):
    """The uses that the card keeps; a survey beside recorded incidents. People say the rest."""
    actor = actor_of("coordinator")
    shown = shown_guards(actor, concept)
    assert (shown["other_functions"], shown["felt_and_recorded_apart"]) == ("", "")
    ConceptVersion.objects.of(problem.workspace).update(good_uses_kept="The way to the buses")
    survey = dataset("survey", kind="answers", version=True, is_public=True)
    police = dataset("police", kind="incidents", version=True, is_public=True)
    for one in (survey, police):
        assert shown_guards(actor, concept)["felt_and_recorded_apart"] == ""
        join(actor, problem, one)
    shown = shown_guards(actor, concept)
    assert shown["other_functions"] == "These uses stay: The way to the buses."
    ConceptVersion.objects.of(problem.workspace).update(who_does_it="", cost_guess="")
    assert shown_guards(actor, concept)["upkeep"] == ""
    given = {"who_does_it": "Youth work runs it; the city looks after it.", "cost_guess": "9,000 €"}
    ConceptVersion.objects.of(problem.workspace).update(**given)
    assert shown_guards(actor, concept)["upkeep"] == (
        "Youth work runs it; the city looks after it. Rough cost: 9,000 €."
    )
    assert shown["felt_and_recorded_apart"] == (
        "Felt: Survey. Recorded: Police. Each is a source of its own here."
    )


def test_what_is_said_of_technology_is_not_asked_twice(problem, concept, actor_of):
    actor = actor_of("partner")
    answer_aspect(actor, problem, "technology", answer="unknown", text="We will ask.")
    assert "technology_serves" not in shown_checks(actor, concept)
    answer_aspect(actor, problem, "technology", answer="no_with_text", text="No cameras")
    told = shown_checks(actor, concept)["technology_serves"]
    assert told == "We said of its impact: “No cameras.”"


def test_a_guard_that_says_no_more_than_the_card_serves_no_check(problem, concept, actor_of):
    """Who does it is no answer to whether its upkeep is paid for."""
    actor = actor_of("partner")
    ConceptVersion.objects.of(problem.workspace).update(who_does_it="Youth work runs it.")
    begun = shown_guards(actor, concept)["upkeep"]
    answer_guard(actor, concept, "public_spaces", "upkeep", text=begun)
    assert "upkeep_funded" not in shown_checks(actor, concept)
    answer_guard(actor, concept, "public_spaces", "upkeep", text="The city pays it until 2030.")
    assert "upkeep_funded" in shown_checks(actor, concept)
