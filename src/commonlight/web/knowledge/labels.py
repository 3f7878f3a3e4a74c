"""Words of the evidence room in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf.locale import LANG_INFO

from commonlight.web.content import read_content

__all__ = [
    "ENTRY_LANGUAGES",
    "choices_of",
    "label",
    "labels",
    "language_of",
    "practice_name",
    "statement_title",
]

PACKAGE = "commonlight.web.knowledge"
CODES = (
    "en bg ca cs da de el es et fi fr ga hr hu it lt lv nb nl pl pt ro sk sl sv ar tr uk".split()
)

ENTRY_LANGUAGES: tuple[tuple[str, str], ...] = tuple(
    (code, str(LANG_INFO[code]["name_local"]).capitalize()) for code in CODES
)
"""Languages in which people may write an entry, each under its own name."""


def language_of(code: str) -> str:
    """The name of a language in itself."""
    return dict(ENTRY_LANGUAGES).get(code, code)


@lru_cache
def labels(name: str) -> dict[str, Any]:
    """The labels of one list by id."""
    return {one["id"]: one["label"] for one in read_content(PACKAGE, "labels")[name]}


def label(name: str, id: str | None) -> Any:
    """What people read for a word of a list; nothing for nothing."""
    return labels(name)[id] if id else ""


def choices_of(name: str, only: Iterable[str] | None = None) -> list[tuple[str, Any]]:
    """The words of a list as choices of a form, those that occur."""
    wanted = None if only is None else set(only)
    return [(id, text) for id, text in labels(name).items() if wanted is None or id in wanted]


@lru_cache
def _names(table: str, key: str) -> dict[str, Any]:
    return {one["id"]: one[key] for one in read_content(PACKAGE, "names")[table]}


def practice_name(id: str) -> Any:
    """The name of a published practice."""
    return _names("practice", "name")[id]


def statement_title(id: str) -> Any:
    """The title of a published statement."""
    return _names("statement", "title")[id]
