"""Control of false discoveries when many places are tested at once.

Of 2,000 cells tested at 5 %, a hundred look special by chance. These procedures choose the
cells so that, among those called special, the share that is so by chance stays below a level.

They do not say how large a difference is, and they do not repair p-values that are wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FalseDiscovery", "benjamini_hochberg", "benjamini_yekutieli"]


@dataclass(frozen=True, kw_only=True)
class FalseDiscovery:
    """Which hypotheses are rejected at a false-discovery rate.

    Attributes
    ----------
    rejected : ndarray of bool
        True where the null hypothesis is rejected; False where there was no p-value.
    adjusted : ndarray of float
        Smallest level at which each would be rejected; NaN where there was no p-value.
    level : float
        Bound on the expected share of false among the rejected.
    n_tested : int
        Number of p-values that are not missing.
    method : {"Benjamini-Hochberg", "Benjamini-Yekutieli"}
        The procedure.
    """

    rejected: NDArray[np.bool_]
    adjusted: NDArray[np.float64]
    level: float
    n_tested: int
    method: Literal["Benjamini-Hochberg", "Benjamini-Yekutieli"]


def benjamini_hochberg(p_value: ArrayLike, *, level: float = 0.05) -> FalseDiscovery:
    """Control the false-discovery rate for independent or positively dependent tests.

    Parameters
    ----------
    p_value : array_like of float
        P-values from 0 to 1, in any shape. Missing values (NaN) are tests that were not made.
    level : float
        Bound on the expected share of false among the rejected, between 0 and 1.

    Returns
    -------
    FalseDiscovery
        Rejections and adjusted p-values, in the shape of the input.

    Raises
    ------
    ValueError
        If a p-value is outside 0 to 1 or `level` is not between 0 and 1.

    Notes
    -----
    With the m p-values in ascending order, adjusted p-values are

    .. math:: \\tilde p_{(i)} = \\min_{k \\ge i} \\min(1, m p_{(k)} / k)

    The bound holds for independent tests [1]_ and for positively dependent ones [2]_, such as
    sums over overlapping neighbourhoods. What fails most often is the list itself: cells that
    were looked at and left out of it must be counted too.

    References
    ----------
    .. [1] Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal
       of the Royal Statistical Society B, 57(1), 289-300.
       https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
    .. [2] Benjamini, Y., & Yekutieli, D. (2001). The control of the false discovery rate in
       multiple testing under dependency. Annals of Statistics, 29(4), 1165-1188.
       https://doi.org/10.1214/aos/1013699998

    Examples
    --------
    >>> benjamini_hochberg([0.001, 0.02, 0.04, 0.5], level=0.05).rejected.tolist()
    [True, True, False, False]
    """
    return _step_up(p_value, level, "Benjamini-Hochberg")


def benjamini_yekutieli(p_value: ArrayLike, *, level: float = 0.05) -> FalseDiscovery:
    """Control the false-discovery rate whatever the dependence between the tests.

    Parameters
    ----------
    p_value : array_like of float
        As for `benjamini_hochberg`.
    level : float
        As for `benjamini_hochberg`.

    Returns
    -------
    FalseDiscovery
        Rejections and adjusted p-values, in the shape of the input.

    Raises
    ------
    ValueError
        As for `benjamini_hochberg`.

    Notes
    -----
    The same with m replaced by :math:`m \\sum_{k=1}^m 1/k`: safe, and much less sensitive.

    References
    ----------
    .. [1] Benjamini, Y., & Yekutieli, D. (2001). The control of the false discovery rate in
       multiple testing under dependency. Annals of Statistics, 29(4), 1165-1188.
       https://doi.org/10.1214/aos/1013699998

    Examples
    --------
    >>> benjamini_yekutieli([0.001, 0.02, 0.04, 0.5], level=0.05).rejected.tolist()
    [True, False, False, False]
    """
    return _step_up(p_value, level, "Benjamini-Yekutieli")


def _step_up(
    p_value: ArrayLike,
    level: float,
    method: Literal["Benjamini-Hochberg", "Benjamini-Yekutieli"],
) -> FalseDiscovery:
    p = np.array(p_value, dtype=np.float64)
    known = ~np.isnan(p)
    if not ((p[known] >= 0) & (p[known] <= 1)).all():
        raise ValueError("p_value must lie between 0 and 1; check which test made the values")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, such as 0.05; got {level}")
    tested = p[known]
    penalty = _harmonic(len(tested)) if method == "Benjamini-Yekutieli" else 1.0
    adjusted = np.full(p.shape, np.nan)
    adjusted[known] = _adjust(tested, penalty)
    rejected = np.zeros(p.shape, dtype=bool)
    rejected[known] = adjusted[known] <= level
    return FalseDiscovery(
        rejected=rejected, adjusted=adjusted, level=level, n_tested=len(tested), method=method
    )


def _harmonic(m: int) -> float:
    return float((1.0 / np.arange(1, m + 1)).sum())


def _adjust(p: NDArray[np.float64], penalty: float) -> NDArray[np.float64]:
    order = np.argsort(p, kind="stable")
    scaled = p[order] * (len(p) * penalty / np.arange(1, len(p) + 1))
    out = np.empty_like(p)
    out[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return out
