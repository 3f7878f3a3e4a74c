"""Practices of prevention: what changed for which outcome, why, for whom, at what cost.

There is no rating of a whole practice. Each effect has its own direction, and its own strength of
evidence with reasons; a practice can help against burglary and harm trust at once. A figure keeps
the mark of what was read: one that stands in a text that quotes the source is marked so and its
strength is low at most. None means not studied, not found or not told, and never zero.

What this does not answer: whether a practice will do the same in another city. That takes a
comparison of what was the case there and what is the case here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from commonlight.evidence.data_file import Word

__all__ = [
    "CONTEXT_FIELDS",
    "DIMENSIONS",
    "Context",
    "CrossFinding",
    "Dimension",
    "Effect",
    "Practice",
    "PracticeSource",
    "Practices",
    "Quality",
    "Rating",
]

DIMENSIONS = ("mechanism", "moderators", "implementation", "economics", "harms")
"""What a practice tells beside its effects."""

CONTEXT_FIELDS = (
    "population",
    "setting",
    "deliverer",
    "law",
    "intensity",
    "starting_level",
    "countries",
)
"""Where and with whom a practice was studied."""

FAILING = frozenset({"no_clear_change", "worsens"})


@dataclass(frozen=True, kw_only=True)
class PracticeSource:
    """A text behind a practice.

    Parameters
    ----------
    ref : str
        Its key.
    title, authors : str
        As printed; None where no author is named.
    year : int or None
        Year.
    url, doi : str or None
        Where it was read, which may be a copy, and its identifier.
    type : str
        Kind of text.
    confidence : str
        What was read of it.
    """

    ref: str
    title: str
    authors: str | None
    year: int | None
    url: str | None
    doi: str | None
    type: str | None
    confidence: Annotated[str, Word("confidences")]

    @property
    def address(self) -> str | None:
        """Where a reader finds it."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, kw_only=True)
class Rating:
    """How strong the evidence of one effect is, and why.

    Parameters
    ----------
    level : str
        From `high` to `none`.
    reasons : str
        Why.
    """

    level: Annotated[str, Word("ratings")]
    reasons: str


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a practice did to one outcome.

    Parameters
    ----------
    id : str
        Its identifier, which begins with that of the practice.
    outcome, outcome_group : str
        What was measured, and the group it belongs to.
    metric : str
        How the figure is to be read.
    value : float or None
        The figure; None where none was read.
    value_is : str or None
        Printed, our midpoint of a printed range, or computed by us.
    ci_low, ci_high : float or None
        Ends of the range.
    range_is : str or None
        What the range is: a confidence interval, a range across studies, or as printed.
    range_note : str or None
        More on the range.
    n_studies : int or None
        Number of studies behind this row.
    direction, direction_text : str
        From the view of residents, victims and persons reached; and in the words of the source.
    note : str or None
        What to keep in mind.
    source, confidence : str
        The text, and what was read of it.
    rating : Rating
        Strength of the evidence for this row.
    comparison_value : float or None
        The level without the practice, where the figure is a level.
    """

    id: str
    outcome: str
    outcome_group: Annotated[str, Word("outcome_groups")]
    metric: Annotated[str, Word("metrics")]
    value: float | None
    value_is: Annotated[str, Word("value_kinds")] | None
    ci_low: float | None
    ci_high: float | None
    range_is: Annotated[str, Word("range_kinds")] | None
    range_note: str | None
    n_studies: int | None
    direction: Annotated[str, Word("directions")]
    direction_text: str
    note: str | None
    source: str
    confidence: Annotated[str, Word("confidences")]
    rating: Rating
    comparison_value: float | None = None

    @property
    def is_secondary(self) -> bool:
        """Whether it was read in a text that quotes the source, and not in the source."""
        return self.confidence == "secondary"


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """What is known of one side of a practice.

    Parameters
    ----------
    text : str or None
        None where it was not studied, or not found.
    basis : str or None
        Whether it stands in the sources or was put together by us.
    sources : tuple of str
        Texts behind it.
    note : str or None
        What was looked at.
    """

    text: str | None
    basis: Annotated[str, Word("bases")] | None
    sources: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How good the evidence on a practice is as a whole, and why; no verdict on the practice.

    Parameters
    ----------
    level, reasons : str
        Level and why.
    rated_by : str
        Who says so.
    """

    level: Annotated[str, Word("ratings")]
    reasons: str
    rated_by: str


@dataclass(frozen=True, kw_only=True)
class Context:
    """Where and with whom a practice was studied; None where the texts do not tell."""

    population: str | None
    setting: str | None
    deliverer: str | None
    law: str | None
    intensity: str | None
    starting_level: str | None
    countries: str | None


@dataclass(frozen=True, kw_only=True)
class Practice:
    """One practice.

    Parameters
    ----------
    id, name, summary : str
        Identifier, name, and what is done.
    focus_areas, themes, problem_types, place_types : tuple of str
        Where it belongs.
    prevention_level, prevention_level_basis : str or None
        Level, and whether a source says so.
    effects : tuple of Effect
        Outcome by outcome.
    mechanism, moderators, implementation, economics, harms : Dimension
        How it works, where and for whom, what it takes, what it costs, what can go wrong.
    evidence_quality : Quality
        Of the evidence, not of the practice.
    context : Context
        Where it was studied.
    core_elements : tuple of str
        What makes it work.
    core_elements_basis : str or None
        Who says so.
    sources : tuple of str
        All texts behind it.
    see_also : tuple of str
        Practices nearby.
    licence : str
        Of our text.
    checked_on, check_again_on : date
        When it was read, and when it must be read again.
    superseded_by : str or None
        The practice that stands in its place.
    """

    id: str
    name: str
    summary: str
    focus_areas: tuple[Annotated[str, Word("focus_areas")], ...]
    themes: tuple[Annotated[str, Word("themes")], ...]
    problem_types: tuple[Annotated[str, Word("problem_types")], ...]
    place_types: tuple[Annotated[str, Word("place_types")], ...]
    prevention_level: Annotated[str, Word("prevention_levels")] | None
    prevention_level_basis: str | None
    effects: tuple[Effect, ...]
    mechanism: Dimension
    moderators: Dimension
    implementation: Dimension
    economics: Dimension
    harms: Dimension
    evidence_quality: Quality
    context: Context
    core_elements: tuple[str, ...]
    core_elements_basis: Annotated[str, Word("core_bases")] | None
    sources: tuple[str, ...]
    see_also: tuple[str, ...]
    licence: str
    checked_on: date
    check_again_on: date
    superseded_by: str | None

    @property
    def did_not_work(self) -> bool:
        """Whether an outcome got worse, or was looked at and did not clearly change."""
        return any(one.direction in FAILING for one in self.effects)

    @property
    def is_untested(self) -> bool:
        """Whether nobody has evaluated it, as far as was found."""
        return self.evidence_quality.level == "none"

    def is_past_check(self, on: date) -> bool:
        """Whether the record should have been read again before this day."""
        return on > self.check_again_on

    def directions(self) -> dict[str, tuple[str, ...]]:
        """The directions found for each group of outcomes, in the order of the rows."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.effects:
            before = found.get(one.outcome_group, ())
            if one.direction not in before:
                found[one.outcome_group] = (*before, one.direction)
        return found

    def dimension(self, name: str) -> Dimension:
        """One of :data:`DIMENSIONS`."""
        found: Dimension = getattr(self, name)
        return found


@dataclass(frozen=True, kw_only=True)
class CrossFinding:
    """A finding across practices.

    Parameters
    ----------
    id, statement : str
        Identifier and sentence.
    detail : str or None
        More.
    source, confidence : str
        The text, and what was read of it.
    """

    id: str
    statement: str
    detail: str | None
    source: str
    confidence: Annotated[str, Word("confidences")]


@dataclass(frozen=True, kw_only=True)
class Practices:
    """All practices with their texts.

    Parameters
    ----------
    version : int
        Version of the file.
    checked : date
        When it was checked.
    practices : mapping of str to Practice
        By id, in the order of the file.
    sources : mapping of str to PracticeSource
        By key.
    cross_findings : mapping of str to CrossFinding
        By id.
    """

    version: int
    checked: date
    practices: Mapping[str, Practice]
    sources: Mapping[str, PracticeSource]
    cross_findings: Mapping[str, CrossFinding]
