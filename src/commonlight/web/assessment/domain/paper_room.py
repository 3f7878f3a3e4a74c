"""How much fits on a sheet of paper: lines are counted, and what does not fit is said."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import ngettext

__all__ = ["HEAD", "WIDE_SMALL", "Room", "cut", "height", "lines"]

HEAD = 2.0
"""Lines that a heading takes with the space around it."""

WIDE, WIDE_SMALL = 116, 126
"""So many letters stand on a line of the sheets, rather too few than too many."""

LETTERS_A_WORD = 9


def cut(text: object, words: int) -> str:
    """A text of at most so many words, and no longer than such words are."""
    said = str(text)
    if len(said.split()) > words:
        said = Truncator(said).words(words)
    return Truncator(said).chars(words * LETTERS_A_WORD)


def lines(text: object, wide: int = WIDE) -> int:
    """How many lines a text takes."""
    return max(ceil(len(str(text)) / wide), 1)


def height(row: dict[str, Any]) -> float:
    """How many lines a point of a list takes."""
    return 0.95 * (lines(row["text"]) + sum(lines(one, WIDE_SMALL) for one in row["said"]))


class Room:
    """The lines of one sheet that are still free."""

    def __init__(self, free: float) -> None:
        self.free = free

    def take(self, count: float) -> None:
        """Keep lines for what is always printed."""
        self.free -= count

    def list(self, rows: Iterable[dict[str, Any]], most: int, share: float = 1) -> dict[str, Any]:
        """As many points as fit, and how many more there are."""
        every = list(rows)
        limit, taken, used = self.free * share - HEAD - 1, 0, 0.0
        for row in every[:most]:
            if used + height(row) > limit:
                break
            used += height(row)
            taken += 1
        left = len(every) - taken
        if every:
            self.take(used + HEAD + bool(left))
        text = ngettext(
            "%(count)d more in the workbench.", "%(count)d more in the workbench.", left
        )
        return {"rows": every[:taken], "more": text % {"count": left} if left else ""}
