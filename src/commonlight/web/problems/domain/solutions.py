"""Notice a solution that is written as a problem, and offer a better sentence.

The rules are data (`content/solutions.toml`, with the order in which they are read at its head).
What is not clear is accepted: a person who knows better must never be stopped by a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from commonlight.web.content import read_content

__all__ = ["Reading", "languages", "read_problem"]

LONGEST = 2000
"""So many characters of a text are read; a problem is said in a few sentences."""


@dataclass(frozen=True)
class Reading:
    """What the rules see in a text: a kind of measure, a problem, and a better sentence."""

    family: str = ""
    family_title: Any = ""
    has_problem: bool = False
    example: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the text names a measure and nothing that is wrong."""
        return bool(self.family) and not self.has_problem


def read_problem(text: str, language: str | None = None) -> Reading:
    """Read a text by the rules of its language, or of all languages where it is not told.

    A text is refused only if the rules of a language see a solution in it and no language sees a
    problem.
    """
    readers = [_reader(code) for code in _codes(language)]
    found = [reader.read(text[:LONGEST]) for reader in readers]
    named = [one for one in found if one.family]
    if not named:
        return Reading()
    has_problem = any(reader.sees_problem(text[:LONGEST]) for reader in readers)
    first = named[0]
    return Reading(first.family, first.family_title, has_problem, first.example)


def languages() -> tuple[str, ...]:
    """The languages for which there are rules."""
    return tuple(_rules()["language"])


def _codes(language: str | None) -> Iterable[str]:
    """The language of the text, else that of the page first and then the others."""
    if language is not None:
        return (language,)
    shown = (get_language() or "en").partition("-")[0]
    return sorted(languages(), key=lambda code: code != shown)


class _Reader:
    """The rules of one language."""

    def __init__(self, code: str) -> None:
        rules = _rules()
        words = rules["language"][code]
        self._code, self._no_place = code, words["no_place"]
        self._families = [
            (family, [_pattern(one) for one in _forms(family, words, code)])
            for family in rules["family"]
        ]
        self._purpose = [_pattern(one) for one in words["purpose"]]
        self._problem = [_pattern(one) for one in words["problem"]]
        self._place = _pattern(words["place"])

    def read(self, text: str) -> Reading:
        """The first kind of measure that the text names."""
        clean = _normal(text)
        for family, patterns in self._families:
            if any(one.search(clean) for one in patterns):
                example = family["example"][self._code].replace("{place}", self.place(clean))
                return Reading(family["id"], family["title"], self.sees_problem(text), example)
        return Reading()

    def sees_problem(self, text: str) -> bool:
        """Whether the text says that something is wrong, aims of measures left out."""
        clean = _normal(text)
        for aim in self._purpose:
            clean = aim.sub(" ", clean)
        return any(one.search(clean) for one in self._problem)

    def place(self, text: str) -> str:
        """The place that the text names, as the beginning of a sentence."""
        found = self._place.search(_normal(text))
        place = found[0] if found else self._no_place
        return place[0].upper() + place[1:]


def _forms(family: dict[str, Any], words: dict[str, Any], code: str) -> Iterable[str]:
    measures = f"(?:{family['measures'][code]})"
    yield from (form.replace("{measure}", measures) for form in words["forms"])
    if "also" in family:
        yield family["also"][code].replace("{command}", words["command"])


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _normal(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


def _rules() -> dict[str, Any]:
    return read_content("commonlight.web.problems", "solutions")


@lru_cache
def _reader(code: str) -> _Reader:
    return _Reader(code)
