"""Each change of a concept cites a test or a reason, and another person approves it (row 31)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from commonlight.web.design.concerned import Concerned
from commonlight.web.design.domain import approval
from commonlight.web.design.domain.approval import (
    OpenPoint,
    approve_concept,
    decide_approval,
    open_points,
)
from commonlight.web.design.domain.concepts import (
    ConceptError,
    change_concept,
    current_version,
    missing_fields,
    move_concept,
    open_concept,
    texts_of_card,
)
from commonlight.web.design.forms import concepts
from commonlight.web.design.models import ConceptVersion
from commonlight.web.policy import Refused
from commonlight.web.problems.models import Cause
from commonlight.web.states import NotNow
from commonlight.web.thread.domain import supports
from commonlight.web.thread.kinds import key_of
from commonlight.web.thread.models import Link
from web.design.trying import tried

CONCEPTS = "/w/lakeside/problems/1/design/concepts/"


@pytest.fixture(autouse=True)
def own_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What apps above ask of a concept has its own tests."""
    own = {
        name: tell
        for name, tell in approval._conditions.items()
        if tell.__module__ == approval.__name__
    }
    monkeypatch.setattr(approval, "_conditions", own)


@pytest.fixture
def concept(problem: Any, card: Any, actor_of: Any) -> Any:
    return open_concept(actor_of("coordinator"), problem, **card())


def test_a_change_without_a_test_or_a_reason_is_refused(
    concept: Any, card: Any, actor_of: Any
) -> None:
    actor = actor_of("partner")
    with pytest.raises(ConceptError, match="give a reason"):
        change_concept(actor, concept, **card(name="Warm light"))
    change_concept(actor, concept, test=tried(actor, concept), **card(name="Warm light"))
    change_concept(actor, concept, reason="Partners asked.", **card(name="Low, warm light"))
    assert [one.number for one in concept.versions.all()] == [3, 2, 1]
    assert [one.reason for one in concept.versions.all()] == [
        "Partners asked.",
        "The lamp blinds.",
        "",
    ]


def test_the_database_holds_no_change_without_a_cause(concept: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ConceptVersion.objects.create(
            workspace=concept.workspace, concept=concept, number=2, name="x", in_one_sentence="x"
        )


def test_a_test_of_another_concept_is_no_reason(
    problem: Any, concept: Any, card: Any, actor_of: Any
) -> None:
    actor = actor_of("partner")
    other = open_concept(actor, problem, **card(name="Another"))
    with pytest.raises(ConceptError, match="another concept"):
        change_concept(actor, concept, test=tried(actor, other), **card(name="Warm light"))


def test_a_change_that_changes_nothing_is_none(concept: Any, card: Any, actor_of: Any) -> None:
    assert change_concept(actor_of("partner"), concept, **card()).number == 1


def test_the_author_of_any_version_may_not_approve(concept: Any, card: Any, actor_of: Any) -> None:
    change_concept(actor_of("analyst"), concept, reason="Clearer.", **card(name="Warm light"))
    move_concept(actor_of("analyst"), concept, "submit")
    for role in ("coordinator", "analyst"):
        with pytest.raises(Refused, match="You wrote this concept"):
            approve_concept(actor_of(role), concept)
    with pytest.raises(Refused, match="role"):
        approve_concept(actor_of("decision_maker"), concept)
    approve_concept(actor_of("partner"), concept)
    concept.refresh_from_db()
    assert (concept.state, concept.approved_by.role) == ("approved", "partner")
    change_concept(actor_of("partner"), concept, reason="One word.", **card(name="Light"))
    concept.refresh_from_db()
    assert (concept.state, concept.approved_by) == ("draft", None)


def test_a_card_that_lacks_something_is_not_sent(problem: Any, card: Any, actor_of: Any) -> None:
    actor = actor_of("coordinator")
    bare = open_concept(actor, problem, name="Light", in_one_sentence="Light the path.")
    assert "Who may lose" in {str(one) for one in missing_fields(current_version(bare))}
    with pytest.raises(ConceptError, match="The card lacks: Cause it touches, Why"):
        move_concept(actor, bare, "submit")
    with pytest.raises(Refused, match="Waits for approval"):
        approve_concept(actor_of("partner"), bare)


def test_apps_above_add_conditions(concept: Any, actor_of: Any, client_of: Any) -> None:
    move_concept(actor_of("coordinator"), concept, "submit")
    assert decide_approval(actor_of("partner"), concept)

    @approval.condition
    def guard(actor: Any, about: Any) -> Any:
        yield OpenPoint(text="A guard has no answer.", address="/somewhere/")

    assert [one.text for one in open_points(actor_of("partner"), concept)] == [
        "A guard has no answer."
    ]
    page = client_of("partner").get(f"{CONCEPTS}1/").content.decode()
    assert '<a href="/somewhere/">A guard has no answer.</a>' in page
    assert client_of("partner").post(f"{CONCEPTS}1/approve/").status_code == 403


def test_a_concept_rests_on_the_cause_that_it_touches(
    concept: Any, problem: Any, card: Any, actor_of: Any, city: Any
) -> None:
    actor, place = actor_of("coordinator"), city.workspace
    first = current_version(concept).cause
    other = Cause.objects.create(
        workspace=place, problem=problem, text="Nobody is there", family="people", reach="inside"
    )
    change_concept(actor, concept, reason="Light was not it.", **card(cause=other))
    live = Link.objects.of(place).filter(claim_kind="concept", removed_at__isnull=True)
    assert [one.ground for one in live] == [key_of(other)]
    gone = Link.objects.of(place).get(ground_key=str(first.pk))
    assert (gone.removal_reason, gone.is_open_wound) == ("Light was not it.", False)
    support = supports(place, [key_of(concept)])[key_of(concept)]
    assert "Nobody is there" not in support.reason
    assert not support


@pytest.mark.parametrize("step", ["return", "set_aside"])
def test_who_stops_a_concept_says_why(concept: Any, actor_of: Any, step: str) -> None:
    actor = actor_of("coordinator")
    move_concept(actor, concept, "submit")
    with pytest.raises(ConceptError, match="Say why"):
        move_concept(actor_of("partner"), concept, step)
    move_concept(actor_of("partner"), concept, step, reason="Too dear.")
    assert concept.state_reason == "Too dear."


def test_a_concept_that_was_set_aside_is_not_changed(
    concept: Any, card: Any, actor_of: Any
) -> None:
    move_concept(actor_of("coordinator"), concept, "set_aside", reason="Too dear.")
    with pytest.raises(NotNow):
        change_concept(actor_of("coordinator"), concept, reason="But.", **card(name="Cheap"))


def test_the_pages_take_a_card_from_an_idea_to_a_second_version(
    problem: Any, ideas: Any, client_of: Any, actor_of: Any
) -> None:
    ideas(2)
    client = client_of("partner")
    page = client.get(f"{CONCEPTS}new/?idea=2").content.decode()
    assert "Idea number 2" in page
    wrong = {"name": "Light", "in_one_sentence": "Light the path.", "ideas": "2, 9"}
    assert "This problem has no idea 9." in client.post(f"{CONCEPTS}new/", wrong).content.decode()
    client.post(f"{CONCEPTS}new/", wrong | {"ideas": "#2"})
    same = {"name": "Warm light", "in_one_sentence": "Light the path.", "ideas": "2"}
    refused = client.post(f"{CONCEPTS}1/change/", same)
    assert "Choose the test that led to this change, or give a reason." in refused.content.decode()
    test = {
        "day": "2025-06-01",
        "what": "A lamp",
        "testers": ["women"],
        "people": 5,
        "seen": "They stayed.",
        "verdict": "keep",
        "because": "They stayed.",
    }
    client.post(f"{CONCEPTS}1/tests/new/", test)
    concept = problem.concepts.get()
    client.post(f"{CONCEPTS}1/change/", same | {"test": concept.tests.get().pk})
    versions = client.get(f"{CONCEPTS}1/versions/").content.decode()
    assert "Test 1 led to this change." in versions
    assert "<del>Light<br></del>" in versions
    assert (
        "Concepts that come from it"
        in client.get("/w/lakeside/problems/1/design/ideas/2/").content.decode()
    )


def test_a_test_lies_in_the_past_and_names_categories_only(concept: Any, client_of: Any) -> None:
    answer = client_of("partner").post(
        f"{CONCEPTS}1/tests/new/", {"day": "2999-01-01", "testers": ["Maria Santos"]}
    )
    text = answer.content.decode()
    assert "This day is still to come." in text
    assert concept.tests.count() == 0


def test_the_texts_of_a_plan_are_told_field_by_field(concept: Any) -> None:
    texts = texts_of_card(current_version(concept))
    assert texts["why_it_should_work"] == "People see and are seen."
    assert "cost_guess" not in texts


def test_a_cause_that_the_partners_left_out_is_not_offered(problem, client_of, actor_of):
    """The card touches a cause of the joint statement; an older card keeps what it touched."""
    from commonlight.web.problems.domain.causing import add_cause

    kept = add_cause(
        actor_of("partner"), problem, text="Nobody is there", family="guardianship", reach="inside"
    )
    left = add_cause(
        actor_of("partner"), problem, text="Drinking", family="alcohol_drugs", reach="inside"
    )
    Cause.objects.of(problem.workspace).filter(pk=left.pk).update(left_out_reason="Few see it.")
    page = client_of("partner").get(f"{CONCEPTS}new/").content.decode()
    assert f'<option value="{kept.pk}">' in page
    assert f'<option value="{left.pk}">' not in page


def buttons(page: str) -> dict[str, str]:
    """Each link that looks like a button, with its classes."""
    found = re.findall(r'<a class="(button[^"]*)" href="([^"]*)"', page)
    return {place: classes for classes, place in found}


def test_while_points_are_open_the_first_is_the_main_button(
    concept: Any, actor_of: Any, client_of: Any
) -> None:
    send = f"{CONCEPTS}1/steps/submit/"
    page = client_of("partner").get(f"{CONCEPTS}1/").content.decode()
    assert f'action="{send}"' in page

    @approval.condition
    def guard(actor: Any, about: Any) -> Any:
        yield OpenPoint(text="A guard has no answer.", address="/somewhere/")

    found = buttons(client_of("analyst").get(f"{CONCEPTS}1/").content.decode())
    assert found["/somewhere/"] == "button"
    assert found[send] == "button secondary"


def test_what_a_bare_card_lacks_leads_to_its_form(
    problem: Any, actor_of: Any, client_of: Any
) -> None:
    open_concept(actor_of("coordinator"), problem, name="Light", in_one_sentence="Light the path.")
    page = client_of("partner").get(f"{CONCEPTS}1/").content.decode()
    assert f'<a href="{CONCEPTS}1/change/">The card lacks: Cause it touches.</a>' in page
    assert buttons(page)[f"{CONCEPTS}1/change/"] == "button"


def test_what_a_concept_rests_on_is_said_once_and_a_presumed_cause_is_neutral(
    concept: Any, client_of: Any
) -> None:
    page = client_of("partner").get(f"{CONCEPTS}1/").content.decode()
    assert page.count("Unsupported") == 1
    assert page.count("It rests on nothing yet.") == 1
    Cause.objects.of(concept.workspace).update(is_presumed=True)
    page = client_of("analyst").get(f"{CONCEPTS}1/").content.decode()
    assert "Unsupported" not in page
    assert "The cause is presumed: no source shows it yet." in page
    assert re.search(r'<[^>]*class="[^"]*mark[^"]*"[^>]*>\s*Presumed', page)


def test_who_may_approve_is_said_beside_the_approval(
    concept: Any, actor_of: Any, client_of: Any
) -> None:
    move_concept(actor_of("coordinator"), concept, "submit")
    page = client_of("coordinator").get(f"{CONCEPTS}1/").content.decode()
    assert "Somebody else may give it: " in page
    assert "Youth Work Lakeside (Partner)" in page
    page = client_of("partner").get(f"{CONCEPTS}1/").content.decode()
    assert "waits for your approval." in page


def test_an_approved_concept_and_the_design_lead_on(
    concept: Any, actor_of: Any, client_of: Any
) -> None:
    home = CONCEPTS.removesuffix("concepts/")
    client = client_of("partner")
    lacks = client.get(home).context["onward"]
    assert lacks is not None
    assert f'<a class="button" href="{lacks[1]}">' in client.get(home).content.decode()
    tried(actor_of("coordinator"), concept)
    move_concept(actor_of("coordinator"), concept, "submit")
    page = client.post(f"{CONCEPTS}1/approve/", follow=True).content.decode()
    form = f"{CONCEPTS}1/specification/change/"
    assert buttons(page)[form] == "button secondary"
    onward = client.get(f"{CONCEPTS}1/").context["onward"]
    assert onward is not None
    assert onward[1] != form
    assert onward == client.get(home).context["onward"]
    assert client.get(onward[1]).status_code in (200, 403)


def test_a_test_is_offered_for_today_and_for_those_whom_it_concerns(
    concept: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concepts, "concerned_by", lambda problem: Concerned(("women",)))
    page = client_of("partner").get(f"{CONCEPTS}1/tests/new/")
    assert page.context["form"]["day"].value() == timezone.localdate()
    shown = page.content.decode().split("Who tried it, by category")[1].split("<details")[0]
    assert shown.count('type="checkbox"') == 1
    assert 'value="women"' in shown


def test_a_card_begins_with_what_the_place_is_good_for(problem, actor_of, client_of):
    from commonlight.web.problems.fieldwork.domain.positive import add_use, say_none_found

    actor = actor_of("coordinator")
    page = "/w/lakeside/problems/1/design/concepts/new/"
    assert client_of("coordinator").get(page).context["form"]["good_uses_kept"].value() == ""
    add_use(actor, problem, question="valued_uses", text="The steps in the evening sun.")
    say_none_found(actor, problem, question="must_stay", where_looked="On the square, twice.")
    begun = client_of("coordinator").get(page).context["form"]["good_uses_kept"].value()
    assert begun == "The steps in the evening sun."
