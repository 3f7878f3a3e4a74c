"""A first mapping and a first codebook of a survey, for a person to correct.

What a draft does not answer: what a question is about and what a code means. Both are
guessed from words where they can be, and the notes say so.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from commonlight.sources.codebook import Codebook, CodebookGroup, CodebookItem, Construct
from commonlight.sources.headers import listed
from commonlight.sources.numbers import read_number
from commonlight.sources.survey_exports.structure import FormStructure

__all__ = ["Drafting", "Question", "SurveyDraft", "seen_answers", "split_missing"]

MOST_LABELS = 20
"""More different answers than this are free text, or a number."""

HIDDEN_CODES = frozenset({-9, -8, -7, -6, -2, -1, 77, 88, 96, 97, 98, 99, 777, 888, 997, 998, 999})
"""Numbers that surveys use for answers that are none."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One column, or one multiple answer, as an export shows it.

    Parameters
    ----------
    name : str
        Short name for the codebook.
    text : str
        The question as it was asked; empty = not known.
    cells : sequence of str
        Cells that are not empty.
    column : str or None
        The column; None where each choice has its own.
    kind : str or None
        As in a form's structure; None = not known.
    labels : mapping of str to str
        Answers by code, where known.
    columns : mapping of str to str
        Columns of choices by code.
    separator : str or None
        Between codes of a multiple answer in one column.
    asked_of : str
        The form's condition.
    lowest, highest : float or None
        Limits of a number.
    missing : mapping of str to str
        Cells that are no answer.
    chosen, not_chosen : tuple of str
        Cells of a choice, where they are not the usual ones.
    """

    name: str
    text: str
    cells: Sequence[str]
    column: str | None = None
    kind: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    asked_of: str = ""
    lowest: float | None = None
    highest: float | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    not_chosen: tuple[str, ...] = ()


@dataclass(frozen=True)
class SurveyDraft:
    """What was made of an export.

    Parameters
    ----------
    codebook : Codebook
        Items and groups.
    design : dict of str to str
        Columns of weight, stratum, cluster and area, as far as found.
    dropped : tuple of str
        Columns that are not read, since they are about persons.
    notes : tuple of str
        What was taken for what, and what is unsure.
    """

    codebook: Codebook
    design: dict[str, str]
    dropped: tuple[str, ...]
    notes: tuple[str, ...]


class Drafting:
    """Collects the questions of one export."""

    def __init__(self) -> None:
        self._items: list[CodebookItem] = []
        self._groups: list[CodebookGroup] = []
        self._design: dict[str, str] = {}
        self._dropped: dict[str, str] = {}
        self._passed: dict[str, list[str]] = {}
        self._hidden: list[str] = []

    def drop(self, column: str, reason: str) -> None:
        """Leave a column unread, since it is about persons."""
        self._dropped[column] = reason

    def pass_over(self, column: str, reason: str) -> None:
        """Leave a column out that nothing can be counted of."""
        self._passed.setdefault(reason, []).append(column)

    def add(self, question: Question) -> None:
        """Take a column as a part of the design, as a group, as an item, or pass it over."""
        if question.column is not None and self._is_design(question):
            return
        item = self._item(question)
        if item is None:
            assert question.column is not None
            self.pass_over(question.column, "free text, which may name persons")
            return
        role = _role(_words()["group"], _tokens(f"{question.name} {_short(question.text, most=6)}"))
        named = {group.name for group in self._groups}
        if set(item.labels) in ({"F", "M"}, {"Female", "Male"}):
            role = "sex"
        if role and role not in named and item.column is not None and item.kind == "category":
            group = CodebookGroup(
                name=role, column=item.column, labels=item.labels, missing=item.missing
            )
            self._groups.append(group)
        else:
            self._items.append(item)

    def _is_design(self, question: Question) -> bool:
        assert question.column is not None
        tokens = _tokens(f"{question.name} {_short(question.text, most=3)}")
        role = _role(_words()["design"], tokens)
        numeric = all(_number(cell) is not None for cell in question.cells)
        if role is None and _is_area(tokens) and 1 < len(set(question.cells)) <= 500:
            role = "area" if len(max(question.cells, key=len)) <= 60 else None
        if role is None or role in self._design or (role == "weight" and not numeric):
            return False
        self._design[role] = question.column
        return True

    def _item(self, question: Question) -> CodebookItem | None:
        kind, labels = question.kind, dict(question.labels)
        if kind == "text":
            return None
        if kind is None:
            kind, labels = seen_answers(question.cells)
        if kind is None:
            return None
        missing = {**question.missing, **_missing_of(labels, question)}
        labels, _ = split_missing(labels)
        if not question.labels:
            missing |= self._hidden_codes(question, missing)
        if kind == "category" and not labels:
            return None
        return _marked(
            question,
            CodebookItem(
                name=self._free(question.name),
                column=question.column,
                construct=_construct(question.text),
                wording=question.text or f"the wording of {question.name} is to be filled in",
                exact=bool(question.text),
                kind=kind,
                labels=labels,
                missing=missing,
                columns={c: column for c, column in question.columns.items() if c in labels},
                separator=question.separator,
                asked_of=question.asked_of,
                lowest=question.lowest,
                highest=question.highest,
                time_of_day=_role(_words()["time_of_day"], _tokens(question.text)),
                place=_role(_words()["place"], _tokens(question.text)),
            ),
        )

    def _hidden_codes(self, question: Question, known: Mapping[str, str]) -> dict[str, str]:
        """Numbers that stand far from the others and are usual for no answer."""
        numbers = [v for cell in question.cells if (v := _number(cell)) is not None]
        if len(numbers) < len(question.cells):
            return {}
        apart = sorted({v for v in numbers if v in HIDDEN_CODES})
        usual = [v for v in numbers if v not in HIDDEN_CODES]
        top = question.highest if question.highest is not None else max(usual, default=0.0)
        strange = [v for v in apart if (v < 0 or v > top + 10) and f"{v:g}" not in known]
        if not strange or top > 90:
            return {}
        codes = [f"{v:g}" for v in strange]
        self._hidden.append(f"{question.name} ({', '.join(codes)})")
        return {code: f"code {code}, meaning to be filled in" for code in codes}

    def _free(self, name: str) -> str:
        """A name that no other item has."""
        taken = {item.name for item in self._items} | {group.name for group in self._groups}
        taken |= set(_words()["group"])
        free, k = name, 2
        while free in taken:
            free, k = f"{name}_{k}", k + 1
        return free

    def finish(self, structure: FormStructure | None, *, name: str) -> SurveyDraft:
        """The draft, with its notes; `name` is for a form without a title."""
        codebook = Codebook(
            name=(structure.title if structure else "") or name,
            wave="to be filled in",
            items=tuple(self._items),
            groups=tuple(self._groups),
            language=structure.language if structure else None,
            ordered=True,
            source=structure.source if structure else "headings of the export",
        )
        notes = (*self._dropped_notes(), *self._notes())
        return SurveyDraft(codebook, dict(self._design), tuple(self._dropped), notes)

    def _dropped_notes(self) -> list[str]:
        return [
            f"{column!r} is about persons ({reason}); it was put under drop and is not read."
            for column, reason in self._dropped.items()
        ]

    def _notes(self) -> list[str]:
        notes = [
            f"{_some(len(self._items), 'question')} and {_some(len(self._groups), 'group')} were "
            f"taken into a draft codebook{_named(self._groups)}."
        ]
        notes += [f"{column!r} was taken as the {k}." for k, column in self._design.items()]
        if "weight" not in self._design:
            notes.append("No column with a weight was found: every answer would count once.")
        if "area" not in self._design:
            notes.append("No column with an area was found; name one under [place] as area.")
        unclear = [item.name for item in self._items if item.construct == Construct.OTHER]
        clear = len(self._items) - len(unclear)
        if clear:
            notes.append(f"The construct of {clear} questions was guessed from words: check each.")
        if unclear:
            notes.append(f"The construct is to be filled in for {listed(unclear)}.")
        unworded = [item.name for item in self._items if not item.exact]
        if unworded:
            notes.append(
                f"The wording is not in the export for {listed(unworded)}; give the form's "
                "structure file, or export with the question texts."
            )
        parts = [(item.name, item.labels) for item in self._items]
        parts += [(group.name, group.labels) for group in self._groups]
        bare = [name for name, labels in parts if _is_bare(labels)]
        if bare:
            notes.append(
                f"Answers are codes without texts for {listed(bare)}: fill in their labels, in the "
                "order of the scale, or give the form's structure file."
            )
        if self._hidden:
            notes.append(
                f"Numbers that usually stand for no answer: {'; '.join(self._hidden)}. They were "
                "put under missing; say there what they mean."
            )
        for reason, columns in self._passed.items():
            notes.append(f"Not taken ({reason}): {listed(columns)}.")
        return notes


def _missing_of(labels: Mapping[str, str], question: Question) -> dict[str, str]:
    """Cells that are no answer: codes, their texts where the export has texts, and empty ones."""
    _, codes = split_missing(labels)
    cells = set(question.cells)
    texts = {labels[code]: meaning for code, meaning in codes.items() if labels[code] in cells}
    empty = {"": "not asked, or no answer"} if question.asked_of else {}
    return {**codes, **texts, **empty}


def _marked(question: Question, item: CodebookItem) -> CodebookItem:
    """The item with the cells that mark a choice, where they are not the usual ones."""
    if not question.chosen:
        return item
    return replace(item, chosen=question.chosen, not_chosen=question.not_chosen)


def _some(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _is_bare(labels: Mapping[str, str]) -> bool:
    """Whether answers are codes whose texts are not known."""
    return bool(labels) and all(
        c == t and re.fullmatch(r"\w{0,6}\d+", c) for c, t in labels.items()
    )


def _named(groups: Sequence[CodebookGroup]) -> str:
    return f" (groups: {', '.join(group.name for group in groups)})" if groups else ""


def seen_answers(cells: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    """Kind and answers judged by the cells alone; None = free text."""
    distinct = list(dict.fromkeys(cells))
    if not distinct:
        return None, {}
    numbers = [_number(cell) for cell in distinct]
    if all(number is not None for number in numbers):
        usual = [n for n in numbers if n is not None and n not in HIDDEN_CODES]
        whole = all(n == int(n) for n in usual)
        if whole and len(usual) <= 7 and 0 not in usual and max(usual, default=0) <= 9:
            order = sorted(distinct, key=float)
            return "category", {code: code for code in order if _number(code) in usual}
        return "number", {}
    if len(distinct) > MOST_LABELS or len(distinct) > 0.6 * len(cells):
        return None, {}
    if max(map(len, distinct)) > 120:
        return None, {}
    return "category", {text: text for text in sorted(distinct)}


def split_missing(labels: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Answers, and those whose text says that they are none.

    Examples
    --------
    >>> split_missing({"1": "safe", "2": "Don't know"})
    ({'1': 'safe'}, {'2': 'does not know'})
    """
    missing = {code: m for code, text in labels.items() if (m := _means_missing(text))}
    return {c: text for c, text in labels.items() if c not in missing}, missing


def _means_missing(text: str) -> str | None:
    plain = " ".join(text.replace("’", "'").split()).casefold().strip(" .()")
    for meaning, texts in _words()["missing"].items():
        if plain in texts.split("|"):
            return str(meaning)
    return None


def _construct(text: str) -> Construct:
    """What a question seems to be about, by its words."""
    tokens = _tokens(text)
    spaced = f" {' '.join(tokens)} "
    for rule in _words()["construct"]:
        words = set(rule.get("words", "").split())
        phrases = [p for p in rule.get("phrases", "").split("|") if p]
        if not words.isdisjoint(tokens) or any(f" {p} " in spaced for p in phrases):
            return Construct(rule["name"])
    return Construct.OTHER


def _role(rules: Mapping[str, str], tokens: Sequence[str]) -> str | None:
    for role, words in rules.items():
        if not set(words.split()).isdisjoint(tokens):
            return role
    return None


def _is_area(tokens: Sequence[str]) -> bool:
    from commonlight.sources.guess import area_words

    return not area_words().isdisjoint(tokens)


def _short(text: str, *, most: int) -> str:
    """A text of few words, such as a heading; longer ones are questions."""
    return text if len(text.split()) <= most else ""


def _number(cell: str) -> float | None:
    return read_number(cell, ".")


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return re.findall(r"[a-z]+", bare)


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    text = (files("commonlight.sources") / "survey_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
