"""The pages of the review and of the brief, as people walk through them."""

from __future__ import annotations

import pytest

from commonlight.web.design.review.models import Brief, TensionAnswer

HERE = "/w/lakeside/problems/1/design/"
CARD = f"{HERE}tensions/security_or_other_uses/"


def text(answer):
    return answer.content.decode()


def test_a_card_asks_its_questions_and_not_relevant_needs_a_reason(problem, concept, client_of):
    client = client_of("partner")
    page = text(client.get(CARD))
    assert "Make it harder to misuse the place." in page
    assert "Who may lose by it?" in page
    wrong = client.post(CARD, {"side": "not_relevant", "why": ""})
    assert "“Why?” is empty." in text(wrong)
    half = client.post(CARD, {"side": "both", "why": "Both of them."})
    assert "Say what you will watch." in text(half)
    assert "Both of them." in text(half)
    assert not TensionAnswer.objects.of(problem.workspace).exists()
    given = {"side": "both", "why": "Both.", "who_may_lose": "Children", "watch": "Stays"}
    done = client.post(CARD, given, follow=True)
    assert "Your answer adds a possible side effect" in text(done)
    assert "Valued uses of the place disappear" in text(done)


def test_checks_one_after_the_other(problem, concept, client_of, city):
    client = client_of("partner")
    first = f"{HERE}checks/1/problem_defined_jointly/"
    assert "Check 1 of" in text(client.get(first))
    wrong = client.post(first, {"answer": "will_do", "what": "Ask twice"})
    assert "needs an owner and a date" in text(wrong)
    given = {"answer": "will_do", "what": "Ask", "owner": city.police.pk, "due": "2027-01-01"}
    answer = client.post(first, {**given, "next": "1"})
    assert answer["Location"] == f"{HERE}checks/1/several_causes/"
    assert "Lakeside Police" in text(client.get(f"{HERE}checks/1/"))


def test_open_points_stand_on_the_page_of_the_concept(problem, concept, client_of):
    page = text(client_of("partner").get(f"{HERE}concepts/1/"))
    assert f"{HERE}checks/1/" in page
    assert f"{HERE}guards/1/#guard-public_spaces-planning_stage" in page


def test_a_guard_is_answered_with_a_choice_and_a_sentence(problem, concept, client_of):
    client = client_of("partner")
    here = f"{HERE}guards/1/guard/public_spaces/planning_stage/"
    assert "Why this is asked" in text(client.get(here))
    wrong = client.post(here, {"choices": "in_use", "text": ""})
    assert wrong.status_code == 200
    assert client.post(here, {"choices": "in_use", "text": "Only the light."}).status_code == 302
    assert "Built and in use Only the light." in text(client.get(f"{HERE}guards/1/"))


def test_the_brief_from_its_draft_to_its_approval(problem, concept, client_of):
    author, other = client_of("analyst"), client_of("coordinator")
    draft = text(author.get(f"{HERE}brief/"))
    assert "What this brief does not hold yet" in draft
    assert "Nobody has written down why it should work." in draft
    author.post(f"{HERE}brief/begin/")
    author.post(f"{HERE}brief/write/", {"summary": "It is loud in the evening."})
    propose = text(author.get(f"{HERE}brief/propose/"))
    assert "It will say that this is missing" in propose
    author.post(f"{HERE}brief/propose/")
    page = text(author.get(f"{HERE}brief/1/"))
    assert "You wrote or proposed this brief. Somebody else approves it." in page
    assert "It is loud in the evening." in page
    refused = author.post(f"{HERE}brief/1/decide/", {"decision": "approve"})
    assert "Somebody else approves it." in text(refused)
    assert other.post(f"{HERE}brief/1/decide/", {"decision": "return"}).status_code == 200
    other.post(f"{HERE}brief/1/decide/", {"decision": "approve", "comment": "Good."})
    problem.refresh_from_db()
    assert problem.state == "briefed"
    assert "Approved" in text(client_of("decision_maker").get(f"{HERE}brief/1/"))


@pytest.mark.parametrize("ending", ["pdf", "md", "json"])
def test_the_files_of_a_brief_are_for_members_alone(ending, problem, concept, client_of, actor_of):
    from commonlight.web.design.review.domain.brief.life import begin_brief, propose_brief

    analyst = actor_of("analyst")
    propose_brief(analyst, begin_brief(analyst, problem))
    address = f"{HERE}brief/1/brief.{ending}"
    answer = client_of("decision_maker").get(address)
    assert answer.status_code == 200
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client_of("stranger").get(address).status_code == 404
    assert client_of("anonymous").get(address).status_code == 302


def test_who_may_read_only_sees_no_form(problem, concept, client_of):
    client = client_of("decision_maker")
    assert '<form method="post" novalidate>' not in text(client.get(CARD))
    assert client.post(CARD, {"side": "both"}).status_code == 403
    assert client.post(f"{HERE}brief/begin/").status_code == 403
    assert not Brief.objects.of(problem.workspace).exists()


def test_the_interface_tells_what_the_pages_show(problem, concept, client_of):
    api = "/api/v1/workspaces/lakeside/problems/1/design"
    client = client_of("partner")
    assert client.get(f"{api}/review").json()["tensions"] == []
    found = client.get(f"{api}/concepts/1/checks").json()
    assert {one["guard"] for one in found["guards"]} >= {"planning_stage", "upkeep"}
    assert client.get(f"{api}/briefs").json() == []
    assert client_of("stranger").get(f"{api}/review").status_code == 404
