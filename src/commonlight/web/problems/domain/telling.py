"""Words that say what a text is about, and those that say only when."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from commonlight.web.content import read_content
from commonlight.web.problems.domain.differences import WORD, ignored_words

__all__ = ["is_group_word", "is_time_word", "telling_words", "without_time_words"]


def is_time_word(word: str) -> bool:
    """Whether a word names a day, a month, a season, an hour or a span of time."""
    return word.casefold() in _time_words()


def is_group_word(word: str) -> bool:
    """Whether a word names people and nothing of what they do or meet."""
    return word.casefold() in _group_words()


def without_time_words(words: Iterable[str]) -> tuple[str, ...]:
    """The words that say more than when."""
    return tuple(one for one in words if not is_time_word(one))


def telling_words(text: str) -> list[str]:
    """The words of a text, without those that hold it together and those that say when."""
    joining = ignored_words()
    return [
        one for one in WORD.findall(text) if one.casefold() not in joining and not is_time_word(one)
    ]


@lru_cache
def _time_words() -> frozenset[str]:
    return _listed("time_words")


@lru_cache
def _group_words() -> frozenset[str]:
    return _listed("group_words")


def _listed(table: str) -> frozenset[str]:
    rows = read_content("commonlight.web.problems", "time_words")[table]
    return frozenset(word for words in rows.values() for word in words)
