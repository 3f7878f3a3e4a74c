"""How much of a round may be shown, so that nobody can be worked out from it.

A group of answers may be shown when it has enough answers from enough organisations, and when
enough answers are left for a partner that takes its own away. This holds for the whole round, and
for every group that somebody could work out by subtraction: those who answered this time but not
in an earlier round that was shown, and those who answered then but not now.

Whether a round is shown depends on how many answered and from where, and never on what they
answered; so that a round is hidden tells nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commonlight.web.content import read_content
from commonlight.web.partnerships.enums import ResultShape

__all__ = ["Limits", "Verdict", "limits", "may_be_shown", "verdict"]

Turnout = Mapping[int, int]
"""How many answered, by organisation."""


@dataclass(frozen=True)
class Limits:
    """The smallest numbers; they stand in `content/pulse.toml`."""

    answers: int
    organisations: int
    without_one: int


@dataclass(frozen=True)
class Verdict:
    """Whether a round is shown, and if not, why: few, organisations, subtraction, difference."""

    shape: str
    reason: str = ""


def limits() -> Limits:
    """The limits as the content says them."""
    content = read_content("commonlight.web.partnerships", "pulse")
    return Limits(
        content["minimum_answers"],
        content["minimum_organisations"],
        content["minimum_without_one"],
    )


def may_be_shown(turnout: Turnout, least: Limits) -> str:
    """Empty when a group may be shown, else why not: few, organisations or subtraction."""
    counts = [count for count in turnout.values() if count > 0]
    total = sum(counts)
    if total < least.answers:
        return "few"
    if len(counts) < least.organisations:
        return "organisations"
    if total - max(counts) < least.without_one:
        return "subtraction"
    return ""


def verdict(turnout: Turnout, earlier: Iterable[Turnout], least: Limits) -> Verdict:
    """Whether this round is shown beside the earlier ones that were shown."""
    reason = may_be_shown(turnout, least)
    if not reason and any(_tells(turnout, before, least) for before in earlier):
        reason = "difference"
    return Verdict(ResultShape.HIDDEN, reason) if reason else Verdict(ResultShape.SHOWN)


def _tells(now: Turnout, before: Turnout, least: Limits) -> bool:
    """Whether those who came, or those who left, are too few to be worked out by comparing."""
    keys = {*now, *before}
    came = {key: max(0, now.get(key, 0) - before.get(key, 0)) for key in keys}
    left = {key: max(0, before.get(key, 0) - now.get(key, 0)) for key in keys}
    return any(may_be_shown(group, least) for group in (came, left) if sum(group.values()))
