"""P-values of neighbours' sums: normal, permuted, or over all permutations at once.

In a conditional permutation the neighbours of an area are drawn without replacement from all
other areas. Mean and variance of their sum have a closed form. Where values are whole numbers,
so has the whole distribution: how likely each sum is follows from how often each value occurs,
and all permutations are weighed without drawing one.

What it does not answer: anything about several areas at once; see `multiple_testing`. Exact
p-values are for counts, not for rates.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Alternative",
    "Method",
    "conditional_score",
    "conditional_tails",
    "exact_tails",
    "from_tails",
    "normal_p",
]

Alternative = Literal["two-sided", "greater", "less"]
Method = Literal["normal", "moments", "permutation", "exact"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_MOST_STEPS = 20_000_000_000  # some ten seconds
_MOST_CELLS = 100_000_000  # 0.8 GiB of probabilities


def conditional_score(x: FloatArray, mean_around: FloatArray, sizes: FloatArray) -> FloatArray:
    """Standard score of a mean of k draws without replacement from the other n - 1 values.

    Parameters
    ----------
    x : ndarray of float, shape (n,)
        Values of the areas.
    mean_around : ndarray of float, shape (n,)
        Mean over the neighbours of each area, without the area itself.
    sizes : ndarray of float, shape (n,)
        Number k of those neighbours.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN without neighbours, or where all others have the same value.
    """
    others = len(x) - 1
    mean = (x.sum() - x) / others
    variance = ((x**2).sum() - x**2 - others * mean**2) / (others - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.maximum(variance, 0.0) / sizes * (1.0 - sizes / others))
        return np.where((sizes > 0) & (spread > 0), (mean_around - mean) / spread, np.nan)


def normal_p(z: FloatArray, alternative: Alternative) -> FloatArray:
    """P-values of standard scores by the normal distribution.

    Parameters
    ----------
    z : ndarray of float, shape (n,)
        Standard scores.
    alternative : {"two-sided", "greater", "less"}
        What speaks against chance.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN stays NaN.
    """
    from scipy.special import ndtr

    if alternative == "greater":
        return np.asarray(ndtr(-z))
    if alternative == "less":
        return np.asarray(ndtr(z))
    return np.asarray(2.0 * ndtr(-np.abs(z)))


def conditional_tails(
    x: FloatArray,
    sums: FloatArray,
    sizes: NDArray[Any],
    method: Method,
    permutations: int,
    rng: np.random.Generator | None,
) -> tuple[FloatArray, FloatArray]:
    """P-values of sums as low, and as high, when neighbours are drawn from all other areas.

    Parameters
    ----------
    x : ndarray of float, shape (n,)
        Values of the areas.
    sums : ndarray of float, shape (n,)
        Sum over the neighbours of each area, without the area itself.
    sizes : ndarray of int, shape (n,)
        Number of those neighbours.
    method : {"exact", "permutation"}
        All permutations at once, or `permutations` of them.
    permutations : int
        How many are drawn; not used by "exact".
    rng : numpy.random.Generator or None
        Draws them; not used by "exact".

    Returns
    -------
    lower, upper : ndarray of float, shape (n,)
        P-values; ties count in both, and so does the order seen.

    Raises
    ------
    ValueError
        When "permutation" is without `rng` or without a permutation; as `exact_tails`.
    """
    if method == "exact":
        return exact_tails(x, sums, sizes)
    return _permuted_tails(x, sums, sizes, permutations, rng)


def _permuted_tails(
    x: FloatArray,
    sums: FloatArray,
    sizes: NDArray[Any],
    permutations: int,
    rng: np.random.Generator | None,
) -> tuple[FloatArray, FloatArray]:
    """The same from the caller's number of permutations, the one seen among them."""
    if rng is None:
        raise ValueError("permutations need rng, such as numpy.random.default_rng(seed)")
    if not permutations >= 1:
        raise ValueError(f"permutations must be at least 1 for permutation; got {permutations}")
    from commonlight.analysis.local_statistics_kernels import conditional_counts
    from commonlight.analysis.random_streams import draw_seed

    low, high = conditional_counts(
        x, sums, sizes.astype(np.int64), permutations, draw_seed(rng), 1e-9 * np.abs(x).max()
    )
    trials = np.float64(1 + permutations)
    return np.asarray((low + 1) / trials), np.asarray((high + 1) / trials)


def from_tails(lower: FloatArray, upper: FloatArray, alternative: Alternative) -> FloatArray:
    """Choose a tail; two-sided is twice the smaller one.

    Parameters
    ----------
    lower, upper : ndarray of float, shape (n,)
        P-values of values as low, and as high, as the one seen.
    alternative : {"two-sided", "greater", "less"}
        What speaks against chance.

    Returns
    -------
    ndarray of float, shape (n,)
        At most 1.
    """
    if alternative == "greater":
        return upper
    if alternative == "less":
        return lower
    return np.minimum(1.0, 2.0 * np.minimum(lower, upper))


def exact_tails(
    x: FloatArray, sums: FloatArray, sizes: NDArray[Any]
) -> tuple[FloatArray, FloatArray]:
    """Share of all permutations with a sum as low, and as high, as the one seen.

    Parameters
    ----------
    x : ndarray of float, shape (n,)
        Values, all whole numbers.
    sums : ndarray of float, shape (n,)
        Sum over the neighbours of each area, without the area itself.
    sizes : ndarray of int, shape (n,)
        Number of those neighbours, at most n - 1.

    Returns
    -------
    lower, upper : ndarray of float, shape (n,)
        P-values; ties count in both. Rounding stays below 1e-12.

    Raises
    ------
    ValueError
        When values are not whole numbers, or the table of sums would be too large.

    Notes
    -----
    The probability that k draws from n values sum to s follows by letting the different values
    join the population one by one: of j draws, m fall on the newest value with a hypergeometric
    probability. The area's own value is taken out again by

    .. math:: P_{-v}(j, s) = \\frac{n}{n - j} \\left[ P(j, s) - \\frac{j}{n}
              P_{-v}(j - 1, s - v) \\right]

    so that one table serves all areas. Where more than half of all areas are neighbours, those
    that are not are drawn instead.

    Examples
    --------
    >>> lower, upper = exact_tails(np.array([0.0, 0, 0, 1, 2]), np.array([3.0]*5), np.array([2]*5))
    >>> upper.round(3).tolist()                    # of the six pairs of others, one sums to 3
    [0.167, 0.167, 0.167, 0.0, 0.0]
    """
    whole, unit, low = _whole_numbers(x)
    n, k = len(x), np.asarray(sizes, dtype=np.int64)
    seen = np.rint((sums - k * low) / unit).astype(np.int64)
    many = k > (n - 1) // 2
    left_out = whole.sum() - whole - seen
    drawn, target = np.where(many, n - 1 - k, k), np.where(many, left_out, seen)
    lower, upper = _by_own_value(whole, drawn, target)
    return np.where(many, upper, lower), np.where(many, lower, upper)


def _whole_numbers(x: FloatArray) -> tuple[IntArray, float, float]:
    """Values as small whole numbers from 0, with the unit and the start of their scale."""
    if not (x == np.floor(x)).all() or np.abs(x).max() > 2**52:
        raise ValueError(
            "exact p-values need whole numbers, such as counts; take method='permutation' for "
            "rates and other values"
        )
    low = float(x.min())
    above = (x - low).astype(np.int64)
    unit = int(np.gcd.reduce(above))
    return above // unit, float(unit), low


def _by_own_value(
    whole: IntArray, drawn: IntArray, target: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Look the tails up, for the areas of one own value after those of another."""
    from commonlight.analysis.local_statistics_kernels import draws_without_one, sums_of_draws

    value, place, copies = np.unique(whole, return_inverse=True, return_counts=True)
    most = int(drawn.max())
    _check_size(value, most)
    table = sums_of_draws(value, copies.astype(np.int64), most)
    lower, upper = np.empty(len(whole)), np.empty(len(whole))
    for k, own in enumerate(value):
        mine = np.flatnonzero(place == k)
        without = draws_without_one(table, len(whole), own)
        at = drawn[mine], np.clip(target[mine], 0, table.shape[1] - 1)
        lower[mine] = np.minimum(1.0, np.cumsum(without, axis=1)[at])
        upper[mine] = np.minimum(1.0, np.cumsum(without[:, ::-1], axis=1)[:, ::-1][at])
    return lower, upper


def _check_size(value: IntArray, most: int) -> None:
    cells = (most + 1) * (most * float(value[-1]) + 1.0)
    steps = cells * len(value) * (most + 8.0)
    if cells > _MOST_CELLS or steps > _MOST_STEPS:
        raise ValueError(
            f"exact p-values would take too long: values reach {value[-1]:,} above the smallest, "
            f"in {len(value):,} different values, with up to {most} neighbours; take "
            "method='permutation'"
        )
