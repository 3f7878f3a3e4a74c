"""A signal is one sentence; each version stays; who frames alone is named for ever."""

from __future__ import annotations

import pytest

from commonlight.web.policy import Refused
from commonlight.web.problems.domain.causing import add_cause
from commonlight.web.problems.domain.moving import move
from commonlight.web.problems.domain.stating import (
    SolutionError,
    current_statement,
    describe,
    open_problem,
    state_anew,
)
from commonlight.web.problems.domain.words import PersonError, notes_on
from commonlight.web.problems.models import Problem

pytestmark = pytest.mark.django_db


def test_a_signal_needs_a_title_a_sentence_and_a_place(problem, city):
    assert (problem.number, problem.state) == (1, "signalled")
    assert current_statement(problem).place == "Station square"
    assert problem.first_framed_by is None


@pytest.mark.parametrize(
    ("text", "language", "quote"),
    [
        ("Install cameras in the park", "en", "“"),
        ("Im Park Kameras installieren", "de", "„"),
        ("Installer des caméras dans le parc", "fr", "«"),
    ],
)
def test_a_solution_is_refused_with_a_better_sentence_in_its_language(
    actor_of, text, language, quote
):
    from django.utils.translation import override

    with override(language), pytest.raises(SolutionError) as refused:
        open_problem(actor_of("coordinator"), title="Park", sentence=text, place="Park")
    assert quote in str(refused.value)
    assert refused.value.part == "sentence"
    assert not Problem.objects.everywhere("nothing was made").exists()


def test_a_text_that_names_how_to_reach_a_person_is_refused(actor_of):
    with pytest.raises(PersonError) as refused:
        open_problem(
            actor_of("partner"),
            title="Noise",
            sentence="It is loud, ask kim@example.org about the evenings.",
            place="Square",
        )
    assert refused.value.part == "sentence"


def test_a_version_is_never_changed_and_one_that_changes_nothing_is_none(problem, actor_of, whole):
    made = state_anew(actor_of("partner"), problem, reason="The girls told us.", **whole)
    assert made.number == 2
    assert problem.statements.get(number=1).sentence != whole["sentence"]
    again = state_anew(actor_of("partner"), problem, reason="Nothing new", **whole)
    assert again.pk == made.pk


def test_who_writes_before_partners_were_asked_is_named_for_ever(problem, actor_of, whole, city):
    state_anew(actor_of("analyst"), problem, reason="From our records", **whole)
    assert problem.first_framed_by == city.police
    state_anew(actor_of("partner"), problem, reason="x", **(whole | {"harm": "Fear in the dark"}))
    assert Problem.objects.of(city.workspace).get().first_framed_by == city.police


def test_who_names_causes_before_partners_were_asked_is_named_too(problem, actor_of, city):
    add_cause(actor_of("analyst"), problem, text="Dark corners", family="lighting", reach="inside")
    assert problem.first_framed_by == city.police


def test_who_writes_after_partners_answered_is_not(opened, problem, actor_of, whole):
    problem.refresh_from_db()
    state_anew(actor_of("analyst"), problem, reason="From the answers", **whole)
    assert problem.first_framed_by is None


def test_a_problem_that_was_set_aside_is_kept_as_it_is(problem, actor_of, whole):
    move(actor_of("coordinator"), problem, "set_aside", reason="Solved by itself")
    with pytest.raises(Refused):
        state_anew(actor_of("coordinator"), problem, reason="x", **whole)
    move(actor_of("coordinator"), problem, "take_up")
    assert problem.state == "signalled"


def test_the_stranger_changes_nothing(problem, actor_of, whole):
    with pytest.raises(Refused):
        state_anew(actor_of("stranger"), problem, reason="x", **whole)
    with pytest.raises(Refused):
        move(actor_of("stranger"), problem, "set_aside", reason="x")


def test_who_answers_for_a_problem_is_kept_with_its_area(problem, actor_of, city):
    describe(
        actor_of("coordinator"),
        problem,
        title="Evenings at the station square",
        owner=city.youth_work,
        focus_area="public_spaces",
        theme="feelings_of_insecurity",
    )
    with pytest.raises(Refused):
        move(actor_of("analyst"), problem, "set_aside", reason="x")


def test_words_that_stigmatise_are_noticed_and_not_refused():
    assert notes_on("The square is a hot spot for gangs of migrants who steal.")
    assert notes_on("Girls are followed at the station.") == []
