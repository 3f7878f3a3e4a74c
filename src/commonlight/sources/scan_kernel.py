"""The loop of the structural pass: lines into records and cells."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from commonlight.sources.rejects import (
    CELL_COUNT,
    ENCODING,
    LINE_TOO_LONG,
    NUL_BYTE,
    QUOTE_NOT_CLOSED,
    TEXT_AFTER_QUOTE,
)

__all__ = ["DELIMITER", "END", "HIGH", "NUL", "ORDINARY", "QUOTE", "find_line_ends", "scan_lines"]

ORDINARY, DELIMITER, QUOTE, END, NUL, HIGH = range(6)
"""Classes of bytes: text, delimiter, quote, line end, NUL, and bytes of 128 and above."""

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Words = NDArray[np.uint64]


@njit(nogil=True, cache=True)
def _utf8_length(data: Bytes, i: int, end: int) -> int:
    """Length of the valid UTF-8 character at `i` (a byte >= 0x80), or 0."""
    first = data[i]
    if first < 0xC2 or first > 0xF4:
        return 0
    length = 2 if first < 0xE0 else (3 if first < 0xF0 else 4)
    if i + length > end:
        return 0
    for j in range(i + 1, i + length):
        if data[j] & 0xC0 != 0x80:
            return 0
    second = data[i + 1]
    if first == 0xE0 and second < 0xA0:
        return 0
    if first == 0xED and second > 0x9F:
        return 0
    if first == 0xF0 and second < 0x90:
        return 0
    if first == 0xF4 and second > 0x8F:
        return 0
    return length


@njit(nogil=True, cache=True)
def find_line_ends(data: Bytes, words: Words, mark: int, out: Ints) -> int:
    """Positions of the byte `mark`; `words` are the same bytes, eight at a time.

    A word without the byte is passed over in one step: ``(v - 1) & ~v & 0x80`` of every
    byte of ``word ^ mark`` is zero then.
    """
    low = np.uint64(0x0101010101010101)
    high = np.uint64(0x8080808080808080)
    pattern = low * np.uint64(mark)
    n = 0
    for j in range(len(words)):
        v = words[j] ^ pattern
        if (v - low) & ~v & high:
            for i in range(8 * j, 8 * j + 8):
                if data[i] == mark:
                    out[n] = i
                    n += 1
    for i in range(8 * len(words), len(data)):
        if data[i] == mark:
            out[n] = i
            n += 1
    return n


@njit(nogil=True, cache=True)
def scan_lines(
    data: Bytes,
    line_ends: Ints,
    begin: int,
    final: bool,
    classes: Bytes,
    delimiter: int,
    quote: int,
    carriage_return: bool,
    n_cells: int,
    slot_of_cell: Ints,
    multiline: bool,
    max_bytes: int,
    max_lines: int,
    first_line: int,
    out_line: Longs,
    out_begin: Ints,
    out_end: Ints,
    out_reason: NDArray[np.int16],
    out_where: Ints,
    cell_begin: Ints,
    cell_end: Ints,
) -> tuple[int, int, int]:
    """Split the lines that end at `line_ends` into records and cells.

    Returns the number of records, of lines used, and of blank lines. Fewer lines are
    used than given only where a quoted cell runs on past the last line.
    """
    n = 0
    blank = 0
    j = 0
    n_lines = len(line_ends)
    start = begin
    while j < n_lines:
        line_stop = line_ends[j]
        stop = line_stop
        if carriage_return and stop > start and data[stop - 1] == 13:
            stop -= 1
        if stop == start and n_cells > 1:
            blank += 1
            start = line_stop + 1
            j += 1
            continue
        reason = 0
        where = 0
        nul_at = -1
        bad_at = -1
        after_at = -1
        used = 1
        cell = 0
        i = start
        open_quote = False
        if line_stop - start > max_bytes:
            reason = LINE_TOO_LONG
        while reason == 0:
            slot = slot_of_cell[cell] if cell < n_cells else -1
            doubled = False
            if i < stop and data[i] == quote and classes[quote] == QUOTE:
                i += 1
                cell_start = i
                closed = False
                while True:
                    kind = classes[data[i]]
                    if kind in (ORDINARY, DELIMITER):
                        i += 1
                    elif kind == QUOTE:
                        if data[i + 1] == quote and i + 1 < line_stop:
                            doubled = True
                            i += 2
                        else:
                            closed = True
                            break
                    elif kind == END:
                        if i < line_stop:
                            i += 1
                        elif not multiline:
                            break
                        elif j + used < n_lines:
                            if used >= max_lines or line_ends[j + used] - start > max_bytes:
                                break
                            line_stop = line_ends[j + used]
                            stop = line_stop
                            if carriage_return and stop > start and data[stop - 1] == 13:
                                stop -= 1
                            used += 1
                            i += 1
                        elif final or used >= max_lines or line_stop - start > max_bytes:
                            break
                        else:
                            return n, j, blank
                    elif kind == NUL:
                        if nul_at < 0:
                            nul_at = cell
                        i += 1
                    else:
                        step = _utf8_length(data, i, line_stop)
                        if step == 0:
                            if bad_at < 0:
                                bad_at = cell
                            step = 1
                        i += step
                if not closed:
                    open_quote = True
                    where = cell
                    break
                cell_stop = i
                i += 1
                if i < stop and data[i] != delimiter:
                    if after_at < 0:
                        after_at = cell
                    while i < stop and data[i] != delimiter:
                        step = 1
                        if data[i] == 0 and nul_at < 0:
                            nul_at = cell
                        elif data[i] >= 128:
                            step = _utf8_length(data, i, line_stop)
                            if step == 0:
                                step = 1
                                if bad_at < 0:
                                    bad_at = cell
                        i += step
            else:
                cell_start = i
                while True:
                    kind = classes[data[i]]
                    if kind == ORDINARY:
                        i += 1
                    elif kind == DELIMITER:
                        break
                    elif kind == END:
                        if i >= line_stop:
                            break
                        i += 1
                    elif kind == HIGH:
                        step = _utf8_length(data, i, line_stop)
                        if step == 0:
                            if bad_at < 0:
                                bad_at = cell
                            step = 1
                        i += step
                    elif kind == NUL:
                        if nul_at < 0:
                            nul_at = cell
                        i += 1
                    else:
                        i += 1
                if i > stop:
                    i = stop
                cell_stop = i
            if slot >= 0:
                cell_begin[slot, n] = cell_start
                cell_end[slot, n] = -1 - cell_stop if doubled else cell_stop
            cell += 1
            if i >= stop:
                break
            i += 1
        if reason == 0:
            if nul_at >= 0:
                reason = NUL_BYTE
                where = nul_at
            elif bad_at >= 0:
                reason = ENCODING
                where = bad_at
            elif open_quote:
                reason = QUOTE_NOT_CLOSED
            elif after_at >= 0:
                reason = TEXT_AFTER_QUOTE
                where = after_at
            elif cell != n_cells:
                reason = CELL_COUNT
                where = cell
        if reason != 0 and used > 1:
            used = 1
            line_stop = line_ends[j]
            stop = line_stop
        out_line[n] = first_line + j
        out_begin[n] = start
        out_end[n] = stop
        out_reason[n] = reason
        out_where[n] = where
        n += 1
        j += used
        start = line_stop + 1
    return n, j, blank
