"""What a survey asked: construct, wording, scale and missing codes of every column.

A codebook is a TOML file beside the mapping. Answers are only read with one, because the
number 99 is no rating and a question that was reworded is another question. What a codebook
does not answer: whether a question measures what its construct is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

__all__ = [
    "EMPTY",
    "HIGH_IS",
    "KINDS",
    "Codebook",
    "CodebookGroup",
    "CodebookItem",
    "Construct",
    "list_codebooks",
    "load_codebook",
]

KINDS = ("number", "category", "multiple")
"""A number, one answer of several, or several answers of several."""

HIGH_IS = ("safe", "unsafe", "better", "worse", "more", "less")
"""What a high value means."""

EMPTY = "empty"
"""Meaning of an empty cell where the codebook states none."""


class Construct(StrEnum):
    """What a question is about. Constructs are never merged into one number."""

    WORRY = "worry"
    PERCEIVED_RISK = "perceived_risk"
    BEHAVIOUR = "behaviour"
    VICTIMISATION = "victimisation"
    PERCEIVED_DISORDER = "perceived_disorder"
    TRUST_POLICE = "trust_police"
    COLLECTIVE_EFFICACY = "collective_efficacy"
    SAFETY = "safety"
    SAFETY_CHANGE = "safety_change"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class CodebookItem:
    """One question, or one part of it that has a column of its own.

    Parameters
    ----------
    name : str
        Short name, stable from wave to wave, for example ``safety_city``.
    column : str or None
        The source's column; None where a multiple answer has one column for each choice.
    construct : Construct
        What it is about.
    wording : str
        The question as it was asked; with ``exact=False``, a description of it.
    exact : bool
        Whether `wording` is the text as it was asked.
    wording_version : str or None
        What the survey calls this version of the question, where it does.
    language : str or None
        Language of `wording`, for example ``ca``.
    scale : str
        The scale in words, for example ``0 not at all safe to 10 very safe``.
    lowest, highest : float or None
        Limits of a number.
    labels : mapping of str to str
        Answers by code, in their order.
    missing : mapping of str to str
        Codes that are no answer, and what each means; ``""`` is an empty cell.
    kind : str
        One of :data:`KINDS`.
    high_is : str or None
        One of :data:`HIGH_IS`; None where answers have no order.
    place : str or None
        Where the question is about, for example ``neighbourhood``.
    time_of_day : str or None
        When the question is about, for example ``after dark``.
    share_of : tuple of str
        Codes that are counted where a share is shown, for example unsafe and very unsafe.
    asked_of : str
        Who was asked; empty = everybody.
    columns : mapping of str to str
        For a multiple answer: column of each choice, by the code in `labels`.
    separator : str or None
        For a multiple answer in one column: what stands between the codes.
    chosen : tuple of str
        Cells that say that a choice was made.
    not_chosen : tuple of str
        Cells that say that it was not.
    mode : str
        How it was asked, where it differs from the rest of the survey.
    item_id : str or None
        Identifier in the evidence on survey items.
    """

    name: str
    construct: Construct
    wording: str
    column: str | None = None
    exact: bool = True
    wording_version: str | None = None
    language: str | None = None
    scale: str = ""
    lowest: float | None = None
    highest: float | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    kind: str = "number"
    high_is: str | None = None
    place: str | None = None
    time_of_day: str | None = None
    share_of: tuple[str, ...] = ()
    asked_of: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    chosen: tuple[str, ...] = ("Y", "1", "Yes", "TRUE", "True", "true")
    not_chosen: tuple[str, ...] = ("N", "0", "No", "FALSE", "False", "false")
    mode: str = ""
    item_id: str | None = None

    def values(self) -> dict[str, float]:
        """The number of each code: the code itself where all are numbers, else its place.

        Examples
        --------
        >>> item = CodebookItem(
        ...     name="a", column="A", construct=Construct.SAFETY, wording="How safe?",
        ...     kind="category", labels={"A1": "safe", "A2": "unsafe"},
        ... )
        >>> item.values()
        {'A1': 1.0, 'A2': 2.0}
        """
        try:
            own = {code: float(code) for code in self.labels}
        except ValueError:
            return {code: float(k) for k, code in enumerate(self.labels, start=1)}
        return own


@dataclass(frozen=True, kw_only=True)
class CodebookGroup:
    """A column that answers are compared by, such as sex or age group.

    Parameters
    ----------
    name, column : str
        Its name, and the source's column.
    labels : mapping of str to str
        Groups by code, in their order; empty = every value is its own label.
    missing : mapping of str to str
        Codes that are no group.
    """

    name: str
    column: str
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """What one wave of a survey asked.

    Parameters
    ----------
    name : str
        Name of the survey, the same in every wave.
    wave : str
        Which wave, for example ``2020``.
    items : tuple of CodebookItem
        Questions in the order in which they were asked.
    groups : tuple of CodebookGroup
        Columns to compare by.
    language : str or None
        Language of the wordings that state none.
    mode : str
        How it was asked: web, telephone, face to face, paper.
    ordered : bool
        Whether the items stand in the order in which they were asked.
    source : str
        Where the wording is taken from.
    """

    name: str
    wave: str
    items: tuple[CodebookItem, ...]
    groups: tuple[CodebookGroup, ...] = ()
    language: str | None = None
    mode: str = ""
    ordered: bool = True
    source: str = ""

    def item(self, name: str) -> CodebookItem:
        """The item of a name.

        Raises
        ------
        KeyError
            If there is none.
        """
        for item in self.items:
            if item.name == name:
                return item
        known = ", ".join(item.name for item in self.items)
        raise KeyError(f"codebook {self.name} {self.wave} has no item {name!r}; it has {known}")

    def of(self, construct: Construct) -> tuple[CodebookItem, ...]:
        """The items about one construct."""
        return tuple(item for item in self.items if item.construct == construct)

    def columns(self) -> dict[str, str]:
        """The source's columns by the names they are kept under."""
        named = {group.name: group.column for group in self.groups}
        for item in self.items:
            if item.column is not None:
                named[item.name] = item.column
            named |= {f"{item.name}/{code}": column for code, column in item.columns.items()}
        return named


def list_codebooks() -> tuple[str, ...]:
    """Names of the codebooks that ship with Commonlight, in alphabetical order.

    Examples
    --------
    >>> "barcelona-victimisation-2020" in list_codebooks()
    True
    """
    folder = files("commonlight.sources") / "codebooks"
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml")))


def load_codebook(source: Path | str) -> Codebook:
    """Read a codebook file, or one that ships with Commonlight by its name.

    Parameters
    ----------
    source : path or str
        A TOML file, or a name from :func:`list_codebooks`.

    Returns
    -------
    Codebook
        The checked codebook.

    Raises
    ------
    CodebookError
        With the file, the item, the key, what was given and what is allowed.

    Examples
    --------
    >>> load_codebook("barcelona-victimisation-2020").item("safety_city").column
    'VAL_SEGUR'
    """
    from commonlight.sources.codebook_files import codebook_text, parse_codebook

    return parse_codebook(*codebook_text(source))
