"""What the evidence room gives to the pages; it needs no heavy library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonlight.evidence.practices import CONTEXT_FIELDS, DIMENSIONS, Practice
from commonlight.evidence.search import Results
from commonlight.evidence.statements import CELL_AREAS, KINDS, Statement

if TYPE_CHECKING:
    from commonlight.evidence.room import Room
    from commonlight.evidence.survey_items import SurveyItems

__all__ = [
    "CELL_AREAS",
    "CONTEXT_FIELDS",
    "DIMENSIONS",
    "KINDS",
    "Practice",
    "Results",
    "Statement",
    "evidence",
    "found",
    "survey_items",
    "words_of",
]


def evidence() -> Room:
    """Everything that was published; it is read once in a process."""
    from commonlight.evidence.room import load_room

    return load_room()


def found(query: str) -> Results:
    """Practices and statements for the words of a problem."""
    from commonlight.evidence.search import search

    return search(query, evidence())


def words_of(text: str) -> list[str]:
    """Words as they are compared: small letters, no accents."""
    from commonlight.evidence.wordings import normalise

    return normalise(text)


def survey_items() -> SurveyItems:
    """Questions on feelings of insecurity, with what limits them."""
    from commonlight.evidence.survey_items import load_items

    return load_items()
