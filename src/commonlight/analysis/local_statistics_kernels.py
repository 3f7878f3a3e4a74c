"""Compiled loops behind conditional p-values in `local_statistics`.

They count and do not judge: how often a sum over randomly drawn neighbours is as low, and as
high, as the sum that was seen, among some permutations or among all of them.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from commonlight.analysis.random_streams import sample_prefix

__all__ = ["conditional_counts", "draws_without_one", "sums_of_draws"]

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


@njit(nogil=True, cache=True)
def sums_of_draws(value: IntArray, copies: IntArray, most: int) -> FloatArray:
    """Probability of each sum of 0 .. `most` draws without replacement, exactly.

    Parameters
    ----------
    value : ndarray of int64, shape (n_values,)
        Different whole numbers, from 0 and ascending.
    copies : ndarray of int64, shape (n_values,)
        How often each occurs.
    most : int
        Largest number of draws, at most ``copies.sum()``.

    Returns
    -------
    ndarray of float64, shape (most + 1, most * value[-1] + 1)
        Row j holds the probabilities of the sums of j draws.

    Notes
    -----
    Values join the population one by one. Of j draws from the larger population, m fall on the
    new value with a hypergeometric probability; all terms are positive, so nothing cancels.
    """
    now = np.zeros((most + 1, most * value[-1] + 1))
    now[0, 0] = 1.0
    reached, population = 0, 0
    for v in range(len(value)):
        total = population + copies[v]
        reach = most * value[v]
        for j in range(min(most, total), 0, -1):
            share = _first_share(population, copies[v], j)
            for m in range(max(0, j - population), min(j, copies[v]) + 1):
                if m == max(0, j - population):
                    weight = share
                    if m == 0:
                        for s in range(reached + 1):
                            now[j, s] *= weight
                    else:
                        for s in range(reach + 1):
                            now[j, s] = 0.0
                if m > 0:
                    step = m * value[v]
                    for s in range(min(reached, reach - step) + 1):
                        now[j, s + step] += weight * now[j - m, s]
                weight *= (copies[v] - m) * (j - m) / ((m + 1.0) * (population - j + m + 1.0))
        reached, population = reach, total
    return now


@njit(nogil=True, cache=True)
def _first_share(others: int, copies: int, draws: int) -> float:
    """Probability that as few of the draws as possible fall on the copies."""
    share = 1.0
    fewest = max(0, draws - others)
    if fewest == 0:
        for k in range(draws):
            share *= (others - k) / (others + copies - k)
        return share
    for k in range(others):  # all the others are drawn, and the rest are copies
        share *= (draws - k) / (others + copies - k)
    return share


@njit(nogil=True, cache=True)
def draws_without_one(whole: FloatArray, population: int, value: int) -> FloatArray:
    """`sums_of_draws` for the same population without one unit of the given value.

    Rounding stays below 1e-12 as long as at most half of the population is drawn.
    """
    without = np.zeros_like(whole)
    without[0, 0] = 1.0
    width = whole.shape[1]
    for j in range(1, whole.shape[0]):
        share = j / population
        for s in range(width):
            without[j, s] = whole[j, s]
        for s in range(value, width):
            without[j, s] -= share * without[j - 1, s - value]
        for s in range(width):
            without[j, s] = max(0.0, without[j, s] / (1.0 - share))
    return without
