"""No public version of a text that stigmatises people or places."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from commonlight.audit.publishing.rules import PublicationRules, PublishingError
from commonlight.findings.model import Report
from commonlight.findings.stigma import LANGUAGES, StigmaNote, find_stigma

__all__ = ["public_texts", "refuse_stigma"]

#: Titles of books and names of fields are not what this report says.
_NOT_SAID = frozenset(
    {"references", "page", "id", "crs", "digest", "version", "cells", "geometries"}
)
_SEPARATOR = "\n|\n"


def refuse_stigma(report: Report, rules: PublicationRules) -> None:
    """Raise where a text of the public version stigmatises people or places.

    Every text is read with the lists of all languages: names of areas and offences are in the
    city's own language, whatever the language of the report.

    Raises
    ------
    PublishingError
        The message says where each phrase stands, why it is a problem and what to write instead.
    """
    where = public_texts(report)
    texts = list(where)
    starts = _starts(texts)
    whole = _SEPARATOR.join(texts)
    found: dict[tuple[str, str], str] = {}
    for language in sorted(LANGUAGES, key=lambda name: name != "en"):
        for note in find_stigma(whole, language=language, allow=rules.allow):
            text = texts[bisect_right(starts, note.start) - 1]
            found.setdefault((where[text], note.phrase.lower()), _told(note, where[text], text))
    if found:
        raise PublishingError(
            "the public version is not written, for its words stigmatise people or places "
            "(the internal version is there):\n" + "\n".join(found.values())
        )


def public_texts(report: Report) -> dict[str, str]:
    """Every text that a reader of the report can see, and where it first stands."""
    found: dict[str, str] = {}
    for place, text in _walk(report, ""):
        if any(letter.isalpha() for letter in text):
            found.setdefault(text, place)
    return found


def _walk(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if not isinstance(value, Enum):
            yield place, value
    elif is_dataclass(value) and not isinstance(value, type):
        name = getattr(value, "id", "")
        here = f"{type(value).__name__.lower()} {name!r}" if name else place
        for field in fields(value):
            if field.name not in _NOT_SAID:
                yield from _walk(getattr(value, field.name), _inside(here, field.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(str(key), place)
            yield from _walk(item, place)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _walk(item, place)


def _inside(place: str, name: str) -> str:
    words = name.replace("_", " ")
    return f"{place}, {words}" if place else words


def _starts(texts: list[str]) -> list[int]:
    starts, position = [], 0
    for text in texts:
        starts.append(position)
        position += len(text) + len(_SEPARATOR)
    return starts


def _told(note: StigmaNote, place: str, text: str) -> str:
    shown = text if len(text) <= 160 else f"{text[:157]}..."
    return (
        f"- {place}: \u2018{note.phrase}\u2019 in \u2018{shown}\u2019. {note.reason} Instead: "
        f"{note.instead} If it is an official name, list that name under allow in [publish]."
    )
