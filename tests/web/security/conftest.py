"""What attackers are given: every address of the workbench, and one of everything to aim at."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest


def _module_of(name: str) -> Any:
    """A module of the tests of another app, whose things are attacked here."""
    path = Path(__file__).parents[1] / name
    spec = spec_from_file_location(f"{path.parent.name}_{path.stem}_for_security", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


EVERY_ROUTE = _module_of("test_every_route.py")
things = EVERY_ROUTE.things

_audits = _module_of("audits/conftest.py")
audit, release = _audits.audit, _audits.release

_data = _module_of("data/conftest.py")
address, send, burglaries = _data.address, _data.send, _data.burglaries
import_burglaries = _data.import_burglaries


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
