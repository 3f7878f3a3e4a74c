"""How texts that people wrote, with or without their full stop, stand in a row or in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from commonlight.web.ui.punctuation import listed

__all__ = ["bare", "in_a_row", "mended"]

STOP_AND_JOIN = re.compile(r"(?<=[^\s.])\.(?=[\s\u202f\xa0]*;)")


def bare(text: object) -> str:
    """A text without the stop, comma or semicolon at its end, so that another sign can follow."""
    told = str(text).strip()
    return told if told.endswith("...") else told.rstrip(".,; ")


def in_a_row(texts: Iterable[object]) -> str:
    """Texts apart by semicolons, each without its own stop."""
    return listed(filter(None, map(bare, texts)))


def mended(text: str) -> str:
    """A row of texts that was joined before, without a stop before a semicolon."""
    return STOP_AND_JOIN.sub("", text)
