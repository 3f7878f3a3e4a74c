"""What the interface answers on knowledge."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Field, Schema

__all__ = [
    "CellOut",
    "DimensionOut",
    "HitOut",
    "KnowledgeEffectOut",
    "KnowledgeEntryOut",
    "KnowledgeEvidenceOut",
    "KnowledgeSourceOut",
    "KnowledgeStatementOut",
    "LinkedOut",
    "NeedOut",
    "PracticeFullOut",
    "PracticeOut",
    "ProfileOut",
    "SearchOut",
]


class KnowledgeEffectOut(Schema):
    """What a practice did to one outcome; no figure means that none was read."""

    id: str
    outcome: str
    outcome_group: str
    direction: str
    direction_text: str
    metric: str
    value: float | None
    value_is: str | None
    comparison_value: float | None
    ci_low: float | None
    ci_high: float | None
    range_is: str | None
    range_note: str | None
    n_studies: int | None
    note: str | None
    source: str
    confidence: Annotated[str, Field(description="What was read; secondary is never verified.")]
    strength: str
    strength_reasons: str


class DimensionOut(Schema):
    """One side of a practice; no text means that it was not studied, or not found."""

    text: str | None
    is_known: bool
    basis: str | None
    sources: list[str]
    note: str | None


class KnowledgeSourceOut(Schema):
    """A text behind a practice, and what was read of it."""

    ref: str
    title: str
    authors: str | None
    year: int | None
    url: str | None
    doi: str | None
    confidence: str


class PracticeOut(Schema):
    """A practice in a list; there is no verdict on it as a whole."""

    id: str
    name: str
    summary: str
    focus_areas: list[str]
    problem_types: list[str]
    directions: dict[str, list[str]]
    did_not_work: bool
    is_untested: bool


class PracticeFullOut(PracticeOut):
    """A practice with everything that is known of it."""

    effects: list[KnowledgeEffectOut]
    mechanism: DimensionOut
    moderators: DimensionOut
    implementation: DimensionOut
    economics: DimensionOut
    harms: DimensionOut
    context: dict[str, str | None]
    core_elements: list[str]
    core_elements_basis: str | None
    evidence_quality: str
    evidence_quality_reasons: str
    sources: list[KnowledgeSourceOut]
    see_also: list[str]
    licence: str
    checked_on: date
    check_again_on: date
    superseded_by: str | None


class KnowledgeStatementOut(Schema):
    """A published statement; what follows from it is our own inference."""

    id: str
    kind: str
    focus_areas: list[str]
    title: str
    statement: str
    implication: str | None
    implication_is: str | None
    source_title: str
    source_url: str | None
    year: int | None
    superseded_by: str | None


class CellOut(Schema):
    """How many statements of a kind there are in a focus area; 0 means that none was found."""

    kind: str
    focus_area: str
    count: int


class HitOut(Schema):
    """Something that was found, and the words that led to it."""

    id: str
    title: str
    words: list[str]


class SearchOut(Schema):
    """Practices, statements and local entries for some words, with the reasons."""

    query: str
    understood: dict[str, str]
    not_understood: list[str]
    practices: list[HitOut]
    statements: list[HitOut]
    local: list[HitOut]
    near: list[HitOut]
    suggestions: list[str]


class KnowledgeEntryOut(Schema):
    """A local entry; only a reviewed one may be rested upon."""

    kind: str
    number: int
    title: str
    language: str
    country: str
    level: str
    state: str
    is_reviewed: bool
    organisation: str
    source: str
    about: str | None
    parts: dict[str, str]


class NeedOut(Schema):
    """A gap as a research need."""

    number: int
    title: str
    question: str
    why: str | None
    searched_for: str | None
    focus_area: str | None
    language: str
    problem: str | None
    asked_by: str | None
    recorded_on: date
    state: str
    city: str


class LinkedOut(Schema):
    """A practice or statement that is linked to a problem, with the stance."""

    kind: str
    key: str
    title: str
    is_local: bool
    stands: bool
    position: str
    reason: str
    organisation: str | None
    on: date


class KnowledgeEvidenceOut(Schema):
    """What a problem made of the evidence; no ratio means that nothing was linked."""

    applied: int
    considered: int
    rejected: int
    ratio: float | None
    linked: list[LinkedOut]


class ProfileOut(Schema):
    """How it is in the city; null means unknown."""

    fields: dict[str, str | None]
