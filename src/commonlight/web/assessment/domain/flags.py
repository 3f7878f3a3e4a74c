"""Which rows of the mirror raise a flag, by the rules and thresholds of `content/balance.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commonlight.web.assessment.domain.shares import Share, percent
from commonlight.web.assessment.words import balance_words, fill

__all__ = ["Flag", "Placed", "flags_of"]

RANGED = ("harm", "priorities")
"""Figures whose range decides whether a flag is sure."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A row as the flags read it: its name, profile, shares and sources by kind of figure."""

    key: int
    title: str
    profile: str
    shares: Mapping[str, Share]
    sources: Mapping[str, str]

    def share(self, what: str) -> Share:
        """The share of a kind of figure; one that is not there is missing."""
        return self.shares.get(what, Share())


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A difference that asks for a reason; it is a question and no fault."""

    id: str
    title: Any
    row: Placed | None
    sentence: str
    certainty: Any
    is_sure: bool
    question: Any
    sources: tuple[str, ...] = ()


def flags_of(rows: Iterable[Placed]) -> list[Flag]:
    """All flags that the rows raise, in the order of the content."""
    asked = list(rows)
    return [flag for rule in balance_words()["flag"] for flag in _raised(rule, asked)]


def _raised(rule: Mapping[str, Any], rows: list[Placed]) -> Iterator[Flag]:
    when = str(rule.get("when", ""))
    if when.startswith("sum over"):
        yield from _crowding_out(rule, rows)
        return
    for row in rows:
        left, right = row.share(rule["left"]), row.share(rule["right"])
        if left.value is None or left.value < _number(rule["at_least"]):
            continue
        if when == "right is zero":
            if right.value == 0:
                yield _flag(rule, row, left, right, is_sure=True)
        elif when == "right is not measured":
            if right.value is None:
                yield _flag(rule, row, left, right, is_sure=True)
        elif right.value is not None and left.value >= _number(rule["times"]) * right.value:
            yield _flag(rule, row, left, right, is_sure=_is_sure(rule, left, right))


def _is_sure(rule: Mapping[str, Any], left: Share, right: Share) -> bool:
    """Whether the flag is raised also with the low end of left and the high end of right."""
    lowest = left.low if rule["left"] in RANGED else left.value
    highest = right.high if rule["right"] in RANGED else right.value
    low = left.value if lowest is None else lowest
    high = right.value if highest is None else highest
    if low is None or high is None:
        return False
    return low >= _number(rule["times"]) * high and low >= _number(rule["at_least"])


def _crowding_out(rule: Mapping[str, Any], rows: list[Placed]) -> Iterator[Flag]:
    sums = {
        profile: sum(
            (row.share(rule["left"]).value or Decimal(0) for row in rows if row.profile == profile),
            Decimal(0),
        )
        for profile in ("high_profile", "everyday")
    }
    high, everyday = sums["high_profile"], sums["everyday"]
    if high >= _number(rule["at_least"]) and high >= _number(rule["times"]) * everyday:
        named = dict.fromkeys(
            row.sources.get(rule["left"], "")
            for row in rows
            if row.profile in sums and row.share(rule["left"]).value is not None
        )
        yield Flag(
            id=rule["id"],
            title=rule["title"],
            row=None,
            sentence=fill(rule["sentence"], left=percent(high), right=percent(everyday)),
            certainty=rule["sure"],
            is_sure=True,
            question=rule["question"],
            sources=tuple(one for one in named if one),
        )


def _flag(
    rule: Mapping[str, Any], row: Placed, left: Share, right: Share, *, is_sure: bool
) -> Flag:
    sentence = fill(
        rule["sentence"],
        problem=row.title,
        left=percent(left.value),
        left_low=percent(left.low),
        left_high=percent(left.high),
        right=percent(right.value),
        right_low=percent(right.low),
        right_high=percent(right.high),
    )
    named = [row.sources.get(rule[side], "") for side in ("left", "right")]
    return Flag(
        id=rule["id"],
        title=rule["title"],
        row=row,
        sentence=sentence,
        certainty=rule["sure"] if is_sure else rule["maybe"],
        is_sure=is_sure,
        question=rule["question"],
        sources=tuple(dict.fromkeys(one for one in named if one)),
    )


def _number(value: Any) -> Decimal:
    return Decimal(str(value))
