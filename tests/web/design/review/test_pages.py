"""The pages of the review and of the brief, as people walk through them."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from commonlight.web.design.review.domain.brief.decided import with_decision
from commonlight.web.design.review.models import (
    Brief,
    GuardAnswer,
    ImpactAnswer,
    PrincipleAnswer,
    TensionAnswer,
)

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


def test_an_impact_error_names_its_aspect_and_not_known_needs_no_words(problem, concept, client_of):
    client, here = client_of("partner"), f"{HERE}impact/"
    given = {
        "answer_legal": "unknown",
        "answer_ethical": "yes_with_text",
        "text_cultural": "The pictures speak to all.",
    }
    wrong = text(client.post(here, given))
    assert '<a href="#id_text_ethical">Say it in a sentence: Ethics</a>' in wrong
    assert '<a href="#id_answer_cultural">Choose an answer: Culture</a>' in wrong
    assert "Say it in a sentence: Law" not in wrong
    assert "The pictures speak to all." in wrong
    assert not ImpactAnswer.objects.of(problem.workspace).exists()
    given |= {"text_ethical": "We would.", "answer_cultural": "yes_with_text"}
    assert client.post(here, given).status_code == 302
    assert ImpactAnswer.objects.of(problem.workspace).get(aspect="legal").text == ""
    assert "We do not know yet." in text(client_of("decision_maker").get(here))


def test_what_nobody_knows_yet_is_said_of_all_the_rest_with_one_press(problem, concept, client_of):
    client, here = client_of("partner"), f"{HERE}impact/"
    assert "Save; the others we do not know yet" in text(client.get(here))
    client.post(
        here, {"answer_ethical": "yes_with_text", "text_ethical": "Yes.", "rest": "unknown"}
    )
    told = dict(ImpactAnswer.objects.of(problem.workspace).values_list("aspect", "answer"))
    assert len(told) == 14
    assert (told.pop("ethical"), set(told.values())) == ("yes_with_text", {"unknown"})
    page = client.get(here, follow=True)
    assert "Save; the others we do not know yet" not in text(page)


def test_all_checks_are_answered_on_one_page_and_saved_together(problem, concept, client_of, city):
    client, here = client_of("partner"), f"{HERE}checks/1/"
    page = text(client.get(here))
    assert page.count('name="answer_') == 3 * 18
    given = {
        "answer_several_causes": "will_do",
        "text_several_causes": "Ask twice",
        "answer_design_stage": "not_applicable",
        "text_design_stage": "It is built.",
        "text_least_coercive": "A sentence without an answer.",
    }
    wrong = text(client.post(here, given))
    assert "needs an owner and a date" in wrong
    assert 'href="#id_owner_several_causes"' in wrong
    assert 'href="#id_answer_least_coercive_0"' in wrong
    for typed in ("Ask twice", "It is built.", "A sentence without an answer."):
        assert typed in wrong
    assert not PrincipleAnswer.objects.of(problem.workspace).exists()
    given |= {"owner_all": city.police.pk, "due_all": "2027-01-01"}
    given |= {"answer_least_coercive": "met"}
    assert client.post(here, given).status_code == 302
    assert PrincipleAnswer.objects.of(problem.workspace).count() == 3
    assert "Lakeside Police" in text(client_of("decision_maker").get(here))


def test_what_the_record_shows_as_met_is_shown_as_met_with_why(problem, concept, client_of):
    client, here = client_of("partner"), f"{HERE}checks/1/"
    assert "The record answers these" not in text(client.get(here))
    client.post(
        f"{HERE}guards/1/",
        {"text_guard_public_spaces_upkeep": "The city sweeps it until 2030."},
    )
    page = text(client.get(here))
    apart = page.partition("The record answers these")[2].partition("Still open")[0]
    assert "Our answer: “The city sweeps it until 2030.”" in apart
    assert 'guards/1/#guard-public_spaces-upkeep">Taken over from the guards</a>' in apart
    assert "Accept this answer" in apart
    assert apart.count("<legend>") == 1
    assert "17 of 18 checks wait for your answer." in page
    assert "“Will do” needs the owner and the date at the end of the page." in page
    given = {"answer_upkeep_funded": "met", "text_upkeep_funded": "The city sweeps it."}
    client.post(here, given)
    page = text(client.get(here))
    assert "The record answers these" not in page
    assert "1 answered check" in page


def test_a_finished_check_is_a_line_and_its_fields_wait_behind_change(
    problem, concept, client_of, city
):
    client, here = client_of("partner"), f"{HERE}checks/1/"
    given = {
        "answer_several_causes": "will_do",
        "text_several_causes": "Ask twice",
        "owner_several_causes": str(city.police.pk),
        "due_several_causes": "2027-01-01",
    }
    client.post(here, given)
    card = card_of_check(text(client.get(here)), "several_causes")
    assert "<details><summary>Change" in card
    assert "Ask twice <span" in card
    assert "Lakeside Police, 1 January 2027" in card
    waiting = card_of_check(text(client.get(here)), "design_stage")
    assert "Change" not in waiting
    assert waiting.count("while things are still being planned?") == 1
    none = {"answer_several_causes": "not_applicable", "text_several_causes": ""}
    wrong = text(client.post(here, given | none))
    assert "<details open><summary>Change" in card_of_check(wrong, "several_causes")
    other = text(client.post(here, given | {"answer_design_stage": "not_applicable"}))
    assert "<details><summary>Change" in card_of_check(other, "several_causes")


def test_what_will_be_done_needs_no_sentence_of_ones_own(problem, concept, client_of, city):
    """The content says what there is to do; one owner and one date are enough for all."""
    client, here = client_of("partner"), f"{HERE}checks/1/"
    assert client.get(here).context["form"]["owner_all"].value() == str(city.youth_work.pk)
    given = {"answer_delivery_can_fail": "will_do", "answer_several_causes": "will_do"}
    given |= {"text_several_causes": "Ask twice."}
    wrong = client.post(here, given).context["form"].errors
    assert set(wrong) == {"owner_all", "due_all"}
    assert all("needs an owner and a date" in str(one) for one in wrong.values())
    given |= {"owner_all": city.police.pk, "due_all": "2027-01-01"}
    assert client.post(here, given).status_code == 302
    told = dict(PrincipleAnswer.objects.of(problem.workspace).values_list("check_id", "what"))
    assert told == {
        "several_causes": "Ask twice.",
        "delivery_can_fail": "List what could stop delivery, and who would notice it first.",
    }


def card_of_check(page, name):
    return page.partition(f'id="check-{name}"')[2].partition("</fieldset>")[0]


def test_one_press_accepts_all_that_the_record_answers(problem, concept, client_of):
    import re

    client, here = client_of("partner"), f"{HERE}checks/1/"
    client.post(
        f"{HERE}guards/1/",
        {
            "text_guard_public_spaces_upkeep": "The city sweeps it until 2030.",
            "text_guard_public_spaces_gender": "Women asked for light; it comes.",
        },
    )
    page = text(client.get(here))
    assert "Accept these 2 answers" in page
    sent = dict(re.findall(r'name="(text_\w+)"[^>]*>\s*([^<\s][^<]*)</textarea>', page))
    sent |= {name.replace("text_", "answer_"): "met" for name in sent}
    assert client.post(here, sent).status_code == 302
    answers = PrincipleAnswer.objects.of(problem.workspace)
    assert answers.get(check_id="upkeep_funded").where.startswith("Our answer: “The city sweeps")
    assert answers.count() == 2


def test_the_pages_lead_on_at_the_top_and_guards_come_first(problem, concept, client_of, actor_of):
    from commonlight.web.design.review.domain.guards import answer_guard, guards_of
    from commonlight.web.design.review.domain.principles import answer_check, content

    client = client_of("partner")

    def first(page):
        return text(client.get(page)).partition("</h1>")[2].partition("</a>")[0]

    assert "Answer the guards first" in first(f"{HERE}checks/1/")
    assert "Go on to the principle checks" in first(f"{HERE}guards/1/")
    partner = actor_of("partner")
    for one in guards_of(concept):
        chosen = one.row.get("answers", [])[:1]
        answer_guard(
            partner, concept, "public_spaces", one.row["id"], choices=chosen, text="It is said."
        )
    assert "The concept and its approval" in first(f"{HERE}checks/1/")
    for row in content()["check"]:
        answer_check(partner, concept, row["id"], answer="met", where="On the card")
    assert "The concept and its approval" in first(f"{HERE}guards/1/")


def test_the_address_of_one_question_leads_to_its_place(problem, concept, client_of):
    client = client_of("partner")
    one = client.get(f"{HERE}checks/1/several_causes/")
    assert one["Location"] == f"{HERE}checks/1/#check-several_causes"
    one = client.get(f"{HERE}guards/1/guard/public_spaces/upkeep/")
    assert one["Location"] == f"{HERE}guards/1/#guard-public_spaces-upkeep"


def test_open_points_stand_on_the_page_of_the_concept(problem, concept, client_of):
    page = text(client_of("partner").get(f"{HERE}concepts/1/"))
    assert f"{HERE}checks/1/" in page
    assert f"{HERE}guards/1/#guard-public_spaces-planning_stage" in page


def test_who_approves_a_concept_is_led_to_what_its_authors_answered(problem, concept, client_of):
    def led():
        page = text(client_of("coordinator").get(f"{HERE}concepts/1/"))
        return page.partition("Read first what its authors answered:")[2].partition("</ul>")[0]

    assert led() == ""
    concept.state = "submitted"
    concept.save()
    assert f'href="{HERE}guards/1/"' in led()
    assert f'href="{HERE}checks/1/"' in led()


def test_all_guards_are_answered_on_one_page(problem, concept, client_of):
    client, here = client_of("partner"), f"{HERE}guards/1/"
    assert 'id="guard-public_spaces-planning_stage"' in text(client.get(here))
    stage = "guard_public_spaces_planning_stage"
    given = {f"choices_{stage}": "in_use", "text_guard_public_spaces_upkeep": "The city."}
    wrong = text(client.post(here, given))
    assert f'href="#id_text_{stage}"' in wrong
    assert "The city." in wrong
    assert not GuardAnswer.objects.of(problem.workspace).exists()
    given |= {f"text_{stage}": "Only the light."}
    assert client.post(here, given).status_code == 302
    assert GuardAnswer.objects.of(problem.workspace).count() == 2
    page = text(client_of("decision_maker").get(here))
    assert "Built and in use Only the light." in page
    assert '<form method="post" novalidate>' not in page


def test_the_brief_from_its_draft_to_its_approval(problem, concept, client_of):
    author, other = client_of("analyst"), client_of("coordinator")
    draft = text(author.get(f"{HERE}brief/"))
    assert "What this brief does not hold yet" in draft
    assert "Nobody has written down why it should work." in draft
    author.post(f"{HERE}brief/begin/")
    begun = author.get(f"{HERE}brief/write/").context["form"]["summary"].value()
    assert begun.startswith(problem.statements.get().sentence.rstrip("."))
    assert concept.versions.get().in_one_sentence.rstrip(".") in begun
    assert "More parts, each can stay empty" in text(author.get(f"{HERE}brief/write/"))
    author.post(f"{HERE}brief/write/", {"summary": "It is loud in the evening."})
    again = author.get(f"{HERE}brief/write/").context["form"]["summary"].value()
    assert again == "It is loud in the evening."
    propose = text(author.get(f"{HERE}brief/propose/"))
    assert "It will say that this is missing" in propose
    unwritten = propose.split("Nobody has written your part of:")[1]
    assert "There the brief holds only what the record says." in unwritten
    assert "What the path of this problem still misses" in propose
    assert f'href="{HERE}engagement/"' in propose.split("still misses")[1]
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
    kept = Brief.objects.of(problem.workspace).get()
    day = timezone.localdate()
    told = f"{date_format(day, 'DATE_FORMAT')}, City of Lakeside (Coordinator): Good."
    assert with_decision(kept.content, kept)["cover"][-1] == ["Approved", told]
    assert f"- **Approved:** {told}" in text(author.get(f"{HERE}brief/1/brief.md"))
    given = author.get(f"{HERE}brief/1/brief.json").json()
    assert given["decision"] == {
        "decided_on": day.isoformat(),
        "organisation": "City of Lakeside",
        "role": "coordinator",
        "comment": "Good.",
    }
    assert given["cover"] == kept.content["cover"], "the frozen text stays as it was signed"
    assert author.get(f"{HERE}brief/1/brief.pdf").getvalue().startswith(b"%PDF-")


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
