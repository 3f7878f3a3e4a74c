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
    "WordingChange",
    "WordingComparison",
    "list_codebooks",
    "load_codebook",
    "same_wording",
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
    title : str
        What a report calls it, for example ``safety in the own neighbourhood``; empty = the name.
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
    title: str = ""
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


@dataclass(frozen=True)
class WordingChange:
    """One part of one item that changed from one wave to the other.

    Parameters
    ----------
    item : str
        Name of the item.
    part : str
        wording, language, scale, answers, construct or version.
    was, now : str
        In the first and in the second codebook.
    """

    item: str
    part: str
    was: str
    now: str


@dataclass(frozen=True)
class WordingComparison:
    """Which items of two waves ask the same.

    Parameters
    ----------
    unchanged : tuple of str
        Items that were asked in the same words, with the same scale and answers.
    changed : tuple of WordingChange
        What changed, item by item.
    unknown : tuple of str
        Items whose text as asked is not in one of the codebooks.
    only_first, only_second : tuple of str
        Items of one wave only.
    notes : tuple of str
        Changes of mode, order, missing codes and of who was asked.
    """

    unchanged: tuple[str, ...]
    changed: tuple[WordingChange, ...]
    unknown: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every item that both waves have was asked in the same way."""
        return not self.changed and not self.unknown

    @property
    def changed_items(self) -> tuple[str, ...]:
        """Names of the items that changed, each once."""
        return tuple(dict.fromkeys(change.item for change in self.changed))

    def refusal(self, item: str) -> str:
        """Why the two waves of an item must not be subtracted; empty where they may be."""
        if item in self.unchanged:
            return ""
        if item in self.unknown:
            return (
                f"{item!r} is described in the codebook, not quoted, so nobody can tell whether "
                "both waves asked the same; enter the text as it was asked, and set exact = true"
            )
        parts = [change for change in self.changed if change.item == item]
        if not parts:
            return f"{item!r} was not asked in both waves, so there is no difference to show"
        listed = "; ".join(f"{c.part} was {c.was!r}, now {c.now!r}" for c in parts)
        return (
            f"{item!r} was changed between the waves, so they are shown side by side and not "
            f"subtracted: {listed}"
        )


def same_wording(a: Codebook, b: Codebook) -> WordingComparison:
    """Compare what two waves asked, item by item.

    Parameters
    ----------
    a, b : Codebook
        The earlier and the later wave; items are matched by their names.

    Returns
    -------
    WordingComparison
        Which items may be compared, and what changed in the others.

    Notes
    -----
    An item is changed by another text (spaces apart), language, scale, limits, kind, answer
    texts, construct, or by another stated version. A text that is not exact cannot be
    compared; then only a version stated in both waves can say that it is the same. The
    assumption that fails most often: that a question means the same after other questions,
    by web and by telephone. Such changes are noted and not counted as changed wording.

    Examples
    --------
    >>> asked = CodebookItem(
    ...     name="a", column="A", construct=Construct.SAFETY, wording="How safe do you feel?"
    ... )
    >>> first = Codebook(name="s", wave="1", items=(asked,))
    >>> from dataclasses import replace
    >>> second = replace(first, items=(replace(asked, wording="How unsafe do you feel?"),))
    >>> same_wording(first, second).changed_items
    ('a',)
    """
    before = {item.name: item for item in a.items}
    after = {item.name: item for item in b.items}
    shared = [name for name in before if name in after]
    changes = {name: _changes(before[name], after[name]) for name in shared}
    unknown = [n for n in shared if not changes[n] and not _comparable(before[n], after[n])]
    return WordingComparison(
        unchanged=tuple(n for n in shared if not changes[n] and n not in unknown),
        changed=tuple(change for found in changes.values() for change in found),
        unknown=tuple(unknown),
        only_first=tuple(name for name in before if name not in after),
        only_second=tuple(name for name in after if name not in before),
        notes=(*_wave_notes(a, b), *_order_notes(a, b), *_item_notes(before, after, shared)),
    )


def _changes(a: CodebookItem, b: CodebookItem) -> list[WordingChange]:
    parts = {
        "wording": (_plain(a.wording), _plain(b.wording)),
        "language": (a.language or "", b.language or ""),
        "scale": (_scale(a), _scale(b)),
        "answers": (_answers(a), _answers(b)),
        "construct": (str(a.construct), str(b.construct)),
        "version": (a.wording_version or "", b.wording_version or ""),
    }
    if not (a.exact and b.exact):
        del parts["wording"], parts["language"]
    if not (a.wording_version and b.wording_version):
        del parts["version"]
    return [WordingChange(a.name, part, x, y) for part, (x, y) in parts.items() if x != y]


def _comparable(a: CodebookItem, b: CodebookItem) -> bool:
    stated = a.wording_version is not None and a.wording_version == b.wording_version
    return (a.exact and b.exact) or stated


def _plain(text: str) -> str:
    return " ".join(text.split())


def _scale(item: CodebookItem) -> str:
    limits = [f"{x:g}" if x is not None else "" for x in (item.lowest, item.highest)]
    words = _plain(item.scale)
    numbers = " to ".join(limits) if any(limits) else ""
    return ", ".join(part for part in (item.kind, words, numbers) if part)


def _answers(item: CodebookItem) -> str:
    return ", ".join(f"{code} {_plain(text)}" for code, text in item.labels.items())


def _wave_notes(a: Codebook, b: Codebook) -> list[str]:
    notes = []
    if a.name != b.name:
        notes.append(f"two surveys are compared, not two waves of one: {a.name} and {b.name}")
    if _plain(a.mode) != _plain(b.mode):
        notes.append(f"mode was {a.mode or 'not stated'!r}, now {b.mode or 'not stated'!r}")
    return notes


def _order_notes(a: Codebook, b: Codebook) -> list[str]:
    """Items that now stand after another item, which may prime the answer."""
    if not (a.ordered and b.ordered):
        return []
    before, after = _predecessors(a), _predecessors(b)
    return [
        f"{name!r} followed {before[name]!r} and now follows {after[name]!r}"
        for name in before
        if name in after and before[name] != after[name]
    ]


def _predecessors(codebook: Codebook) -> dict[str, str]:
    names = [item.name for item in codebook.items]
    return dict(zip(names, ["nothing", *names[:-1]], strict=True))


def _item_notes(
    before: Mapping[str, CodebookItem], after: Mapping[str, CodebookItem], shared: list[str]
) -> list[str]:
    notes = []
    for name in shared:
        a, b = before[name], after[name]
        for part in ("mode", "asked_of"):
            was, now = _plain(getattr(a, part)), _plain(getattr(b, part))
            if was != now:
                what = "mode" if part == "mode" else "asked of"
                notes.append(
                    f"{name!r}: {what} was {was or 'everybody'!r}, now {now or 'everybody'!r}"
                )
        if set(a.missing.values()) != set(b.missing.values()):
            listed = [", ".join(sorted(set(i.missing.values()))) or "none" for i in (a, b)]
            notes.append(f"{name!r}: missing answers were {listed[0]}; now {listed[1]}")
    return notes
