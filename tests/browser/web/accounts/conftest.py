"""A real browser on the pages of people, with the city of the web tests."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "a long enough passphrase"
WEB = Path(__file__).resolve().parents[3] / "web"

_spec = importlib.util.spec_from_file_location("city_for_browser", WEB / "conftest.py")
_city = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_city)
home, city, people = _city.home, _city.city, _city.people
events_give_way_between_tests = _city.events_give_way_between_tests


@pytest.fixture
def new_page(browser: Any, live_server: Any, people: Any) -> Iterator[Callable[..., Any]]:
    """A page in a browser of its own; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def make(**given: Any) -> Any:
        context = browser.new_context(base_url=live_server.url, **given)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _complaint(said, complaints))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def _complaint(said: Any, complaints: list[str]) -> None:
    """Refused contents count; answers such as 404, which a test asks for, do not."""
    if said.type == "error" and "Failed to load resource" not in said.text:
        complaints.append(said.text)


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """Sign in by the page."""

    def do(page: Any, role: str, *, to: str = "/me/") -> None:
        page.goto(f"/accounts/login/?next={to}")
        page.get_by_label("E-mail address").fill(f"{role}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    return do
