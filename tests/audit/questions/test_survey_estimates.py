"""One finding for each construct, weighted, with intervals and known criticism."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from commonlight.audit.questions.survey.estimates import ORDER, construct_findings, written
from commonlight.evidence.survey_items import NIGHT_WALK
from commonlight.findings.model import Certainty
from commonlight.sources.codebook import Construct

STEPS = {"1": "very safe", "2": "safe", "3": "unsafe", "4": "very unsafe"}
WALK: dict[str, Any] = {
    "labels": STEPS,
    "share_of": ("3", "4"),
    "high_is": "unsafe",
    "item_id": NIGHT_WALK,
    "time_of_day": "night",
}
UNEASE = "This survey knows feelings from the question on walking alone after dark only."


def limits(found: Any) -> str:
    return " ".join(found.limits)


def test_each_construct_is_told_by_itself(question: Any, survey_of: Any, told: Any) -> None:
    """A rating of every construct gives one finding each, and no number for two of them."""
    values = np.arange(40) % 11
    layer = survey_of(*(question(f"q_{c.value}", values, construct=c) for c in Construct))
    found = told(construct_findings(layer))
    assert set(found) == {c.value.replace("_", "-") for c in ORDER}
    for construct in ORDER:
        finding = found[construct.value.replace("_", "-")]
        assert set(finding.numbers) == {f"q_{construct.value}"}
        assert finding.question.endswith("?")
        assert not finding.one_sided


def test_a_weighted_mean_and_its_interval(question: Any, survey_of: Any, told: Any) -> None:
    """Values 2 and 8, weights 3 and 1: (3 x 2 + 8) / 4 = 3.5. By Taylor's linearisation, with
    100 answers each: se^2 = n / (n - 1) sum (w (y - mean) / sum w)^2."""
    y, w = np.repeat([2.0, 8.0], 100), np.repeat([3.0, 1.0], 100)
    found = told(construct_findings(survey_of(question("near", y), weight=w)))["safety"]
    u = w * (y - 3.5) / w.sum()
    se = np.sqrt(200 / 199 * (u**2).sum())
    numbers = found.numbers["near"]
    assert numbers["estimate"] == pytest.approx(3.5)
    assert numbers["upper"] - numbers["lower"] == pytest.approx(2 * 1.97196 * se, rel=1e-4)
    assert "3.5 (between 3.2 and 3.8)" in found.sentence
    assert "no weights" not in limits(found)
    assert found.method.parameters["design"] == "weights"


def test_without_weights_that_is_said(question: Any, survey_of: Any, told: Any) -> None:
    found = told(construct_findings(survey_of(question("near", np.arange(40) % 11))))["safety"]
    assert "The answers have no weights, so groups that answer more count for more." in (
        found.limits
    )
    assert found.method.parameters["design"] == "no weights"


def test_strata_and_clusters_are_named(question: Any, survey_of: Any, told: Any) -> None:
    n = np.arange(80)
    layer = survey_of(question("near", n % 11), weight=np.ones(80), stratum=n // 40, cluster=n // 4)
    found = told(construct_findings(layer))["safety"]
    assert found.method.parameters["design"] == "weights, 2 strata, 20 clusters"
    assert "design effect" in found.method.parameters


def test_the_night_walk_alone_raises_its_criticism(
    question: Any, survey_of: Any, told: Any
) -> None:
    walk = question("walk", np.tile([1, 4], 20), **WALK)
    assert UNEASE in limits(told(construct_findings(survey_of(walk)))["safety"])
    trust = question("trust", np.arange(40) % 11, construct=Construct.TRUST_POLICE)
    found = told(construct_findings(survey_of(walk, trust)))
    assert UNEASE in limits(found["safety"])
    assert UNEASE not in limits(found["trust-police"])


@pytest.mark.parametrize(
    "construct", [Construct.WORRY, Construct.PERCEIVED_RISK, Construct.BEHAVIOUR]
)
def test_beside_worry_risk_or_behaviour_it_does_not(
    question: Any, survey_of: Any, told: Any, construct: Construct
) -> None:
    walk = question("walk", np.tile([1, 4], 20), **WALK)
    other = question("other", np.arange(40) % 11, construct=construct)
    assert UNEASE not in limits(told(construct_findings(survey_of(walk, other)))["safety"])


def test_nor_beside_a_question_on_safety_by_day(question: Any, survey_of: Any, told: Any) -> None:
    walk = question("walk", np.tile([1, 4], 20), **WALK)
    day = question("day", np.arange(40) % 11, time_of_day="day")
    assert UNEASE not in limits(told(construct_findings(survey_of(walk, day)))["safety"])


def test_few_and_missing_answers_give_no_number(question: Any, survey_of: Any, told: Any) -> None:
    few = question("few", [1.0] * 29 + [np.nan] * 11)
    none = question("none", np.full(40, np.nan), construct=Construct.WORRY)
    found = told(construct_findings(survey_of(few, none)))
    for name in ("safety", "worry"):
        assert found[name].certainty is Certainty.CANNOT_TELL
        assert found[name].sentence.startswith("We cannot tell ")
        assert found[name].numbers == {}
        assert found[name].chart is None
        assert found[name].table.rows[0][4] is None


def test_the_table_holds_what_the_sentence_leaves_out(
    question: Any, survey_of: Any, told: Any
) -> None:
    names = ["a", "b", "c", "d"]
    layer = survey_of(*(question(name, np.arange(40) % 11) for name in names))
    found = told(construct_findings(layer))["safety"]
    assert [row[0].lower() for row in found.table.rows] == names
    assert found.sentence.count("between") < len(names)
    assert any("An average over questions would hide" in text for text in found.limits)


def test_questions_of_unlike_scales_share_no_chart(
    question: Any, survey_of: Any, told: Any
) -> None:
    rating, walk = (
        question("near", np.arange(40) % 11),
        question("walk", np.tile([1, 4], 20), **WALK),
    )
    assert told(construct_findings(survey_of(rating, walk)))["safety"].chart is None
    city = question("city", np.arange(40) % 11)
    chart = told(construct_findings(survey_of(rating, walk, city)))["safety"].chart
    assert [name.lower() for name in chart.categories] == ["near", "city"]


def test_who_was_asked_and_described_wording_are_said(
    question: Any, survey_of: Any, told: Any
) -> None:
    asked = question("hurt_badly", np.arange(40) % 11, asked_of="victims", exact=False)
    found = told(construct_findings(survey_of(asked)))["safety"]
    assert any("hurt badly" in text and "victims" in text for text in found.details)
    assert "described here, not quoted" in limits(found)


def test_people_forget_what_they_lived_through(question: Any, survey_of: Any, told: Any) -> None:
    victim = question(
        "victim",
        np.tile([1, 2], 20),
        labels={"1": "yes", "2": "no"},
        share_of=("1",),
        construct=Construct.VICTIMISATION,
    )
    found = told(construct_findings(survey_of(victim)))["victimisation"]
    assert "People forget" in limits(found)
    assert "50\u202f% (between " in found.sentence


@pytest.mark.parametrize(
    ("share", "value", "expected"),
    [
        (True, (0.31, 0.29, 0.32), "31 % (between 29 % and 32 %)"),
        (True, (0.035, 0.030, 0.041), "3.5 % (between 3.0 % and 4.1 %)"),
        (False, (5.86, 5.12, 6.61), "5.9 (between 5.1 and 6.6)"),
    ],
)
def test_how_an_estimate_is_written(
    question: Any, survey_of: Any, plain: Any, share: bool, value: Any, expected: str
) -> None:
    given = WALK if share else {}
    (measure,) = survey_of(question("q", [1, 4], **given)).measures(Construct.SAFETY)
    assert plain(written(measure, *value)) == expected
