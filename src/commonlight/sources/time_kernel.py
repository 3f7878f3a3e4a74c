"""The loop that reads times: a cell against the instructions of each format in turn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

OK, EMPTY, NO_FORMAT, IMPOSSIBLE = range(4)
"""What came of reading a cell."""

INSTANT, HOUR, DAY, MONTH, YEAR, INTERVAL = range(6)
"""How fine a time is."""

FIRST_YEAR, LAST_YEAR = 1800, 2999
"""A year outside is an impossible date."""

(
    YEAR4,
    YEAR2,
    MONTH_NUMBER,
    DAY_NUMBER,
    HOUR_24,
    HOUR_12,
    MINUTE,
    SECOND,
    FRACTION,
    AM_PM,
    ZONE,
    MONTH_NAME,
) = range(1, 13)
TAIL, SPACE, LITERAL = 20, 21, 100
FIELD_OF = np.array([-1, 0, 0, 1, 2, 3, 3, 4, 5], dtype=np.int64)
MONTHS = np.frombuffer(b"janfebmaraprmayjunjulaugsepoctnovdec", dtype=np.uint8)
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
REST = np.frombuffer(b"".join(name[3:].encode() for name in _FULL_MONTHS), dtype=np.uint8)
REST_ENDS = np.cumsum([len(name) - 3 for name in _FULL_MONTHS], dtype=np.int64)

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Programs = NDArray[np.int16]


@njit(nogil=True, cache=True, error_model="numpy")
def _match_fixed(data: Bytes, b: int, layouts: Programs, f: int, field: Longs) -> bool:
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
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a date of the Gregorian calendar."""
    y = year - 1 if month <= 2 else year
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    doe = yoe * 365 + yoe // 4 - yoe // 100 + doy
    return era * 146097 + doe - 719468


@njit(nogil=True, cache=True, error_model="numpy")
def _month_length(year: int, month: int) -> int:
    if month == 2:
        leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


@njit(nogil=True, cache=True, error_model="numpy")
def _month_name(
    data: Bytes, j: int, end: int, months: Bytes, rest: Bytes, rest_ends: Longs
) -> tuple[int, int]:
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
def _match(
    data: Bytes,
    b: int,
    e: int,
    programs: Programs,
    f: int,
    field: Longs,
    field_of: Longs,
    months: Bytes,
    rest: Bytes,
    rest_ends: Longs,
) -> bool:
    """Whether the cell fits the format; fills `field` with year ... second, am/pm."""
    for k in range(8):
        field[k] = -1
    j = b
    for p in range(programs.shape[1]):
        op = programs[f, p]
        if op == 0:
            break
        if op <= SECOND:
            width = 4 if op == YEAR4 else 2
            value = 0
            k = j
            while j < e and j - k < width:
                digit = data[j] - 48
                if digit < 0 or digit > 9:
                    break
                value = value * 10 + digit
                j += 1
            if j == k or (op <= YEAR2 and j - k != width):
                return False
            if op == YEAR2:
                value += 2000 if value < 69 else 1900
            elif op == HOUR_12:
                field[7] = 1
            field[field_of[op]] = value
        elif op >= LITERAL:
            if j >= e or data[j] != op - LITERAL:
                return False
            j += 1
        elif op == SPACE:
            if j >= e or data[j] != 32:
                return False
            while j < e and data[j] == 32:
                j += 1
        elif op == AM_PM:
            if j + 2 > e or (data[j + 1] | 32) != 109:
                return False
            letter = data[j] | 32
            if letter != 97 and letter != 112:
                return False
            field[6] = 1 if letter == 112 else 0
            j += 2
        elif op == MONTH_NAME:
            month, j = _month_name(data, j, e, months, rest, rest_ends)
            if month == 0:
                return False
            field[1] = month
        elif op in (FRACTION, TAIL):
            fraction = op == FRACTION
            if op == TAIL and j < e and (data[j] == 46 or data[j] == 44):
                fraction = True
                j += 1
            k = j
            while fraction and j < e and 48 <= data[j] <= 57 and j - k < 9:
                j += 1
            if fraction and j == k:
                return False
            if op == TAIL and j < e:
                j = _zone(data, j, e)
                if j < 0:
                    return False
        elif op == ZONE:
            j = _zone(data, j, e)
            if j < 0:
                return False
    return j == e


@njit(nogil=True, cache=True, error_model="numpy")
def _zone(data: Bytes, j: int, e: int) -> int:
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
def _moments(field: Longs, allow_24: bool) -> tuple[Any, Any, int]:
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
def parse(
    data: Bytes,
    begin: Ints,
    end: Ints,
    programs: Programs,
    layouts: Programs,
    allow_24: bool,
    field_of: Longs,
    months: Bytes,
    rest: Bytes,
    rest_ends: Longs,
    first: Longs,
    last: Longs,
    res: NDArray[np.int8],
    status: Bytes,
) -> None:
    """Read every cell: the first format that gives a possible time wins."""
    field = np.empty(8, dtype=np.int64)
    for i in range(len(begin)):
        b: Any = np.int64(begin[i])
        e: Any = np.int64(end[i])
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
