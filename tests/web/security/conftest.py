"""What attackers are given: every address of the workbench, and one of everything to aim at."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest


def _every_route() -> Any:
    """The module that walks every route; its things are attacked here."""
    path = Path(__file__).parents[1] / "test_every_route.py"
    spec = spec_from_file_location("every_route_for_security", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


EVERY_ROUTE = _every_route()
things = EVERY_ROUTE.things


@pytest.fixture
def targets(things: Any) -> list[tuple[str, str]]:
    """Route and address of everything, in the workspace and beside it."""
    from commonlight.web.api.urls import urlpatterns as _loaded  # noqa: F401

    found = []
    for route, _view in EVERY_ROUTE.ALL:
        if "<slug:workspace>" in route:
            found.append((route, EVERY_ROUTE.filled(route, things)))
        else:
            found.append((route, _beside(route)))
    return found


BESIDE = {"workspace": "lakeside", "slug": "lakeside", "name": "x", "page": "methods/trend"}


def _beside(route: str) -> str:
    """An address outside a workspace, with something in each of its places."""
    import re

    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    for mark in ("^", "$", "\\Z", "\\"):
        plain = plain.replace(mark, "")
    return re.sub(
        r"<(?:(\w+):)?(\w+)>",
        lambda found: "1" if found[1] == "int" else BESIDE.get(found[2], "1"),
        plain,
    )
