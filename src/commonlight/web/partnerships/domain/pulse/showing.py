"""What is shown of a round, in words: spread first, the mean second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.partnerships.domain.pulse.disclosure import limits
from commonlight.web.partnerships.domain.words import by_id, rows, words
from commonlight.web.partnerships.enums import ResultShape, RoundState
from commonlight.web.partnerships.models import PulseRound

__all__ = ["Condition", "Line", "ShownRound", "latest_shown", "shown_round", "trend"]


@dataclass(frozen=True)
class Line:
    """The answers to one statement, or to all statements of a condition."""

    text: Any
    counts: tuple[tuple[Any, int], ...]
    total: int
    middle: str
    spread: str
    spread_id: str
    mean: float | None
    bars: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class Condition:
    """A condition of the partnership with its statements."""

    id: str
    title: Any
    meaning: Any
    line: Line
    statements: tuple[Line, ...]


@dataclass(frozen=True)
class ShownRound:
    """A round as everybody may see it; `why` says what is kept back."""

    round: PulseRound
    is_shown: bool
    why: str
    conditions: tuple[Condition, ...]


def shown_round(asked: PulseRound) -> ShownRound:
    """A round with its reason; an open one shows nothing but how many have answered."""
    return ShownRound(
        round=asked,
        is_shown=asked.shape == ResultShape.SHOWN,
        why=_why(asked),
        conditions=_conditions(asked) if asked.result.get("conditions") else (),
    )


def latest_shown(rounds: list[PulseRound]) -> ShownRound | None:
    """The newest closed round, shown or not."""
    closed = [one for one in rounds if one.state == RoundState.CLOSED]
    return shown_round(closed[0]) if closed else None


def trend(rounds: list[PulseRound]) -> list[tuple[Any, list[tuple[PulseRound, Line | None]]]]:
    """For each condition its line in every closed round, the oldest first."""
    closed = [one for one in reversed(rounds) if one.state == RoundState.CLOSED]
    shown = [(one, {row.id: row.line for row in shown_round(one).conditions}) for one in closed]
    return [
        (row["title"], [(one, lines.get(row["id"])) for one, lines in shown])
        for row in rows("pulse", "condition")
    ]


def _conditions(asked: PulseRound) -> tuple[Condition, ...]:
    statements = asked.result["statements"]
    return tuple(
        Condition(
            row["id"],
            row["title"],
            row["meaning"],
            _line(row["title"], asked.result["conditions"].get(row["id"], {})),
            tuple(_line(one["text"], statements.get(one["id"], {})) for one in row["statements"]),
        )
        for row in rows("pulse", "condition")
    )


def _line(text: Any, told: Mapping[str, Any]) -> Line:
    counts = told.get("counts", {})
    titles = {one["id"]: one["title"] for one in rows("pulse", "answer")}
    named = tuple((title, counts[key]) for key, title in titles.items() if counts.get(key))
    spread = told.get("spread") or ""
    mean = told.get("mean")
    return Line(
        text=text,
        counts=named,
        total=sum(counts.values()),
        middle=_middle(told.get("middle")),
        spread=str(by_id("pulse", "spread")[spread]["title"]) if spread else "",
        spread_id=spread,
        mean=mean / 10 if mean is not None else None,
        bars=_bars(counts),
    )


def _bars(counts: Mapping[str, int]) -> tuple[tuple[str, float, float], ...]:
    """For each answer its name, where its bar begins and how wide it is, in hundredths."""
    total = sum(counts.values())
    found, start = [], 0.0
    for one in rows("pulse", "answer"):
        width = 100 * counts.get(one["id"], 0) / total if total else 0.0
        if width:
            found.append((one["id"], round(start, 2), round(width, 2)))
        start += width
    return tuple(found)


def _middle(values: Any) -> str:
    if not values:
        return ""
    titles = {one["value"]: str(one["title"]) for one in rows("pulse", "answer") if "value" in one}
    low, high = values
    if low == high:
        return titles[low]
    return _("between “%(low)s” and “%(high)s”") % {"low": titles[low], "high": titles[high]}


def _why(asked: PulseRound) -> str:
    said, least = words("pulse"), limits()
    reason = asked.result.get("reason", "")
    sentences = {
        "few": str(said["hidden_few"]),
        "organisations": str(said["hidden_organisations"]).replace(
            "{count}", str(least.organisations)
        ),
        "subtraction": str(said["hidden_single"]),
        "difference": str(said["hidden_difference"]),
        "lost": str(said["hidden_lost"]),
    }
    return sentences.get(reason, "")
