"""What people do at the door: a first password, a second factor, signing in."""

from __future__ import annotations

import base64
import hmac
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
        while True:
            shown = code_of(self.secret, int(time.time()) // STEP)
            if shown != self.used:
                self.used = shown
                return shown
            time.sleep(1)


def code_of(secret: str, step: int) -> str:
    """The six digits of RFC 6238, worked out as an app on a phone does."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def new_analyst(workbench: Workbench, page: Any, email: str) -> Person:
    """Another analyst of the police, who sets the first password by the link of the command."""
    said = workbench.command(
        "user",
        "add",
        "lindhafen",
        email,
        "--name=Mara Lind",
        "--organisation=Lindhafen Police",
        "--role=analyst",
    )
    return first_password(page, Person(email), said)


def first_password(page: Any, person: Person, said: str) -> Person:
    """Set the first password by the link that a command printed."""
    found = re.search(r"https?://[^/\s]+(/\S+)", said)
    assert found, said
    page.goto(found[1])
    for field in page.locator("main input[type=password]").all():
        field.fill(person.password)
    page.locator("main form .buttons button").click()
    page.wait_for_url("**/password/reset/key/done/")
    return person


def sign_in_simply(page: Any, person: Person, *, to: str) -> None:
    """Sign in with the password alone."""
    page.goto(f"/accounts/login/?next={to}")
    page.get_by_label("E-mail address").fill(person.email)
    page.locator("input[name=password]").fill(person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{to}")


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
