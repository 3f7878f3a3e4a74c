"""Statements on urban security: trends, tensions, lessons and gaps, in four focus areas.

A statement says in our words what the page it names says. What follows from it is our own
inference and marked so. A cell of kind and focus area that holds nothing is an answer: nothing was
found, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from commonlight.evidence.data_file import DataFile, Word, open_text, read_rows
from commonlight.evidence.vocabulary import Vocabulary

__all__ = ["CELL_AREAS", "KINDS", "Cell", "Statement", "Statements", "read_statements"]

KINDS = ("trend", "tension", "lesson", "gap")
"""Kinds of statements."""

CELL_AREAS = ("juvenile_delinquency", "radicalisation", "organised_crime", "public_spaces")
"""The four focus areas; what belongs to all of them is cross-cutting and stands beside them."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement.

    Parameters
    ----------
    id : str
        Its identifier, such as TE-009.
    kind : str
        One of :data:`KINDS`.
    focus_areas : tuple of str
        Where it belongs.
    title, statement : str
        In a few words, and in full.
    implication, implication_is : str
        What follows from it, and whose inference that is.
    source_title, source_url : str
        The page.
    year : int or None
        Its year.
    superseded_by : str or None
        The statement that stands in its place.
    """

    id: str
    kind: Annotated[str, Word("kinds")]
    focus_areas: tuple[Annotated[str, Word("focus_areas")], ...]
    title: str
    statement: str
    implication: str | None
    implication_is: str | None
    source_title: str
    source_url: str | None
    year: int | None
    superseded_by: str | None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A kind of statement in a focus area, and how many there are.

    Parameters
    ----------
    kind, focus_area : str
        The cell.
    count : int
        Statements in it.
    """

    kind: Annotated[str, Word("kinds")]
    focus_area: Annotated[str, Word("focus_areas")]
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Statements:
    """All statements.

    Parameters
    ----------
    version : int
        Version of the file.
    checked, check_again : date
        When it was checked, and when it must be checked again.
    licence : str
        Of our text.
    statements : mapping of str to Statement
        By id, in the order of the file.
    """

    version: int
    checked: date
    check_again: date
    licence: str
    statements: Mapping[str, Statement]

    def cell(self, kind: str, focus_area: str) -> tuple[Statement, ...]:
        """The statements of a kind in a focus area."""
        rows = self.statements.values()
        return tuple(one for one in rows if one.kind == kind and focus_area in one.focus_areas)

    def cells(self) -> tuple[Cell, ...]:
        """The 16 cells, those that are empty too."""
        return tuple(
            Cell(kind=kind, focus_area=area, count=len(self.cell(kind, area)))
            for kind in KINDS
            for area in CELL_AREAS
        )


def read_statements(
    text: str, vocabulary: Vocabulary, *, name: str = "statements.yaml"
) -> Statements:
    """Check and read statements.

    Parameters
    ----------
    text : str
        The YAML.
    vocabulary : Vocabulary
        The words that it may use.
    name : str
        Its name, for errors.

    Returns
    -------
    Statements

    Raises
    ------
    EvidenceError
        At the first place that breaks a rule, with file, line and field.
    """
    required = {"statements", "cells", "empty_cells", "check_again", "licence"}
    file = open_text(text, name, required)
    found = Statements(
        version=int(file.data["version"]),
        checked=file.data["checked"],
        check_again=file.data["check_again"],
        licence=file.data["licence"],
        statements=read_rows(
            Statement, file.whole.at("statements"), key="id", words=vocabulary.ids
        ),
    )
    _check_rows(found, file)
    _check_counts(found, file)
    return found


def _check_rows(found: Statements, file: DataFile) -> None:
    titles: set[str] = set()
    rows = zip(file.whole.at("statements").rows(), found.statements.values(), strict=True)
    for place, one in rows:
        if not one.focus_areas:
            raise place.at("focus_areas").refuse("must name at least one")
        if one.title in titles:
            raise place.at("title").refuse(f"{one.title!r} stands twice")
        if (one.implication is None) != (one.implication_is is None):
            raise place.at("implication").refuse("must say whose inference it is")
        if one.superseded_by is not None and one.superseded_by not in found.statements:
            raise place.at("superseded_by").refuse(f"no statement {one.superseded_by!r}")
        titles.add(one.title)


def _check_counts(found: Statements, file: DataFile) -> None:
    """The counts that the file gives are those of its rows, and the empty cells are named."""
    for place in file.whole.at("cells").rows():
        kind, area, count = (place.value[key] for key in ("kind", "focus_area", "count"))
        there = len(found.cell(kind, area))
        if there != count:
            raise place.at("count").refuse(f"{kind} x {area} has {there} statements, not {count}")
    named = [(one["kind"], one["focus_area"]) for one in file.data["empty_cells"]]
    empty = [(one.kind, one.focus_area) for one in found.cells() if not one.count]
    if named != empty:
        raise file.whole.at("empty_cells").refuse(f"the empty cells are {empty}; got {named}")
