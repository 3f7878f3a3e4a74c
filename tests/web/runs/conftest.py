"""The jobs of tests, and a run asked for by the analyst."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

JOBS = Path(__file__).with_name("jobs_for_tests.py")


@pytest.fixture(scope="session", autouse=True)
def jobs_for_tests() -> None:
    spec = importlib.util.spec_from_file_location("jobs_for_tests", JOBS)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


@pytest.fixture
def ask(actor_of: Callable[[str], Any], city: SimpleNamespace) -> Callable[..., Any]:
    """Ask for a sum as the analyst, or for another run."""
    from commonlight.web.runs import request

    def make(kind: str = "test.sum", *, role: str = "analyst", **given: Any) -> Any:
        if kind == "test.sum":
            given = {"title_values": {"what": "numbers"}, "parameters": {"numbers": [1, 2]}} | given
        return request(actor_of(role), kind, workspace=city.workspace, **given)

    return make
