"""The first sign-in: by an invitation that ends, with a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from browser.web.journeys import people
from browser.web.journeys.installation import Workbench
from browser.web.journeys.looking import look_here

pytestmark = pytest.mark.browser

HOME = "/w/lindhafen/"
LONG_AGO = "UPDATE workspaces_invitation SET expires_at = '2026-01-15 09:00:00' WHERE email = ?"


def invite(page: Any, email: str) -> str:
    """Invite somebody as an analyst of the police; the link, which is shown once."""
    page.goto(f"{HOME}people/invite/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Organisation").select_option(label="Lindhafen Police")
    page.get_by_label("Analyst").check()
    page.get_by_role("button", name="Send the invitation").click()
    link = page.get_by_label("Link").input_value()
    page.reload()
    assert page.get_by_label("Link").count() == 0
    return str(link)


def accept(page: Any, person: people.Person) -> None:
    page.get_by_label("Your name").fill("Nora New")
    page.locator("input[name=password]").fill(person.password)
    page.get_by_role("button", name="Accept and make the account").click()
    page.get_by_text("Welcome to “Safer Lindhafen”.").wait_for()


def test_first_sign_in_by_invitation_and_second_factor(
    browse: Callable[..., Any], picture: Callable[..., None]
) -> None:
    person = people.Person("nora.new@police.example")
    link = invite(browse("coordinator"), person.email)
    page = browse()
    page.goto(link)
    main = page.locator("main").inner_text()
    assert "The workspace’s Coordinator" in main
    assert "Lindhafen Police" in main
    assert look_here(page) == []
    picture(page, "invitation")
    accept(page, person)
    people.set_up_app(page, person)
    people.sign_out(page)
    page.goto(f"/accounts/login/?next={HOME}data/")
    page.get_by_label("E-mail address").fill(person.email)
    page.locator("input[name=password]").fill(person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert look_here(page) == []
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("#error-summary").wait_for()
    page.get_by_label("Code").fill(person.code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{HOME}data/")
    page.goto(link)
    assert page.get_by_role("heading", name="This invitation was used already").is_visible()


def test_an_expired_invitation_says_who_renews_it(
    workbench: Workbench, browse: Callable[..., Any]
) -> None:
    person = people.Person("late.lena@police.example")
    coordinator, page = browse("coordinator"), browse()
    link = invite(coordinator, person.email)
    assert workbench.change(LONG_AGO, person.email) == 1
    assert page.goto(link).status == 410
    main = page.locator("main").inner_text()
    assert "worked until Jan. 15, 2026" in main or "worked until 15 January 2026" in main
    assert "The coordinator of the workspace can renew it." in main
    assert look_here(page) == []
    page.get_by_role("button", name="Ask for a new invitation").click()
    page.get_by_text("A new invitation was asked for").wait_for()
    coordinator.goto(f"{HOME}people/")
    row = coordinator.get_by_role("row").filter(has_text=person.email)
    assert "Renewal asked for" in row.inner_text()
    row.get_by_role("link").click()
    coordinator.get_by_role("button", name="Send a new link").click()
    page.goto(coordinator.get_by_label("Link").input_value())
    accept(page, person)
    assert page.goto(link).status == 404
