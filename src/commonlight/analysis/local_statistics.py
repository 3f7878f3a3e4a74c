"""Local and global statistics of areas and their neighbours: Gi*, Moran, Geary.

They ask whether values near each other are alike: over the whole map (Moran's I, Geary's C), or
around each area (Gi*, local Moran).

What they do not answer: why values cluster, and whether counts are high for the people who live
there. On raw counts they mostly find where people are; use rates, or
`commonlight.analysis.hot_spots` for counts with an exposure. P-values here are for one area at
a time: see `commonlight.analysis.multiple_testing`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.local_statistics_tails import (
    Alternative,
    Method,
    conditional_score,
    conditional_tails,
    from_tails,
    normal_p,
)
from commonlight.analysis.neighbours import Neighbours

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "GearysC",
    "GiStar",
    "LocalMoran",
    "MoransI",
    "gearys_c",
    "gi_star",
    "local_moran",
    "morans_i",
]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class GiStar:
    """Gi* of each area: are values in and around it high or low?

    Attributes
    ----------
    z : ndarray of float, shape (n,)
        Standard score of the neighbourhood sum; NaN where it cannot vary.
    conditional_z : ndarray of float, shape (n,)
        Standard score of the neighbours' sum given the area's own value, with the exact mean
        and variance over all permutations; NaN without neighbours.
    p_value : ndarray of float, shape (n,)
        By `method`.
    local_sum : ndarray of float, shape (n,)
        Sum over the area and its neighbours.
    alternative : {"two-sided", "greater", "less"}
        What the p-value is against.
    method : {"normal", "moments", "permutation", "exact"}
        How p-values were found.
    permutations : int
        0 unless `method` is "permutation".
    """

    z: FloatArray
    conditional_z: FloatArray
    p_value: FloatArray
    local_sum: FloatArray
    alternative: Alternative
    method: Method
    permutations: int


@dataclass(frozen=True, kw_only=True)
class LocalMoran:
    """Local Moran of each area: is it like its neighbours, or unlike them?

    Attributes
    ----------
    i : ndarray of float, shape (n,)
        Local Moran with row-standardised weights; 0 for an area without neighbours.
    z : ndarray of float, shape (n,)
        Standard score under conditional permutation, from exact moments; NaN where the
        neighbours' mean cannot vary.
    p_value : ndarray of float, shape (n,)
        Two-sided.
    quadrant : ndarray of int8, shape (n,)
        1 high among high, 2 low among high, 3 low among low, 4 high among low; 0 without
        neighbours.
    method : {"moments", "permutation", "exact"}
        How p-values were found.
    permutations : int
        0 unless `method` is "permutation".
    """

    i: FloatArray
    z: FloatArray
    p_value: FloatArray
    quadrant: NDArray[np.int8]
    method: Method
    permutations: int


@dataclass(frozen=True, kw_only=True)
class MoransI:
    """Moran's I with its moments under randomisation, and a one-sided p-value for I > E."""

    i: float
    expected: float
    variance: float
    z: float
    p_value: float


@dataclass(frozen=True, kw_only=True)
class GearysC:
    """Geary's C with its moments under randomisation, and a one-sided p-value for C < 1."""

    c: float
    expected: float
    variance: float
    z: float
    p_value: float


def gi_star(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    alternative: Alternative = "two-sided",
    method: Method | None = None,
    permutations: int = 0,
    rng: np.random.Generator | None = None,
) -> GiStar:
    """Compute Gi* with binary weights, each area counted among its own neighbours.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value for each area, in any unit.
    neighbours : Neighbours
        With or without the area itself.
    alternative : {"two-sided", "greater", "less"}
        Unusual values, high values, or low values.
    method : {"normal", "moments", "permutation", "exact"}, optional
        How p-values are found; "permutation" where `permutations` are given, else "normal".
        "normal" takes z, "moments" `conditional_z`, both as normal. In a permutation the area
        keeps its value and its neighbours are drawn from all others. "exact" counts all such
        permutations without drawing any, for values that are whole numbers.
    permutations : int
        How many, for "permutation".
    rng : numpy.random.Generator, optional
        Needed for permutations.

    Returns
    -------
    GiStar
        Scores and p-values.

    Raises
    ------
    ValueError
        When values are missing, infinite or all equal, lengths differ, or `rng` is missing; for
        "exact", when values are not whole numbers or the count would take too long.

    Notes
    -----
    With :math:`W_i` neighbours, mean :math:`\\bar x` and population standard deviation s [1]_,

    .. math:: z_i = \\frac{\\sum_{j \\in N_i} x_j - W_i \\bar x}
                         {s \\sqrt{(n W_i - W_i^2) / (n - 1)}}

    The p-value by permutation is ``(1 + as extreme) / (1 + permutations)``; the two-sided one
    is twice the smaller tail. The same random draws serve all areas, so that p-values of
    different areas are dependent; each is right on its own. The exact one is what it comes to
    with ever more permutations: a sum of k draws without replacement has a distribution that
    follows from how often each value occurs, and is worked out value by value.

    The assumption that fails most often is the normal one: small counts are skewed, and high
    scores are then too common. Take "exact" for counts, permute, or use `hot_spots`.

    References
    ----------
    .. [1] Ord, J. K., & Getis, A. (1995). Local spatial autocorrelation statistics:
       distributional issues and an application. Geographical Analysis, 27(4), 286-306.
       https://doi.org/10.1111/j.1538-4632.1995.tb00912.x

    Examples
    --------
    >>> chain = Neighbours.from_pairs(range(4), range(1, 5), n=5)
    >>> gi_star([1, 1, 1, 6, 6], chain).z.round(3).tolist()
    [-1.333, -2.0, -0.333, 1.333, 2.0]
    """
    x = _checked(values, neighbours)
    _check_alternative(alternative)
    around = neighbours if neighbours.includes_self else neighbours.with_self()
    sizes, total = around.sizes.astype(np.float64), around.to_sparse() @ x
    n = len(x)
    spread = x.std() * np.sqrt((n * sizes - sizes**2) / (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(spread > 0, (total - sizes * x.mean()) / spread, np.nan)
    beside = around.sizes - 1
    given = conditional_score(x, _mean_beside(total - x, beside), beside.astype(np.float64))
    chosen = _method(method, permutations)
    if chosen in ("normal", "moments"):
        p_value = normal_p(z if chosen == "normal" else given, alternative)
    else:
        lower, upper = conditional_tails(x, total - x, beside, chosen, permutations, rng)
        p_value = from_tails(lower, upper, alternative)
    return GiStar(
        z=z,
        conditional_z=given,
        p_value=np.where(np.isnan(z), np.nan, p_value),
        local_sum=total,
        alternative=alternative,
        method=chosen,
        permutations=permutations if chosen == "permutation" else 0,
    )


def local_moran(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    method: Method | None = None,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> LocalMoran:
    """Compute the local Moran statistic with row-standardised weights.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value for each area, in any unit.
    neighbours : Neighbours
        Neighbours of each area; the area itself is left out.
    method : {"moments", "permutation", "exact"}, optional
        How p-values are found; "permutation" where `permutations` are given, else "moments",
        the normal distribution with the exact conditional moments. "exact" counts all
        permutations without drawing any, for values that are whole numbers; see `gi_star`.
    permutations : int
        Number of conditional permutations, for "permutation".
    rng : numpy.random.Generator, optional
        Needed for permutations.

    Returns
    -------
    LocalMoran
        Statistics, scores, p-values and quadrants.

    Raises
    ------
    ValueError
        As for `gi_star`.

    Notes
    -----
    With :math:`z_i = x_i - \\bar x` and :math:`m_2 = \\sum z_i^2 / n` [1]_,

    .. math:: I_i = \\frac{z_i}{m_2} \\frac{1}{k_i} \\sum_{j \\in N_i} z_j

    This is the convention of R's spdep; esda divides by :math:`n - 1` and differs by the factor
    (n - 1)/n. The neighbours' mean is a mean of k draws without replacement from the n - 1
    other values, which gives its moments exactly.

    The assumption that fails most often is that any value could stand anywhere: rates of small
    areas vary more than those of large ones, and stand out for that reason.

    References
    ----------
    .. [1] Anselin, L. (1995). Local indicators of spatial association - LISA. Geographical
       Analysis, 27(2), 93-115. https://doi.org/10.1111/j.1538-4632.1995.tb00338.x

    Examples
    --------
    >>> chain = Neighbours.from_pairs(range(4), range(1, 5), n=5)
    >>> local_moran([1, 1, 1, 6, 6], chain, permutations=0).quadrant.tolist()
    [3, 3, 2, 1, 1]
    """
    x = _checked(values, neighbours)
    link = _without_self(neighbours)
    sizes = np.diff(link.indptr).astype(np.float64)
    deviation, total = x - x.mean(), link @ x
    lag = np.where(sizes > 0, _mean_beside(total, sizes) - x.mean(), 0.0)
    z = conditional_score(x, lag + x.mean(), sizes) * np.sign(deviation)
    chosen = _method(method, permutations)
    if chosen in ("normal", "moments"):
        chosen = "moments"
        p_value = normal_p(z, "two-sided")
    else:
        lower, upper = conditional_tails(
            x, total, sizes.astype(np.int64), chosen, permutations, rng
        )
        p_value = from_tails(lower, upper, "two-sided")
    return LocalMoran(
        i=deviation * lag / x.var(),
        z=z,
        p_value=np.where(np.isnan(z), np.nan, p_value),
        quadrant=_quadrant(deviation, lag, sizes),
        method=chosen,
        permutations=permutations if chosen == "permutation" else 0,
    )


def morans_i(values: ArrayLike, neighbours: Neighbours) -> MoransI:
    """Compute Moran's I with row-standardised weights.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value for each area, in any unit; at least 4 areas.
    neighbours : Neighbours
        Neighbours of each area; the area itself is left out.

    Returns
    -------
    MoransI
        The statistic and its moments under randomisation.

    Raises
    ------
    ValueError
        When values are missing, infinite or all equal, or nobody has a neighbour.

    Notes
    -----
    .. math:: I = \\frac{n}{S_0} \\frac{\\sum_{ij} w_{ij} z_i z_j}{\\sum_i z_i^2}, \\quad
              E(I) = -\\frac{1}{n - 1}

    with the variance under randomisation of [1]_. The assumption that fails most often is that
    all values have the same variance; rates of small populations do not.

    References
    ----------
    .. [1] Cliff, A. D., & Ord, J. K. (1981). Spatial Processes: Models and Applications.
       London: Pion.

    Examples
    --------
    >>> chain = Neighbours.from_pairs(range(4), range(1, 5), n=5)
    >>> round(morans_i([1, 1, 1, 6, 6], chain).i, 3)
    0.583
    """
    x = _checked(values, neighbours, least=4)
    weights, (s0, s1, s2) = _row_standardised(neighbours)
    n, z = len(x), x - x.mean()
    i = float(n / s0 * (z @ (weights @ z)) / (z @ z))
    expected = -1.0 / (n - 1)
    b = float(n * (z**4).sum() / (z @ z) ** 2)
    first = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = b * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0**2)
    variance = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2
    score = (i - expected) / math.sqrt(variance)
    return MoransI(i=i, expected=expected, variance=variance, z=score, p_value=_upper_normal(score))


def gearys_c(values: ArrayLike, neighbours: Neighbours) -> GearysC:
    """Compute Geary's C with row-standardised weights; below 1 when neighbours are alike.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value for each area, in any unit; at least 4 areas.
    neighbours : Neighbours
        Neighbours of each area; the area itself is left out.

    Returns
    -------
    GearysC
        The statistic and its moments under randomisation.

    Raises
    ------
    ValueError
        As for `morans_i`.

    Notes
    -----
    .. math:: C = \\frac{n - 1}{2 S_0} \\frac{\\sum_{ij} w_{ij} (x_i - x_j)^2}{\\sum_i z_i^2}

    with the variance under randomisation of [1]_. A few extreme values move it more than
    Moran's I.

    References
    ----------
    .. [1] Cliff, A. D., & Ord, J. K. (1981). Spatial Processes: Models and Applications.
       London: Pion.

    Examples
    --------
    >>> chain = Neighbours.from_pairs(range(4), range(1, 5), n=5)
    >>> round(gearys_c([1, 1, 1, 6, 6], chain).c, 3)
    0.333
    """
    x = _checked(values, neighbours, least=4)
    weights, (s0, s1, s2) = _row_standardised(neighbours)
    n, z = len(x), x - x.mean()
    rows, columns = weights.nonzero()
    apart = float((weights.data * (x[rows] - x[columns]) ** 2).sum())
    c = (n - 1) / (2 * s0) * apart / float(z @ z)
    b = float(n * (z**4).sum() / (z @ z) ** 2)
    first = (n - 1) * s1 * (n * n - 3 * n + 3 - (n - 1) * b)
    second = (n - 1) * s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * b) / 4
    third = s0**2 * (n * n - 3 - (n - 1) ** 2 * b)
    variance = (first - second + third) / (n * (n - 2) * (n - 3) * s0**2)
    score = (c - 1.0) / math.sqrt(variance)
    return GearysC(c=c, expected=1.0, variance=variance, z=score, p_value=_upper_normal(-score))


def _checked(values: ArrayLike, neighbours: Neighbours, least: int = 3) -> FloatArray:
    x = np.array(values, dtype=np.float64)
    if x.shape != (neighbours.n,):
        raise ValueError(
            f"values and neighbours must speak of the same areas; got values of shape {x.shape} "
            f"for {neighbours.n} areas"
        )
    if not np.isfinite(x).all():
        bad = int(np.count_nonzero(~np.isfinite(x)))
        raise ValueError(
            f"values must be finite; {bad} of {len(x)} are missing or infinite. Leave those areas "
            "out of values and neighbours alike"
        )
    if len(x) < least:
        raise ValueError(f"at least {least} areas are needed; got {len(x)}")
    if not x.std() > 0:
        raise ValueError("values are all equal, so there is nothing to compare")
    return x


def _check_alternative(alternative: str) -> None:
    if alternative not in ("two-sided", "greater", "less"):
        raise ValueError(
            f"alternative must be 'two-sided', 'greater' or 'less'; got {alternative!r}"
        )


def _method(method: Method | None, permutations: int) -> Method:
    if method not in (None, "normal", "moments", "permutation", "exact"):
        raise ValueError(
            f"method must be 'normal', 'moments', 'permutation' or 'exact'; got {method!r}"
        )
    return method or ("permutation" if permutations else "normal")


def _mean_beside(total: FloatArray, sizes: NDArray[Any]) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(total / sizes)


def _without_self(neighbours: Neighbours) -> csr_array:
    """Return zeros and ones without the diagonal."""
    from scipy.sparse import csr_array

    rows = np.repeat(np.arange(neighbours.n), neighbours.sizes)
    other = rows != neighbours.indices
    ends = np.concatenate([[0], np.cumsum(np.bincount(rows[other], minlength=neighbours.n))])
    columns = neighbours.indices[other]
    return csr_array((np.ones(len(columns)), columns, ends), shape=(neighbours.n,) * 2)


def _row_standardised(neighbours: Neighbours) -> tuple[csr_array, tuple[float, float, float]]:
    """Return weights that add up to 1 in each row, with the sums S0, S1 and S2."""
    weights = _without_self(neighbours)
    sizes = np.diff(weights.indptr)
    if not sizes.sum() > 0:
        raise ValueError("no area has a neighbour; check how neighbours were found")
    weights.data = np.repeat(1.0 / np.maximum(sizes, 1), sizes)
    both = weights + weights.T
    sums = np.asarray(weights.sum(axis=1)).ravel() + np.asarray(weights.sum(axis=0)).ravel()
    s1, s2 = 0.5 * float((both.data**2).sum()), float((sums**2).sum())
    return weights, (float(weights.data.sum()), s1, s2)


def _quadrant(deviation: FloatArray, lag: FloatArray, sizes: FloatArray) -> NDArray[np.int8]:
    high, among_high = deviation > 0, lag > 0
    number = np.where(among_high, np.where(high, 1, 2), np.where(high, 4, 3))
    return np.where(sizes > 0, number, 0).astype(np.int8)


def _upper_normal(z: float) -> float:
    return 0.5 * math.erfc(z / math.sqrt(2.0))
