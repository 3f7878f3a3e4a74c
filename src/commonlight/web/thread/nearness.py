"""How near two texts are: how many words they share, whatever their endings."""

from __future__ import annotations

import re
from collections.abc import Collection

__all__ = ["stems"]

STEM = 5
"""Words count as the same from so many equal letters on: partner, partners, partnership."""

WORD = re.compile(r"[^\W\d_]{4,}")
"""Words of fewer letters tell nothing of what a text is about."""


def stems(text: str, *, without: Collection[str] = ()) -> set[str]:
    """The beginnings of the words that say what a text is about, the words `without` left out."""
    words = {one.casefold() for one in WORD.findall(text)}
    return {one[:STEM] for one in words.difference(without)}
