"""How texts that people wrote, with or without their full stop, stand beside others."""

from __future__ import annotations

import re

__all__ = ["ended", "mended"]

TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
STOP_AND_JOIN = re.compile(r"(?<=[.!?…])[\s\u202f\xa0]*;")
ENDS = (".", "!", "?", "…", ".”", "!”", "?”", ".“", "!“", "?“", ".»", "!»", "?»")


def ended(text: object) -> str:
    """A text that ends with exactly one stop; an empty one stays empty."""
    told = mended(str(text)).strip().rstrip(";,: ")
    return told if not told or told.endswith(ENDS) else f"{told}."


def mended(text: str) -> str:
    """A joined text without two stops in a row, or a semicolon after a stop."""
    return STOP_AND_JOIN.sub("", TWO_STOPS.sub(".", text))
