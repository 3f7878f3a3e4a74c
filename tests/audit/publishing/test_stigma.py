"""A public version whose words stigmatise is refused, with where, what, why and what instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from commonlight.audit.publishing.public import public_report
from commonlight.audit.publishing.rules import PublicationRules, PublishingError
from commonlight.audit.publishing.stigma import public_texts

Make = dict[str, Callable[..., Any]]
RULES = PublicationRules()


def refused(report: Any, rules: PublicationRules = RULES) -> str:
    with pytest.raises(PublishingError) as error:
        public_report(report, rules=rules)
    return str(error.value)


def test_a_title_and_a_finding_are_read(make: Make) -> None:
    told = refused(make["report"](make["by_area"](), title="No-go areas of Testham"))
    assert "title: \u2018No-go areas\u2019 in \u2018No-go areas of Testham\u2019" in told
    assert "It says that a place is lost" in told
    assert "Instead: Name the place" in told
    told = refused(make["report"](make["finding"](sentence="Youths commit thefts.")))
    assert "finding 'thefts.areas', sentence: \u2018Youths \u2026 thefts\u2019" in told


def test_names_from_the_data_are_read_in_every_language(make: Make) -> None:
    whole = make["by_area"]()
    rows = (("A", "Problemviertel Nord", *whole.table.rows[0][2:]), *whole.table.rows[1:])
    told = refused(make["report"](replace(whole, table=replace(whole.table, rows=rows))))
    assert "Problemviertel" in told
    assert "table, rows" in told


def test_an_official_name_is_let_pass_by_the_list_alone(make: Make) -> None:
    report = make["report"](make["finding"](sentence="Ghetto Nuovo holds most.", cells=()))
    assert "under allow in [publish]" in refused(report)
    public_report(report, rules=PublicationRules(allow=("Ghetto Nuovo",)))


def test_what_is_withheld_is_not_read(make: Make) -> None:
    """The rule is for what goes out; the internal report keeps the words of its source."""
    report = make["report"](make["by_area"](details=("Ward C is a no-go area.",)))
    public_report(report, rules=RULES)


def test_every_text_of_a_report_is_read_once(make: Make) -> None:
    texts = public_texts(make["report"](make["by_area"]()))
    assert texts["Ward A"] == "finding 'thefts.areas', chart, categories"
    assert "Local safety audit" in texts
    assert "EPSG:25832" not in texts
