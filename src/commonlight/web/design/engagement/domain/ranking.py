"""Which methods fit the answers: the same answers give the same list, each place with its reasons.

Every method is tried against every rule of `content/engagement_rules.toml` in its order. A rule
that excludes sets the method aside; the others add points, which nobody sees: the sentences are
the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any

from commonlight.web.design.engagement.domain.catalogue import (
    contents,
    filled,
    group_titles,
    listing,
    methods,
    rules,
    titles,
)

__all__ = ["Answers", "Choice", "Ranking", "Reason", "change_for", "rank"]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The ten answers of the planner."""

    phase: str
    purpose: str
    reach: tuple[str, ...]
    size: int
    days: int
    cost: str
    skills: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    is_sensitive: bool = False
    is_conflict: bool = False


@dataclass(frozen=True)
class Reason:
    """A sentence for or against a method, and why the rule is there.

    A neutral one speaks of something that nobody has answered; it is no fault of the method.
    """

    rule: str
    sentence: str
    why: Any
    speaks_for: bool
    is_neutral: bool = False


@dataclass(frozen=True)
class Choice:
    """A method with its reasons."""

    method: dict[str, Any]
    reasons: tuple[Reason, ...]
    is_set_aside: bool = False


@dataclass(frozen=True)
class Ranking:
    """Methods that fit, the best first, and those set aside, each with its reasons."""

    kept: tuple[Choice, ...]
    set_aside: tuple[Choice, ...]
    first: int
    combine: str = ""

    @property
    def shown(self) -> tuple[Choice, ...]:
        """What stands on top of the page."""
        return self.kept[: self.first]

    @property
    def nearest(self) -> tuple[Choice, ...]:
        """What a single answer keeps out, the best first; the fewest answers where none does."""
        fewest = min((len(one.reasons) for one in self.set_aside), default=0)
        return tuple(one for one in self.set_aside if len(one.reasons) == fewest)[: self.first]

    @property
    def others(self) -> tuple[Choice, ...]:
        """What stands behind “show all”."""
        return self.kept[self.first :]


@dataclass(frozen=True)
class Trial:
    """One method against one set of answers, with what the rules compare."""

    method: dict[str, Any]
    answers: Answers
    purposes: dict[str, int]
    costs: dict[str, int]

    def order_of_purposes(self) -> list[int]:
        """How much say the method can give, from the least to the most."""
        return sorted(self.purposes[one] for one in self.method["purposes"])

    def missing(self, given: str, wanted: str) -> list[str]:
        """What the method wants and the answers do not offer."""
        offered = getattr(self.answers, given)
        return [one for one in self.method[wanted] if one not in offered]

    def reached(self, side: str) -> list[str]:
        """The groups asked for that stand on one side of the method."""
        return [one for one in self.answers.reach if one in self.method[side]]

    def dearness(self) -> int:
        """Cost of the method against what can be spent; above zero it is too dear."""
        return self.costs[self.method["cost"]] - self.costs[self.answers.cost]

    def promise(self) -> int:
        """How much say the answers promise."""
        return self.purposes[self.answers.purpose]


Test = Callable[[Trial, dict[str, Any]], int]
"""How often a rule holds: 0 for never."""

TESTS: dict[str, Test] = {
    "wrong_phase": lambda t, _: t.answers.phase not in t.method["phases"],
    "less_than_promised": lambda t, _: t.order_of_purposes()[-1] < t.promise(),
    "too_long": lambda t, _: t.method["days_needed"] > t.answers.days,
    "too_dear": lambda t, _: t.dearness() > 0,
    "too_few": lambda t, _: t.answers.size < t.method["group_min"],
    "public_on_sensitive": lambda t, rule: (
        t.answers.is_sensitive and t.method["id"] in rule["methods"]
    ),
    "reaches_group": lambda t, _: len(t.reached("reaches_well")),
    "misses_group": lambda t, _: len(t.reached("reaches_badly")),
    "purpose_matches": lambda t, _: t.answers.purpose in t.method["purposes"],
    "more_than_promised": lambda t, _: t.order_of_purposes()[0] > t.promise(),
    "size_fits": lambda t, _: t.method["group_min"] <= t.answers.size <= t.method["group_max"],
    "several_rounds": lambda t, _: (
        t.method["group_max"] < t.answers.size <= 6 * t.method["group_max"]
    ),
    "far_too_small": lambda t, _: t.answers.size > 6 * t.method["group_max"],
    "time_to_spare": lambda t, _: 2 * t.method["days_needed"] <= t.answers.days,
    "cheaper": lambda t, _: t.dearness() < 0,
    "skills_there": lambda t, _: not t.missing("skills", "skills"),
    "skills_missing": lambda t, _: bool(t.missing("skills", "skills")),
    "needs_missing": lambda t, _: bool(t.missing("offers", "needs")),
    "protected_room": lambda t, _: t.answers.is_sensitive and "safe_space" in t.method["needs"],
    "trained_lead": lambda t, _: t.answers.is_conflict and "mediation" in t.method["skills"],
    "plenary_in_conflict": lambda t, rule: (
        t.answers.is_conflict and t.method["id"] in rule["methods"]
    ),
}
"""Each rule of the content, by its id."""


def rank(answers: Answers) -> Ranking:
    """The methods for these answers, with the reasons of each place."""
    kept: list[tuple[tuple[Any, ...], Choice]] = []
    aside: list[tuple[tuple[Any, ...], Choice]] = []
    for method in contents()["method"]:
        trial = Trial(method, answers, *_orders())
        excluded = _reasons(trial, "exclude")
        if excluded:
            aside.append(((len(excluded), *_place(trial)), Choice(method, excluded, True)))
        else:
            kept.append((_place(trial), Choice(method, _reasons(trial, "points"))))
    chosen = tuple(choice for _, choice in sorted(kept, key=lambda one: one[0]))
    nearest = tuple(choice for _, choice in sorted(aside, key=lambda one: one[0]))
    return Ranking(chosen, nearest, rules()["shown"], _combine(answers, chosen))


def change_for(method: dict[str, Any], rule: str) -> tuple[str, Any]:
    """Which answer keeps a method out, and the answer that would let it in.

    Where the answer is a fact about people, as with a matter that is hard to speak about, no other
    answer is proposed.
    """
    dearest = max(_orders()[0][one] for one in method["purposes"])
    most = next(one["id"] for one in contents()["purpose"] if one["order"] == dearest)
    changes: dict[str, tuple[str, Any]] = {
        "wrong_phase": ("phase", method["phases"][0]),
        "less_than_promised": ("purpose", most),
        "too_long": ("days", method["days_needed"]),
        "too_dear": ("cost", method["cost"]),
        "too_few": ("size", method["group_min"]),
        "public_on_sensitive": ("sensitive", None),
    }
    return changes[rule]


@lru_cache
def _orders() -> tuple[dict[str, int], dict[str, int]]:
    """How purposes and costs follow each other."""
    purposes = {one["id"]: one["order"] for one in contents()["purpose"]}
    return purposes, {one["id"]: place for place, one in enumerate(contents()["cost"])}


def _place(trial: Trial) -> tuple[Any, ...]:
    """More points first, then the cheaper, the shorter, and the name."""
    points = sum(
        rule["points"] * int(TESTS[rule["id"]](trial, rule))
        for rule in rules()["rule"]
        if rule["kind"] == "points"
    )
    return (
        -points,
        trial.costs[trial.method["cost"]],
        trial.method["days_needed"],
        trial.method["id"],
    )


def _reasons(trial: Trial, kind: str) -> tuple[Reason, ...]:
    unsaid = _unsaid(trial) if kind == "points" else ()
    held = [
        rule
        for rule in rules()["rule"]
        if rule["kind"] == kind and rule["id"] not in unsaid and TESTS[rule["id"]](trial, rule)
    ]
    told = tuple(
        Reason(
            rule["id"],
            _sentence(trial, rule),
            rule["reason"],
            rule.get("points", -1) > 0,
        )
        for rule in held
    )
    return (*told, _not_said(trial, unsaid)) if unsaid else told


UNSAID = {
    "skills_missing": ("skills", "skills", "skill"),
    "needs_missing": ("offers", "needs", "need"),
}
"""Rules of a question that may be left out: the answer, what the method wants, and its words."""


def _unsaid(trial: Trial) -> tuple[str, ...]:
    """The rules that hold only because nobody answered their question."""
    return tuple(
        name
        for name, (given, wanted, _kind) in UNSAID.items()
        if not getattr(trial.answers, given) and trial.method[wanted]
    )


def _not_said(trial: Trial, unsaid: tuple[str, ...]) -> Reason:
    """One line for all that a method needs and of which nobody has said whether it is there."""
    known: dict[str, Any] = {}
    for name in unsaid:
        _given, wanted, kind = UNSAID[name]
        known |= {one: titles(kind)[one] for one in trial.method[wanted]}
    sentence = filled(rules()["words"]["unsaid"], needs=listing(known, known))
    return Reason("unsaid", sentence, rules()["words"]["unsaid_why"], False, True)


def _sentence(trial: Trial, rule: dict[str, Any]) -> str:
    """The sentence of a rule with what it speaks about."""
    text = str(rule["sentence"])
    values = {name: value for name, value in _values(trial, rule).items() if f"{{{name}}}" in text}
    return filled(text, **{name: value() for name, value in values.items()})


def _values(trial: Trial, rule: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    side = "reaches_badly" if rule["id"] == "misses_group" else "reaches_well"
    method, answers = trial.method, trial.answers
    return {
        "groups": lambda: listing(trial.reached(side), group_titles()),
        "skills": lambda: listing(trial.missing("skills", "skills"), titles("skill")),
        "needs": lambda: listing(trial.missing("offers", "needs"), titles("need")),
        "purpose": lambda: titles("purpose")[answers.purpose],
        "size": lambda: answers.size,
        "days": lambda: answers.days,
        "days_needed": lambda: method["days_needed"],
        "group_min": lambda: method["group_min"],
        "rounds": lambda: ceil(answers.size / method["group_max"]),
    }


def _combine(answers: Answers, kept: tuple[Choice, ...]) -> str:
    """Which second method hears those whom the first one misses."""
    if not kept:
        return ""
    missed = [one for one in answers.reach if one not in kept[0].method["reaches_well"]]
    helpers = [
        one.method["id"]
        for one in kept[1:]
        if any(group in one.method["reaches_well"] for group in missed)
    ]
    if not missed or not helpers:
        return ""
    named = {name: one["title"] for name, one in methods().items()}
    return filled(
        rules()["words"]["combine"],
        groups=listing(missed, group_titles()),
        methods=listing(helpers[:3], named, in_sentence=False),
    )
