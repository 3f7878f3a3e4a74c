"""The pages of separate framing: who is asked, what stays sealed, what is compared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.problems.domain.differences import difference_of
from commonlight.web.problems.domain.framing import save_draft, send_answer
from commonlight.web.problems.models import Frame, FrameRound, Problem, Statement
from web.problems.pages import HOME, ONE, words

pytestmark = pytest.mark.django_db
SECRETS = ("Lamps are broken", "Training ends too late", "Few rounds")
ANSWER = {
    "what": "Girls are followed",
    "where": "Station square",
    "when": "Evenings",
    "who_is_harmed": "Girls",
    "likely_cause_1": "Dark corners",
    "likely_cause_1_family": "lighting",
    "first_step": "Ask them",
    "confidence": "fairly",
}


def test_a_closing_time_in_the_past_is_shown_at_its_field(problem, client_of, city):
    client = client_of("coordinator")
    yesterday = timezone.localdate() - timedelta(days=1)
    given = {
        "organisations": [city.police.pk, city.youth_work.pk],
        "closes_on": yesterday.isoformat(),
        "closes_time": "12:00",
    }
    answer = client.post(f"{ONE}frames/ask/", given)
    assert "The closing time lies in the past" in words(answer)
    assert f'value="{yesterday.isoformat()}"' in words(answer)
    given["closes_on"] = (timezone.localdate() + timedelta(days=3)).isoformat()
    answer = client.post(f"{ONE}frames/ask/", given, follow=True)
    assert "0 of 2 have answered" in words(answer)
    assert "You cannot peek either" in words(answer)


def _ticked(client):
    """Who is asked if nothing is changed, and what stands beside each."""
    field = client.get(f"{ONE}frames/ask/").context["form"]["organisations"]
    return set(field.initial), dict(field.field.choices)


def test_only_who_was_here_or_has_a_part_is_asked_unless_one_says_so(
    problem, client_of, city, people
):
    """An organisation whose people never came is not waited for by accident."""
    client_of("partner")
    people["evaluator"].memberships.update(ended_at=timezone.now())
    ticked, beside = _ticked(client_of("coordinator"))
    assert ticked == {str(city.municipality.pk), str(city.youth_work.pk)}
    police, university = beside[str(city.police.pk)], beside[str(city.university.pk)]
    assert police == "Lakeside Police (1 person can answer, but has never signed in)"
    assert university == "Lakeside University (nobody here can answer for it)"
    problem.owner = city.police
    problem.save()
    assert str(city.police.pk) in _ticked(client_of("coordinator"))[0]


def test_who_gave_a_source_or_answered_before_is_asked_again(
    sources, opened, client_of, city, people
):
    Problem.objects.of(city.workspace).update(state="signalled")
    ticked, _beside = _ticked(client_of("coordinator"))
    told = {city.municipality, city.police, city.youth_work}
    assert ticked == {str(one.pk) for one in told}


def test_somebody_who_may_not_sign_in_any_more_answers_for_nobody(problem, client_of, city, people):
    people["partner"].is_active = False
    people["partner"].save()
    _who, beside = _ticked(client_of("coordinator"))
    assert "nobody here" in beside[str(city.youth_work.pk)]


def test_a_partner_keeps_a_draft_sends_it_and_changes_it(asked, client_of, city):
    client = client_of("partner")
    page = f"{ONE}frames/1/answer/"
    half = {"what": "Girls are followed", "likely_cause_1": "Dark", "draft": "1"}
    answer = client.post(page, half, follow=True)
    assert "Your draft is kept" in words(answer)
    assert "0 of 3 have answered" in words(answer)
    assert "Girls are followed" in words(client.get(page))
    answer = client.post(page, half | {"draft": "1"}, follow=True)
    refused = client.post(page, {"what": "Install cameras in the park", "likely_cause_1": "Dark"})
    text = words(refused)
    assert "error-summary" in text
    assert "Choose a family for this cause." in text
    assert "For example" in text
    sent = client.post(page, ANSWER, follow=True)
    assert "Your answer is sealed" in words(sent)
    assert "1 of 3 have answered" in words(sent)
    assert "Dark corners" in words(client.get(page))
    client.post(page, ANSWER | {"likely_cause_1": "Hidden corners"})
    assert FrameRound.objects.of(city.workspace).get().answered == 1


@pytest.mark.parametrize("role", ["coordinator", "evaluator", "decision_maker", "analyst"])
def test_no_page_shows_anybody_elses_answer_before_the_closing_time(answered, client_of, role):
    client = client_of(role)
    pages = [
        "",
        "frames/",
        "frames/1/",
        "read/sara/",
        "joint/",
        "sources/",
        "reframing/",
        "causes/",
    ]
    addresses = [ONE + page for page in pages] + [
        "/w/lakeside/",
        HOME,
        "/w/lakeside/log/",
        "/api/v1/workspaces/lakeside/problems/1",
        "/api/v1/workspaces/lakeside/problems/1/rounds/1",
        "/api/v1/workspaces/lakeside/problems/1/readings/sara",
    ]
    own = {"analyst": ("Lamps are broken", "Few rounds")}.get(role, ())
    for address in addresses:
        text = words(client.get(address))
        assert not any(secret in text for secret in SECRETS), address
    page = client.get(f"{ONE}frames/1/answer/")
    assert not any(secret in words(page) for secret in SECRETS if secret not in own)
    if role in ("evaluator", "decision_maker"):
        assert page.status_code == 403


def test_the_round_says_how_many_have_answered_and_not_who(answered, client_of):
    text = words(client_of("coordinator").get(f"{ONE}frames/1/"))
    assert "2 of 3 have answered" in text
    assert text.count("Lakeside Police") == text.count("Youth Work Lakeside")


def test_who_waits_is_led_to_the_round_and_can_look_for_sources_meanwhile(
    answered, client_of, actor_of, frame_of, city
):
    city.police.public_contact = "Station desk, 2nd floor"
    city.police.save()
    client = client_of("coordinator")
    answer_page, waiting = f"{ONE}frames/1/answer/", f"{ONE}frames/1/"
    step = client.get(ONE).context["step"]
    assert step.url == answer_page
    assert client.get(waiting).content.decode().count(f'href="{answer_page}"') == 1
    FrameRound.objects.of(city.workspace).get().organisations.add(city.university)
    send_answer(actor_of("coordinator"), answered, frame_of())
    page = client.get(ONE)
    step = page.context["step"]
    assert (str(step.title), step.url) == ("Wait for the partners", waiting)
    block = page.content.decode().split('class="next-step"')[1].split("</section>")[0]
    assert f'href="{ONE}sources/"' in block
    assert block.count('class="button"') == 1
    text = words(client.get(waiting))
    assert "nobody is told who has answered" in text
    assert "Station desk, 2nd floor" in text
    assert f'href="{waiting}"' not in text.split("What to do next:")[1].split("<details")[0]
    assert "nobody is told" not in words(client_of("decision_maker").get(waiting))


def test_after_the_closing_time_the_first_reader_opens_the_answers(answered, client_of, city):
    FrameRound.objects.of(city.workspace).update(closes_at=timezone.now() - timedelta(minutes=1))
    text = words(client_of("partner").get(f"{ONE}frames/1/"))
    assert all(secret in text for secret in SECRETS)
    assert "Named by fewer than half" not in text
    assert FrameRound.objects.of(city.workspace).get().digest in text
    assert "The same answers give the same table" in text
    assert Problem.objects.of(city.workspace).get().state == "framed"
    frame = Frame.objects.of(city.workspace).first()
    frame.answers["what"] = "Changed afterwards"
    frame.save()
    text = words(client_of("partner").get(f"{ONE}frames/1/"))
    assert "The answers are no longer those that were opened" in text


def test_a_draft_that_was_never_sent_troubles_nobody_after_the_closing_time(
    answered, client_of, actor_of, frame_of, city
):
    save_draft(actor_of("coordinator"), answered, frame_of(("other", "Only a draft")))
    FrameRound.objects.of(city.workspace).update(closes_at=timezone.now() - timedelta(minutes=1))
    client = client_of("coordinator")
    text = words(client.get(f"{ONE}frames/1/"))
    assert "Only a draft" not in text
    assert "The same answers give the same table" in text
    assert client.get(f"{ONE}joint/").status_code == 200


def test_the_button_to_open_early_is_closed_until_everybody_has_answered(
    answered, client_of, actor_of, frame_of
):
    client = client_of("coordinator")
    assert "Not everybody has answered" in words(client.get(f"{ONE}frames/1/"))
    answer = client.post(f"{ONE}frames/1/open/", follow=True)
    assert "The answers compared" not in words(answer)
    send_answer(actor_of("coordinator"), answered, frame_of())
    answer = client.post(f"{ONE}frames/1/open/", follow=True)
    assert "The answers compared" in words(answer)


def test_the_closing_time_is_put_off_once(asked, client_of):
    client = client_of("coordinator")
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    given = {"closes_on": day, "closes_time": "12:00", "reason": "School holidays"}
    answer = client.post(f"{ONE}frames/1/later/", given, follow=True)
    assert "School holidays" in words(answer)
    again = client.post(f"{ONE}frames/1/later/", given)
    assert "put off once" in words(again)


def test_who_recorded_the_problem_does_not_write_it_twice_and_others_answer_alone(
    asked, problem, client_of, actor_of, frame_of
):
    page = f"{ONE}frames/1/answer/"
    form = client_of("coordinator").get(page).context["form"]
    assert form["what"].value() == problem.statements.get().sentence
    assert form["where"].value() == "Station square"
    assert not form["when"].value()
    other = client_of("partner").get(page).context["form"]
    assert not any(other[name].value() for name in ("what", "where"))
    send_answer(actor_of("coordinator"), asked, frame_of())
    form = client_of("coordinator").get(page).context["form"]
    assert form["where"].value() == "Station square, tram stop 4"


def test_words_that_are_too_long_for_a_question_are_not_cut(problem, asked, client_of, city):
    Statement.objects.of(city.workspace).update(sentence="It is dark. " * 40)
    form = client_of("coordinator").get(f"{ONE}frames/1/answer/").context["form"]
    assert not form["what"].value()
    assert form["where"].value() == "Station square"


def test_the_first_page_asks_for_the_answer_and_for_the_next_step(asked, client_of, city):
    assert "Say how your organisation sees" in words(client_of("partner").get("/w/lakeside/"))
    assert "Say how your organisation sees" not in words(client_of("evaluator").get("/w/lakeside/"))
    client_of("partner").post(f"{ONE}frames/1/answer/", ANSWER)
    assert "Say how your organisation sees" not in words(client_of("partner").get("/w/lakeside/"))


def test_whoever_may_not_open_the_answers_reads_who_may(
    answered, problem, client_of, actor_of, city, frame_of
):
    send_answer(actor_of("coordinator"), answered, frame_of())
    problem.owner = city.municipality
    problem.save()
    step = client_of("partner").get(ONE).context["step"]
    assert str(step.title) == "Wait until the answers are opened"
    assert "City of Lakeside and the coordinator can open them now." in step.text
    assert "3 of 3 have answered." in step.text
    block = words(client_of("partner").get(ONE)).split('class="next-step"')[1]
    assert f'href="{ONE}sources/"' in block.split("</section>")[0]
    assert "Open the answers now" not in block
    assert str(client_of("coordinator").get(ONE).context["step"].title) == "Open the answers now"


def test_days_are_no_shared_meaning_and_stay_under_the_seal(
    asked, city, client_of, actor_of, frame_of
):
    for role, what in (
        ("analyst", "Since Thursday girls are followed"),
        ("partner", "Girls are followed since a Thursday"),
    ):
        send_answer(actor_of(role), asked, frame_of(what=what))
    FrameRound.objects.of(city.workspace).update(closes_at=timezone.now() - timedelta(minutes=1))
    text = words(client_of("partner").get(f"{ONE}frames/1/"))
    shared = text.split("Words that several use:")[1].split("</p>")[0]
    assert "followed" in shared
    assert "thursday" not in shared.casefold()
    assert "since" not in shared
    assert "The same answers give the same table." in text
    sealed = FrameRound.objects.of(city.workspace).get()
    rows = difference_of(sealed.opened_answers()).rows
    assert "thursday" in next(one.shared for one in rows if one.question == "what")
