"""Signing in with hands and keys: a password that can be looked at, a code, a session's end."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long enough passphrase"


def test_a_typed_password_can_be_looked_at(new_page):
    page = new_page()
    page.goto("/accounts/login/")
    field = page.get_by_label("Password")
    field.fill(PASSWORD)
    page.get_by_role("button", name="Show the password").click()
    assert field.get_attribute("type") == "text"
    page.get_by_role("button", name="Hide the password").click()
    assert field.get_attribute("type") == "password"


def test_first_sign_in_by_invitation_and_keyboard_up_to_the_second_factor(new_page, city, people):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    from commonlight.web.workspaces.actors import actor_for
    from commonlight.web.workspaces.people.invitations import invite

    city.workspace.second_factor_roles = ["analyst"]
    city.workspace.save()
    coordinator = actor_for(people["coordinator"], city.workspace)
    _, code = invite(
        coordinator, email="new@example.org", name="", organisation=city.police, role="analyst"
    )
    page = new_page()
    page.goto(f"/invitation/{code}/")
    page.get_by_label("Your name").focus()
    page.keyboard.type("Nora New")
    page.keyboard.press("Tab")
    page.keyboard.type("seven geese on a roof")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Second factor").wait_for()
    assert "asks your role for a second factor" in page.locator("main").inner_text()
    page.get_by_role("link", name="Set up an app").press("Enter")
    secret = page.locator("code.long-code").inner_text()
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.goto("/w/lakeside/")
    assert page.get_by_role("heading", name="Safer Lakeside").is_visible()


def test_the_end_of_a_session_is_told_before_and_can_be_put_off(new_page, sign_in):
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    page = new_page()
    sign_in(page, "partner")
    page.get_by_role("heading", name="Your page").wait_for()
    kept = Session.objects.get()
    content = kept.get_decoded()
    content["session_ends"] = (timezone.now() + timedelta(minutes=3)).isoformat()
    kept.session_data = Session.get_session_store_class()().encode(content)
    kept.save()
    page.reload()
    warning = page.get_by_role("alert").filter(has_text="You will be signed out at")
    warning.wait_for()
    page.get_by_role("button", name="Stay signed in").click()
    page.get_by_role("alert").filter(has_text="You stay signed in until").wait_for()
