"""What people do at the door: a first password, a second factor, signing in."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

from browser.web.journeys.installation import Workbench

PASSWORD = "seven geese on a roof"
STEP = 30


@dataclass
class Person:
    """Somebody with a password and, once it is set up, the secret of an app."""

    email: str
    password: str = PASSWORD
    secret: str = ""
    used: str = ""

    def code(self) -> str:
        """The code that the app shows; a new one each time, as each works once."""
        from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

        while True:
            shown = format_hotp_value(hotp_value(self.secret, int(time.time()) // STEP))
            if shown != self.used:
                self.used = shown
                return shown
            time.sleep(1)


def add_analyst(workbench: Workbench, email: str) -> str:
    """The police get another analyst; the path of the link to set the first password."""
    said = workbench.command(
        "user",
        "add",
        "lindhafen",
        email,
        "--name=Mara Lind",
        "--organisation=Lindhafen Police",
        "--role=analyst",
    )
    found = re.search(r"https?://[^/]+(/\S+)", said)
    assert found, said
    return found[1]


def set_up_app(page: Any, person: Person) -> None:
    """Set up an app that shows codes, from the page of second factors."""
    page.goto("/accounts/2fa/totp/activate/")
    if page.get_by_label("Password").count():
        page.get_by_label("Password").fill(person.password)
        page.get_by_role("button", name="Confirm").click()
    person.secret = page.locator("code.long-code").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(person.code())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Recovery codes").wait_for()


def sign_in(page: Any, person: Person, *, to: str) -> None:
    """Sign in with the password and the code of the app."""
    page.goto(f"/accounts/login/?next={to}")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Second factor").wait_for()
    page.get_by_label("Code").fill(person.code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{to}")


def sign_out(page: Any) -> None:
    """Sign out, as the menu does."""
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
