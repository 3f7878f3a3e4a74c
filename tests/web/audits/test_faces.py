"""What stands beside a picture: the period that its figures speak of, and its own title."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from commonlight.web.audits.domain.faces import period
from commonlight.web.audits.domain.results import SourceUse

FINDING: Any = SimpleNamespace(
    run=SimpleNamespace(parameters={"period": ["2023-01-01", "2025-12-31"]}),
    plan=SimpleNamespace(settings={}),
)


def used(kind: str, first: date | None, last: date | None) -> SourceUse:
    dataset: Any = SimpleNamespace(kind=kind, name=kind)
    version: Any = SimpleNamespace(first_day=first, last_day=last)
    return SourceUse(dataset=dataset, version=version, digest="a", age_days=None)


SURVEY = used("answers", date(2025, 10, 1), date(2025, 11, 25))
WALKS = used("visits", date(2025, 11, 1), date(2025, 11, 28))
RECORDS = used("incidents", date(2023, 1, 2), date(2026, 1, 1))
AREAS = used("areas", None, None)


def test_a_survey_speaks_of_the_days_on_which_it_was_made() -> None:
    assert period(FINDING, [SURVEY, AREAS]) == "1 October 2025 to 25 November 2025"
    assert period(FINDING, [SURVEY, WALKS]) == "1 October 2025 to 28 November 2025"


def test_records_speak_of_the_period_of_the_audit() -> None:
    whole = "1 January 2023 to 31 December 2025"
    assert period(FINDING, [RECORDS, AREAS]) == whole
    assert period(FINDING, [RECORDS, SURVEY]) == whole
    assert period(FINDING, [AREAS]) == whole
    assert period(FINDING) == whole
