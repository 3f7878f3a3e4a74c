"""A sample report for the tests of the faces."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from commonlight.findings.model import Report


def _load() -> ModuleType:
    path = Path(__file__).with_name("sample_report.py")
    spec = importlib.util.spec_from_file_location("commonlight_sample_report", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The module with `make_sample_report` and `make_areas`."""
    return _load()


@pytest.fixture(scope="session")
def sample_report(sample: ModuleType) -> Report:
    """A report that uses every chart, both maps and an empty block."""
    report: Report = sample.make_sample_report()
    return report
