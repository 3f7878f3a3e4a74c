"""Pairs of events that are near in space, found once for all permutations of the times.

The pairs do not change when times are permuted. They are kept as one list per event and
distance band; `near_repeat_lanes` counts along them.

This module lists and counts. It forms no expectation and tests nothing; see `near_repeat`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["NearPairs", "find_pairs", "pairs_within"]

_SQUARES = 2  # squares to a reach: finer ones hold fewer candidates that are too far

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
class _Candidates:
    """Sorted coordinates and, per event, the stretches that can hold its partners."""

    order: IntArray
    x: FloatArray
    y: FloatArray
    start: IntArray
    end: IntArray


def _candidates(x: FloatArray, y: FloatArray, reach: float) -> _Candidates:
    """Sort events by squares of half the reach; a stray point costs nothing.

    The first stretch of an event is the rest of its own row of squares, the others lie in the
    rows above, so that each pair is met once.
    """
    side = reach * (1.0 + 1e-9) / _SQUARES
    column = np.floor((x - x.min()) / side).astype(np.int64) + _SQUARES
    row = np.floor((y - y.min()) / side).astype(np.int64)
    width = int(column.max()) + _SQUARES + 1
    key = row * width + column
    order = np.argsort(key, kind="stable")
    key = key[order]
    start, end = np.empty((2, _SQUARES + 1, len(x)), np.int64)
    for above in range(_SQUARES + 1):
        start[above] = np.searchsorted(key, key + above * width - _SQUARES, side="left")
        end[above] = np.searchsorted(key, key + above * width + _SQUARES, side="right")
    start[0] = np.arange(1, len(x) + 1)
    return _Candidates(
        order=order,
        x=np.ascontiguousarray(x[order]),
        y=np.ascontiguousarray(y[order]),
        start=np.ascontiguousarray(start.T),
        end=np.ascontiguousarray(end.T),
    )


def _as_squares(edges: FloatArray) -> FloatArray:
    """The squares s at which sqrt(s) reaches each edge, so that no root need be taken.

    The root rises with s and is rounded correctly, so ``sqrt(s) < edge`` and ``s < square`` say
    the same for every float, also next to the edge.
    """
    squares = np.square(edges)
    for k, edge in enumerate(edges):
        while math.sqrt(squares[k]) >= edge:
            squares[k] = np.nextafter(squares[k], 0.0)
        while math.sqrt(squares[k]) < edge:
            squares[k] = np.nextafter(squares[k], np.inf)
    return squares


@njit(nogil=True, cache=True)
def _measure(
    x: FloatArray, y: FloatArray, i: int, first: int, last: int, manhattan: bool, out: FloatArray
) -> None:
    """Write how far event i is from each candidate: a sum of differences, or a square."""
    if manhattan:
        for j in range(first, last):
            out[j - first] = abs(x[i] - x[j]) + abs(y[i] - y[j])
    else:
        for j in range(first, last):
            dx, dy = x[i] - x[j], y[i] - y[j]
            out[j - first] = dx * dx + dy * dy


@njit(nogil=True, cache=True)
def _count_pairs(
    x: FloatArray,
    y: FloatArray,
    start: IntArray,
    end: IntArray,
    limits: FloatArray,
    manhattan: bool,
    most: int,
    sizes: IntArray,
) -> tuple[int, int]:
    """Fill `sizes` per (event, band); stop early above `most`. Returns total and events done."""
    n_bands = len(limits)
    total = 0
    far = np.empty((end - start).max())
    for i in range(len(x)):
        for part in range(start.shape[1]):
            first, last = start[i, part], end[i, part]
            _measure(x, y, i, first, last, manhattan, far)
            before = 0
            for band in range(n_bands):
                below = 0
                for c in range(last - first):
                    below += far[c] < limits[band]
                sizes[i * n_bands + band] += below - before
                before = below
            total += before
        if total > most:
            return total, i + 1
    return total, len(x)


@njit(nogil=True, cache=True)
def _fill_pairs(
    x: FloatArray,
    y: FloatArray,
    start: IntArray,
    end: IntArray,
    limits: FloatArray,
    manhattan: bool,
    indptr: IntArray,
    partner: npt.NDArray[np.int32],
) -> None:
    """Write the partners of every event, band by band.

    Every candidate is written and the place moves on only for those in the band, so that the
    loop has no branch; `partner` has one place more than there are pairs.
    """
    n_bands = len(limits)
    place = np.empty(n_bands, np.int64)
    far = np.empty((end - start).max())
    for i in range(len(x)):
        for band in range(n_bands):
            place[band] = indptr[i * n_bands + band]
        for part in range(start.shape[1]):
            first, last = start[i, part], end[i, part]
            _measure(x, y, i, first, last, manhattan, far)
            low = -1.0
            for band in range(n_bands):
                at, stop = place[band], indptr[i * n_bands + band + 1]
                for j in range(first, last):
                    if at == stop:
                        break
                    partner[at] = j
                    at += (far[j - first] >= low) & (far[j - first] < limits[band])
                place[band] = at
                low = limits[band]


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
    found = _candidates(x, y, reach)
    limits = edges if manhattan else _as_squares(edges)
    spans = (found.x, found.y, found.start, found.end, limits, manhattan)
    sizes = np.zeros(n * len(edges), np.int64)
    total, done = _count_pairs(*spans, max_pairs, sizes)
    if total > max_pairs:
        raise ValueError(_too_many_pairs(total, done, n, max_pairs, reach))
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    partner = np.empty(total + 1, np.int32)
    _fill_pairs(*spans, indptr, partner)
    return NearPairs(order=found.order, indptr=indptr, partner=partner[:-1], n_bands=len(edges))


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
