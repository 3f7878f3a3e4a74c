"""Cells as positions in bytes: trimmed, compared with missing marks, turned into text.

A column is three arrays: the bytes, and where each cell begins and ends. Cells are
only copied where the record they stand in is accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

__all__ = ["Column", "column_of_array", "encode_labels", "text_array", "text_of"]

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One column of a block of records.

    Parameters
    ----------
    data : ndarray of uint8
        Bytes, valid UTF-8 in every cell of a well-formed record.
    begin, end : ndarray of int32, shape (n,)
        Where each cell stands; ``end == begin`` is a missing value. An `end` of
        ``-1 - e`` marks a cell up to `e` in which quotes are doubled.
    typed : bool
        True where the file itself gave a type (a sheet, Parquet), so that numbers may have
        a decimal point and dates may be in ISO 8601, whatever the mapping says of text.
    """

    data: NDArray[np.uint8]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]
    typed: bool = False


@njit(nogil=True, cache=True)
def _tidy(data: Bytes, begin: Ints, end: Ints, missing: Bytes, missing_ends: Longs) -> None:
    """Trim spaces in place, and make a cell that is a missing mark empty."""
    for i in range(len(begin)):
        if end[i] < 0:
            continue
        b = begin[i]
        e = end[i]
        while b < e and (data[b] == 32 or data[b] == 9):
            b += 1
        while e > b and (data[e - 1] == 32 or data[e - 1] == 9):
            e -= 1
        start = 0
        for m in range(len(missing_ends)):
            stop = missing_ends[m]
            if stop - start == e - b and stop > start:
                same = True
                for k in range(e - b):
                    if data[b + k] != missing[start + k]:
                        same = False
                        break
                if same:
                    e = b
                    break
            start = stop
        begin[i] = b
        end[i] = e


def tidy(column: Column, missing: Sequence[str]) -> Column:
    """The column with spaces trimmed and missing marks emptied."""
    marks = [mark.strip().encode() for mark in missing]
    joined = np.frombuffer(b"".join(marks) + b"\0", dtype=np.uint8)
    ends = np.cumsum([len(mark) for mark in marks], dtype=np.int64)
    begin, end = column.begin.copy(), column.end.copy()
    _tidy(column.data, begin, end, joined, ends)
    return Column(column.data, begin, end, column.typed)


@njit(nogil=True, cache=True)
def _lengths(begin: Ints, end: Ints, rows: Longs, offsets: Ints, valid: Flags) -> None:
    """Upper bounds of the lengths of the cells as offsets, and which are not missing."""
    total = 0
    offsets[0] = 0
    for k in range(len(rows)):
        i = rows[k]
        stop = end[i] if end[i] >= 0 else -1 - end[i]
        length = stop - begin[i]
        valid[k] = length > 0
        total += length
        offsets[k + 1] = total


@njit(nogil=True, cache=True)
def _copy(
    data: Bytes, begin: Ints, end: Ints, rows: Longs, quote: int, offsets: Ints, out: NDArray[Any]
) -> None:
    """Copy cells; doubled quotes become single ones. Rewrites `offsets`."""
    position = 0
    for k in range(len(rows)):
        i = rows[k]
        if end[i] >= 0:
            for j in range(begin[i], end[i]):
                out[position] = data[j]
                position += 1
        else:
            j = begin[i]
            while j < -1 - end[i]:
                out[position] = data[j]
                position += 1
                j += 2 if data[j] == quote else 1
        offsets[k + 1] = position


def text_array(column: Column, rows: NDArray[np.int64], *, quote: int = 34) -> pa.Array:
    """The cells of some rows as an Arrow array of text; missing cells are null."""
    offsets = np.empty(len(rows) + 1, dtype=np.int32)
    valid = np.empty(len(rows), dtype=np.bool_)
    _lengths(column.begin, column.end, rows, offsets, valid)
    out = np.empty(int(offsets[-1]), dtype=np.uint8)
    _copy(column.data, column.begin, column.end, rows, quote, offsets, out)
    bitmap = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little").data)
    return pa.StringArray.from_buffers(
        len(rows), pa.py_buffer(offsets.data), pa.py_buffer(out.data), bitmap
    )


def text_of(column: Column, row: int, *, quote: str = '"') -> str:
    """One cell as text, whatever its bytes."""
    begin, end = int(column.begin[row]), int(column.end[row])
    doubled = end < 0
    raw = column.data[begin : -1 - end if doubled else end].tobytes()
    text = raw.decode("utf-8", "backslashreplace")
    return text.replace(quote * 2, quote) if doubled else text


@njit(nogil=True, cache=True)
def _encode(
    data: Bytes, begin: Ints, end: Ints, rows: Longs, table: Ints, first: Longs, codes: Ints
) -> int:
    """Number the different cells in order of appearance; -1 = missing."""
    mask = np.uint64(len(table) - 1)
    n = 0
    for k in range(len(rows)):
        i = rows[k]
        b = begin[i]
        e = end[i] if end[i] >= 0 else -1 - end[i]
        if e == b:
            codes[k] = -1
            continue
        h = np.uint64(14695981039346656037)
        for j in range(b, e):
            h = (h ^ np.uint64(data[j])) * np.uint64(1099511628211)
        h ^= h >> np.uint64(29)
        slot = h & mask
        while True:
            code = table[slot]
            if code < 0:
                table[slot] = n
                first[n] = i
                codes[k] = n
                n += 1
                break
            o = first[code]
            ob = begin[o]
            oe = end[o] if end[o] >= 0 else -1 - end[o]
            if oe - ob == e - b:
                same = True
                for j in range(e - b):
                    if data[ob + j] != data[b + j]:
                        same = False
                        break
                if same:
                    codes[k] = code
                    break
            slot = (slot + np.uint64(1)) & mask
    return n


def encode_labels(
    column: Column, rows: NDArray[np.int64], *, quote: int = 34
) -> tuple[NDArray[np.int32], pa.Array]:
    """Codes of the cells of some rows (-1 = missing), and the labels they stand for."""
    size = 1 << max(4, int(2 * len(rows) + 1).bit_length())
    table = np.full(size, -1, dtype=np.int32)
    first = np.empty(len(rows), dtype=np.int64)
    codes = np.empty(len(rows), dtype=np.int32)
    n = _encode(column.data, column.begin, column.end, rows, table, first, codes)
    return codes, text_array(column, first[:n], quote=quote)


def dictionary_array(codes: NDArray[np.int32], labels: pa.Array) -> pa.DictionaryArray:
    """An Arrow dictionary array; code -1 is null."""
    missing = codes < 0
    indices: Any = pa.array(codes, mask=missing) if missing.any() else pa.array(codes)
    return pa.DictionaryArray.from_arrays(indices, labels)


def column_of_array(values: Any) -> Column:
    """A column of a typed file, as the text of its values."""
    typed = not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type))
    if pa.types.is_timestamp(values.type):
        if values.type.tz is not None:
            values = pc.local_timestamp(values)
        values = values.cast(pa.timestamp("s"), safe=False)
    text = _as_text(values)
    n = len(text)
    buffers: list[Any] = text.buffers()
    _, offsets, data = buffers
    bounds = np.frombuffer(offsets, dtype=np.int32)[text.offset : text.offset + n + 1]
    raw = np.frombuffer(data, dtype=np.uint8) if data is not None and data.size else _NOTHING
    begin, end = bounds[:-1].copy(), bounds[1:].copy()
    if text.null_count:
        end = np.where(np.asarray(text.is_null()), begin, end).astype(np.int32)
    return Column(raw, begin, end, typed)


_NOTHING = np.zeros(1, dtype=np.uint8)


def _as_text(values: Any) -> Any:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_null(values.type):
        return pa.array([None] * len(values), pa.string())
    return values.cast(pa.string())
