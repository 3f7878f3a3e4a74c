"""A real browser in the field: a phone, a session of the youth workers, an audit."""

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


_city = _loaded("city_for_fieldwork", WEB / "conftest.py")
_field = _loaded("fieldwork_for_browser", WEB / "fieldwork" / "conftest.py")
home, city, people = _city.home, _city.city, _city.people
client_of, actor_of, dataset = _city.client_of, _city.actor_of, _city.dataset
events_give_way_between_tests = _city.events_give_way_between_tests
problem, session, cause, audit = _field.problem, _field.session, _field.cause, _field.audit
hold, finding = _field.hold, _field.finding


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
