"""How much more counts vary from time to time than single events would.

It does not say why events clump together, nor how areas differ from each other: differences
between areas are no part of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["period_dispersion"]

PERIOD_LENGTHS = (1, 3, 12)
"""Months, quarters and years: spans over which events may clump together."""
FEWEST_DEGREES = 40
"""With fewer degrees of freedom a dispersion is too uncertain to be the largest of several."""


def period_dispersion(counts: ArrayLike, *, lengths: tuple[int, ...] = PERIOD_LENGTHS) -> float:
    """How much more counts of areas vary from time to time than single events would.

    Series of events, near repeats and weeks of unrest make a count less certain than Poisson.
    How areas differ from each other is no part of it, because that is what is asked.

    Parameters
    ----------
    counts : array_like of float, shape (n_areas, n_periods)
        Events by area and month, in order of time.
    lengths : tuple of int
        Numbers of months that are added up; the largest dispersion counts.

    Returns
    -------
    float
        Variance over mean, at least 1; 1 where there are too few areas or periods to say.

    Raises
    ------
    ValueError
        If the table is not two-dimensional, or a count is negative or not finite.

    Notes
    -----
    Pearson's statistic of the table against the product of its margins, over its degrees of
    freedom [1]_. Areas whose rates move apart over the years raise it, and so widen intervals.

    References
    ----------
    .. [1] McCullagh, P., & Nelder, J. A. (1989). Generalized Linear Models (2nd ed.), section
       4.5.2. Chapman and Hall. doi:10.1201/9780203753736

    Examples
    --------
    >>> from commonlight.analysis.dispersion import period_dispersion
    >>> period_dispersion([[4, 6, 5, 5], [20, 22, 18, 20]])
    1.0
    """
    table = np.array(counts, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"counts must be a table of areas by periods; got {table.ndim} dimensions")
    if not (np.isfinite(table) & (table >= 0)).all():
        raise ValueError("counts must be finite and not negative")
    found = [_dispersion(table, length) for length in lengths]
    most = max(degrees for _, degrees in found)
    enough = [phi for phi, degrees in found if degrees >= min(most, FEWEST_DEGREES)]
    return max(1.0, *enough)


def _dispersion(table: NDArray[np.float64], length: int) -> tuple[float, int]:
    """Pearson's statistic over its degrees of freedom, for periods of `length` months."""
    if length < 1:
        raise ValueError(f"lengths must be 1 or more months; got {length}")
    n = table.shape[1] // length
    blocks = table[:, : n * length].reshape(len(table), n, length).sum(axis=2)
    blocks = blocks[blocks.sum(axis=1) > 0][:, blocks.sum(axis=0) > 0]
    degrees = (blocks.shape[0] - 1) * (blocks.shape[1] - 1)
    if degrees < 1:
        return 1.0, 0
    expected = np.outer(blocks.sum(axis=1), blocks.sum(axis=0)) / blocks.sum()
    return float(((blocks - expected) ** 2 / expected).sum() / degrees), degrees
