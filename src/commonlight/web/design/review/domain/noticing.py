"""Which tension cards the words of a text call for; they notice words, not intentions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from commonlight.web.content import read_content

__all__ = ["cards", "content", "noticed"]

KEPT = 8192
"""So many texts are remembered: a page reads the same ones again and again."""


def content() -> dict[str, Any]:
    """The content file of the tensions."""
    return read_content("commonlight.web.design.review", "tensions")


def cards() -> dict[str, dict[str, Any]]:
    """The cards by id."""
    return {one["id"]: one for one in content()["card"]}


@lru_cache(maxsize=KEPT)
def noticed(text: str, language: str = "") -> tuple[tuple[str, str], ...]:
    """The cards that a text calls for, each with the words that called for it.

    Without a language the text is read in all of them; nobody says in which language she writes.
    """
    found = []
    for card, patterns in _patterns().items():
        chosen = [each for name, each in patterns if not language or name == language]
        match = next((hit for each in chosen if (hit := each.search(text))), None)
        if match is not None:
            found.append((card, match.group().strip()))
    return tuple(found)


@lru_cache
def _patterns() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    return {
        name: [
            (language, re.compile(pattern, re.IGNORECASE))
            for language, patterns in card["triggers"].items()
            for pattern in patterns
        ]
        for name, card in cards().items()
    }
