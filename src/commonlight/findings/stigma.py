"""A guard against words that stigmatise people or places.

Each language has a file of phrases in ``stigma_words/``, each with the reason against it and a
better wording, and of pairs: the name of a group (by origin, belief, age, housing) and the name
of an offence in one sentence. Language of recordings about places ends up on the people there,
and a published figure beside a group is read as a statement about all of it.

The guard finds known words. It does not understand a sentence: it misses what is said in other
words, and it stops sentences that mean well. A person reads the public version before it goes out.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["LANGUAGES", "StigmaNote", "StigmaWords", "find_stigma", "load_stigma_words"]

LANGUAGES = ("ca", "de", "en", "es", "fr", "it", "nl", "pt")
"""Languages that have a list, by ISO 639-1 code."""

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True, kw_only=True)
class StigmaNote:
    """One finding of the guard: what was found, why it is a problem, what to write instead."""

    phrase: str
    reason: str
    instead: str
    start: int
    language: str


@dataclass(frozen=True, kw_only=True)
class StigmaPhrase:
    """Words that stigmatise in themselves; ``*`` stands for any ending."""

    match: tuple[str, ...]
    reason: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class StigmaWords:
    """The list of one language."""

    language: str
    phrases: tuple[StigmaPhrase, ...]
    groups: tuple[str, ...]
    offences: tuple[str, ...]
    harmed: tuple[str, ...]
    reason: str
    instead: str


def find_stigma(text: str, *, language: str, allow: Iterable[str] = ()) -> tuple[StigmaNote, ...]:
    """Find the words of a text that stigmatise, in the order of the text.

    Parameters
    ----------
    text : str
        Any text a reader would see.
    language : str
        ISO 639-1 code of the list to use; one of `LANGUAGES`.
    allow : iterable of str, optional
        Official names, which are passed over wherever they stand as a whole.

    Returns
    -------
    tuple of StigmaNote
        Empty where nothing was found. `start` is the position in `text`.

    Raises
    ------
    ValueError
        There is no list for this language.

    Notes
    -----
    A pair is a group and an offence in the same sentence, in either order. It is passed over
    where the sentence says that the group is harmed ("offences against", "victims").

    Examples
    --------
    >>> [note.phrase for note in find_stigma("A no-go area at night.", language="en")]
    ['no-go area']
    >>> find_stigma("Assaults against homeless people rose.", language="en")
    ()
    """
    words = load_stigma_words(language)
    masked = _masked(text, allow)
    found = [*_phrases(masked, text, words), *_pairs(masked, text, words)]
    return tuple(sorted(found, key=lambda note: (note.start, note.phrase)))


@cache
def load_stigma_words(language: str) -> StigmaWords:
    """Read the list of one language.

    Raises
    ------
    ValueError
        There is no list for this language, or it does not keep to the schema.
    """
    if language not in LANGUAGES:
        raise ValueError(
            f"no list of stigmatising words for {language!r}; there are: {', '.join(LANGUAGES)}"
        )
    name = f"stigma_words/{language}.toml"
    text = files("commonlight.findings").joinpath(name).read_text(encoding="utf-8")
    return _checked(tomllib.loads(text), language)


def _checked(data: dict[str, Any], language: str) -> StigmaWords:
    wrong = set(data) ^ {"language", "phrase", "pairs"}
    if wrong or data["language"] != language:
        raise ValueError(f"stigma words {language!r}: wrong or missing keys {sorted(wrong)}")
    pairs = data["pairs"]
    return StigmaWords(
        language=language,
        phrases=tuple(
            StigmaPhrase(
                match=_words(item["match"], language),
                reason=_sentence(item["reason"], language),
                instead=_sentence(item["instead"], language),
            )
            for item in data["phrase"]
        ),
        groups=_words(pairs["groups"], language),
        offences=_words(pairs["offences"], language),
        harmed=_words(pairs["harmed"], language),
        reason=_sentence(pairs["reason"], language),
        instead=_sentence(pairs["instead"], language),
    )


def _words(given: object, language: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(_is_word(word) for word in given):
        raise ValueError(
            f"stigma words {language!r}: a list of words is needed, in lower case, with * at an "
            f"end at most; got {given!r}"
        )
    return tuple(given)


def _is_word(word: object) -> bool:
    return (
        isinstance(word, str)
        and len(word.replace("*", "")) >= 3
        and word == word.strip().lower()
        and "*" not in word.strip("*")
    )


def _sentence(text: object, language: str) -> str:
    if not isinstance(text, str) or not text.endswith("."):
        raise ValueError(f"stigma words {language!r}: a sentence is needed; got {text!r}")
    return text


def _masked(text: str, allow: Iterable[str]) -> str:
    """The text with official names blanked out, every letter at its place."""
    for name in sorted(allow, key=len, reverse=True):
        if name.strip():
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            text = re.sub(pattern, lambda found: " " * len(found.group()), text)
    return text


def _phrases(masked: str, text: str, words: StigmaWords) -> Iterator[StigmaNote]:
    if not _pattern(tuple(word for phrase in words.phrases for word in phrase.match)).search(
        masked
    ):
        return
    for phrase in words.phrases:
        for found in _pattern(phrase.match).finditer(masked):
            yield StigmaNote(
                phrase=text[found.start() : found.end()],
                reason=phrase.reason,
                instead=phrase.instead,
                start=found.start(),
                language=words.language,
            )


def _pairs(masked: str, text: str, words: StigmaWords) -> Iterator[StigmaNote]:
    groups = list(_pattern(words.groups).finditer(masked))
    if not groups:
        return
    sentences = list(_sentences(masked))
    starts = [start for start, _ in sentences]
    named = {bisect_right(starts, group.start()) - 1: group for group in reversed(groups)}
    for number, group in sorted(named.items()):
        start, sentence = sentences[number]
        offence = _pattern(words.offences).search(sentence)
        if offence and not _pattern(words.harmed).search(sentence):
            pair = sorted(
                [(group.start(), group.group()), (start + offence.start(), offence.group())]
            )
            yield StigmaNote(
                phrase=f"{pair[0][1]} \u2026 {pair[1][1]}",
                reason=words.reason,
                instead=words.instead,
                start=pair[0][0],
                language=words.language,
            )


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield start, text[start : end.start()]
        start = end.end()
    yield start, text[start:]


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words in any case; a space or hyphen between words may be either or both."""
    return re.compile("|".join(rf"(?<!\w){_one(word)}(?!\w)" for word in words), re.IGNORECASE)


def _one(word: str) -> str:
    parts = re.split(r"[ -]", word)
    return r"[\s\-\u2010\u2011\u2013]+".join(
        re.escape(part).replace(r"\*", r"\w*") for part in parts
    )
