"""A brief is composed, says what is missing, is frozen, and approved by somebody else."""

from __future__ import annotations

import json
from datetime import date

import pytest

from commonlight.web.design.engagement.domain.register import add_contributions
from commonlight.web.design.engagement.domain.register import reply as give_reply
from commonlight.web.design.review.domain.brief.blocks import (
    item,
    items,
    lead_and_rest,
    redacted,
    table,
)
from commonlight.web.design.review.domain.brief.blocks import text_of as cell_text
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
from commonlight.web.design.review.domain.brief.planned import drafted_decision
from commonlight.web.design.review.domain.guards import answer_guard
from commonlight.web.design.review.domain.principles import answer_check
from commonlight.web.design.review.domain.sentences import ended, mended
from commonlight.web.design.review.domain.tensions import ReviewError
from commonlight.web.design.review.methods import brief_pdf
from commonlight.web.policy import Refused
from commonlight.web.problems.domain.moving import may_move
from web.design.hearing import heard

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
    heard(partner, problem, "The hall is empty.", women=3, youth=8)
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
    assert "Do you approve this brief?" in client.get(page).content.decode()
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


@pytest.mark.parametrize(("lines", "ends"), [(1, 1), (40, 2)])
def test_no_page_of_the_pdf_is_left_nearly_empty(lines, ends, proposed):
    """The first page stands alone; where it runs over, the rest follows its last line."""
    pdfium = pytest.importorskip("pypdfium2")
    content = proposed.content
    lead, rest = lead_and_rest(content)
    lead[0]["text"] = "\n".join(["Young people meet here in the evening."] * lines)
    content["missing"] = content["missing"][:1]
    with pdfium.PdfDocument(brief_pdf(content, state="Approved")) as made:
        pages = [page.get_textpage().get_text_range().splitlines() for page in made]

    def page_of(line):
        return next(number for number, found in enumerate(pages, 1) if line in found)

    assert page_of(content["words"]["no_persons"]) == ends
    assert page_of(rest[0]["title"]) == 2


def fact(content, name, label):
    """What stands beside a name in the facts of a section."""
    pairs = [
        pair
        for block in section(content, name)["blocks"]
        if block["kind"] == "facts"
        for pair in block["pairs"]
    ]
    return dict(pairs).get(label)


def test_who_decides_finds_the_proposal_and_the_question_on_the_first_page(
    problem, concept, actor_of
):
    from commonlight.web.design.engagement.domain.planning import engagement_of

    found = engagement_of(problem)
    found.decision, found.decided_by = "Does the hall stay open?", "The council"
    found.save()
    texts = {"summary": "It is loud.", "decision": "Open it until 23:00, or until 22:00?"}
    content = compose(actor_of("partner"), problem, texts)
    lead, rest = lead_and_rest(content)
    assert [one["id"] for one in lead] == ["summary", "decision"]
    assert "decision" not in [one["id"] for one in rest]
    assert fact(content, "summary", "Proposal") == (
        "Evening café. A café in the waiting room is open until 23:00. "
        "There is somebody to talk to, and a place to sit."
    )
    assert fact(content, "summary", "Who does it").startswith("Youth work")
    assert section(content, "decision")["text"].startswith("Open it until 23:00")
    assert fact(content, "decision", "Who takes it") == "The council"
    made = as_markdown(content)
    places = [made.index(f"## {name}") for name in ("In short", "What is to be decided")]
    assert places[0] < places[1] < made.index("What this brief does not hold yet")


def test_other_concepts_stand_as_options_and_a_written_sentence_is_not_said_twice(
    problem, concept, actor_of
):
    from commonlight.web.design.domain.concepts import card_of, current_version, open_concept

    card = {**card_of(current_version(concept)), "name": "Patrol", "cost_guess": "20 000 a year"}
    ideas = card.pop("from_ideas")
    card["in_one_sentence"] = "Two people walk the hall"
    open_concept(actor_of("analyst"), problem, organisations=[], ideas=ideas, **card)
    texts = {"summary": "It is loud. A café in the waiting room is open until 23:00."}
    content = compose(actor_of("partner"), problem, texts)
    assert fact(content, "summary", "Proposal") == (
        "Evening café. There is somebody to talk to, and a place to sit."
    )
    (options,) = [one for one in section(content, "summary")["blocks"] if one["kind"] == "items"]
    assert options["items"] == ["Patrol: Two people walk the hall. Rough cost: 20 000 a year."]


def test_a_brief_that_was_kept_before_leads_with_its_summary_alone(proposed):
    kept = {**proposed.content, "sections": [dict(one) for one in proposed.content["sections"]]}
    for one in kept["sections"]:
        del one["is_lead"]
    assert [one["id"] for one in lead_and_rest(kept)[0]] == ["summary"]
    assert brief_pdf(kept, state="Approved").startswith(b"%PDF-")
    assert "## What is to be decided" in as_markdown(kept)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Report every month", "Report every month."),
        ("Report every month..", "Report every month."),
        ("Is it loud?", "Is it loud?"),
        ("They say “no.”", "They say “no.”"),
        ("Wait …", "Wait …"),
        ("First;", "First."),
        ("  ", ""),
    ],
)
def test_a_text_ends_with_one_stop(text, told):
    assert ended(text) == told


def test_joined_texts_have_one_stop_and_lines_stay_lines(problem):
    block = items("Tasks", ["Report every month.. Answers for it: Police", "One\nTwo"])
    assert block["items"] == ["Report every month. Answers for it: Police", "One", "Two"]
    told = table("Said", ["Who", "What"], [["Young people", "Light.\nBenches."]])
    assert told["rows"] == [["Young people", ["Light.", "Benches."]]]
    assert cell_text(told["rows"][0][1]) == "Light. Benches."
    assert mended("Wait ... and see") == "Wait ... and see"


def test_the_lines_of_a_fact_stay_lines_in_markdown(proposed):
    content = proposed.content
    content["sections"][0]["blocks"] = [
        {"kind": "facts", "label": "", "pairs": [["Harm", "Threats\nPushing"]]}
    ]
    assert "- **Harm:** Threats  \n  Pushing" in as_markdown(content)


def test_what_was_to_be_done_and_now_stands_in_the_record_is_told_as_done(
    problem, concept, actor_of, city
):
    partner = actor_of("partner")
    to_do = {"what": "Name the stage", "owner": city.police, "due": date(2027, 1, 1)}
    answer_check(partner, concept, "design_stage", answer="will_do", **to_do)
    told = text_of(compose(partner, problem, {}))
    assert "Name the stage" in told
    assert "Met by now" not in told
    answer_guard(
        partner, concept, "public_spaces", "planning_stage", choices=["concept"], text="The light."
    )
    told = text_of(compose(partner, problem, {}))
    assert "Met by now" in told
    assert "Name the stage" not in told


def test_the_question_to_the_council_begins_with_the_options_of_the_record(
    problem, concept, actor_of
):
    assert drafted_decision(problem).split("\n") == [
        "Option 1: Evening café. Rough cost: not known yet.",
        "Option 2: Everything stays as it is.",
    ]
    concept.state = "set_aside"
    concept.save()
    assert drafted_decision(problem) == ""


def test_a_group_that_was_heard_in_engagement_is_no_missing_voice(problem, actor_of):
    partner = actor_of("partner")

    def missing():
        return text_of(section(compose(partner, problem, {}), "unknown"))

    assert "Women and girls" in missing()
    heard(partner, problem, women=8)
    assert "Women and girls" not in missing()
    assert "Older people" in missing()


def test_what_nobody_wrote_is_asked_for_in_the_draft_and_not_in_what_is_proposed(
    problem, concept, actor_of, client_of
):
    asks = "What a reader from elsewhere must know"
    analyst, here = actor_of("analyst"), "/w/lakeside/problems/1/design/brief/"
    made = begin_brief(analyst, problem)
    assert asks in client_of("analyst").get(here).content.decode()
    propose_brief(analyst, made)
    empty = {one["id"] for one in made.problem.briefs.get().content["sections"] if one["is_empty"]}
    page = client_of("analyst").get(f"{here}1/").content.decode()
    assert (asks in page) == ("context" in empty)
    assert "What is core, and what another city may change." not in page


def test_nothing_is_printed_twice(problem, concept, actor_of, city):
    from commonlight.web.design.domain.toolkit import save_specification
    from commonlight.web.design.review.domain.impact import answer_aspect
    from commonlight.web.problems.domain.causing import add_cause

    analyst, partner = actor_of("analyst"), actor_of("partner")
    add_cause(analyst, problem, text="Nowhere to sit", family="place", reach="reach")
    answer_aspect(partner, problem, "legal", answer="unknown", text="")
    answers = {"concept_text": concept_sentence(concept), "not_known": "Noise"}
    save_specification(analyst, concept, answers)
    told = text_of(compose(partner, problem, {}))
    assert "No cause is backed by evidence yet." in told
    assert "presumed, not shown yet" not in told
    assert told.count('"Women and girls') == 1
    assert told.count("A café in the waiting room is open until 23:00.") == 2
    content = compose(partner, problem, {})
    assert "Impact on people and place" not in text_of(section(content, "side_effects"))
    assert "Impact that nobody knows yet" in text_of(section(content, "unknown"))
    assert "Not answered: Ethics, " in text_of(section(content, "unknown"))
    assert "13 impact questions have no answer." in text_of(section(content, "decision"))
    assert "Ethics" not in text_of(section(content, "decision"))


def concept_sentence(concept):
    from commonlight.web.design.domain.concepts import current_version

    return current_version(concept).in_one_sentence


def test_what_was_noted_on_a_link_stands_beside_its_source(problem, actor_of, dataset):
    from commonlight.web.problems.domain.causing import add_cause
    from commonlight.web.thread.domain import join

    coordinator = actor_of("coordinator")
    walk = dataset("walk", name="Survey of passers-by", is_public=True, version=True)
    cause = add_cause(coordinator, problem, text="It is dark", family="place", reach="reach")
    join(coordinator, problem, walk, note="36 % feel unsafe alone after dark")
    join(coordinator, cause, walk, note="Most name the dark.")
    content = compose(actor_of("partner"), problem, {})
    rests = text_of(section(content, "sources"))
    assert "Survey of passers-by" in rests
    assert ": 36 % feel unsafe alone after dark." in rests
    assert "Survey of passers-by: Most name the dark." in text_of(section(content, "causes"))


def test_what_the_place_is_good_for_is_asked_once(problem, actor_of):
    from commonlight.web.problems.fieldwork.domain.positive import add_use

    add_use(actor_of("analyst"), problem, question="valued_uses", text="People wait for friends")
    told = text_of(section(compose(actor_of("partner"), problem, {}), "context"))
    assert "What the place is good for" in told
    assert "What is this place good for?" not in told
    assert "People wait for friends" in told
