"""Reports of residents: repeats, and where people report less than they see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commonlight.audit.publishing.hidden import hidden_counts
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.audit.questions.citizen_reports import FEWEST_REPORTS, citizen_report_findings
from commonlight.findings.model import Certainty
from commonlight.sources.codebook import Construct

WORSE: dict[str, Any] = {"construct": Construct.PERCEIVED_DISORDER, "high_is": "worse"}


def reports(layer_of: Any, counts: Any, **more: Any) -> Any:
    """So many reports of each ward, at random minutes, without places."""
    area = np.repeat(np.arange(12), counts)
    rng = np.random.default_rng(5)
    at = np.datetime64("2023-01-01T00:00:00") + rng.integers(0, 730 * 1440, area.size) * 60
    codes = [f"W{i:02d}" for i in area]
    nowhere = np.full(area.size, np.nan)
    return layer_of(at, area=codes, x=nowhere, y=nowhere, record_kind="reports", **more)


def seen(question: Any, survey_of: Any, means: Any) -> Any:
    area = np.repeat(np.arange(12), 60)
    noise = np.tile([-1, 0, 1], 240)
    return survey_of(question("litter", np.asarray(means)[area] + noise, **WORSE), area=area)


def test_reports_of_one_thing_count_once(layer_of: Any, told: Any) -> None:
    """50 problems far apart, each reported three times within days at the same place."""
    problem = np.repeat(np.arange(50), 3)
    rng = np.random.default_rng(6)
    first = rng.integers(0, 700, 50)
    day = first[problem] + np.tile([0, 2, 5], 50)
    at = np.datetime64("2023-01-01T08:17:00") + day * 86400 + rng.integers(0, 600, 150) * 60
    layer = layer_of(
        at,
        x=80.0 * problem + rng.uniform(0, 3, 150),
        y=500 + rng.uniform(0, 3, 150),
        type=np.where(problem % 2, "litter", "light").tolist(),
        record_kind="reports",
    )
    found = told(citizen_report_findings(layer))["repeated-reports"]
    assert (found.numbers["reports"], found.numbers["problems"]) == (150, 50)
    assert "67\u202f% repeat an earlier one" in found.sentence
    assert {row[0]: row[1:3] for row in found.table.rows} == {"light": (75, 25), "litter": (75, 25)}


def test_reports_that_follow_what_is_seen(
    layer_of: Any, question: Any, survey_of: Any, told: Any
) -> None:
    steps = np.arange(12)
    found = told(
        citizen_report_findings(
            reports(layer_of, 30 + 20 * steps), (seen(question, survey_of, 2 + steps / 2),)
        )
    )["reporting"]
    assert found.numbers["rank_correlation"] > 0.9
    assert "tend to come from where residents see more problems" in found.sentence
    assert found.certainty is Certainty.TENTATIVE
    assert any("willingness to report" in text for text in found.limits)


def test_wards_that_see_much_and_report_little_are_counted(
    layer_of: Any, question: Any, survey_of: Any, told: Any
) -> None:
    means, counts = np.full(12, 3.0), np.full(12, 200)
    means[[2, 7]], counts[[2, 7]] = 8, 40
    found = told(
        citizen_report_findings(reports(layer_of, counts), (seen(question, survey_of, means),))
    )["reporting"]
    said = {row[0] for row in found.table.rows if row[-1] == "yes"}
    assert said == {"W02", "W07"}
    assert "in 2 of them residents see clearly more problems" in found.sentence


def test_nothing_is_compared_without_both_witnesses(
    layer_of: Any, question: Any, survey_of: Any
) -> None:
    survey = seen(question, survey_of, np.full(12, 3.0))
    records = reports(layer_of, np.full(12, 50))
    assert citizen_report_findings(records) == []
    assert citizen_report_findings(replace(records, record_kind="incidents"), (survey,)) == []
    assert citizen_report_findings(records, (replace(survey, areas=None),)) == []
    trust = survey_of(question("trust", np.arange(720) % 11), area=np.arange(720) % 12)
    assert citizen_report_findings(records, (trust,)) == []
    bare = replace(survey.areas, population=None)
    unknown = replace(records, areas=bare), (replace(survey, areas=bare),)
    assert citizen_report_findings(*unknown) == []
    few = replace(survey, area=np.where(survey.area < 7, survey.area, -1))
    assert citizen_report_findings(records, (few,)) == []


@pytest.mark.parametrize("n", [0, 1, FEWEST_REPORTS - 1])
def test_few_reports_say_nothing_of_repeats(layer_of: Any, n: int) -> None:
    at = np.datetime64("2023-05-05T12:17:00") + np.arange(n) * 3600
    assert citizen_report_findings(layer_of(at, record_kind="reports")) == []


def test_a_single_repeat_cannot_be_worked_out_from_the_public_table(
    layer_of: Any, told: Any
) -> None:
    """A kind with one repeated report: neither problems nor the share repeated is published."""
    rng = np.random.default_rng(3)
    n = 300
    x, y = 400 * (np.arange(n) % 10) + rng.uniform(0, 9, n), 300.0 * (np.arange(n) // 30)
    start = np.datetime64("2023-01-01") + np.arange(n) * 2
    kind = np.array(["Light"] * 60 + ["Litter"] * 120 + ["Noise"] * 120, dtype=object)
    x[59], y[59], start[59] = x[58] + 1, y[58], start[58] + 1
    layer = layer_of(
        start, x=x, y=y, type=kind.tolist(), record_kind="reports", time_kind=["day"] * n
    )
    found = told(citizen_report_findings(layer))["repeated-reports"]
    repeats = [item for item in found.cells if item.source.endswith("/repeats")]
    by_kind = dict(zip(repeats[0].keys, repeats[0].counts, strict=True))
    table = {row[0]: (row[1], row[2]) for row in found.table.rows}
    assert all(by_kind[(name,)] == row[0] - row[1] for name, row in table.items())
    assert repeats[1].counts == (sum(by_kind.values()),)
    hidden = hidden_counts((found,), PublicationRules())
    small = {name for name, count in by_kind.items() if 0 < count < 5}
    assert small <= {repeats[0].keys[row] for row in hidden.rows(repeats[0])}
    assert small
