"""A real browser at the problems of Lakeside: a coordinator, and partners with a phone."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 90_000
"""Milliseconds; the first page of a test reads every template."""
WEB = Path(__file__).resolve().parents[3] / "web"


def _loaded(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_city = _loaded("city_for_problems", WEB / "conftest.py")
_field = _loaded("problems_for_browser", WEB / "problems" / "conftest.py")
home, city, people = _city.home, _city.city, _city.people
client_of, actor_of, dataset = _city.client_of, _city.actor_of, _city.dataset
events_give_way_between_tests = _city.events_give_way_between_tests
problem, asked, answered, opened = _field.problem, _field.asked, _field.answered, _field.opened
frame_of, sources, whole = _field.frame_of, _field.sources, _field.whole


@pytest.fixture
def page_of(browser: Any, live_server: Any, client_of: Any) -> Iterator[Callable[..., Any]]:
    """A page in a browser in which a person of some role has signed in."""
    contexts = []

    def make(role: str, **given: Any) -> Any:
        context = browser.new_context(base_url=live_server.url, **given)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        key = client_of(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
