"""The examples in docstrings run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import commonlight

MODULES = [info.name for info in pkgutil.walk_packages(commonlight.__path__, prefix="commonlight.")]


def examples(name: str) -> list[doctest.DocTest]:
    module = importlib.import_module(name)
    return [test for test in doctest.DocTestFinder().find(module) if test.examples]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    runner = doctest.DocTestRunner()
    for test in examples(name):
        told: list[str] = []
        runner.run(test, out=told.append)
        assert not told, "".join(told)


def test_there_are_examples() -> None:
    assert sum(len(examples(name)) for name in MODULES) >= 70
