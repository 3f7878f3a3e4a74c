"""The interface answers what the pages show, and refuses what they refuse."""

from __future__ import annotations

import pytest
from django.test import Client

from commonlight.web.problems.fieldwork.domain.observing import record_observation
from commonlight.web.problems.fieldwork.domain.positive import add_use
from commonlight.web.problems.fieldwork.domain.publishing import let_go, propose_version
from commonlight.web.problems.fieldwork.domain.scope import complete_audit, write_entry

BASE = "/api/v1/workspaces/lakeside"


@pytest.fixture
def written(problem, session, audit, finding, actor_of):
    """Something of everything."""
    partner = actor_of("partner")
    add_use(partner, problem, question="valued_uses", text="A short cut", told_by="parents")
    record_observation(partner, session, text="They meet at the kiosk", tone="good")
    write_entry(
        actor_of("analyst"),
        audit,
        block="problems",
        nature="risk",
        text="There were 81240735 thefts.",
        grounds=[finding],
    )
    write_entry(
        partner,
        audit,
        block="strengths",
        nature="strength",
        text="The kiosk",
        public_text="Young people meet at the kiosk.",
        grounds=[session],
    )
    return audit


def send(client, problem, **given):
    page = f"{BASE}/problems/{problem.number}/sessions/1/observations"
    return client.post(page, given, content_type="application/json")


def test_what_pages_show_is_read_by_programs(written, problem, client_of):
    client = client_of("partner")
    uses = client.get(f"{BASE}/problems/1/valued-uses").json()["items"]
    assert (uses[0]["text"], uses[0]["told_by"]) == ("A short cut", "parents")
    (short,) = client.get(f"{BASE}/problems/1/sessions").json()["items"]
    assert (short["method"], short["observations"]) == ("interview", 1)
    full = client.get(f"{BASE}/problems/1/sessions/1").json()
    assert full["noted"][0]["text"] == "They meet at the kiosk"
    assert full["consent_text"].startswith("We work for the security partnership")


def test_an_audit_lists_its_gaps(written, client_of):
    answer = client_of("analyst").get(f"{BASE}/safety-audits/1").json()
    assert "victims" in answer["empty_blocks"]
    assert "people_with_disabilities" in answer["groups_not_covered"]
    assert answer["sources"][0]["age_days"] > 100


def test_what_is_closed_on_the_page_is_closed_here(written, client_of):
    answer = client_of("partner").get(f"{BASE}/safety-audits/1")
    assert "81240735" not in answer.content.decode()
    closed = answer.json()["entries"][0]
    assert closed["text"] == ""
    assert closed["reason"]
    assert client_of("stranger").get(f"{BASE}/safety-audits/1").status_code == 404
    assert Client().get(f"{BASE}/safety-audits/1").status_code == 401


def test_an_observation_is_written_by_who_led_the_session(written, problem, client_of):
    made = send(client_of("partner"), problem, text="Lamps are out", tone="trouble")
    assert (made.status_code, made.json()["kind"]) == (201, "heard")
    assert send(client_of("evaluator"), problem, text="A", tone="good").status_code == 403
    assert send(client_of("decision_maker"), problem, text="A", tone="good").status_code == 403


def test_contacts_are_refused_here_as_well(written, problem, client_of):
    answer = send(client_of("partner"), problem, text="Ask bob@example.org", tone="good")
    assert answer.status_code == 422
    assert "e-mail address" in answer.json()["detail"]


def test_public_versions_are_open_once_two_persons_let_them_go(written, actor_of):
    page = "/api/v1/public/lakeside/safety-audits"
    complete_audit(actor_of("coordinator"), written)
    version = propose_version(actor_of("analyst"), written)
    assert Client().get(page).json()["count"] == 0
    let_go(actor_of("partner"), version)
    (public,) = Client().get(page).json()["items"]
    assert "kiosk" in str(public["content"])
    assert "81240735" not in str(public)
    assert public["not_supported"] == []
