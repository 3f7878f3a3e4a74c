"""How near two texts are: how many words they share, whatever their endings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

__all__ = ["stems"]

STEM = 5
"""Words count as the same from so many equal letters on: partner, partners, partnership."""

WORD = re.compile(r"[^\W\d_]{4,}")
"""Words of fewer letters tell nothing of what a text is about."""


OTHER_FORMS = {"women": "woman", "thieves": "thief", "knives": "knife"}
"""Plurals that begin otherwise than their word."""

SHORT_PLURAL = re.compile(r"(?<=^\w{4})(s(?<!ss)|en)$")
"""What makes a plural of a word of four letters: girls, lamps, Frauen."""


def stems(text: str, *, without: Collection[str] = ()) -> set[str]:
    """The beginnings of the words that say what a text is about, the words `without` left out."""
    words = {one.casefold() for one in WORD.findall(text)}
    return {_stem(one) for one in words.difference(without)}


def _stem(word: str) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFD", word) if one.isalpha())
    return SHORT_PLURAL.sub("", OTHER_FORMS.get(plain, plain))[:STEM]
