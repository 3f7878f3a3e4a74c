"""Sessions come before observations, and their consent note before any quote."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused
from commonlight.web.problems.addresses import address
from commonlight.web.problems.domain.board import VoiceError, hear, not_heard, voices_of
from commonlight.web.problems.fieldwork.addresses import page_of
from commonlight.web.problems.fieldwork.catalogue import card, cards
from commonlight.web.problems.fieldwork.domain.guarding import FieldworkError
from commonlight.web.problems.fieldwork.domain.observing import record_observation
from commonlight.web.problems.fieldwork.domain.sessions import change_session, take_back_session
from commonlight.web.problems.fieldwork.forms import SessionForm
from commonlight.web.problems.fieldwork.path_parts import requirements
from commonlight.web.problems.needs import known_of
from commonlight.web.problems.problem_fields import missing_voices
from commonlight.web.thread.domain import join, supports, surroundings, web_of


def heard(actor, problem):
    return {one.id for one in voices_of(actor, [problem])[problem.pk] if one.is_heard}


def sources(actor, problem):
    return {one.key[0]: one for one in known_of(actor, [problem]).evidence[problem.pk].standing}


def given(session, **changed):
    names = ("held_on", "hours", "place", "groups", "people", "consent", "remarks")
    return {name: getattr(session, name) for name in names} | changed


def test_a_session_with_consent_is_a_qualitative_source_of_its_problem(
    problem, session, city, actor_of
):
    source = sources(actor_of("partner"), problem)["session"]
    assert source.is_qualitative
    assert source.organisations == (city.youth_work,)


def test_the_note_is_kept_as_it_was_read_out(session):
    assert session.consent_text == str(card("interview")["consent"])
    assert session.consent_language == "en"


def test_its_groups_are_heard_on_the_board(problem, session, actor_of):
    assert heard(actor_of("partner"), problem) == {"children_and_youth"}


def test_a_group_that_did_not_come_after_all_is_not_heard(problem, session, actor_of):
    actor = actor_of("partner")
    change_session(actor, session, **given(session, groups=["older_people"]))
    assert heard(actor, problem) == {"older_people"}


def test_without_the_note_a_session_is_no_source(problem, hold, actor_of):
    actor = actor_of("partner")
    silent = hold(actor, consent="not_given")
    assert "session" not in sources(actor, problem)
    assert heard(actor, problem) == set()
    assert silent.consent_text == ""


def test_without_the_note_nothing_holds_that_was_joined_by_hand(problem, hold, cause, actor_of):
    actor = actor_of("partner")
    join(actor, cause, hold(actor, consent="not_given"))
    support = surroundings(actor, cause).node.support
    assert not support
    assert "consent note was not given" in support.reason


def test_a_sign_is_a_note_only_where_the_card_says_so(hold, actor_of):
    with pytest.raises(FieldworkError, match="consent note") as refusal:
        hold(actor_of("partner"), method="interview", consent="sign")
    assert refusal.value.part == "consent"
    assert hold(actor_of("partner"), method="observation", consent="sign").has_consent


def test_a_session_is_not_recorded_before_it_was_held(hold, actor_of):
    tomorrow = timezone.now().date() + timedelta(days=2)
    with pytest.raises(FieldworkError, match="when it was held"):
        hold(actor_of("partner"), held_on=tomorrow)


@pytest.mark.parametrize("part", ["place", "hours", "remarks"])
def test_contacts_are_refused_in_every_text(hold, actor_of, part):
    with pytest.raises(FieldworkError) as refusal:
        hold(actor_of("partner"), **{part: "bob@example.org"})
    assert refusal.value.part == part


def test_quotes_stop_the_loss_of_consent(session, actor_of):
    actor = actor_of("partner")
    record_observation(actor, session, text="I walk fast here.", tone="trouble", kind="quote")
    with pytest.raises(FieldworkError, match="keeps quotes"):
        change_session(actor, session, **given(session, consent="not_given"))


def test_taking_a_session_back_erases_its_quotes_for_good(session, actor_of):
    actor = actor_of("partner")
    record_observation(actor, session, text="I walk fast here.", tone="trouble", kind="quote")
    record_observation(actor, session, text="They walk fast", tone="trouble", kind="heard")
    take_back_session(actor, session, reason="Somebody does not agree any more.")
    texts = list(session.observations.order_by("number").values_list("text", flat=True))
    assert texts == ["", "They walk fast"]
    assert "walk fast here" not in str([one.detail for one in Event.objects.all()])


def test_taking_a_session_back_shakes_all_that_rests_on_it(problem, session, cause, actor_of):
    actor = actor_of("partner")
    seen = record_observation(actor, session, text="Shutters are down", tone="trouble")
    join(actor, cause, seen)
    key = ("cause", str(cause.pk))
    assert supports(actor.workspace, [key])[key]
    take_back_session(actor, session, reason="Held at another place.")
    assert not supports(actor.workspace, [key])[key]
    assert heard(actor, problem) == set()


def test_only_who_led_it_and_the_coordinator_change_it(session, actor_of):
    with pytest.raises(Refused, match="Only Youth Work Lakeside and the coordinator"):
        take_back_session(actor_of("analyst"), session, reason="No")
    assert Event.objects.filter(kind="refusal").exists()
    take_back_session(actor_of("coordinator"), session, reason="Consent was withdrawn.")
    with pytest.raises(Refused, match="taken back"):
        take_back_session(actor_of("partner"), session, reason="Again")


@pytest.mark.parametrize("name", [one["id"] for one in cards()])
def test_every_card_has_its_page_with_consent_note_and_a_sheet_to_print(problem, client_of, name):
    body = client_of("partner").get(f"{field(problem)}cards/{name}/").content.decode()
    assert str(card(name)["title"]) in body
    assert 'class="read-out"' in body
    assert body.count("<tr><td>") == 12
    assert "only-print" in body


def test_all_cards_stand_on_one_page(problem, client_of):
    body = client_of("evaluator").get(f"{field(problem)}cards/").content.decode()
    assert body.count('<article class="method') == len(cards()) == 6


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(problem, client_of):
    client, page = client_of("partner"), f"{field(problem)}cards/interview/session/"
    answer = client.post(page, {"held_on": "2025-11-03", "place": "Youth club", "people": "1-5"})
    body = answer.content.decode()
    assert "Say whether the consent note was given." in body
    assert 'value="Youth club"' in body
    sent = {"held_on": "2025-11-03", "place": "Club", "people": "1-5", "consent": "read_out"}
    assert client.post(page, sent)["Location"] == f"{field(problem)}sessions/1/"


def test_the_stranger_finds_no_session(problem, session, client_of):
    assert client_of("stranger").get(f"{field(problem)}sessions/1/").status_code == 404


def field(problem):
    return f"/w/lakeside/problems/{problem.number}/fieldwork/"


def test_a_session_without_observations_is_where_they_are_missing(problem, session, actor_of):
    actor = actor_of("partner")
    state = requirements(actor, [problem])[problem.pk]
    assert state.missing
    assert state.address == page_of(problem, "session", session.number)
    record_observation(actor, session, text="Three lamps are out.", tone="trouble")
    state = requirements(actor, [problem])[problem.pk]
    assert (state.missing, state.address) == ((), page_of(problem, "sessions"))


@pytest.mark.parametrize("method", [one["id"] for one in cards()])
def test_only_where_people_speak_are_they_heard(problem, hold, actor_of, method):
    actor = actor_of("partner")
    hold(actor, method=method, groups=["women_and_girls"])
    found = next(
        one for one in voices_of(actor, [problem])[problem.pk] if one.id == "women_and_girls"
    )
    assert found.is_heard is card(method)["people_speak"]
    assert found.is_only_seen is not card(method)["people_speak"]


def test_who_was_only_watched_is_seen_and_not_heard(problem, hold, actor_of, client_of):
    actor = actor_of("partner")
    watched = hold(
        actor, method="observation", consent="sign", place="Stop", groups=["older_people"]
    )
    assert heard(actor, problem) == set()
    below = {link.ground for link in web_of(problem.workspace).grounds["problem", str(problem.pk)]}
    assert below == {("session", str(watched.pk))}
    assert not problem.voices.exists()
    board = client_of("partner").get(f"{address(problem, 'sources')}").content.decode()
    row = board.partition('id="voice-older_people"')[2].partition("</li>")[0]
    assert "Seen, not heard" in row
    assert f"Seen in: Observation without taking part, Stop, session {watched.number}" in " ".join(
        row.split()
    )
    page = client_of("partner").get(page_of(problem, "session", watched.number)).content.decode()
    assert "Groups that were seen, not heard" in page
    told = {str(one.text) for one in missing_voices(actor, problem)}
    assert "Older people: seen, not heard" in told


def test_an_older_link_to_what_was_only_watched_gives_no_voice(problem, hold, actor_of):
    actor = actor_of("partner")
    watched = hold(actor, method="site_inventory", groups=["older_people"])
    note = not_heard(actor, problem, "older_people", reason="We go there in March.")
    join(actor, note, watched)
    assert heard(actor, problem) == set()


def test_nobody_is_heard_through_what_was_only_seen(problem, hold, actor_of, client_of):
    actor = actor_of("partner")
    watched = hold(actor, method="observation", consent="sign", groups=[])
    seen = record_observation(actor, watched, text="Two stand", tone="neither", kind="seen")
    told = record_observation(actor, watched, text="It is dark", tone="trouble", kind="heard")
    for source in (watched, seen):
        with pytest.raises(VoiceError, match="only seen"):
            hear(actor, problem, "older_people", source)
    join(actor, problem, seen)
    join(actor, problem, told)
    offered = client_of("partner").get(address(problem, "voice", "older_people")).content.decode()
    assert "It is dark" in offered
    assert "Two stand" not in offered
    hear(actor, problem, "older_people", told)
    assert heard(actor, problem) == {"older_people"}


def test_the_form_asks_who_was_seen_where_nobody_speaks():
    watching, talking = SessionForm(method="observation"), SessionForm(method="interview")
    assert str(watching.fields["groups"].label) == "Which groups were seen?"
    assert "not heard" in str(watching.fields["groups"].help_text)
    assert str(talking.fields["groups"].label) == "Which groups took part?"
