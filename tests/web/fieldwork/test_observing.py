"""Observations: in three taps, each in its session, and what rests on them."""

from __future__ import annotations

import pytest

from commonlight.web.policy import Refused
from commonlight.web.problems.fieldwork.addresses import page_of
from commonlight.web.problems.fieldwork.domain.guarding import FieldworkError
from commonlight.web.problems.fieldwork.domain.observing import (
    claims_offered,
    record_observation,
    take_back_observation,
    use_observation,
)
from commonlight.web.problems.fieldwork.domain.positive import add_use
from commonlight.web.problems.fieldwork.models import Observation
from commonlight.web.thread.domain import supports, surroundings


def page(problem):
    return f"/w/lakeside/problems/{problem.number}/fieldwork/sessions/1/"


def test_a_sentence_a_kind_and_the_button_are_enough(problem, session, client_of):
    client = client_of("partner")
    form = client.get(page(problem)).context["form"]
    assert form["kind"].value() == "heard"
    sent = {"text": "The kiosk is where they meet", "tone": "good", "kind": form["kind"].value()}
    answer = client.post(page(problem), sent, follow=True)
    assert "The kiosk is where they meet" in answer.content.decode()
    assert answer.redirect_chain[0][0].endswith("?kind=heard#observe")
    assert answer.context["form"]["text"].value() is None


def test_the_next_one_begins_as_the_last_ended(problem, session, client_of):
    client = client_of("partner")
    sent = {"text": "I like the kiosk", "tone": "good", "kind": "quote"}
    answer = client.post(page(problem), sent, follow=True)
    assert answer.context["form"]["kind"].value() == "quote"


def test_what_is_seen_is_the_first_choice_where_one_watches(hold, problem, client_of, actor_of):
    hold(actor_of("partner"), method="observation", consent="sign")
    form = client_of("partner").get(page(problem)).context["form"]
    assert form["kind"].value() == "seen"


def test_each_rests_on_its_session(session, actor_of):
    actor = actor_of("partner")
    made = record_observation(actor, session, text="Loud music", tone="trouble")
    around = surroundings(actor, made)
    assert [step.node.key for step in around.grounds] == [("session", str(session.pk))]
    assert around.node.support


def test_without_consent_no_quote_is_kept(hold, problem, actor_of, client_of):
    actor = actor_of("partner")
    silent = hold(actor, consent="not_given")
    with pytest.raises(FieldworkError, match="nobody’s own words") as refusal:
        record_observation(actor, silent, text="I am afraid", tone="trouble", kind="quote")
    assert refusal.value.part == "kind"
    form = client_of("partner").get(page(problem)).context["form"]
    assert "quote" not in dict(form.fields["kind"].choices)
    assert record_observation(actor, silent, text="No light", tone="trouble", kind="seen")


@pytest.mark.parametrize("part", ["text", "spot"])
def test_contacts_are_refused_and_not_repeated_to_the_log(session, actor_of, part):
    given = {"text": "Bench", "spot": "North"} | {part: "call +33 6 12 34 56 78"}
    with pytest.raises(FieldworkError, match="phone number") as refusal:
        record_observation(actor_of("partner"), session, tone="good", **given)
    assert refusal.value.part == part
    assert not Observation.objects.of(session.workspace).exists()


def test_a_cause_rests_on_an_observation_chosen_on_the_page(
    problem, session, cause, actor_of, client_of
):
    made = record_observation(actor_of("partner"), session, text="Shutters down", tone="trouble")
    client = client_of("partner")
    choose = f"{page(problem)}{made.number}/use/"
    assert "The last shop closes at eight" in client.get(choose).content.decode()
    answer = client.post(choose, {"claim": f"cause:{cause.pk}", "note": "Seen at nine"})
    assert answer.status_code == 302
    key = ("cause", str(cause.pk))
    assert supports(problem.workspace, [key])[key]
    assert "1 claim rests on it." in client.get(page(problem)).content.decode()


def test_statement_causes_and_valued_uses_of_this_problem_are_offered(
    problem, session, cause, actor_of
):
    actor = actor_of("partner")
    use = add_use(actor, problem, question="valued_uses", text="A short cut")
    made = record_observation(actor, session, text="Shutters down", tone="trouble")
    offered = {name.partition(":")[0] for name, _claim, _joined in claims_offered(actor, made)}
    assert {"cause", "valued_use", "statement_of_problem"} <= offered
    use_observation(actor, made, use, note="Seen twice")
    joined = {claim: is_joined for _name, claim, is_joined in claims_offered(actor, made)}
    assert joined[use]
    assert not joined[cause]


def test_a_claim_of_another_city_cannot_be_chosen(problem, session, actor_of, client_of):
    made = record_observation(actor_of("partner"), session, text="Shutters down", tone="trouble")
    sent = {"claim": "cause:999999", "note": ""}
    answer = client_of("partner").post(f"{page(problem)}{made.number}/use/", sent)
    assert answer.status_code == 200


def test_taken_back_it_supports_nothing_and_a_quote_is_erased(session, cause, actor_of):
    actor = actor_of("partner")
    made = record_observation(actor, session, text="I run", tone="trouble", kind="quote")
    use_observation(actor, made, cause)
    take_back_observation(actor, made, reason="She asked for it.")
    made.refresh_from_db()
    assert made.text == ""
    key = ("cause", str(cause.pk))
    assert not supports(actor.workspace, [key])[key]


def test_others_do_not_write_in_a_session_of_the_youth_workers(
    session, actor_of, client_of, problem
):
    with pytest.raises(Refused, match="Only Youth Work Lakeside"):
        record_observation(actor_of("evaluator"), session, text="A bench", tone="good")
    body = client_of("evaluator").get(page(problem)).content.decode()
    assert "Only Youth Work Lakeside and the coordinator" in body
    sent = {"text": "A bench", "tone": "good", "kind": "seen"}
    assert client_of("evaluator").post(page(problem), sent).status_code == 403
    assert client_of("decision_maker").post(page(problem), sent).status_code == 403


def test_after_an_observation_the_page_leads_on(problem, session, client_of):
    client, here = client_of("coordinator"), page_of(problem, "session", session.number)
    given = {"text": "Shutters are down", "tone": "trouble", "kind": "seen"}
    page = client.post(here, given, follow=True)
    text = page.content.decode()
    led = f'<a href="{page.context["step"].url}">{page.context["step"].title}</a>'
    assert led in text.split('class="go-on')[1].split("</p>")[0]
    assert led in text.split('id="where-we-are"')[1].split("<details")[0]
    page = client.get(here)
    assert 'class="go-on' not in page.content.decode()


def test_whoever_may_not_do_the_step_is_led_to_who_does(problem, session, city, client_of):
    type(problem).objects.of(city.workspace).filter(pk=problem.pk).update(owner=city.police)
    page = client_of("partner").get(page_of(problem, "session", session.number))
    line = page.content.decode().split('id="where-we-are"')[1].split("<details")[0]
    assert f'<a href="/w/lakeside/problems/{problem.number}/">' in line
    home = client_of("partner").get(f"/w/lakeside/problems/{problem.number}/").content.decode()
    assert "Only Lakeside Police and the coordinator may do this." in home
