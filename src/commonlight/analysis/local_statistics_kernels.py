"""Compiled loop behind conditional permutation in `local_statistics`.

It counts and does not judge: how often a sum over randomly drawn neighbours is as low, and as
high, as the sum that was seen.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from commonlight.analysis.random_streams import sample_prefix

__all__ = ["conditional_counts"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(nogil=True, cache=True)
def conditional_counts(
    x: FloatArray,
    sums: FloatArray,
    sizes: IntArray,
    permutations: int,
    seed: np.uint64,
    tolerance: float,
) -> tuple[IntArray, IntArray]:
    """Count permutations with a sum at most, and at least, the one seen.

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
        Values.
    sums : ndarray of float64, shape (n,)
        Sum over the neighbours of each area, without the area itself.
    sizes : ndarray of int64, shape (n,)
        Number of those neighbours, at most n - 1.
    permutations : int
        Number of draws; the same draws serve all areas, each skipping itself.
    seed : uint64
        Key of the streams, one for each permutation.
    tolerance : float
        Sums this close count as equal.

    Returns
    -------
    low, high : ndarray of int64, shape (n,)
        Permutations at most and at least as large.
    """
    n = len(x)
    low, high = np.zeros(n, np.int64), np.zeros(n, np.int64)
    drawn = np.empty(sizes.max(), np.int64)
    for permutation in range(permutations):
        sample_prefix(n - 1, drawn, seed, np.uint64(permutation + 1))
        for i in range(n):
            total = 0.0
            for k in range(sizes[i]):
                other = drawn[k]
                total += x[other + 1 if other >= i else other]
            low[i] += total <= sums[i] + tolerance
            high[i] += total >= sums[i] - tolerance
    return low, high
