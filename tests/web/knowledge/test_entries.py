"""Local entries: one organisation writes, another one reviews, and nobody reviews her own."""

from __future__ import annotations

import pytest

from commonlight.web.eventlog.models import Event
from commonlight.web.knowledge.domain.entries import (
    EntryError,
    change_entry,
    entries_of,
    may_take,
    take_step,
)
from commonlight.web.policy import Refused
from commonlight.web.states import NotNow
from commonlight.web.thread.domain import supports
from commonlight.web.workspaces.models import Membership

LIST = "/w/lakeside/knowledge/local/"


def test_a_draft_is_read_by_its_own_organisation_only(entry, actor_of):
    made = entry()
    assert entries_of(actor_of("analyst"), "practices") == [made]
    assert entries_of(actor_of("partner"), "practices") == []
    assert entries_of(actor_of("coordinator"), "practices") == []


def test_the_author_cannot_review_her_own_entry(entry, actor_of):
    made = take_step(actor_of("analyst"), entry(), "offer")
    with pytest.raises(Refused, match="You wrote this entry"):
        take_step(actor_of("analyst"), made, "approve")


def test_nor_can_a_colleague_of_hers(entry, actor_of, people, city):
    made = take_step(actor_of("analyst"), entry(), "offer")
    Membership.objects.of(city.workspace).filter(user=people["partner"]).update(
        organisation=city.police
    )
    with pytest.raises(Refused, match="Your organisation wrote this entry"):
        take_step(actor_of("partner"), made, "approve")


def test_nor_who_changed_it_and_then_changed_her_organisation(entry, actor_of, people, city):
    here = Membership.objects.of(city.workspace).filter(user=people["partner"])
    here.update(organisation=city.police)
    made = change_entry(actor_of("partner"), entry(), summary="Changed by a colleague.")
    made = take_step(actor_of("analyst"), made, "offer")
    here.update(organisation=city.youth_work)
    with pytest.raises(Refused, match="You wrote this entry"):
        take_step(actor_of("partner"), made, "approve")


def test_somebody_else_approves_it_and_it_stands(reviewed, city):
    made = reviewed()
    assert made.is_reviewed
    assert made.review_note == "Read and right."
    (support,) = supports(city.workspace, [("local_practice", str(made.pk))]).values()
    assert support


def test_what_is_not_reviewed_or_withdrawn_does_not_stand(entry, reviewed, actor_of, city):
    draft = entry()
    gone = take_step(actor_of("analyst"), reviewed(), "withdraw", reason="It was wrong.")
    keys = [("local_practice", str(one.pk)) for one in (draft, gone)]
    first, second = supports(city.workspace, keys).values()
    assert "nobody has reviewed it" in first.reason
    assert "It was wrong." in second.reason


def test_a_review_that_returns_needs_its_reason(entry, actor_of):
    made = take_step(actor_of("analyst"), entry(), "offer")
    with pytest.raises(EntryError, match="Say why"):
        take_step(actor_of("partner"), made, "return", reason=" ")
    back = take_step(actor_of("partner"), made, "return", reason="Say where.")
    assert (back.state, back.review_note) == ("returned", "Say where.")


def test_a_reviewed_entry_is_not_changed_without_another_review(reviewed, actor_of):
    made = reviewed()
    with pytest.raises(EntryError, match="Take it up for revision"):
        change_entry(actor_of("analyst"), made, summary="Secretly other")
    again = take_step(actor_of("analyst"), made, "revise")
    assert again.reviewer is None
    assert change_entry(actor_of("analyst"), again, summary="Openly other").state == "draft"


def test_another_organisation_cannot_change_it(entry, actor_of):
    made = take_step(actor_of("analyst"), entry(), "offer")
    assert not may_take(actor_of("partner"), made, "withdraw")
    with pytest.raises(Refused, match="Only Lakeside Police"):
        take_step(actor_of("coordinator"), made, "withdraw", reason="Because")


def test_a_step_that_does_not_fit_is_refused(entry, actor_of):
    with pytest.raises(NotNow):
        take_step(actor_of("partner"), entry(), "approve")


def test_every_step_stands_in_the_log_without_its_text(reviewed, city):
    reviewed()
    events = Event.objects.filter(chain="lakeside").order_by("number")
    assert [one.action for one in events] == [
        "knowledge.add",
        "knowledge.offer",
        "knowledge.approve",
    ]
    assert "Lampen" not in str([one.detail for one in events])


def test_the_pages_take_an_entry_from_draft_to_review(client_of, city):
    writer, reader = client_of("analyst"), client_of("partner")
    sent = {
        "title": "Rondes de nit",
        "summary": "Vam fer rondes.",
        "level": "told",
        "language": "ca",
        "practice": "neighbourhood_watch",
    }
    answer = writer.post(f"{LIST}practices/new/", sent, follow=True)
    assert b"Not told" in answer.content
    assert b'lang="ca"' in answer.content
    assert reader.get(f"{LIST}practices/1/").status_code == 403
    writer.post(f"{LIST}practices/1/steps/offer/", {"reason": ""})
    refused = writer.post(f"{LIST}practices/1/steps/approve/", {"reason": ""})
    assert refused.status_code == 403
    assert b"somebody else must review it" in refused.content
    reader.post(f"{LIST}practices/1/steps/approve/", {"reason": "Checked."})
    page = reader.get("/w/lakeside/knowledge/practices/neighbourhood_watch/").content.decode()
    assert "Rondes de nit" in page
    assert page.index("What changed, outcome by outcome") < page.index("Rondes de nit")


def test_experience_is_found_by_country_and_language_and_stands_apart(reviewed, client_of):
    reviewed(country="Austria", practice="street_lighting")
    reviewed(title="Rondes de nit", language="ca", country="Spain")
    client = client_of("partner")
    page = client.get(f"{LIST}?country=Austria").content.decode()
    assert "Lampen in den Gassen" in page
    assert "/local/practices/2/" not in page
    assert "/local/practices/2/" in client.get(f"{LIST}?language=ca").content.decode()
    practice = client.get("/w/lakeside/knowledge/practices/street_lighting/").content.decode()
    told = practice[practice.index("Experience of those who did it") :]
    assert "Lampen in den Gassen" in told
    assert "Austria" in told
    assert "It stands apart from the effects above and changes none of them." in told


def test_a_form_with_a_fault_keeps_what_was_typed(client_of):
    answer = client_of("analyst").post(f"{LIST}statements/new/", {"title": "Half a thought"})
    assert b"Half a thought" in answer.content
    assert b"error-summary" in answer.content


def test_the_button_of_who_may_not_review_says_why(entry, actor_of, client_of):
    take_step(actor_of("analyst"), entry(), "offer")
    assert (
        b"somebody else must review it" in client_of("analyst").get(f"{LIST}practices/1/").content
    )
