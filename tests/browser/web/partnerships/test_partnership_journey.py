"""Journeys 5.1, step 7, and 5.3, steps 2 and 7: by keyboard, by phone, and without script."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/w/lakeside/partnership/"
PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
PICTURES = os.environ.get("COMMONLIGHT_PICTURES")


def picture(page, name):
    """A picture for the eye, where a folder for it is named."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def fits(page):
    """Nothing is wider than the screen but what scrolls in its own box."""
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_a_coordinator_without_an_analyst_sets_a_partnership_up(page_of, city):
    page = page_of("coordinator")
    page.goto(HOME)
    picture(page, "01-home-empty")
    page.get_by_role("link", name="See the starting templates").click()
    picture(page, "02-templates")
    page.get_by_role("link", name="Port partnership").click()
    picture(page, "03-template")
    page.get_by_role("link", name="Put it to work").click()
    page.get_by_label("Municipality").select_option(label="City of Lakeside")
    page.get_by_label("Police (optional)", exact=True).select_option(label="Lakeside Police")
    picture(page, "04-choose")
    press(page, "Put it to work")
    assert "Map interests and powers" in page.locator("main").inner_text()
    picture(page, "05-cycle")
    page.goto(HOME)
    picture(page, "06-home")
    page.goto(f"{HOME}register/")
    picture(page, "07-register")
    page.get_by_role("link", name="City of Lakeside").click()
    page.get_by_role("link", name="Fill this row").click()
    picture(page, "08-row")
    page.get_by_label("Contact function").fill("Head of public order")
    press(page, "Save row")
    assert "Head of public order" in page.locator("main").inner_text()
    picture(page, "09-partner")

    page.goto(f"{HOME}tasks/")
    picture(page, "10-tasks")
    page.get_by_role("link", name="Write a task down").click()
    page.get_by_label("Task").fill("Check the lights at the terminal")
    accountable = page.get_by_role("group", name="Answers for it")
    accountable.get_by_label("City of Lakeside").check()
    accountable.get_by_label("Lakeside Police").check()
    page.get_by_role("group", name="Does it").get_by_label("Lakeside Police").check()
    press(page, "Save task")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    picture(page, "11-two-accountable")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_accountable_0"
    assert page.get_by_label("Task").input_value() == "Check the lights at the terminal"
    accountable.get_by_label("City of Lakeside").uncheck()
    press(page, "Save task")
    assert "has not confirmed this part yet" in page.locator("main").inner_text()
    picture(page, "12-task")
    assert page.get_by_role("button", name="Confirm for your organisation").count() == 0

    police = page_of("analyst", **PHONE)
    police.goto("/w/lakeside/")
    police.get_by_role(
        "link", name="Confirm your part: Check the lights at the terminal"
    ).first.click()
    picture(police, "13-task-phone")
    police.get_by_role("button", name="Confirm for your organisation").first.click()
    assert "has confirmed its part" in police.locator("main").inner_text()


def test_a_small_organisation_answers_the_pulse_by_phone_and_four_answers_show_nothing(
    page_of, city, actor_of, member
):
    from commonlight.web.partnerships.domain.pulse import close_due_rounds

    coordinator = page_of("coordinator")
    coordinator.goto(f"{HOME}pulse/open/")
    coordinator.get_by_label("Last day to answer").fill("2020-01-01")
    press(coordinator, "Open round")
    assert "is over" in coordinator.locator(".error-summary").inner_text()
    coordinator.get_by_label("Last day to answer").fill(timezone.localdate().isoformat())
    press(coordinator, "Open round")
    for role in ("partner", "analyst", "evaluator", "coordinator"):
        page = page_of(role, **PHONE)
        page.goto("/w/lakeside/")
        page.get_by_role("link", name="Answer the partnership pulse").click()
        if role == "partner":
            press(page, "Send answers")
            assert page.locator(".error-summary li").count() == 15
            picture(page, "20-answer-phone")
        for group in page.locator("fieldset.field").all():
            group.get_by_label("Agree", exact=True).check()
        press(page, "Send answers")
        assert "Nobody can find them again" in page.locator("main").inner_text()
        assert page.get_by_role("link", name="Answer the pulse").count() == 0
        if role == "partner":
            picture(page, "21-round-phone")
            page.goto(f"{HOME}pulse/1/answer/")
            assert "You have answered this round already." in page.locator("main").inner_text()
    close_due_rounds(city.workspace, at=timezone.now() + timedelta(days=2))
    coordinator.goto(f"{HOME}pulse/1/")
    text = coordinator.locator("main").inner_text()
    assert "Too few answers" in text
    assert "Mean" not in text
    picture(coordinator, "22-hidden")


def test_promised_and_delivered_stand_beside_the_pulse(
    page_of, city, actor_of, six, pulse, dataset, signed_agreement
):
    from commonlight.web.partnerships.domain.mirror import give_reason
    from commonlight.web.partnerships.domain.pulse import statement_ids
    from commonlight.web.partnerships.domain.register import partner_of

    for organisation in (city.municipality, city.police, city.youth_work, city.university):
        partner_of(city.workspace, organisation)
    found = [dataset(f"set-{number}", version=number < 2) for number in range(10)]
    signed_agreement(*found, receivers=(city.municipality,))
    split = ["strongly_disagree", "disagree", "neither", "agree", "agree", "strongly_agree"]
    names = statement_ids()
    for shift in (0, 2):
        answers = [
            {name: split[(row + column * shift) % 6] for column, name in enumerate(names)}
            for row in range(6)
        ]
        pulse(list(zip(six, answers, strict=True)))
    give_reason(actor_of("analyst"), "data_sets_delivered", "The counters broke down.")
    page = page_of("partner")
    page.goto(f"{HOME}pulse/1/")
    assert "Answers lie apart" in page.locator("main").inner_text()
    picture(page, "30-pulse")
    page.goto(f"{HOME}pulse/")
    picture(page, "31-trend")
    page.goto(f"{HOME}mirror/")
    assert "2 of 10" in page.locator("main").inner_text()
    assert "The counters broke down." in page.locator("main").inner_text()
    picture(page, "32-mirror")
    dark = page_of("partner", viewport={"width": 360, "height": 740}, color_scheme="dark")
    for name, address in (("33-pulse-dark", "pulse/1/"), ("34-mirror-dark", "mirror/")):
        dark.goto(f"{HOME}{address}")
        assert fits(dark), address
        picture(dark, name)


def test_a_meeting_from_the_agenda_to_the_minutes(page_of, city, actor_of, six):
    from commonlight.web.partnerships.domain.register import partner_of

    for organisation in (city.municipality, city.police, city.youth_work):
        partner_of(city.workspace, organisation)
    page = page_of("coordinator", java_script_enabled=False)
    page.goto(f"{HOME}meetings/")
    page.get_by_role("link", name="Begin a series").click()
    page.get_by_label("Title").fill("Steering group")
    for name in ("City of Lakeside", "Lakeside Police"):
        page.get_by_label(name).check()
    press(page, "Begin series")
    picture(page, "40-meetings")
    page.get_by_role("link", name="Plan the next one").click()
    page.get_by_label("Day").fill(timezone.localdate().isoformat())
    page.get_by_label("Begins at").fill("00:05")
    press(page, "Plan meeting")
    picture(page, "41-agenda")
    page.get_by_role("link", name="Write down who was there").click()
    picture(page, "42-hold")
    for name in ("City of Lakeside", "Lakeside Police"):
        page.get_by_role("group", name=name).get_by_label("Present", exact=True).check()
    press(page, "Save attendance")
    page.get_by_role("link", name="Add an action").click()
    page.get_by_label("What will be done?").fill("Bring counts of passengers")
    page.get_by_label("Which organisation does it?").select_option(label="Youth Work Lakeside")
    page.get_by_label("Until when?").fill((timezone.localdate() + timedelta(days=9)).isoformat())
    press(page, "Add action")
    page.get_by_role("link", name="Write a decision down").click()
    page.get_by_label("What is decided?").fill("Lights come first.")
    press(page, "Save decision")
    picture(page, "43-held")
    page.get_by_role("link", name="Print the minutes").click()
    picture(page, "44-minutes")
    page.goto(f"{HOME}meetings/")
    page.get_by_role("link", name="Plan the next one").click()
    press(page, "Plan meeting")
    assert "Bring counts of passengers" in page.locator("main").inner_text()
    phone = page_of("partner", **PHONE)
    for name, address in (
        ("45-ladder-phone", "ladder/"),
        ("46-agenda-phone", "meetings/2/"),
        ("47-actions-phone", "actions/"),
        ("48-tasks-phone", "tasks/"),
    ):
        phone.goto(f"{HOME}{address}")
        picture(phone, name)


def test_an_agreement_is_read_and_signed(page_of, city, actor_of, people):
    from commonlight.web.partnerships.domain.agreement import (
        begin_agreement,
        clauses_of,
        set_clause,
        set_signatories,
    )

    coordinator = actor_of("coordinator")
    made = begin_agreement(coordinator, title="Safer Lakeside: how we work together")
    set_signatories(coordinator, made, [city.municipality, city.youth_work])
    page = page_of("coordinator")
    page.goto(f"{HOME}agreement/1/")
    assert "clauses are still open" in page.locator("main").inner_text()
    picture(page, "50-draft")
    page.get_by_role("link", name="Purpose of the partnership").click()
    picture(page, "51-clause")
    for one in clauses_of(made):
        set_clause(coordinator, made, one.id, str(one.suggestion))
    page.goto(f"{HOME}agreement/1/")
    page.get_by_role("link", name="Offer for signature").click()
    press(page, "Offer for signature")
    phone = page_of("partner", **PHONE)
    phone.goto("/w/lakeside/")
    phone.get_by_role("link", name="Read and sign the partnership agreement").click()
    picture(phone, "52-agreement-phone")
    phone.get_by_role("link", name="Sign", exact=True).click()
    press(phone, "Sign agreement")
    assert phone.locator(".error-summary").count() == 1
    phone.get_by_label("I have read all clauses").check()
    press(phone, "Sign agreement")
    assert "You have signed for your organisation." in phone.locator("main").inner_text()
    police = page_of("analyst")
    police.goto(f"{HOME}agreement/1/")
    assert "not named as one that signs" in police.locator("main").inner_text()
    picture(police, "53-agreement")
