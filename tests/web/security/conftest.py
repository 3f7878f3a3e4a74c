"""What attackers are given: every address of the workbench, and one of everything to aim at."""

from __future__ import annotations

from typing import Any

import pytest

from web import test_every_route
from web.audits import conftest as audits
from web.data import conftest as data

things = test_every_route.things
audit, release = audits.audit, audits.release
address, send, burglaries = data.address, data.send, data.burglaries
import_burglaries = data.import_burglaries


@pytest.fixture
def targets(things: Any) -> list[tuple[str, str]]:
    """Route and address of everything, in the workspace and beside it."""
    from commonlight.web.api.urls import urlpatterns as _loaded  # noqa: F401

    found = []
    for route, _view in test_every_route.ALL:
        if "<slug:workspace>" in route:
            found.append((route, test_every_route.filled(route, things)))
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
