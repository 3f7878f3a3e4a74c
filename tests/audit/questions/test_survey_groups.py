"""Groups that answer otherwise, with chance under control and small groups left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from commonlight.audit.questions.survey.groups import MOST_GROUPS, group_findings
from commonlight.findings.model import Certainty, IntervalChart
from commonlight.sources.codebook import Construct

SEX = ("women", "men")
AGES = ("18-29", "30-64", "65+")
VICTIM: dict[str, Any] = {
    "labels": {"1": "yes", "2": "no"},
    "share_of": ("1",),
    "construct": Construct.VICTIMISATION,
}


def test_women_and_men_are_compared_with_each_other(
    question: Any, survey_of: Any, told: Any
) -> None:
    sex = np.tile([0, 1], 200)
    rating = np.where(sex == 0, 4, 6) + np.arange(400) // 2 % 3 - 1
    found = told(group_findings(survey_of(question("near", rating), groups={"sex": (sex, SEX)})))
    finding = found["groups"]
    assert finding.sentence.startswith("Near")
    assert finding.sentence.endswith(": 4.00 among women, 6.00 among men (lower by 1.84 to 2.16).")
    assert finding.certainty is Certainty.CLEAR
    assert isinstance(finding.chart, IntervalChart)
    assert [row[-1] for row in finding.table.rows] == ["lower", "higher"]
    # The spread is 0.82, so a difference of 200 and 200 has an error of 0.082.
    assert [row[6] for row in finding.table.rows] == pytest.approx([-2, 2])


def test_small_and_unknown_groups_get_no_estimate(question: Any, survey_of: Any, told: Any) -> None:
    age = np.repeat([0, 1, 2, -1], [100, 100, 20, 80])
    rng = np.random.default_rng(1)
    layer = survey_of(question("near", rng.integers(0, 11, 300)), groups={"age": (age, AGES)})
    finding = told(group_findings(layer))["groups"]
    young, middle, old = finding.table.rows
    assert (young[2], middle[2], old[2]) == (100, 100, 20)
    assert old[3:6] == (None, None, None)
    assert old[-1] == "too few answers"
    assert finding.certainty is Certainty.NOT_SHOWN
    assert finding.sentence == "Near (0 to 10): no group by age differs clearly from all others."
    assert finding.chart.categories == ("18-29", "30-64")


def test_only_groups_that_the_audit_compares(question: Any, survey_of: Any) -> None:
    asked = question("near", np.arange(100) % 11)
    half = np.tile([0, 1], 50)
    assert group_findings(survey_of(asked)) == []
    assert group_findings(survey_of(asked, groups={"origin": (half, ("here", "there"))})) == []
    assert group_findings(survey_of(asked, groups={"age": (half * 0, ("all",))})) == []
    many = [f"g{k}" for k in range(MOST_GROUPS + 1)]
    assert group_findings(survey_of(asked, groups={"age": (half, many)})) == []
    chosen = survey_of(asked, groups={"tenure": (half, ("rents", "owns"))}, compared=("tenure",))
    (found,) = group_findings(chosen)
    assert found.question == "Near: do groups by tenure differ?"


def test_all_groups_too_small_gives_nothing(question: Any, survey_of: Any) -> None:
    layer = survey_of(question("near", np.arange(20)), groups={"sex": (np.tile([0, 1], 10), SEX)})
    assert group_findings(layer) == []


def test_a_small_group_without_a_single_yes_is_not_clearly_other(
    question: Any, survey_of: Any, told: Any
) -> None:
    """4 of 400 say yes, none of the 40 old: 0.99^40 = 67 %, so this is no news at all."""
    age = np.repeat([0, 1, 2], [180, 180, 40])
    answers = np.where(np.isin(np.arange(400), [3, 90, 200, 300]), 1, 2)
    layer = survey_of(question("victim", answers, **VICTIM), groups={"age": (age, AGES)})
    finding = told(group_findings(layer))["groups"]
    assert finding.certainty is Certainty.NOT_SHOWN


def test_hardly_ever_a_difference_where_there_is_none(question: Any, survey_of: Any) -> None:
    """100 surveys with two divisions; at a false discovery rate of 5 % 11 or more have P = 1 %.
    Half of them ask what 2 % say yes to."""
    rng = np.random.default_rng(2)
    clear = 0
    for k in range(100):
        sex, age = rng.integers(0, 2, 300), rng.choice(3, 300, p=[0.15, 0.6, 0.25])
        asked = (
            question("near", rng.integers(0, 11, 300))
            if k % 2
            else question("victim", np.where(rng.random(300) < 0.02, 1, 2), **VICTIM)
        )
        found = group_findings(survey_of(asked, groups={"sex": (sex, SEX), "age": (age, AGES)}))
        clear += any(item.certainty is Certainty.CLEAR for item in found)
    assert clear <= 10
