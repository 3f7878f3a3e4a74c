"""What a problem is about: title, place and the words of the statement that say more than when."""

from __future__ import annotations

import pytest

from commonlight.web.problems.domain.telling import is_time_word, telling_words, without_time_words
from web.problems.pages import words


@pytest.mark.parametrize("word", ["Saturday", "since", "weeks", "Abends", "depuis"])
def test_words_of_time_are_known_in_each_language(word):
    assert is_time_word(word)


def test_what_is_left_says_what_is_meant():
    assert telling_words("Since Saturday the lamps have been broken") == ["lamps", "broken"]
    assert without_time_words(["saturday", "lamps", "thursday"]) == ("lamps",)


@pytest.fixture
def findings(found, dataset):
    """What a run says of its files first, and of the station at last."""
    dataset("thefts", is_public=True, version=True)
    told = [
        ("context", "All 11 984 records could be read; at the station square too."),
        ("context", "48 quarters with 90 000 residents."),
        *(("problems", f"Burglary in quarter {number} has not changed.") for number in range(30)),
        ("problems", "Girls are followed more often around the station."),
    ]
    for order, (block, sentence) in enumerate(told, start=1):
        found(f"finding.{order}", order=order, block=block, sentence=sentence, sources=["thefts"])


@pytest.mark.django_db
def test_findings_near_the_problem_are_offered_first_and_those_on_files_last(
    findings, problem, client_of
):
    page = words(client_of("analyst").get(f"/w/lakeside/thread/problem/{problem.pk}/join/"))
    assert "Girls are followed more often" in page
    assert "could be read" not in page
    assert "48 quarters" not in page
