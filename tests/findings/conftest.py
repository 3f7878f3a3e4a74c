"""A sample report for the tests of the faces."""

from __future__ import annotations

from types import ModuleType

import pytest

from commonlight.findings.model import Report
from findings import sample_report as city_of_the_report


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The module with `make_sample_report` and `make_areas`."""
    return city_of_the_report


@pytest.fixture(scope="session")
def sample_report(sample: ModuleType) -> Report:
    """A report that uses every chart, both maps and an empty block."""
    report: Report = sample.make_sample_report()
    return report
