"""A brief is composed, says what is missing, is frozen, and approved by somebody else."""

from __future__ import annotations

import json
from datetime import date

import pytest

from commonlight.web.design.engagement.domain.register import add_contributions, record_hearing
from commonlight.web.design.engagement.domain.register import reply as give_reply
from commonlight.web.design.review.domain.brief.blocks import item, items, redacted
from commonlight.web.design.review.domain.brief.composing import (
    brief_content,
    compose,
    digest_of,
)
from commonlight.web.design.review.domain.brief.life import (
    approve_brief,
    begin_brief,
    newest_brief,
    propose_brief,
    return_brief,
    standing_brief,
    write_brief,
)
from commonlight.web.design.review.domain.brief.markdown import as_markdown
from commonlight.web.design.review.domain.tensions import ReviewError
from commonlight.web.design.review.methods import brief_pdf
from commonlight.web.policy import Refused
from commonlight.web.problems.domain.moving import may_move

TEXTS = {"summary": "It is loud. Nobody is there. We open a café.", "causes": "Not asked for."}


@pytest.fixture
def proposed(problem, concept, actor_of):
    analyst = actor_of("analyst")
    brief = begin_brief(analyst, problem)
    write_brief(analyst, brief, TEXTS)
    return propose_brief(analyst, brief)


def section(content, name):
    return next(one for one in content["sections"] if one["id"] == name)


def text_of(content):
    return json.dumps(content, ensure_ascii=False)


def test_no_section_disappears_and_each_empty_one_says_so(problem, actor_of):
    content = compose(actor_of("partner"), problem, {})
    rows = brief_content()["section"]
    assert [one["id"] for one in content["sections"]] == [one["id"] for one in rows]
    said = {one["id"]: one["when_empty"] for one in content["sections"] if one["is_empty"]}
    assert said["theory"] == "Nobody has written down why it should work."
    assert said["comes_next"].startswith("Delivery, outcomes, evaluation")
    assert "Why it should work" in content["missing"]
    assert "What comes next" not in content["missing"]


def test_the_brief_draws_from_the_record(problem, concept, actor_of):
    partner = actor_of("partner")
    record_hearing(
        partner,
        problem,
        held_on=date(2026, 5, 4),
        method="focus_group",
        groups={"women": 3, "youth": 8},
        said="The hall is empty.",
    )
    (one,) = add_contributions(
        partner, problem, [("women", "Open a café.")], received_on=date(2026, 5, 4)
    )
    give_reply(partner, one, answer="adopted", text="It opens in the autumn of this year.")
    content = compose(partner, problem, TEXTS)
    assert section(content, "summary")["text"].startswith("It is loud.")
    assert "under 5" in text_of(section(content, "engagement"))
    assert "It opens in the autumn" in text_of(section(content, "engagement"))
    assert "Evening café" in text_of(section(content, "design"))
    assert "Threats and pushing" in text_of(section(content, "problem"))
    assert ["Place", "Station square"] in content["cover"]


def test_the_same_record_gives_the_same_brief(problem, concept, actor_of):
    first, second = (compose(actor_of("partner"), problem, TEXTS) for _ in range(2))
    assert digest_of(first) == digest_of(second)


def test_what_is_proposed_stays_as_it_was(proposed, concept, actor_of):
    from commonlight.web.design.domain.concepts import move_concept

    move_concept(actor_of("analyst"), concept, "set_aside", reason="Too dear.")
    found = newest_brief(proposed.problem)
    assert "Evening café" in text_of(found.content)
    assert found.digest == digest_of(found.content)


def test_only_words_that_are_asked_for_are_kept(proposed):
    assert set(proposed.texts) == {"summary"}


def test_another_person_than_the_authors_approves(problem, proposed, actor_of):
    with pytest.raises(Refused, match="Somebody else approves"):
        approve_brief(actor_of("analyst"), proposed)
    with pytest.raises(Refused):
        approve_brief(actor_of("stranger"), proposed)
    approve_brief(actor_of("coordinator"), proposed)
    problem.refresh_from_db()
    assert problem.state == "briefed"
    assert standing_brief(problem).decided_by == actor_of("coordinator").membership


def test_a_decision_maker_approves_by_the_page(proposed, client_of, problem):
    client = client_of("decision_maker")
    home = "/w/lakeside/"
    assert "Read the design brief" in client.get(home).content.decode()
    page = f"{home}problems/{problem.number}/design/brief/{proposed.number}/"
    assert "Could another city build on this brief?" in client.get(page).content.decode()
    assert client.post(f"{page}decide/", {"decision": "approve"}).status_code == 302
    problem.refresh_from_db()
    assert problem.state == "briefed"


def test_who_approves_need_not_be_allowed_to_move_the_problem(problem, concept, actor_of):
    coordinator, analyst = actor_of("coordinator"), actor_of("analyst")
    problem.owner = coordinator.membership.organisation
    problem.save(update_fields=["owner"])
    assert not may_move(analyst, problem, "brief")
    brief = begin_brief(coordinator, problem)
    approve_brief(analyst, propose_brief(coordinator, brief))
    problem.refresh_from_db()
    assert problem.state == "briefed"


def test_the_brief_waits_while_a_reply_is_open(problem, proposed, actor_of):
    partner = actor_of("partner")
    (one,) = add_contributions(
        partner, problem, [("women", "More light.")], received_on=date(2026, 5, 4)
    )
    with pytest.raises(Refused, match="no reply yet"):
        approve_brief(actor_of("coordinator"), proposed)
    problem.refresh_from_db()
    assert problem.state == "designing"
    give_reply(partner, one, answer="adopted", text="It opens in the autumn of this year.")
    approve_brief(actor_of("coordinator"), proposed)


def test_a_returned_brief_is_a_draft_with_a_comment(proposed, actor_of):
    coordinator = actor_of("coordinator")
    with pytest.raises(ReviewError, match="mended"):
        return_brief(coordinator, proposed, comment=" ")
    return_brief(coordinator, proposed, comment="Name the cost.")
    found = newest_brief(proposed.problem)
    assert (found.state, found.comment, found.content) == ("draft", "Name the cost.", None)


def test_a_new_version_replaces_the_old_one(problem, proposed, actor_of):
    coordinator, partner = actor_of("coordinator"), actor_of("partner")
    approve_brief(coordinator, proposed)
    problem.refresh_from_db()
    second = begin_brief(coordinator, problem)
    assert (second.number, second.texts) == (2, proposed.texts)
    problem.refresh_from_db()
    assert problem.state == "designing"
    propose_brief(coordinator, second)
    approve_brief(partner, second)
    states = list(problem.briefs.order_by("number").values_list("state", flat=True))
    assert states == ["replaced", "approved"]


def test_a_problem_that_is_not_in_design_has_no_brief_to_propose(problem, actor_of):
    analyst = actor_of("analyst")
    brief = begin_brief(analyst, problem)
    problem.state = "framed"
    problem.save()
    with pytest.raises(Refused, match="while it is in design"):
        propose_brief(analyst, brief)


def test_a_source_that_is_closed_to_the_reader_is_not_named(city, dataset, people, actor_of):
    closed = dataset("minutes", name="Minutes of the night shift")
    from commonlight.web.thread.kinds import key_of

    key = key_of(closed)
    content = {"sections": [{"blocks": [items("Sources", [item(closed.name, key)])]}]}
    assert "night shift" in text_of(redacted(content, actor_of("analyst")))
    assert "night shift" not in text_of(redacted(content, actor_of("partner")))


def test_markdown_holds_every_section_and_no_markup_of_others(proposed):
    content = proposed.content
    content["sections"][0]["text"] = "A *bold* <script> | word"
    made = as_markdown(content)
    for one in content["sections"]:
        assert f"## {one['title']}" in made
    assert "<script>" not in made.replace("\\<script\\>", "")
    assert "\\*bold\\*" in made


def test_the_pdf_is_tagged_and_the_same_each_time(proposed):
    first = brief_pdf(proposed.content, state="Waits for approval")
    assert first == brief_pdf(proposed.content, state="Waits for approval")
    assert first.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in first
    assert b"pdfuaid" in first
