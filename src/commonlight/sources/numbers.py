"""Numbers from bytes, to the last bit as Python reads them.

Separators of thousands are taken only where they can be nothing else: ``391.444,12`` and
``5.820.141`` with a decimal comma, ``391,444.12`` with a decimal point.

What this does not answer: ``1.234`` is one and a bit unless the mapping says that the
decimal mark is a comma, and then it is no number.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from commonlight.sources.cells import Column, text_of

__all__ = ["EMPTY", "NOT_FINITE", "NOT_NUMBER", "OK", "parse_numbers", "read_number"]

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

OK, EMPTY, NOT_NUMBER, NOT_FINITE, _INEXACT = range(5)

_POWERS: Floats = np.array([float(10**k) for k in range(23)])


@njit(nogil=True, cache=True)
def _parse(
    data: Bytes,
    begin: Ints,
    end: Ints,
    decimal: int,
    powers: Floats,
    out: NDArray[Any],
    status: Bytes,
) -> None:
    """Numbers whose digits and power of ten are exact in binary; the rest are marked."""
    for i in range(len(begin)):
        b = begin[i]
        e = end[i]
        out[i] = np.nan
        if e == b:
            status[i] = EMPTY
            continue
        if e < 0:
            status[i] = NOT_NUMBER
            continue
        negative = data[b] == 45
        j = b + 1 if negative or data[b] == 43 else b
        digits = 0
        point = -1
        mantissa = np.int64(0)
        exact = True
        while j < e:
            c = data[j]
            if 48 <= c <= 57:
                if mantissa > 900719925474098:
                    exact = False
                else:
                    mantissa = mantissa * 10 + np.int64(c - 48)
                digits += 1
            elif c == decimal and point < 0:
                point = digits
            else:
                break
            j += 1
        if j < e:
            status[i] = _INEXACT
            continue
        if digits == 0:
            status[i] = NOT_NUMBER
            continue
        power = digits - point if point >= 0 else 0
        if not exact or power > 22:
            status[i] = _INEXACT
            continue
        value = np.float64(mantissa) / powers[power]
        out[i] = -value if negative else value
        status[i] = OK


def _slow_number(text: str, decimal: str) -> tuple[float, int]:
    """One number by Python's own rules, with the decimal mark replaced."""
    if _grouped(text, decimal):
        text = re.sub("['. ]" if decimal == "," else "[', ]", "", text)
    if "_" in text or not text.isascii() or (decimal != "." and "." in text):
        return np.nan, NOT_NUMBER
    try:
        value = float(text.replace(decimal, "."))
    except ValueError:
        return np.nan, NOT_NUMBER
    return (value, OK) if np.isfinite(value) else (np.nan, NOT_FINITE)


def _grouped(text: str, decimal: str) -> bool:
    """Whether thousands are set apart by the other mark, a space or an apostrophe."""
    mark, other = (",", "[.]") if decimal == "," else ("[.]", ",")
    several = rf"[+-]?\d{{1,3}}(?:({other})\d{{3}}(?:\1\d{{3}})+|(?:{other}\d{{3}})+(?={mark}))"
    spaced = r"[+-]?\d{1,3}([' ])\d{3}(?:\1\d{3})*"
    return any(
        re.fullmatch(rf"{whole}(?:{mark}\d+)?", text) is not None for whole in (several, spaced)
    )


def read_number(text: str, decimal: str) -> float | None:
    """One number, or None where the text is none or not finite.

    Examples
    --------
    >>> read_number("391.444,12", ","), read_number("391.444", ","), read_number("1e3", ".")
    (391444.12, None, 1000.0)
    """
    value, status = _slow_number(text, decimal)
    return value if status == OK else None


def parse_numbers(
    column: Column, *, decimal: str = "."
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Read a column of numbers.

    Parameters
    ----------
    column : Column
        Cells, trimmed.
    decimal : str
        The decimal mark; a typed column may always have a point.

    Returns
    -------
    values : ndarray of float64
        NaN where the status is not `OK`.
    status : ndarray of uint8
        `OK`, `EMPTY`, `NOT_NUMBER` or `NOT_FINITE`.
    """
    mark = "." if column.typed else decimal
    others = mark if mark == decimal else mark + decimal
    n = len(column.begin)
    values, status = np.empty(n), np.empty(n, dtype=np.uint8)
    _parse(column.data, column.begin, column.end, ord(mark), _POWERS, values, status)
    for row in np.flatnonzero(status == _INEXACT).tolist():
        for other in others:
            values[row], status[row] = _slow_number(text_of(column, row), other)
            if status[row] != NOT_NUMBER:
                break
    return values, status
