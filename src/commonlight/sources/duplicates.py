"""Repeated identifiers, found exactly in memory that does not grow with the file.

A Bloom filter of fixed size remembers the identifiers of accepted records. It never
misses a repeat; rarely it suspects a new identifier. Suspects are held back on disk
and compared with the identifiers themselves at the end, so that the answer is exact.

Reference: B. H. Bloom (1970), Space/time trade-offs in hash coding with allowable
errors, Communications of the ACM 13(7), 422-426, doi:10.1145/362686.362692.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from commonlight.sources.cells import Column

__all__ = ["SeenIdentifiers"]

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

_LARGEST = 2**27
_SMALLEST = 2**16


@njit(nogil=True, cache=True)
def _mix(h: Any) -> Any:
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xC4CEB9FE1A85EC53)
    return h ^ (h >> np.uint64(33))


@njit(nogil=True, cache=True)
def _hash(data: Bytes, begin: int, end: int) -> Any:
    """64 bits from the bytes of a cell."""
    h = np.uint64(14695981039346656037)
    for j in range(begin, end):
        h = (h ^ np.uint64(data[j])) * np.uint64(1099511628211)
    return _mix(h ^ np.uint64(end - begin))


@njit(nogil=True, cache=True)
def _suspects(
    data: Bytes,
    begin: Ints,
    end: Ints,
    rows: Longs,
    words: NDArray[np.uint64],
    hashes: NDArray[np.uint64],
    out: NDArray[Any],
) -> None:
    """Mark the cells seen before, and remember the others."""
    for k in range(len(rows)):
        i = rows[k]
        stop = end[i] if end[i] >= 0 else -1 - end[i]
        hashes[k] = _hash(data, begin[i], stop)
        out[k] = stop > begin[i]
    mask = np.uint64(len(words) // 8 - 1)
    for k in range(len(rows)):
        if not out[k]:
            continue
        line = (hashes[k] & mask) * np.uint64(8)
        bits = _mix(hashes[k] + np.uint64(0x9E3779B97F4A7C15))
        seen = True
        for _ in range(6):
            word = line + (bits & np.uint64(7))
            bit = np.uint64(1) << ((bits >> np.uint64(3)) & np.uint64(63))
            seen &= (words[word] & bit) != np.uint64(0)
            words[word] |= bit
            bits >>= np.uint64(9)
        out[k] = seen


class SeenIdentifiers:
    """A set of identifiers of fixed size that never forgets, and sometimes suspects.

    Parameters
    ----------
    bytes_total : int
        Size of the files to come, which sets the size of the filter: at most 128 MiB.
    """

    def __init__(self, bytes_total: int) -> None:
        size = int(np.clip(1 << int(bytes_total // 8).bit_length(), _SMALLEST, _LARGEST))
        self._words = np.zeros(size // 8, dtype=np.uint64)

    def suspects(self, column: Column, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the cells may have come before; missing cells never."""
        out = np.empty(len(rows), dtype=np.bool_)
        hashes = np.empty(len(rows), dtype=np.uint64)
        _suspects(column.data, column.begin, column.end, rows, self._words, hashes, out)
        return out
