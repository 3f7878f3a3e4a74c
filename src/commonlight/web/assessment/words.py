"""The words of the content files by their names, with their places filled."""

from __future__ import annotations

from datetime import date
from typing import Any

from commonlight.web.content import read_content
from commonlight.web.ui.dates import date_format

__all__ = [
    "answers_kinds",
    "balance_words",
    "closing_words",
    "drop",
    "evidence_kind",
    "fill",
    "recommendation_words",
    "verdict_rows",
    "verdict_words",
    "warning",
]

PACKAGE = "commonlight.web.assessment"
EVIDENCE = {
    "partnership_agreement": "agreement",
    "statement": "practice",
    "local_practice": "practice",
    "local_statement": "practice",
    "gap": "practice",
    "cause": "problem",
    "statement_of_problem": "problem",
    "theory_link": "theory",
}
"""Kinds of the thread that count as a kind of evidence with another name."""


def verdict_words() -> dict[str, Any]:
    """Verdicts, rules and the words of the matrix."""
    return read_content(PACKAGE, "verdicts")


def verdict_rows() -> dict[str, dict[str, Any]]:
    """The verdicts in the order in which the matrix shows them."""
    rows = sorted(verdict_words()["verdict"], key=lambda one: int(one["order"]))
    return {one["id"]: one for one in rows}


def evidence_kind(name: str) -> dict[str, Any] | None:
    """What a record of this kind of the thread can show and cannot."""
    wanted = EVIDENCE.get(name, name)
    rows = verdict_words()["evidence_kind"]
    return next((one for one in rows if one["id"] == wanted), None)


def warning(name: str) -> dict[str, Any]:
    """A warning by its name."""
    found: dict[str, Any] = next(one for one in verdict_words()["warn"] if one["id"] == name)
    return found


def drop(name: str) -> dict[str, Any]:
    """What drops a verdict, by its name."""
    found: dict[str, Any] = next(one for one in verdict_words()["drop"] if one["id"] == name)
    return found


def balance_words() -> dict[str, Any]:
    """Resources, measures, flags and the words of the mirror."""
    return read_content(PACKAGE, "balance")


def recommendation_words() -> dict[str, Any]:
    """Kinds, buttons and questions of recommendations."""
    return read_content(PACKAGE, "recommendations")


def answers_kinds() -> dict[str, dict[str, Any]]:
    """What a recommendation can answer."""
    return {one["id"]: one for one in recommendation_words()["answers"]}


def closing_words() -> dict[str, Any]:
    """What is said when a recommendation was closed."""
    found: dict[str, Any] = recommendation_words()["closing"]
    return found


def fill(sentence: Any, **values: Any) -> str:
    """A sentence of the content with its places filled; days in the form of the language."""
    text = str(sentence)
    for name, value in values.items():
        shown = date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)
        text = text.replace("{" + name + "}", shown)
    return text
