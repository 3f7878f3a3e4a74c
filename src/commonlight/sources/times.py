"""Times from bytes: several formats, several resolutions, one earliest and latest moment.

Times are taken as written, in local time. An offset from UTC at the end of a time is
read over and not applied. Names of months are English.

What this does not answer: whether ``03/04/2020`` is a day in March or in April. The
formats are tried in the order of the mapping and the first that gives a possible date
wins, for each row alone.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from commonlight.sources.cells import Column
from commonlight.sources.errors import MappingError

__all__ = [
    "DAY",
    "HOUR",
    "INSTANT",
    "INTERVAL",
    "ISO_FORMATS",
    "MONTH",
    "TIME_KINDS",
    "YEAR",
    "compile_formats",
    "parse_hours",
    "parse_times",
]

OK, EMPTY, NO_FORMAT, IMPOSSIBLE = range(4)

INSTANT, HOUR, DAY, MONTH, YEAR, INTERVAL = range(6)
TIME_KINDS = ("instant", "hour", "day", "month", "year", "interval")

ISO_FORMATS = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y-%m",
    "%Y",
)
"""Tried where a mapping names no format."""

FIRST_YEAR, LAST_YEAR = 1800, 2999

_CODES = {letter: code for code, letter in enumerate("YymdHIMSfpzb", start=1)}
_Y, _YY, _MON, _D, _H, _I, _MIN, _S, _F, _P, _Z, _B = range(1, 13)
_TAIL, _SPACE, _LITERAL = 20, 21, 100
_FIELD_OF = np.array([-1, 0, 0, 1, 2, 3, 3, 4, 5], dtype=np.int64)
_MONTHS = np.frombuffer(b"janfebmaraprmayjunjulaugsepoctnovdec", dtype=np.uint8)
_FULL_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_REST = np.frombuffer(b"".join(name[3:].encode() for name in _FULL_MONTHS), dtype=np.uint8)
_REST_ENDS = np.cumsum([len(name) - 3 for name in _FULL_MONTHS], dtype=np.int64)


def compile_formats(formats: tuple[str, ...]) -> NDArray[np.int16]:
    """Turn strptime formats into rows of instructions for :func:`parse_times`.

    A format that ends in ``%S`` also takes a fraction of a second, and ``Z`` or an
    offset from UTC.

    Raises
    ------
    MappingError
        If a format has a directive other than %Y %y %m %d %H %I %M %S %f %p %z %b %B, or
        no year.
    """
    programs = [_compile(text) for text in formats or ISO_FORMATS]
    out = np.zeros((len(programs), max(map(len, programs)) + 1), dtype=np.int16)
    for row, program in zip(out, programs, strict=True):
        row[: len(program)] = program
    return out


def _compile(text: str) -> list[int]:
    program: list[int] = []
    characters = iter(text.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d"))
    for character in characters:
        if character == "%":
            letter = next(characters, "")
            code = _LITERAL + 37 if letter == "%" else _CODES.get(letter.replace("B", "b"))
            if code is None:
                raise MappingError(
                    f"time format {text!r} has %{letter}; known are %Y %y %m %d %H %I %M %S "
                    "%f %p %z %b %B"
                )
            program.append(code)
        elif character.isspace():
            program.append(_SPACE)
        else:
            program += [_LITERAL + byte for byte in character.encode()]
    if not {_Y, _YY} & set(program):
        raise MappingError(f"time format {text!r} has no year (%Y or %y)")
    return [*program, _TAIL] if program[-1] == _S else program


def _layouts(programs: NDArray[np.int16]) -> NDArray[np.int16]:
    """Where the numbers stand when all have their full width; length 0 = the format varies.

    Each row holds the length, the positions of year, month, day, hour, minute and second
    (-1 = not there), the number of other characters, and their positions and bytes.
    """
    out = np.zeros((len(programs), 8 + 2 * programs.shape[1]), dtype=np.int16)
    out[:, 1:7] = -1
    for row, program in zip(out, programs, strict=True):
        position = n = 0
        for op in program[program > 0].tolist():
            if op in (_Y, _MON, _D, _H, _MIN, _S):
                row[1 + _FIELD_OF[op]] = position
                position += 4 if op == _Y else 2
            elif op == _SPACE or op >= _LITERAL:
                row[8 + 2 * n : 10 + 2 * n] = position, 32 if op == _SPACE else op - _LITERAL
                position, n = position + 1, n + 1
            elif op != _TAIL:
                position = 0
                break
        row[0], row[7] = position, n
    return out


@njit(nogil=True, cache=True, error_model="numpy")
def _match_fixed(data, b, layouts, f, field):
    """The same as :func:`_match`, for a cell in which every number has its full width."""
    for k in range(layouts[f, 7]):
        if data[b + layouts[f, 8 + 2 * k]] != layouts[f, 9 + 2 * k]:
            return False
    field[6] = -1
    field[7] = -1
    for k in range(6):
        position = layouts[f, 1 + k]
        field[k] = -1
        if position >= 0:
            j = b + position
            tens = np.int64(data[j]) - 48
            ones = np.int64(data[j + 1]) - 48
            if tens < 0 or tens > 9 or ones < 0 or ones > 9:
                return False
            value = 10 * tens + ones
            if k == 0:
                tens = np.int64(data[j + 2]) - 48
                ones = np.int64(data[j + 3]) - 48
                if tens < 0 or tens > 9 or ones < 0 or ones > 9:
                    return False
                value = 100 * value + 10 * tens + ones
            field[k] = value
    return True


@njit(nogil=True, cache=True, error_model="numpy")
def _days(year, month, day):
    """Days since 1970-01-01 of a date of the Gregorian calendar."""
    y = year - 1 if month <= 2 else year
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    doe = yoe * 365 + yoe // 4 - yoe // 100 + doy
    return era * 146097 + doe - 719468


@njit(nogil=True, cache=True, error_model="numpy")
def _month_length(year, month):
    if month == 2:
        leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


@njit(nogil=True, cache=True, error_model="numpy")
def _month_name(data, j, end, months, rest, rest_ends):
    """Number of the English month that stands at `j`, and where it ends; 0 = none."""
    if j + 3 > end:
        return 0, j
    for m in range(12):
        if (
            (data[j] | 32) == months[3 * m]
            and (data[j + 1] | 32) == months[3 * m + 1]
            and (data[j + 2] | 32) == months[3 * m + 2]
        ):
            j += 3
            first = 0 if m == 0 else rest_ends[m - 1]
            k = 0
            n = rest_ends[m] - first
            while k < n and j + k < end and (data[j + k] | 32) == rest[first + k]:
                k += 1
            return m + 1, (j + k if k == n else j)
    return 0, j


@njit(nogil=True, cache=True, error_model="numpy")
def _match(data, b, e, programs, f, field, field_of, months, rest, rest_ends):
    """Whether the cell fits the format; fills `field` with year ... second, am/pm."""
    for k in range(8):
        field[k] = -1
    j = b
    for p in range(programs.shape[1]):
        op = programs[f, p]
        if op == 0:
            break
        if op <= _S:
            width = 4 if op == _Y else 2
            value = 0
            k = j
            while j < e and j - k < width:
                digit = data[j] - 48
                if digit < 0 or digit > 9:
                    break
                value = value * 10 + digit
                j += 1
            if j == k or (op <= _YY and j - k != width):
                return False
            if op == _YY:
                value += 2000 if value < 69 else 1900
            elif op == _I:
                field[7] = 1
            field[field_of[op]] = value
        elif op >= _LITERAL:
            if j >= e or data[j] != op - _LITERAL:
                return False
            j += 1
        elif op == _SPACE:
            if j >= e or data[j] != 32:
                return False
            while j < e and data[j] == 32:
                j += 1
        elif op == _P:
            if j + 2 > e or (data[j + 1] | 32) != 109:
                return False
            letter = data[j] | 32
            if letter != 97 and letter != 112:
                return False
            field[6] = 1 if letter == 112 else 0
            j += 2
        elif op == _B:
            month, j = _month_name(data, j, e, months, rest, rest_ends)
            if month == 0:
                return False
            field[1] = month
        elif op == _F or op == _TAIL:
            fraction = op == _F
            if op == _TAIL and j < e and (data[j] == 46 or data[j] == 44):
                fraction = True
                j += 1
            k = j
            while fraction and j < e and 48 <= data[j] <= 57 and j - k < 9:
                j += 1
            if fraction and j == k:
                return False
            if op == _TAIL and j < e:
                j = _zone(data, j, e)
                if j < 0:
                    return False
        elif op == _Z:
            j = _zone(data, j, e)
            if j < 0:
                return False
    return j == e


@njit(nogil=True, cache=True, error_model="numpy")
def _zone(data, j, e):
    """Where a ``Z`` or an offset such as ``+01:00`` ends; -1 = there is none."""
    if j < e and data[j] == 32:
        j += 1
    if j < e and (data[j] == 90 or data[j] == 122):
        return j + 1
    if j >= e or (data[j] != 43 and data[j] != 45):
        return -1
    j += 1
    n = 0
    while j < e and n < 4 and (48 <= data[j] <= 57 or (data[j] == 58 and n == 2)):
        if data[j] != 58:
            n += 1
        j += 1
    return j if n == 2 or n == 4 else -1


@njit(nogil=True, cache=True, error_model="numpy")
def _moments(field, allow_24):
    """Earliest and latest second, resolution; resolution -1 = impossible."""
    year, month, day, hour, minute, second = (
        field[0],
        field[1],
        field[2],
        field[3],
        field[4],
        field[5],
    )
    none = (np.int64(0), np.int64(0), -1)
    if year < FIRST_YEAR or year > LAST_YEAR:
        return none
    resolution = INSTANT
    if minute < 0 and second < 0:
        resolution = HOUR if hour >= 0 else (DAY if day >= 0 else (MONTH if month >= 0 else YEAR))
    month = 1 if month == -1 else month
    day = 1 if day == -1 else day
    if month < 1 or month > 12 or day < 1 or day > _month_length(year, month):
        return none
    hour = max(hour, 0)
    minute = max(minute, 0)
    second = max(second, 0)
    if field[7] == 1:
        if hour < 1 or hour > 12:
            return none
        hour = hour % 12 + (12 if field[6] == 1 else 0)
    if minute > 59 or second > 60 or hour > 24:
        return none
    if hour == 24 and (not allow_24 or minute > 0 or second > 0):
        return none
    first = _days(year, month, day) * 86400 + hour * 3600 + minute * 60 + min(second, 59)
    last = first
    if resolution == HOUR:
        last = first + 3600
    elif resolution == DAY:
        last = first + 86400
    elif resolution == MONTH:
        last = first + 86400 * _month_length(year, month)
    elif resolution == YEAR:
        last = _days(year + 1, 1, 1) * 86400
    return np.int64(first), np.int64(last), resolution


@njit(nogil=True, cache=True, error_model="numpy")
def _parse(
    data,
    begin,
    end,
    programs,
    layouts,
    allow_24,
    field_of,
    months,
    rest,
    rest_ends,
    first,
    last,
    res,
    status,
):
    field = np.empty(8, dtype=np.int64)
    for i in range(len(begin)):
        b = begin[i]
        e = end[i]
        first[i] = 0
        last[i] = 0
        res[i] = 0
        if e == b:
            status[i] = EMPTY
            continue
        status[i] = NO_FORMAT
        if e < 0:
            continue
        for f in range(len(programs)):
            fits = e - b == layouts[f, 0] and _match_fixed(data, b, layouts, f, field)
            if not fits and not _match(
                data, b, e, programs, f, field, field_of, months, rest, rest_ends
            ):
                continue
            earliest, latest, resolution = _moments(field, allow_24)
            if resolution < 0:
                status[i] = IMPOSSIBLE
                continue
            first[i] = earliest
            last[i] = latest
            res[i] = resolution
            status[i] = OK
            break


def parse_times(
    column: Column, programs: NDArray[np.int16], *, allow_24: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8], NDArray[np.uint8]]:
    """Read a column of times.

    Parameters
    ----------
    column : Column
        Cells, trimmed.
    programs : ndarray of int16
        From :func:`compile_formats`.
    allow_24 : bool
        Whether 24:00 is the end of the day.

    Returns
    -------
    earliest, latest : ndarray of int64
        Seconds since 1970-01-01 00:00 local time. They are equal for a time with
        minutes; a year, month, day or hour is half open.
    resolution : ndarray of int8
        Index into :data:`TIME_KINDS`.
    status : ndarray of uint8
        0 read, 1 empty, 2 fits no format, 3 fits a format but is no possible time.
    """
    n = len(column.begin)
    first, last = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    resolution, status = np.empty(n, dtype=np.int8), np.empty(n, dtype=np.uint8)
    _parse(
        column.data,
        column.begin,
        column.end,
        programs,
        _layouts(programs),
        allow_24,
        _FIELD_OF,
        _MONTHS,
        _REST,
        _REST_ENDS,
        first,
        last,
        resolution,
        status,
    )
    return first, last, resolution, status


def parse_hours(
    values: NDArray[np.float64], *, allow_24: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Hours of the day from numbers, and which of them are hours at all."""
    top = 24 if allow_24 else 23
    fine = (values >= 0) & (values <= top) & (values == np.floor(values))
    return np.where(fine, values, 0).astype(np.int64), fine
