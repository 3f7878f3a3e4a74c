"""Times from bytes: several formats, several resolutions, one earliest and latest moment.

Times are taken as written, in local time. An offset from UTC at the end of a time is
read over and not applied. Names of months are English.

What this does not answer: whether ``03/04/2020`` is a day in March or in April. The
formats are tried in the order of the mapping and the first that gives a possible date
wins, for each row alone.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from commonlight.sources.cells import Column, text_array
from commonlight.sources.errors import MappingError
from commonlight.sources.time_kernel import (
    DAY,
    DAY_NUMBER,
    EMPTY,
    FIELD_OF,
    HOUR,
    HOUR_24,
    IMPOSSIBLE,
    INSTANT,
    INTERVAL,
    LITERAL,
    MINUTE,
    MONTH,
    MONTH_NUMBER,
    MONTHS,
    NO_FORMAT,
    OK,
    REST,
    REST_ENDS,
    SECOND,
    SPACE,
    TAIL,
    YEAR,
    YEAR2,
    YEAR4,
    parse,
)

__all__ = [
    "DAY",
    "EMPTY",
    "HOUR",
    "IMPOSSIBLE",
    "INSTANT",
    "INTERVAL",
    "ISO_FORMATS",
    "MONTH",
    "NO_FORMAT",
    "OK",
    "TIME_KINDS",
    "YEAR",
    "compile_formats",
    "parse_clocks",
    "parse_hours",
    "parse_times",
]

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

_CODES = {letter: code for code, letter in enumerate("YymdHIMSfpzb", start=1)}


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
            code = LITERAL + 37 if letter == "%" else _CODES.get(letter.replace("B", "b"))
            if code is None:
                raise MappingError(
                    f"time format {text!r} has %{letter}; known are %Y %y %m %d %H %I %M %S "
                    "%f %p %z %b %B"
                )
            program.append(code)
        elif character.isspace():
            program.append(SPACE)
        else:
            program += [LITERAL + byte for byte in character.encode()]
    if not {YEAR4, YEAR2} & set(program):
        raise MappingError(f"time format {text!r} has no year (%Y or %y)")
    return [*program, TAIL] if program[-1] == SECOND else program


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
            if op in (YEAR4, MONTH_NUMBER, DAY_NUMBER, HOUR_24, MINUTE, SECOND):
                row[1 + FIELD_OF[op]] = position
                position += 4 if op == YEAR4 else 2
            elif op == SPACE or op >= LITERAL:
                row[8 + 2 * n : 10 + 2 * n] = position, 32 if op == SPACE else op - LITERAL
                position, n = position + 1, n + 1
            elif op != TAIL:
                position = 0
                break
        row[0], row[7] = position, n
    return out


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
    parse(
        column.data,
        column.begin,
        column.end,
        programs,
        _layouts(programs),
        allow_24,
        FIELD_OF,
        MONTHS,
        REST,
        REST_ENDS,
        first,
        last,
        resolution,
        status,
    )
    return first, last, resolution, status


def parse_clocks(column: Column) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Times of day such as 14:35 or 14:35:00, in seconds, and which cells are such times."""
    import pyarrow.compute as pc

    text = text_array(column, np.arange(len(column.begin), dtype=np.int64))
    form = r"^(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d)(?:[.]\d+)?)?$"
    parts = pc.extract_regex(text, form)
    fine = np.asarray(parts.is_valid())
    seconds = np.zeros(len(text), dtype=np.int64)
    for name, length in (("h", 3600), ("m", 60), ("s", 1)):
        found = pc.struct_field(parts.filter(pa.array(fine)), name).to_numpy(zero_copy_only=False)
        seconds[fine] += np.where(found == "", "0", found).astype(np.int64) * length
    return seconds, fine


def parse_hours(
    values: NDArray[np.float64], *, allow_24: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Hours of the day from numbers, and which of them are hours at all."""
    top = 24 if allow_24 else 23
    fine = (values >= 0) & (values <= top) & (values == np.floor(values))
    return np.where(fine, values, 0).astype(np.int64), fine
