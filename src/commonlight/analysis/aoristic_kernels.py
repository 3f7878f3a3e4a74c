"""Compiled loops of `aoristic`: windows of time spread over bins.

They check nothing and answer nothing alone; `aoristic` checks the windows first.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["spread_each", "spread_one", "spread_sum"]


@njit(nogil=True, cache=True)
def spread_one(start: float, length: float, period: float, width: float, out: np.ndarray) -> None:
    """Write into `out` (bins,) the share of one window that falls in each bin."""
    bins = out.size
    for b in range(bins):
        out[b] = 0.0
    if length >= 168.0:
        for b in range(bins):
            out[b] = 1.0 / bins
        return
    place = start - np.floor(start / period) * period
    b = int(np.floor(place / width))
    if b >= bins:
        b, place = 0, 0.0
    first, left, total = b, length, 0.0
    piece = min((b + 1) * width - place, left)
    while left > 0.0:
        if piece > 0.0:
            out[b] += piece
            total += piece
        left -= piece
        b = (b + 1) % bins
        piece = min(width, left)
    if total <= 0.0:
        out[first] = 1.0
        return
    for b in range(bins):
        out[b] /= total


@njit(nogil=True, cache=True)
def spread_each(
    start: np.ndarray, length: np.ndarray, period: float, width: float, out: np.ndarray
) -> None:
    """Write into `out` (n, bins) the shares of every window."""
    for i in range(start.size):
        spread_one(start[i], length[i], period, width, out[i])


@njit(nogil=True, cache=True)
def spread_sum(
    start: np.ndarray,
    length: np.ndarray,
    weights: np.ndarray,
    period: float,
    width: float,
    out: np.ndarray,
) -> None:
    """Add the weighted shares of every window to `out` (bins,)."""
    one = np.empty(out.size)
    for i in range(start.size):
        spread_one(start[i], length[i], period, width, one)
        for b in range(out.size):
            out[b] += weights[i] * one[b]
