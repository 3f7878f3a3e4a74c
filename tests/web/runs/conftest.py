"""The jobs of tests, and a run asked for by the analyst."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def jobs_for_tests() -> None:
    """They are registered when they are imported."""
    import_module("web.runs.jobs_for_tests")


@pytest.fixture
def ask(actor_of: Callable[[str], Any], city: SimpleNamespace) -> Callable[..., Any]:
    """Ask for a sum as the analyst, or for another run."""
    from commonlight.web.runs import request

    def make(kind: str = "test.sum", *, role: str = "analyst", **given: Any) -> Any:
        if kind == "test.sum":
            given = {"title_values": {"what": "numbers"}, "parameters": {"numbers": [1, 2]}} | given
        return request(actor_of(role), kind, workspace=city.workspace, **given)

    return make
