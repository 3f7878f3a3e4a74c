"""Problems, statements, causes, rounds of frames and sources, as the interface answers them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from commonlight.web.problems.enums import FocusArea, ProblemState, Theme

__all__ = [
    "CauseOut",
    "ProblemFullOut",
    "ProblemIn",
    "ProblemLackOut",
    "ProblemOut",
    "ProblemStatementOut",
    "ReadingOut",
    "RoundFullOut",
    "RoundOut",
    "SourcesOut",
    "StatementIn",
]


class ProblemOut(Schema):
    """A problem in a list."""

    number: int
    title: str
    state: ProblemState
    focus_area: str
    theme: str
    owner: str | None
    first_framed_by: str | None
    opened_at: datetime
    state_since: datetime


class ProblemStatementOut(Schema):
    """One version of what is wrong."""

    number: int
    sentence: str
    place: str
    period: str
    groups_harmed: str
    harm: str
    effects: str
    disputed: str
    reason: str
    is_joint: bool
    causes: list[dict[str, Any]]
    organisation: str | None
    created_at: datetime


class CauseOut(Schema):
    """A cause; `left_out_reason` says why the joint statement leaves it out."""

    id: int
    text: str
    family: str
    reach: str
    seen_by: list[str]
    is_disputed: bool
    is_presumed: bool
    is_supported: bool
    left_out_reason: str


class ProblemLackOut(Schema):
    """One thing that the problem lacks to count as defined."""

    need: str
    text: str


class ProblemFullOut(ProblemOut):
    """A problem with its newest statement, its causes and what it lacks."""

    statement: ProblemStatementOut
    causes: list[CauseOut]
    lacks: list[ProblemLackOut]


class ProblemIn(Schema):
    """What is needed to begin."""

    title: str = Field(min_length=1, max_length=100)
    sentence: str = Field(min_length=1, max_length=1000)
    place: str = Field(min_length=1, max_length=150)
    focus_area: FocusArea | None = None
    theme: Theme | None = None


class StatementIn(Schema):
    """A new version, and what moved it."""

    sentence: str = Field(min_length=1, max_length=1000)
    place: str = Field(min_length=1, max_length=150)
    period: str = Field(default="", max_length=150)
    groups_harmed: str = Field(default="", max_length=250)
    harm: str = Field(default="", max_length=600)
    effects: str = Field(default="", max_length=400)
    disputed: str = Field(default="", max_length=400)
    reason: str = Field(min_length=1, max_length=1000)


class ProblemEntryOut(Schema):
    """One thing that stands in a field."""

    text: str
    address: str


class FieldOut(Schema):
    """A field of the record; one that is not built yet says so."""

    id: str
    label: str
    is_built: bool
    entries: list[ProblemEntryOut]


class HeadingOut(Schema):
    """A heading of a reading."""

    id: str
    title: str
    question: str
    fields: list[FieldOut]


class ReadingOut(Schema):
    """The whole record in the order of SARA, 5Is or SAPE."""

    id: str
    title: str
    headings: list[HeadingOut]


class RoundOut(Schema):
    """A round of frames; before the closing time only how many have answered."""

    number: int
    asked: list[str]
    asked_at: datetime
    closes_at: datetime
    first_closes_at: datetime | None
    put_off_reason: str
    answered: int
    is_open: bool
    digest: str


class CauseRowOut(Schema):
    """One family of causes, by whom it was named."""

    family: str
    cells: dict[str, str]
    is_agreed: bool
    is_minority: bool


class AnswerRowOut(Schema):
    """One question with what each organisation answered."""

    question: str
    cells: dict[str, str]
    shared: list[str]
    is_same: bool


class RoundFullOut(RoundOut):
    """A round with the table of differences, once the answers are open."""

    rows: list[AnswerRowOut]
    causes: list[CauseRowOut]


class ProblemSourceOut(Schema):
    """One thing that the problem rests on; the title of a closed one is empty."""

    kind: str
    title: str
    nature: str
    organisations: list[str]
    counts: bool


class VoiceOut(Schema):
    """One group that should be heard."""

    id: str
    title: str
    is_heard: bool
    reason: str


class SourcesOut(Schema):
    """The board of sources."""

    sources: list[ProblemSourceOut]
    single_organisation: str | None
    is_police_only: bool
    voices: list[VoiceOut]
