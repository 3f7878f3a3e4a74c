"""Means, totals and ratios of groups with the influence of each answer.

What an estimate of a survey is made of, before its error is known. These functions estimate no
error and draw no conclusion; `estimates` does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.survey.design import Codes, Floats, SurveyDesign
from commonlight.analysis.survey.variance import Statistic, replicate_totals

__all__ = ["checked", "divide", "mean_statistic", "ratio_statistic", "total_statistic"]


def checked(
    values: ArrayLike, design: SurveyDesign, by: ArrayLike | None, n_groups: int | None
) -> tuple[Floats, Codes, int]:
    """Values and groups, where answers without a value or a weight belong to no group.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        NaN for no answer.
    design : SurveyDesign
        How the answers were sampled.
    by : array_like of int, shape (n,), or None
        Groups from 0, -1 for none.
    n_groups : int or None
        Number of groups; the largest code and one if left out.

    Returns
    -------
    values : ndarray of float, shape (n,)
        With 0 in place of gaps.
    group : ndarray of int, shape (n,)
        With -1 for answers that do not count.
    n_groups : int
        Number of groups.

    Raises
    ------
    ValueError
        If shapes differ, a value is infinite or a group is out of range.
    """
    y = np.array(values, dtype=float)
    if y.shape != (design.n,):
        raise ValueError(
            f"values must be one number for each of the {design.n} answers; got shape {y.shape}"
        )
    if np.isinf(y).any():
        raise ValueError("values must be finite, or NaN for no answer; got inf")
    group, size = _groups(by, design.n, n_groups)
    there = ~np.isnan(y) & (design.weights > 0)
    return np.where(there, y, 0.0), np.where(there, group, -1), size


def _groups(by: ArrayLike | None, n: int, n_groups: int | None) -> tuple[Codes, int]:
    group = np.zeros(n, dtype=np.int64) if by is None else np.asarray(by)
    if group.shape != (n,) or not np.issubdtype(group.dtype, np.integer):
        raise ValueError(
            f"by must be one whole number for each of the {n} answers, -1 for no group; got shape "
            f"{group.shape} of {group.dtype}"
        )
    size = int(group.max(initial=-1)) + 1 if n_groups is None else n_groups
    if group.min(initial=0) < -1 or group.max(initial=-1) >= size:
        raise ValueError(f"by must be from -1 to {size - 1}; got {group.min()} to {group.max()}")
    return group.astype(np.int64), max(size, 1)


def mean_statistic(y: Floats, group: Codes, n_groups: int, design: SurveyDesign) -> Statistic:
    """Means of groups with their influences.

    Parameters
    ----------
    y : ndarray of float, shape (n,)
        Values without gaps in the groups.
    group : ndarray of int, shape (n,)
        Group of each answer, -1 for none.
    n_groups : int
        Number of groups.
    design : SurveyDesign
        How the answers were sampled.

    Returns
    -------
    Statistic
    """
    return ratio_statistic(y, np.ones(len(y)), group, n_groups, design)


def ratio_statistic(
    y: Floats, x: Floats, group: Codes, n_groups: int, design: SurveyDesign
) -> Statistic:
    """Ratios of totals of groups with their influences.

    Parameters
    ----------
    y, x : ndarray of float, shape (n,)
        Numerator and denominator, without gaps in the groups.
    group : ndarray of int, shape (n,)
        Group of each answer, -1 for none.
    n_groups : int
        Number of groups.
    design : SurveyDesign
        How the answers were sampled.

    Returns
    -------
    Statistic
    """
    row = np.flatnonzero(group >= 0)
    g, w = group[row], design.weights[row]
    below = np.bincount(g, w * x[row], n_groups)
    ratio = divide(np.bincount(g, w * y[row], n_groups), below)
    influence = divide(y[row] - ratio[g] * x[row], below[g])
    replicates = None
    if design.n_replicates:
        top, bottom = replicate_totals(np.column_stack([y, x]), group, n_groups, design)
        replicates = divide(top, bottom)
    return Statistic(ratio, g, row, influence, replicates)


def total_statistic(y: Floats, group: Codes, n_groups: int, design: SurveyDesign) -> Statistic:
    """Totals of groups with their influences.

    Parameters
    ----------
    y : ndarray of float, shape (n,)
        Values without gaps in the groups.
    group : ndarray of int, shape (n,)
        Group of each answer, -1 for none.
    n_groups : int
        Number of groups.
    design : SurveyDesign
        How the answers were sampled.

    Returns
    -------
    Statistic
    """
    row = np.flatnonzero(group >= 0)
    total = np.bincount(group[row], design.weights[row] * y[row], n_groups).astype(float)
    replicates = None
    if design.n_replicates:
        replicates = replicate_totals(y[:, None], group, n_groups, design)[0]
    return Statistic(total, group[row], row, y[row], replicates)


def divide(a: NDArray, b: NDArray | float) -> Floats:
    """Divide; NaN where the divisor is 0 or missing.

    Parameters
    ----------
    a, b : ndarray of float
        Of shapes that go together.

    Returns
    -------
    ndarray of float
    """
    below = np.broadcast_to(np.asarray(b, dtype=float), np.shape(a))
    there = np.isfinite(below) & (below != 0)
    found: Floats = np.divide(a, below, out=np.full(below.shape, np.nan), where=there)
    return found
