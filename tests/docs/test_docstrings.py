"""Public functions are documented in full, and the check notices when one is not."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def check(root) -> ModuleType:
    pytest.importorskip("numpydoc")
    path = root / "scripts" / "check_docstrings.py"
    spec = importlib.util.spec_from_file_location("check_docstrings", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_public_function_is_documented(check) -> None:
    assert [*check.docstring_faults(), *check.method_page_faults()] == []


def half(a: int, b: int) -> int:
    """Say something.

    Parameters
    ----------
    a : int
        A number.
    c : int
        Not there.
    """
    return a + b


def bare(a: int) -> int:
    return a


def brief(a: int) -> int:
    """Say something."""
    return a


def test_faults_are_noticed(check) -> None:
    assert check.function_faults("m", half, strict=False) == [
        "m.half: parameter c does not exist",
        "m.half: parameter b is not documented",
    ]
    assert check.function_faults("m", bare, strict=False) == ["m.bare: no docstring"]
    assert check.function_faults("m", brief, strict=False) == []
    assert len(check.function_faults("m", brief, strict=True)) == 2
