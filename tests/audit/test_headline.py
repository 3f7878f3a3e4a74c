from __future__ import annotations

from commonlight.audit.headline import MOST, ORDER, headline_ids
from commonlight.audit.methods import method
from commonlight.findings.model import Block, Certainty, Finding


def finding(name: str, certainty: Certainty = Certainty.CLEAR) -> Finding:
    return Finding(
        id=name,
        block=Block.PROBLEMS,
        question="?",
        sentence=".",
        certainty=certainty,
        method=method("description"),
        sources=("x",),
        limits=("y",),
    )


def test_at_most_six_in_the_order_of_what_a_decision_needs() -> None:
    names = [f"thefts.{kind}" for kind in reversed(ORDER)]
    chosen = headline_ids([finding(name) for name in names])
    assert len(chosen) == MOST == 6
    assert chosen[0] == "thefts.trend"
    assert list(chosen) == [f"thefts.{kind}" for kind in ORDER[:6]]


def test_what_cannot_be_told_is_left_out() -> None:
    items = [finding("a.trend", Certainty.CANNOT_TELL), finding("a.kinds")]
    assert headline_ids(items) == ("a.kinds",)


def test_unless_nothing_else_is_left() -> None:
    assert headline_ids([finding("a.trend", Certainty.CANNOT_TELL)]) == ("a.trend",)
    assert headline_ids([]) == ()


def test_a_trend_without_change_is_news_the_rest_comes_last() -> None:
    items = [
        finding("a.rates", Certainty.NOT_SHOWN),
        finding("a.kinds", Certainty.DESCRIPTIVE),
        finding("a.trend", Certainty.NO_CLEAR_CHANGE),
    ]
    assert headline_ids(items) == ("a.trend", "a.kinds", "a.rates")


def test_findings_of_no_headline_kind_are_not_taken() -> None:
    assert headline_ids([finding("a.coverage"), finding("a.place-kinds")]) == ()


def test_a_second_source_does_not_push_out_what_residents_feel() -> None:
    names = ["thefts.trend", "reports.trend", "thefts.rates", "reports.rates", "reports.kinds"]
    said = ["survey.victimisation", "survey.safety", "survey.thefts-near.divergence"]
    chosen = headline_ids([finding(name) for name in (*names, *said)])
    assert chosen == ("thefts.trend", "thefts.rates", *said, "reports.kinds")


def test_what_residents_say_stands_beside_what_is_recorded() -> None:
    names = ("a.rates", "s.victimisation", "s.safety", "s.a-near.divergence", "a.trend")
    chosen = headline_ids([finding(name) for name in names])
    assert chosen[0] == "a.trend"
    assert set(chosen) == set(names)


def test_a_divergence_that_cannot_be_told_is_no_headline() -> None:
    items = [finding("s.a-near.divergence", Certainty.CANNOT_TELL), finding("a.rates")]
    assert headline_ids(items) == ("a.rates",)
