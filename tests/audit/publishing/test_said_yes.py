"""A share of few answers tells how many said yes, and is protected like a count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from commonlight.audit.layers import AreaLayer
from commonlight.audit.publishing.public import public_report
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.audit.questions.survey.areas import area_findings
from commonlight.audit.questions.survey.estimates import construct_findings
from commonlight.audit.questions.survey.groups import group_findings
from commonlight.audit.questions.survey.said import with_those_who_said_yes
from commonlight.findings.model import WITHHELD
from commonlight.sources.codebook import Construct

Make = dict[str, Callable[..., Any]]
VICTIM: dict[str, Any] = {
    "labels": {"1": "yes", "2": "no"},
    "share_of": ("1",),
    "construct": Construct.VICTIMISATION,
}
EACH = 45


def victims(question: Any, said_yes: list[int]) -> Any:
    codes = [1 if i < yes else 2 for yes in said_yes for i in range(EACH)]
    return question("victim", codes, **VICTIM)


def public_rows(findings: list[Any], survey: Any, make: Make) -> list[dict[str, Any]]:
    report = make["report"](*with_those_who_said_yes(findings, [survey]))
    table = public_report(report, rules=PublicationRules()).findings[0].table
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def test_no_share_tells_how_many_of_an_area_said_yes(
    question: Any, survey_of: Any, areas: AreaLayer, make: Make
) -> None:
    """2 of 45 are 4.4 %, and no other number of 45 is."""
    said_yes = [9, 12, 2, 14, 8, 10, 11, 9, 13, 7, 42, 0]
    layer = survey_of(victims(question, said_yes), area=np.repeat(np.arange(12), EACH), areas=areas)
    rows = public_rows(area_findings(layer), layer, make)
    shares = {row["area"]: row["direct"] for row in rows}
    assert shares["Ward 2"] == WITHHELD
    assert shares["Ward 10"] == WITHHELD  # three said no
    assert shares["Ward 11"] == 0.0
    assert sum(value != WITHHELD for value in shares.values()) >= 8
    assert {row["answers"] for row in rows} == {EACH}


def test_no_share_tells_how_many_of_a_group_said_yes(
    question: Any, survey_of: Any, make: Make
) -> None:
    """The other group and the city would give the small one away."""
    age = np.repeat([0, 1, 2, 3], EACH)
    ages = ("16-29", "30-44", "45-64", "65+")
    layer = survey_of(victims(question, [12, 9, 10, 3]), groups={"age": (age, ages)})
    rows = public_rows(group_findings(layer), layer, make)
    gone = {row["group"] for row in rows if row["estimate"] == WITHHELD}
    assert "65+" in gone
    assert all(row["difference"] == WITHHELD for row in rows if row["group"] in gone)


def test_no_sentence_tells_a_share_that_is_withheld_of_a_short_name(
    question: Any, survey_of: Any, make: Make
) -> None:
    """ "65+" and a question at the start of a sentence are names as well."""
    age = np.repeat([0, 1, 2, 3], EACH)
    ages = ("16-29", "30-44", "45-64", "65+")
    layer = survey_of(victims(question, [22, 29, 30, 3]), groups={"age": (age, ages)})
    found = [*construct_findings(layer), *group_findings(layer)]
    assert "65+" in found[1].sentence
    report = make["report"](*with_those_who_said_yes(found, [layer]))
    public = public_report(report, rules=PublicationRules()).findings
    assert "65+" not in public[1].sentence

    layer = survey_of(victims(question, [3, 0, 0, 0]), groups={"age": (age, ages)})
    found = construct_findings(layer)
    assert found[0].sentence.startswith("Victim")
    report = make["report"](*with_those_who_said_yes(found, [layer]))
    assert "%" not in public_report(report, rules=PublicationRules()).findings[0].sentence


def test_a_rating_is_no_count(question: Any, survey_of: Any, areas: AreaLayer) -> None:
    rng = np.random.default_rng(3)
    layer = survey_of(
        question("near", rng.integers(0, 11, 12 * EACH)),
        area=np.repeat(np.arange(12), EACH),
        areas=areas,
    )
    found = area_findings(layer)
    assert with_those_who_said_yes(found, [layer]) == found
