"""Single cells about persons: kept out of the table, and out of the rejected rows.

The guard (:mod:`commonlight.sources.persons`) judges whole columns. One e-mail address in
forty thousand rows of offence types is not a column; it is found here, row by row. What
this does not answer: whether a cell of text holds a name. A rejected time or number is
kept only where it has no words that could be one.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from commonlight.sources.cells import Column, text_of
from commonlight.sources.person_numbers import IDENTITY_NUMBERS, is_iban
from commonlight.sources.persons import E_MAIL, PHONE_ABROAD

__all__ = ["discreet", "holds_contact", "is_contact"]

_MARKS = (64, 43)
"""The bytes of ``@`` and ``+``, without which there is neither."""

_KNOWN = frozenset(
    """am pm utc gmt cet cest uhr lat lon na nan null none nil inf infinity unknown missing
    unbekannt unbek desconocido inconnu teadmata nieznane nieznany brak sconosciuto onbekend
    jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july
    august september october november december januar februar maerz märz mai juni juli oktober
    dezember mon tue wed thu fri sat sun false true date day month year time tag monat jahr
    datum zeit km ff""".split()
)
_WORD = re.compile(r"[^\W\d_]+")


def is_contact(text: str) -> bool:
    """Whether a text holds an e-mail address, or a phone number with its country code.

    Examples
    --------
    >>> is_contact("call +49 171 2345678"), is_contact("+52.520008")
    (True, False)
    """
    if E_MAIL.search(text):
        return True
    return PHONE_ABROAD.search(text) is not None and not _is_number(text)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def holds_contact(column: Column, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of `rows`, ascending, whose cell holds an e-mail address or phone number.

    Parameters
    ----------
    column : Column
        Cells that follow each other in the bytes.
    rows : ndarray of int64
        Well-formed records.
    """
    begin = column.begin[rows]
    end = np.where(column.end[rows] < 0, -1 - column.end[rows], column.end[rows])
    marks = np.concatenate([np.flatnonzero(column.data == mark) for mark in _MARKS])
    at = np.searchsorted(begin, marks, side="right") - 1
    inside = (at >= 0) & (marks < end[at]) if len(begin) else np.zeros(len(marks), np.bool_)
    some = np.unique(rows[at[inside]])
    return some[[is_contact(text_of(column, int(row))) for row in some]] if len(some) else some


def discreet(text: str) -> str:
    """A rejected time or number, or its length only where it could be about a person.

    Examples
    --------
    >>> discreet("31.13.2024 10:00"), discreet("Mustermann")
    ('31.13.2024 10:00', '(text of 10 characters, not kept)')
    """
    words = (word.casefold() for word in _WORD.findall(text))
    strange = any(len(word) > 1 and word not in _KNOWN for word in words)
    if strange or is_contact(text) or _is_personal_number(text):
        return f"(text of {len(text)} characters, not kept)"
    return text


def _is_personal_number(text: str) -> bool:
    packed = re.sub(r"[ ]", "", text).upper()
    if is_iban(packed):
        return True
    if packed.isdigit() and len(packed) < 11:
        return False
    return any(form.fullmatch(packed) and check(packed) for _, form, check in IDENTITY_NUMBERS)
