"""At a glance: who speaks in each source, where partners differ, and what is not known."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from commonlight.web.problems.domain.framing import send_answer
from commonlight.web.problems.fieldwork.domain.sessions import record_session
from commonlight.web.thread.domain import join

pytestmark = pytest.mark.django_db
ADDRESS = "/w/lakeside/problems/1/glance/"


def section(client, title):
    """The part of the page under one heading."""
    text = client.get(ADDRESS).content.decode()
    assert f"<h2>{title}</h2>" in text
    return text.split(f"<h2>{title}</h2>")[1].split("<h2")[0]


@pytest.fixture
def sourced(problem, actor_of, dataset, city):
    """A problem on which records and residents speak."""
    actor = actor_of("coordinator")
    join(actor, problem, dataset("thefts", is_public=True, version=True))
    join(actor, problem, dataset("survey", kind="answers", owner=city.municipality, is_public=True))
    return problem


def test_people_and_records_stand_apart(sourced, client_of):
    client = client_of("decision_maker")
    assert "Survey" in section(client, "What people say")
    assert "Thefts" not in section(client, "What people say")
    assert "Thefts" in section(client, "What records say")


def test_what_is_missing_is_said_in_words(problem, client_of):
    client = client_of("decision_maker")
    assert "joined to this problem yet" in section(client, "What people say")
    assert "still being understood" in section(client, "What is being done")
    unknown = section(client, "What cannot be said yet")
    assert "nothing was delivered or measured" in unknown
    assert reverse("problems:sources", args=["lakeside", 1]) in unknown


def test_closed_answers_are_not_told(asked, client_of, actor_of, frame_of):
    send_answer(actor_of("analyst"), asked, frame_of(("lighting", "Broken lamps by the kiosk")))
    text = section(client_of("decision_maker"), "Where partners differ")
    assert "Broken lamps" not in text
    assert "still closed" in text


def test_the_stranger_finds_nothing(sourced, client_of):
    assert client_of("stranger").get(ADDRESS).status_code == 404


def test_a_title_that_says_what_it_is_has_no_kind_beside_it(problem, client_of, actor_of, dataset):
    join(
        actor_of("coordinator"),
        problem,
        dataset("data-set-1", name="Data set of thefts", is_public=True),
    )
    join(actor_of("coordinator"), problem, dataset("thefts", is_public=True, version=True))
    told = section(client_of("decision_maker"), "What records say")
    assert told.casefold().count("data set") == 2
    board = client_of("decision_maker").get("/w/lakeside/problems/1/sources/").content.decode()
    assert '<p class="hint">Lakeside Police</p>' in board
    assert '<p class="hint">Data set: Lakeside Police</p>' in board


def test_the_part_that_is_called_defined_says_since_when(problem, client_of):
    problem.state = "defined"
    problem.save()
    page = client_of("decision_maker").get("/w/lakeside/problems/1/")
    parts = {str(label): state for label, state in page.context["path"][0].parts}
    assert str(parts["Defined"].has).startswith("Since ")


def test_who_was_only_watched_does_not_speak(problem, client_of, actor_of):
    watched = {
        "held_on": date(2025, 11, 3),
        "consent": "sign",
        "groups": ["passers_by"],
        "people": "13+",
    }
    actor = actor_of("partner")
    record_session(actor, problem, method="observation", place="Stop 4", **watched)
    client = client_of("decision_maker")
    assert "Stop 4" not in section(client, "What people say")
    assert "Stop 4" in section(client, "What else it rests on")
