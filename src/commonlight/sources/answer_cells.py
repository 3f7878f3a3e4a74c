"""Cells of a survey become numbers, or the reason why there is none.

Each different text is decoded once and the result is spread over the answer sheets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from commonlight.sources.codebook import EMPTY, CodebookGroup, CodebookItem
from commonlight.sources.numbers import read_number

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "NOT_IN_CODEBOOK",
    "Decoded",
    "decode_choices",
    "decode_group",
    "decode_item",
    "decode_list",
    "labelled",
]

NOT_IN_CODEBOOK = "not in the codebook"
"""Meaning of a cell that is neither an answer nor a missing code."""

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Decoded:
    """Values of one item; see :class:`commonlight.sources.answers.AnswerItem`."""

    values: NDArray[np.float64]
    missing: NDArray[np.int8]
    meanings: tuple[str, ...]
    choices: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)


class _Lookup:
    """Finds a cell among codes and their texts."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._codes = set(table)
        self._numbers = {number: c for c in table if (number := _plain_number(c)) is not None}
        self._texts = {_spaced(text): code for code, text in reversed(list(table.items()))}

    def code(self, cell: str) -> str | None:
        """The code that a cell stands for; None = none of them."""
        if cell in self._codes:
            return cell
        number = _plain_number(cell)
        if number is not None and number in self._numbers:
            return self._numbers[number]
        return self._texts.get(_spaced(cell))


def _plain_number(text: str) -> float | None:
    """A number written with digits only, so that ``98.0`` is 98 and ``nan`` is text."""
    bare = text.removeprefix("-").replace(".", "", 1)
    return float(text) if bare.isascii() and bare.isdigit() else None


def _spaced(text: str) -> str:
    return " ".join(text.split()).casefold()


def _meanings(missing: Mapping[str, str]) -> tuple[str, ...]:
    empty = missing.get("", EMPTY)
    return tuple(dict.fromkeys([*missing.values(), empty, NOT_IN_CODEBOOK]))


def _spread(cells: pa.DictionaryArray) -> tuple[list[str], Codes]:
    """Different texts, and for each answer sheet which; the last, one more, is empty."""
    indices: Any = cells.indices
    texts: list[Any] = cells.dictionary.to_pylist()
    return texts, np.asarray(indices.fill_null(len(texts)), dtype=np.int32)


def decode_item(cells: pa.DictionaryArray, item: CodebookItem, *, decimal: str) -> Decoded:
    """Numbers, or one answer of several.

    Parameters
    ----------
    cells : DictionaryArray of text
        Null = empty.
    item : CodebookItem
        What was asked.
    decimal : str
        The decimal mark of numbers.
    """
    texts, at = _spread(cells)
    meanings = _meanings(item.missing)
    values = np.full(len(texts) + 1, np.nan)
    missing = np.full(len(texts) + 1, -1, dtype=np.int8)
    missing[-1] = meanings.index(item.missing.get("", EMPTY))
    none, labels, numbers = _Lookup(item.missing), _Lookup(item.labels), item.values()
    for k, text in enumerate(texts):
        meaning, value = _decode(text, item, none, labels, numbers, decimal)
        values[k] = value
        missing[k] = -1 if meaning is None else meanings.index(meaning)
    return Decoded(values[at], missing[at], meanings)


def _decode(
    text: str,
    item: CodebookItem,
    none: _Lookup,
    labels: _Lookup,
    numbers: Mapping[str, float],
    decimal: str,
) -> tuple[str | None, float]:
    """Why there is no value, or None and the value."""
    code = none.code(text)
    if code is not None:
        return item.missing[code], np.nan
    code = labels.code(text)
    if code is not None:
        return None, numbers[code]
    value = read_number(text, decimal) if item.kind == "number" else None
    if value is None or not _within(value, item):
        return NOT_IN_CODEBOOK, np.nan
    return None, value


def _within(value: float, item: CodebookItem) -> bool:
    low = -np.inf if item.lowest is None else item.lowest
    high = np.inf if item.highest is None else item.highest
    return bool(low <= value <= high and abs(value) < np.inf)


_EMPTY, _UNKNOWN = -1, -2
"""States of a cell of a choice, beside 0 and 1; what is lower is a missing meaning."""


def decode_choices(cells: Mapping[str, pa.DictionaryArray], item: CodebookItem) -> Decoded:
    """Several answers, one column for each choice.

    Notes
    -----
    An empty cell beside a marked one was not chosen. Where all cells are empty, nobody can
    tell "none of these" from "not asked", and the answer is missing.
    """
    meanings = _meanings(item.missing)
    state = np.column_stack([_states(column, item, meanings) for column in cells.values()])
    answered = np.asarray((state >= 0).any(axis=1))
    lowest = state.min(axis=1)
    reason = np.where(lowest < _UNKNOWN, _UNKNOWN - 1 - lowest, meanings.index(NOT_IN_CODEBOOK))
    empty = meanings.index(item.missing.get("", EMPTY))
    missing = np.where(answered, -1, np.where(lowest == _EMPTY, empty, reason)).astype(np.int8)
    known = answered[:, None] & (state >= _EMPTY)
    chosen = np.where(known, state == 1, np.nan).astype(np.float64)
    choices = {code: chosen[:, k].copy() for k, code in enumerate(cells)}
    n_chosen = np.where(answered, np.nansum(chosen, axis=1), np.nan)
    return Decoded(n_chosen, missing, meanings, choices)


def _states(cells: pa.DictionaryArray, item: CodebookItem, meanings: tuple[str, ...]) -> Codes:
    texts, at = _spread(cells)
    none = _Lookup(item.missing)
    yes, no = set(map(_spaced, item.chosen)), set(map(_spaced, item.not_chosen))
    state = np.full(len(texts) + 1, _EMPTY, dtype=np.int32)
    for k, text in enumerate(texts):
        code = none.code(text)
        if code is not None:
            state[k] = _UNKNOWN - 1 - meanings.index(item.missing[code])
        elif _spaced(text) in yes or _spaced(text) in no:
            state[k] = int(_spaced(text) in yes)
        else:
            state[k] = _UNKNOWN
    return np.asarray(state[at])


def decode_list(cells: pa.DictionaryArray, item: CodebookItem) -> Decoded:
    """Several answers in one cell, with a separator between their codes."""
    texts, at = _spread(cells)
    meanings = _meanings(item.missing)
    codes = list(item.labels)
    chosen = np.full((len(texts) + 1, len(codes)), np.nan)
    missing = np.full(len(texts) + 1, -1, dtype=np.int8)
    missing[-1] = meanings.index(item.missing.get("", EMPTY))
    none, labels = _Lookup(item.missing), _Lookup(item.labels)
    for k, text in enumerate(texts):
        meaning, found = _choices_of(text, item, none, labels)
        if meaning is None:
            chosen[k] = [code in found for code in codes]
        else:
            missing[k] = meanings.index(meaning)
    spread = chosen[at]
    choices = {code: spread[:, k].copy() for k, code in enumerate(codes)}
    return Decoded(spread.sum(axis=1), missing[at], meanings, choices)


def _choices_of(
    text: str, item: CodebookItem, none: _Lookup, labels: _Lookup
) -> tuple[str | None, set[str]]:
    code = none.code(text)
    if code is not None:
        return item.missing[code], set()
    assert item.separator is not None
    parts = text.split() if item.separator == " " else text.split(item.separator)
    found = [labels.code(part.strip()) for part in parts if part.strip()]
    if not found or None in found:
        whole = labels.code(text)
        return (NOT_IN_CODEBOOK, set()) if whole is None else (None, {whole})
    return None, {str(code) for code in found}


def decode_group(
    cells: pa.DictionaryArray, group: CodebookGroup
) -> tuple[Codes, tuple[str, ...], dict[str, int]]:
    """Codes of a group, its labels, and the cells in no group by meaning."""
    texts, at = _spread(cells)
    none = _Lookup(group.missing)
    own = group.labels or {text: text for text in sorted(texts) if none.code(text) is None}
    lookup, order = _Lookup(own), list(dict.fromkeys(own.values()))
    codes = np.full(len(texts) + 1, -1, dtype=np.int32)
    reasons = [NOT_IN_CODEBOOK] * len(texts) + [group.missing.get("", EMPTY)]
    for k, text in enumerate(texts):
        missing, code = none.code(text), lookup.code(text)
        if missing is not None:
            reasons[k] = group.missing[missing]
        elif code is not None:
            codes[k] = order.index(own[code])
    counts = np.bincount(at, minlength=len(texts) + 1)
    lost: dict[str, int] = {}
    for k in np.flatnonzero((codes < 0) & (counts > 0)).tolist():
        lost[reasons[k]] = lost.get(reasons[k], 0) + int(counts[k])
    return codes[at], tuple(order), lost


def labelled(cells: pa.DictionaryArray) -> tuple[Codes, tuple[str, ...], dict[str, int]]:
    """Codes of a column whose values are their own labels, in the order of the alphabet."""
    texts, at = _spread(cells)
    order = sorted(range(len(texts)), key=lambda k: _natural(texts[k]))
    codes = np.full(len(texts) + 1, -1, dtype=np.int32)
    codes[order] = np.arange(len(texts), dtype=np.int32)
    n_empty = int(np.count_nonzero(at == len(texts)))
    return codes[at], tuple(texts[k] for k in order), {EMPTY: n_empty} if n_empty else {}


def _natural(text: str) -> tuple[int, int, str]:
    """Whole numbers by size, before other texts."""
    whole = text.isascii() and text.isdigit()
    return (0, int(text), text) if whole else (1, 0, text)
