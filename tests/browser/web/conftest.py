"""The city of the web tests, and pages in a real browser in which its people have signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from web import conftest as lakeside

home, city, people = lakeside.home, lakeside.city, lakeside.people
client_of, actor_of, dataset = lakeside.client_of, lakeside.actor_of, lakeside.dataset
signed_agreement = lakeside.signed_agreement
events_give_way_between_tests = lakeside.events_give_way_between_tests


@pytest.fixture
def new_page(browser: Any, live_server: Any, people: Any) -> Iterator[Callable[..., Any]]:
    """A page in a browser of its own; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def make(client: Any = None, **given: Any) -> Any:
        context = browser.new_context(base_url=live_server.url, **given)
        contexts.append(context)
        if client:
            key = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _complaint(said, complaints))
        return page

    make.complaints = complaints
    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def _complaint(said: Any, complaints: list[str]) -> None:
    """Refused contents count; answers such as 404, which a test asks for, do not."""
    if said.type == "error" and "Failed to load resource" not in said.text:
        complaints.append(said.text)


@pytest.fixture
def page_of(new_page: Any, client_of: Any) -> Callable[..., Any]:
    """A page in a browser in which a person of some role has signed in."""

    def make(role: str, **given: Any) -> Any:
        return new_page(None if role == "anonymous" else client_of(role), **given)

    make.complaints = new_page.complaints
    return make
