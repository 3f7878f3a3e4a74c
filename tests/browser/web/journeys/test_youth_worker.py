"""Journey 5.3, steps 1 to 3 and 7: a youth worker with a phone and little time.

Each mistake that must be caught and each permission that decides stands in the step it belongs to.
An exploratory walk (step 4) is walked in tests/browser/web/fieldwork; challenging a word, records
of delivery and the handover (steps 5, 6, 8 and 9) belong to a later version.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from browser.web.journeys.doing import answer_frame, faults, follow, main_of, press
from browser.web.journeys.looking import look_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/w/lakeside/"
AGREEMENT = f"{HOME}agreements/1/"
ANSWER = f"{HOME}problems/1/frames/1/answer/"
PHONE = 360
NEWCOMER = "yara.new@youth.example"
OWN = "Visitors of the youth centre"


@pytest.fixture
def offered(actor_of: Any, city: Any, dataset: Any) -> Any:
    """An agreement by which the youth workers give counts to the city, offered for signature."""
    from commonlight.web.agreements.domain import drafting, signing
    from commonlight.web.agreements.domain.clauses import clauses_for
    from commonlight.web.agreements.domain.finding import agreements_of

    dataset("thefts", name="Thefts at the station")
    thing = dataset("centre", name=OWN, kind="visits", owner=city.youth_work)
    actor, today = actor_of("coordinator"), timezone.localdate()
    made = drafting.create_draft(actor, kind="one_way", title="Counts of the youth centre")
    drafting.set_parties(actor, made, givers=[city.youth_work], receivers=[city.municipality])
    purpose = {"purpose": "Planning of evenings", "legal_basis": "Local Safety Act, section 4"}
    drafting.change(actor, made, "purpose", **purpose)
    drafting.set_datasets(actor, made, datasets=[thing], fields=[])
    drafting.change(actor, made, "detail", place_detail="area", time_detail="month")
    end = today + timedelta(days=365)
    drafting.change(actor, made, "dates", starts_on=today, expires_on=end)
    for clause in clauses_for("one_way"):
        drafting.set_clause(actor, made, clause.id, clause.suggestion)
    made = agreements_of(city.workspace).get(pk=made.pk)
    signing.offer(actor, made)
    return made


@pytest.fixture
def asked(actor_of: Any, city: Any) -> Any:
    """Three partners were asked how they see evenings at the station."""
    from commonlight.web.problems.domain.framing import open_round
    from commonlight.web.problems.domain.stating import open_problem

    problem = open_problem(
        actor_of("coordinator"),
        title="Evenings at the station",
        sentence="Girls are followed at the station in the evening and stay away from training.",
        place="Station square",
    )
    return open_round(
        actor_of("coordinator"),
        problem,
        organisations=[city.municipality, city.police, city.youth_work],
        closes_at=timezone.now() + timedelta(days=3),
    )


def test_from_a_link_to_an_anonymous_answer(
    at_lakeside: Callable[..., Any],
    client_of: Callable[[str], Any],
    actor_of: Callable[[str], Any],
    city: Any,
    offered: Any,
    asked: Any,
    complaints: list[str],
    picture: Callable[..., None],
) -> None:
    coordinator = at_lakeside(client_of("coordinator"))
    page = at_lakeside(width=PHONE, has_touch=True)
    joins_by_a_link(page, invited(coordinator))
    reads_what_each_side_sees(page)
    may_not_sign_before_she_is_registered(page)
    becomes_the_signatory(coordinator)
    may_not_sign_unread(page)
    asks_for_one_change(page)
    the_change_is_made(actor_of, offered)
    reads_every_part_and_signs(page)
    loses_the_connection_and_answers_once(page, asked, complaints, picture)
    answers_the_pulse_without_a_name(page, actor_of)
    four_answers_show_nothing_to_anybody(page, coordinator, city)


def invited(coordinator: Any) -> str:
    """The link, which is sent to her address alone and works once."""
    coordinator.goto(f"{HOME}people/invite/")
    coordinator.get_by_label("E-mail address").fill(NEWCOMER)
    coordinator.get_by_label("Organisation").select_option(label="Youth Work Lakeside")
    coordinator.get_by_label("Partner").check()
    press(coordinator, "Send the invitation")
    return str(coordinator.get_by_label("Link").input_value())


def joins_by_a_link(page: Any, link: str) -> None:
    """Step 1: the link is the code; no police data are offered."""
    page.goto(link)
    assert "Youth Work Lakeside" in main_of(page)
    assert look_here(page) == []
    page.get_by_label("Your name").fill("Yara New")
    page.locator("input[name=password]").fill("seven geese on a roof")
    press(page, "Accept and make the account")
    page.get_by_text("Welcome to “Safer Lakeside”.").wait_for()


def reads_what_each_side_sees(page: Any) -> None:
    """Step 1 [P]: what the organisation can see, and what others can see of it."""
    page.goto(f"{HOME}data/")
    opened = page.locator("section[aria-labelledby=open-to-you]")
    assert OWN in opened.inner_text()
    assert "Thefts at the station" not in opened.inner_text()
    closed = page.get_by_role("row").filter(has_text="Thefts at the station")
    assert "No sharing agreement names the data set" in closed.inner_text()
    assert closed.get_by_role("link").count() == 0
    others = page.locator("section[aria-labelledby=seen-by-others]").inner_text()
    assert f"{OWN}: nobody outside your organisation" in others
    assert look_here(page) == []
    assert page.goto(f"{HOME}data/thefts/").status == 403


def may_not_sign_before_she_is_registered(page: Any) -> None:
    """Step 2 [P]: only the registered signatory may sign."""
    page.goto(AGREEMENT)
    said = main_of(page)
    assert f"Youth Work Lakeside gives {OWN}, by area and by month, to City of Lakeside." in said
    assert "Only the registered signatory of Youth Work Lakeside may sign." in said
    assert page.goto(f"{AGREEMENT}sign/").status == 403
    assert "Ask the coordinator to register you" in main_of(page)


def becomes_the_signatory(coordinator: Any) -> None:
    coordinator.goto(f"{HOME}people/")
    follow(coordinator, "Yara New")
    coordinator.get_by_label("May sign for the organisation").check()
    press(coordinator, "Save")


def may_not_sign_unread(page: Any) -> None:
    """Step 2 [E]: parts that she has not opened cannot be signed."""
    page.goto(HOME)
    follow(page, "Read and sign the agreement “Counts of the youth centre”")
    assert "You have not opened these parts yet" in main_of(page)
    assert (
        page.get_by_role("button", name="Sign", exact=True).get_attribute("aria-disabled") == "true"
    )
    assert page.goto(f"{AGREEMENT}sign/").status == 403
    assert "Open each part, then sign." in main_of(page)


def asks_for_one_change(page: Any) -> None:
    """Step 2: she asks for one change."""
    page.goto(AGREEMENT)
    follow(page, "Ask for a change")
    page.locator("main textarea").fill("By year, please: some months have three visitors.")
    press(page, "Send request")
    assert "By year, please" in main_of(page)


def the_change_is_made(actor_of: Any, offered: Any) -> None:
    from commonlight.web.agreements.domain import drafting, signing

    actor = actor_of("coordinator")
    offered.refresh_from_db()
    signing.take_back(actor, offered)
    drafting.change(actor, offered, "detail", place_detail="area", time_detail="year")
    signing.offer(actor, offered)


def reads_every_part_and_signs(page: Any) -> None:
    """Step 2: she reads the new text part by part, declares it, and signs."""
    page.goto(AGREEMENT)
    assert "by area and by year" in main_of(page)
    follow(page, "Parties")
    while page.get_by_role("link", name="Next part").count():
        follow(page, "Next part")
    follow(page, "Back to the agreement")
    page.locator("main").get_by_role("link", name="Sign", exact=True).click()
    press(page, "Sign agreement")
    faults(page)
    page.get_by_label("I have read every part").check()
    press(page, "Sign agreement")
    page.get_by_text("You have signed for your organisation.").wait_for()


def loses_the_connection_and_answers_once(
    page: Any, asked: Any, complaints: list[str], picture: Callable[..., None]
) -> None:
    """Step 3 [E]: without connection the answer waits in view, and is sent later, once only."""
    page.goto(HOME)
    follow(page, "Say how your organisation sees “Evenings at the station”")
    assert look_here(page) == []
    answer_frame(page, "Training ends too late", "school_family")
    page.context.set_offline(True)
    press(page, "Send answer")
    waiting = page.locator("section[data-waiting]")
    waiting.get_by_text("1 form waits on this device").wait_for()
    waiting.get_by_role("link").wait_for()
    waiting.scroll_into_view_if_needed()
    picture(page, "waiting-on-a-phone")
    assert times_sent(asked) == 0
    complaints.clear()  # the browser says that it has no connection
    page.context.set_offline(False)
    waiting.wait_for(state="hidden")
    page.goto(ANSWER)
    page.reload()
    page.goto(f"{HOME}problems/1/frames/1/")
    assert "1 of 3 have answered" in main_of(page)
    assert "Your answer is sealed and counts." in main_of(page)
    assert waiting.is_hidden()
    assert times_sent(asked) == 1


def times_sent(asked: Any) -> int:
    """How often an answer was sealed, by the event log."""
    from commonlight.web.eventlog.models import Event

    asked.refresh_from_db()
    sealed = Event.objects.filter(action="problem.answer_sealed").count()
    assert sealed == asked.answered
    return int(sealed)


def answers_the_pulse_without_a_name(page: Any, actor_of: Any) -> None:
    """Step 7: fifteen short statements; nobody can find her answers again."""
    from commonlight.web.partnerships.domain.pulse import answer_round, open_round, statement_ids

    pulse = open_round(actor_of("coordinator"), closes_on=timezone.localdate())
    for role in ("coordinator", "analyst", "evaluator"):
        answer_round(actor_of(role), pulse, dict.fromkeys(statement_ids(), "agree"))
    page.goto(HOME)
    follow(page, "Answer the partnership pulse")
    press(page, "Send answers")
    faults(page)
    assert page.locator("#error-summary li").count() == 15
    for group in page.locator("fieldset.field").all():
        group.get_by_label("Agree", exact=True).check()
    press(page, "Send answers")
    assert "Nobody can find them again" in main_of(page)
    page.goto(HOME)
    assert "Answer the partnership pulse" not in main_of(page)


def four_answers_show_nothing_to_anybody(page: Any, coordinator: Any, city: Any) -> None:
    """Step 7 [P]: four answers are too few for anybody, the coordinator included."""
    from commonlight.web.partnerships.domain.pulse import close_due_rounds

    close_due_rounds(city.workspace, at=timezone.now() + timedelta(days=2))
    for one in (page, coordinator):
        one.goto(f"{HOME}partnership/pulse/1/")
        assert "Too few answers" in main_of(one)
        assert "Mean" not in main_of(one)
    assert look_here(page) == []
