"""The interface opens, states and reads problems as the pages do."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/lakeside/problems"
NEW = {"title": "Noise", "sentence": "It is too loud to sleep at the quay.", "place": "Quay"}


@pytest.fixture
def ask(client_of):
    def make(role, address, given=None):
        client = client_of(role)
        if given is None:
            return client.get(API + address)
        client.get("/w/lakeside/problems/new/")
        return client.post(
            API + address,
            given,
            content_type="application/json",
            headers={"X-CSRFToken": client.cookies["csrftoken"].value},
        )

    return make


def test_a_problem_is_opened_and_read(ask):
    made = ask("partner", "", NEW)
    assert made.status_code == 201, made.content
    assert made.json()["statement"]["place"] == "Quay"
    assert "two_organisations" in {one["need"] for one in made.json()["lacks"]}
    assert ask("evaluator", "?q=noise").json()["count"] == 1
    assert ask("evaluator", "?state=defined").json()["count"] == 0


def test_a_solution_and_a_contact_are_refused(ask):
    answer = ask("partner", "", NEW | {"sentence": "Install cameras at the quay."})
    assert answer.status_code == 422
    assert "For example" in answer.json()["detail"]
    answer = ask("partner", "", NEW | {"sentence": "It is loud, write to a@example.org."})
    assert answer.status_code == 422


def test_a_new_version_is_written(problem, ask, whole):
    made = ask("partner", "/1/statements", whole | {"reason": "The girls told us."})
    assert (made.status_code, made.json()["number"]) == (201, 2)
    assert ask("partner", "/1/statements").json()["count"] == 2
    assert ask("partner", "/1").json()["first_framed_by"] == "Youth Work Lakeside"


def test_readings_and_sources_are_read(problem, sources, ask):
    told = ask("partner", "/1/readings/five_is").json()
    assert told["headings"][0]["id"] == "intelligence"
    board = ask("partner", "/1/sources").json()
    assert [one["title"] for one in board["sources"]] == ["Thefts", "Walk"]
    assert board["single_organisation"] is None
    assert ask("partner", "/1/readings/swot").status_code == 404


def test_who_may_not_is_refused_with_the_reason(problem, ask):
    assert ask("stranger", "/1").status_code == 404
    assert ask("decision_maker", "", NEW).status_code == 403
    assert ask("partner", "/99").status_code == 404
