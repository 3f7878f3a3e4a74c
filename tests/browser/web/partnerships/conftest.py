"""A real browser at the partnership of Lakeside."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).resolve().parents[3] / "web"


def _loaded(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_city = _loaded("city_for_partnerships", WEB / "conftest.py")
_own = _loaded("partnerships_for_browser", WEB / "partnerships" / "conftest.py")
home, city, people = _city.home, _city.city, _city.people
client_of, actor_of = _city.client_of, _city.actor_of
dataset, signed_agreement = _city.dataset, _city.signed_agreement
events_give_way_between_tests = _city.events_give_way_between_tests
member, pulse, six, today = _own.member, _own.pulse, _own.six, _own.today


@pytest.fixture
def page_of(browser: Any, live_server: Any, client_of: Any) -> Iterator[Callable[..., Any]]:
    """A page in a browser in which a person of some role has signed in."""
    contexts = []

    def make(role: str, **given: Any) -> Any:
        context = browser.new_context(base_url=live_server.url, **given)
        contexts.append(context)
        key = client_of(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
