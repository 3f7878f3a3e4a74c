"""How words are compared: small letters, no accents, and stars for the ends of words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

__all__ = ["Wording", "normalise"]

_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "·": ""})


def normalise(text: str) -> list[str]:
    """Small letters without accents, word by word.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Letters, digits and stars only.

    Examples
    --------
    >>> normalise("Vols à l'arraché, Straßenraub")
    ['vols', 'a', 'l', 'arrache', 'strassenraub']
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    return re.sub(r"[^\w*]+|_", " ", kept).split()


@dataclass(frozen=True)
class Wording:
    """One wording of a concept.

    Parameters
    ----------
    concept, language, text : str
        What it means, in which language, and how it stands in the table.
    """

    concept: str
    language: str
    text: str

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Its words as they are compared."""
        return tuple(normalise(self.text))

    @cached_property
    def size(self) -> tuple[int, int]:
        """How many words and letters it has; stars do not count."""
        return len(self.parts), sum(len(one.replace("*", "")) for one in self.parts)

    def begins(self, tokens: Sequence[str], start: int) -> bool:
        """Whether it stands in the words from a position on."""
        if start + len(self.parts) > len(tokens):
            return False
        return all(_fits(part, tokens[start + k]) for k, part in enumerate(self.parts))

    def stands_in(self, tokens: Sequence[str]) -> bool:
        """Whether it stands anywhere in the words."""
        return any(self.begins(tokens, start) for start in range(len(tokens)))


def _fits(part: str, word: str) -> bool:
    return part == word if "*" not in part else _pattern(part).fullmatch(word) is not None


@lru_cache(maxsize=4096)
def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(re.escape(part).replace(r"\*", ".*"))
