"""Journeys 5.1, steps 2 to 4, and 5.3, step 3: guided by the pages alone, without script."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/w/lakeside/problems/"
ONE = f"{HOME}1/"
PHONE = {"viewport": {"width": 360, "height": 740}}
PLAIN = {"java_script_enabled": False}
PICTURES = os.environ.get("COMMONLIGHT_PICTURES")


def picture(page, name):
    """A picture for the eye, where a folder for it is named."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow_the_step(page):
    """What the page says is to do next."""
    page.locator(".next-step a.button").click()


def answer(page, cause, family):
    """Seven questions."""
    page.get_by_label("What is happening?").fill("Girls are followed and called after")
    page.get_by_label("Where does it happen?").fill("Station square, tram stop 4")
    page.get_by_label("When does it happen?").fill("Winter evenings after six")
    page.get_by_label("Who is harmed, and how?").fill("Girls on their way home")
    page.get_by_label("Cause 1", exact=True).fill(cause)
    page.get_by_label("Family of cause 1").select_option(family)
    page.get_by_label("What would you do first?").fill("Ask the girls which way they take")
    page.get_by_label("Fairly sure: several people told us").check()


def test_a_newcomer_is_led_from_a_signal_to_a_joint_statement(page_of, city):
    page = page_of("coordinator", **PLAIN)
    page.goto(HOME)
    picture(page, "01-list-empty")
    page.get_by_role("link", name="Something is wrong: record a problem").click()
    page.get_by_label("Title").fill("Evenings at the station square")
    page.get_by_label("What is wrong?").fill("Install cameras in the park")
    page.get_by_label("Place").fill("Station square")
    press(page, "Record the problem")
    assert "For example" in page.locator(".error-summary").inner_text()
    assert page.get_by_label("Place").input_value() == "Station square"
    picture(page, "02-refused")
    page.get_by_label("What is wrong?").fill(
        "Girls are followed at the station in the evening and stay away from training."
    )
    press(page, "Record the problem")
    picture(page, "03-problem")

    follow_the_step(page)
    assert page.get_by_label("City of Lakeside").is_checked()
    assert not page.get_by_label("Lakeside Police").is_checked()
    page.get_by_label("Youth Work Lakeside").check()
    page.get_by_label("Last day").fill("2020-01-01")
    press(page, "Send the questions")
    assert "The closing time lies in the past" in page.locator(".error-summary").inner_text()
    picture(page, "04-past")
    page.get_by_label("Last day").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    press(page, "Send the questions")
    assert "You cannot peek either" in page.locator("main").inner_text()
    picture(page, "05-sealed")

    page.goto(ONE)
    follow_the_step(page)
    picture(page, "06-answer")
    answer(page, "Lamps are broken", "lighting")
    press(page, "Send answer")

    phone = page_of("partner", **PHONE, **PLAIN)
    phone.goto("/w/lakeside/")
    phone.get_by_role("link", name="Say how your organisation sees").click()
    answer(phone, "Training ends too late", "school_family")
    picture(phone, "07-answer-phone")
    press(phone, "Send answer")
    assert "2 of 2 have answered" in phone.locator("main").inner_text()
    assert "Lamps are broken" not in phone.content()

    page.goto(f"{ONE}frames/1/")
    press(page, "Open the answers now")
    picture(page, "08-compared")
    page.get_by_role("link", name="Write the joint statement").click()
    page.get_by_label("When, and since when").or_(page.get_by_label("Period")).first.fill(
        "Winter evenings"
    )
    page.get_by_label("Groups harmed").fill("Girls between 12 and 17")
    page.get_by_label("Harm", exact=False).first.fill("Girls are afraid and stay at home.")
    page.get_by_label("What is disputed").fill("Nothing known")
    page.get_by_label("What moved the partners?").fill("We met on Monday.")
    lighting = page.get_by_role("group", name="Lighting")
    lighting.get_by_label("Take it up").check()
    lighting.get_by_label("Can the partners change it?").select_option("inside")
    school = page.get_by_role("group", name="School, family, growing up")
    school.get_by_label("Leave it out, with a reason").check()
    press(page, "Save the joint statement")
    assert "leaves out a cause that a partner named" in page.locator(".error-summary").inner_text()
    picture(page, "09-joint-refused")
    school = page.get_by_role("group", name="School, family, growing up")
    school.get_by_label("If you leave it out: why?").fill("The club ends at six now.")
    press(page, "Save the joint statement")
    picture(page, "10-framed")

    page.locator(".next-step a").first.click()
    picture(page, "11-first-lack")
    page.goto(f"{ONE}define/")
    picture(page, "12-define")
    button = page.get_by_role("button", name="Mark as defined")
    assert button.get_attribute("aria-disabled") == "true"
    for name in ("sources", "causes", "reframing", "read/sape", "frames", "statement"):
        page.goto(f"{ONE}{name}/")
        picture(page, f"13-{name.replace('/', '-')}")


def test_an_answer_without_connection_waits_visibly_and_is_sent_once(
    asked, page_of, live_server, city
):
    page = page_of("partner", **PHONE)
    page.goto(f"{ONE}frames/1/answer/")
    answer(page, "It is dark", "lighting")
    page.context.set_offline(True)
    press(page, "Send answer")
    waiting = page.locator("section[data-waiting]")
    waiting.get_by_text("Your answer on").wait_for()
    picture(page, "14-waiting")
    asked.refresh_from_db()
    assert asked.answered == 0
    page.context.set_offline(False)
    waiting.wait_for(state="hidden")
    page.goto(f"{ONE}frames/1/")
    assert "1 of 3 have answered" in page.locator("main").inner_text()
    asked.refresh_from_db()
    assert asked.answered == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone(opened, sources, page_of, scheme):
    page = page_of("coordinator", **PHONE, color_scheme=scheme)
    names = (
        "",
        "frames/1/",
        "sources/",
        "causes/",
        "define/",
        "joint/",
        "reframing/",
        "read/sara/",
    )
    for name in ("../", *names):
        assert page.goto(ONE + name).status == 200, name
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, name
        picture(page, f"15-{scheme}-{name.replace('/', '-')}")
