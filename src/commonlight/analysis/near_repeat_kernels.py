"""Compiled loops behind the Knox table: near pairs found once, times permuted many at a time.

The pairs that are near in space do not change when times are permuted. They are found once and
kept as one list per event and distance band. Thirty-two permutations of the times then stand
beside each other in memory, so that one pass over the pairs counts for all of them.

This module counts. It forms no expectation and tests nothing; see `near_repeat`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit, types
from numba.extending import overload

from commonlight.analysis.random_streams import shuffled

__all__ = ["LANES", "NearPairs", "count_block", "find_pairs", "pairs_within"]

LANES = 32
_FLUSH_AT = 32_000  # a 16-bit counter holds 32,767

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class NearPairs:
    """Pairs of events by first event and distance band.

    Attributes
    ----------
    order : ndarray of int64, shape (n,)
        Position of each sorted event in the caller's arrays.
    indptr : ndarray of int64, shape (n * n_bands + 1,)
        Where the list of each (event, band) begins and ends in `partner`.
    partner : ndarray of int32, shape (n_pairs,)
        Second event of each pair, in sorted order.
    n_bands : int
        Number of finite distance bands.
    """

    order: IntArray
    indptr: IntArray
    partner: npt.NDArray[np.int32]
    n_bands: int

    def per_band(self) -> IntArray:
        """Return the number of pairs in each distance band."""
        sizes = np.diff(self.indptr).reshape(-1, self.n_bands)
        return np.asarray(sizes.sum(axis=0, dtype=np.int64))


@dataclass(frozen=True)
class _Ranges:
    """Sorted coordinates and, per event, the two stretches that can hold its partners."""

    order: IntArray
    x: FloatArray
    y: FloatArray
    same_row_end: IntArray
    next_row_start: IntArray
    next_row_end: IntArray


def _candidate_ranges(x: FloatArray, y: FloatArray, reach: float) -> _Ranges:
    """Sort events by squares a little wider than `reach`; a stray point costs nothing."""
    side = reach * (1.0 + 1e-9)
    column = np.floor((x - x.min()) / side).astype(np.int64) + 1
    row = np.floor((y - y.min()) / side).astype(np.int64)
    width = int(column.max()) + 2
    key = row * width + column
    order = np.argsort(key, kind="stable")
    key = key[order]
    return _Ranges(
        order=order,
        x=np.ascontiguousarray(x[order]),
        y=np.ascontiguousarray(y[order]),
        same_row_end=np.searchsorted(key, key + 1, side="right"),
        next_row_start=np.searchsorted(key, key + width - 1, side="left"),
        next_row_end=np.searchsorted(key, key + width + 1, side="right"),
    )


@njit(nogil=True, cache=True)
def _band(dx: float, dy: float, edges: FloatArray, manhattan: bool) -> int:
    """Band of one difference: edges are upper, ascending and open; -1 is beyond the last."""
    if manhattan:
        distance = abs(dx) + abs(dy)
    else:
        distance = np.sqrt(dx * dx + dy * dy)
    for band in range(len(edges)):
        if distance < edges[band]:
            return band
    return -1


@njit(nogil=True, cache=True)
def _count_pairs(
    x: FloatArray,
    y: FloatArray,
    same_end: IntArray,
    next_start: IntArray,
    next_end: IntArray,
    edges: FloatArray,
    manhattan: bool,
    limit: int,
    sizes: IntArray,
) -> tuple[int, int]:
    """Fill `sizes` per (event, band); stop early above `limit`. Returns total and events done."""
    n_bands = len(edges)
    total = 0
    for i in range(len(x)):
        for part in range(2):
            first = i + 1 if part == 0 else next_start[i]
            last = same_end[i] if part == 0 else next_end[i]
            for j in range(first, last):
                band = _band(x[i] - x[j], y[i] - y[j], edges, manhattan)
                if band >= 0:
                    sizes[i * n_bands + band] += 1
                    total += 1
        if total > limit:
            return total, i + 1
    return total, len(x)


@njit(nogil=True, cache=True)
def _fill_pairs(
    x: FloatArray,
    y: FloatArray,
    same_end: IntArray,
    next_start: IntArray,
    next_end: IntArray,
    edges: FloatArray,
    manhattan: bool,
    indptr: IntArray,
    partner: npt.NDArray[np.int32],
) -> None:
    """Write the partners of every event, band by band."""
    n_bands = len(edges)
    cursor = np.empty(n_bands, np.int64)
    for i in range(len(x)):
        for band in range(n_bands):
            cursor[band] = indptr[i * n_bands + band]
        for part in range(2):
            first = i + 1 if part == 0 else next_start[i]
            last = same_end[i] if part == 0 else next_end[i]
            for j in range(first, last):
                band = _band(x[i] - x[j], y[i] - y[j], edges, manhattan)
                if band >= 0:
                    partner[cursor[band]] = j
                    cursor[band] += 1


def _too_many_pairs(total: int, done: int, n: int, limit: int, reach: float) -> str:
    """Say how many pairs there are, roughly, and what to reduce."""
    about = int(total * (n / done))
    return (
        f"too many near pairs: about {about:,} pairs of {n:,} events lie within {reach:g} m, "
        f"and max_pairs is {limit:,}; take a smaller largest distance, a shorter period or a "
        "smaller area, check whether points are piled up on few coordinates, or raise max_pairs "
        "(each pair takes 4 bytes)"
    )


def find_pairs(
    x: FloatArray, y: FloatArray, edges: FloatArray, *, manhattan: bool, max_pairs: int
) -> NearPairs:
    """Find all pairs nearer than the last of the upper `edges`, without an n x n matrix.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Projected coordinates in metres.
    edges : ndarray of float64, shape (n_bands,)
        Upper, open ends of the distance bands in metres, ascending and finite.
    manhattan : bool
        Sum of the two differences instead of the straight line.
    max_pairs : int
        Refuse above this number of pairs.

    Returns
    -------
    NearPairs
        The pairs by event and band.

    Raises
    ------
    ValueError
        When there are more than `max_pairs` pairs.
    """
    n, reach = len(x), float(edges[-1])
    ranges = _candidate_ranges(x, y, reach)
    spans = (ranges.x, ranges.y, ranges.same_row_end, ranges.next_row_start, ranges.next_row_end)
    sizes = np.zeros(n * len(edges), np.int64)
    total, done = _count_pairs(*spans, edges, manhattan, max_pairs, sizes)
    if total > max_pairs:
        raise ValueError(_too_many_pairs(total, done, n, max_pairs, reach))
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    partner = np.empty(total, np.int32)
    _fill_pairs(*spans, edges, manhattan, indptr, partner)
    return NearPairs(order=ranges.order, indptr=indptr, partner=partner, n_bands=len(edges))


@njit(nogil=True, cache=True)
def pairs_within(ordered: FloatArray, edges: FloatArray) -> IntArray:
    """Count pairs of sorted times that differ by less than each edge (ascending)."""
    counts = np.zeros(len(edges), np.int64)
    for k in range(len(edges)):
        end = 0
        for i in range(len(ordered)):
            while end < len(ordered) and ordered[end] - ordered[i] < edges[k]:
                end += 1
            counts[k] += end - i - 1
    return counts


def _difference(first: Any, second: Any) -> Any:
    """Subtract two times of one type; 16-bit times give a 16-bit difference."""
    return first - second


@overload(_difference)
def _typed_difference(first: Any, second: Any) -> Any:
    def narrow(first: Any, second: Any) -> Any:
        return np.int16(first - second)

    def whole(first: Any, second: Any) -> Any:
        return first - second

    return narrow if isinstance(first, types.Integer) else whole


@njit(nogil=True, cache=True)
def _fill_lanes(
    times: npt.NDArray[Any], lanes: npt.NDArray[Any], seed: np.uint64, first: int
) -> None:
    """Column l holds permutation first + l; number 0 is the observed order."""
    n = len(times)
    work = np.empty(n, times.dtype)
    for lane in range(LANES):
        if first + lane == 0:
            work[:] = times
        else:
            shuffled(times, work, seed, np.uint64(first + lane))
        for i in range(n):
            lanes[i, lane] = work[i]


@njit(nogil=True, cache=True)
def _count_lanes(
    lanes: npt.NDArray[Any],
    indptr: IntArray,
    partner: npt.NDArray[np.int32],
    edges: npt.NDArray[Any],
    counts: IntArray,
) -> None:
    """Count, per band, edge and lane, the pairs whose times differ by less than the edge.

    The inner loops keep to the type of the lanes, so that one instruction serves all lanes.
    """
    n_bands = counts.shape[0]
    held = np.zeros(LANES, np.int16)
    for i in range(len(lanes)):
        own = lanes[i]
        for band in range(n_bands):
            end = indptr[i * n_bands + band + 1]
            for first in range(indptr[i * n_bands + band], end, _FLUSH_AT):
                last = min(end, first + _FLUSH_AT)
                for k in range(len(edges)):
                    edge = edges[k]
                    held[:] = 0
                    for p in range(first, last):
                        other = lanes[np.uint32(partner[p])]
                        for lane in range(LANES):
                            ahead = _difference(own[lane], other[lane])
                            behind = _difference(other[lane], own[lane])
                            held[lane] += np.int16(max(ahead, behind) < edge)
                    for lane in range(LANES):
                        counts[band, k, lane] += held[lane]


@njit(nogil=True, cache=True)
def count_block(
    times: npt.NDArray[Any],
    indptr: IntArray,
    partner: npt.NDArray[np.int32],
    n_bands: int,
    edges: npt.NDArray[Any],
    seed: np.uint64,
    first: int,
) -> IntArray:
    """Count for the permutations first .. first + 31.

    Parameters
    ----------
    times : ndarray of int16 or float64, shape (n,)
        Times in the sorted order of the pairs.
    indptr, partner, n_bands
        The pairs, see `NearPairs`.
    edges : ndarray of the same type as `times`
        Upper, open ends of the time bands.
    seed : uint64
        Key of the streams.
    first : int
        Number of the first permutation of the block.

    Returns
    -------
    ndarray of int64, shape (n_bands, n_edges, 32)
        Pairs nearer in time than each edge.
    """
    lanes = np.empty((len(times), LANES), times.dtype)
    _fill_lanes(times, lanes, seed, first)
    counts = np.zeros((n_bands, len(edges), LANES), np.int64)
    _count_lanes(lanes, indptr, partner, edges, counts)
    return counts
