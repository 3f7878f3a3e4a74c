"""Who took part: respondents against residents, group by group.

Unweighted counts belong here. A weight can make a group's share right; it cannot make five
people speak for two thousand. A group with its due share may still have sent those of its
members who are easiest to reach, and this comparison does not see that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from commonlight.analysis.multiple_testing import benjamini_hochberg
from commonlight.analysis.survey.design import Floats
from commonlight.analysis.survey.variance import Mask

__all__ = ["LEAST_RATIO", "Representation", "compare_sample"]

LEAST_RATIO = 0.8
"""Below four answers where five were due a group is called under-represented."""


@dataclass(frozen=True, eq=False)
class Representation:
    """Shares of groups among respondents and residents.

    Attributes
    ----------
    share_sample, share_population : ndarray of float, shape (k,)
        Shares from 0 to 1.
    ci_lower, ci_upper : ndarray of float, shape (k,)
        Interval of `share_sample`.
    ratio : ndarray of float, shape (k,)
        Share in the sample over share among residents; NaN where there are no residents.
    p_value : ndarray of float, shape (k,)
        Two-sided, for a random sample of residents, adjusted for the number of groups.
    mark : tuple of str, length k
        "missing", "under-represented", "over-represented", "as expected" or "no residents".
    missing : tuple of int
        Groups with residents and not one answer.
    under_represented : ndarray of bool, shape (k,)
        Groups marked so, or missing.
    n : float
        Answers that the shares rest on.
    available : bool
        Whether there are answers and residents to compare.
    reason : str
        Why not; empty if there are.
    """

    share_sample: Floats
    share_population: Floats
    ci_lower: Floats
    ci_upper: Floats
    ratio: Floats
    p_value: Floats
    mark: tuple[str, ...]
    missing: tuple[int, ...]
    under_represented: Mask
    n: float
    available: bool
    reason: str


def compare_sample(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    n_effective: float | None = None,
    least_ratio: float = LEAST_RATIO,
    confidence_level: float = 0.95,
) -> Representation:
    """Compare the shares of groups among respondents with those among residents.

    Parameters
    ----------
    counts : array_like of float, shape (k,)
        Answers in each group; or sums of weights, with `n_effective`.
    population : array_like of float, shape (k,)
        Residents in each group, of the ages that could be asked.
    n_effective : float, optional
        Effective number of answers, where `counts` are sums of weights or answers came in
        clusters; the sum of the counts if left out.
    least_ratio : float
        A group is marked if its share lies below this ratio of its share of residents, or
        above the inverse, and chance is a poor explanation.
    confidence_level : float
        Level of the intervals; a group is marked if its p-value, adjusted for the number of
        groups, is at most 1 less this.

    Returns
    -------
    Representation

    Raises
    ------
    ValueError
        If shapes differ, a number is negative or missing, or an option is out of range.

    Notes
    -----
    Intervals by Clopper and Pearson; exact binomial p-values, twice the smaller tail, adjusted
    by Benjamini and Hochberg. A group with residents and no answers is "missing" whatever
    its size.

    The assumption that fails most often: that register and survey cut groups alike (age at
    which date, sex as registered or as told, area of residence or of birth).

    References
    ----------
    .. [1] Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits
       illustrated in the case of the binomial. Biometrika 26, 404-413.
       doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> from commonlight.analysis.survey.representation import compare_sample
    >>> found = compare_sample([20, 180, 0], [3000, 6800, 200])
    >>> found.mark
    ('under-represented', 'over-represented', 'missing')
    """
    k, residents = _checked(counts, population)
    if not 0 < least_ratio <= 1:
        raise ValueError(f"least_ratio must be above 0 and at most 1; got {least_ratio}")
    if not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level must be between 0 and 1; got {confidence_level}")
    n = float(k.sum()) if n_effective is None else float(n_effective)
    if not 0 <= n < np.inf:
        raise ValueError(f"n_effective must be 0 or more and finite; got {n_effective}")
    reason = "" if n > 0 and k.sum() > 0 else "no answers"
    reason = reason if residents.sum() > 0 else "no residents are known"
    sample, due = _shares(k), _shares(residents)
    lower, upper = _clopper_pearson(sample, n, confidence_level)
    there = residents > 0
    ratio = np.divide(sample, due, out=np.full(k.shape, np.nan), where=there & (due > 0))
    p = benjamini_hochberg(_two_sided(sample, due, n), level=1 - confidence_level).adjusted
    sure = np.nan_to_num(p, nan=1.0) <= 1 - confidence_level
    mark = tuple(map(_mark, k, there, ratio, sure, np.full(k.shape, least_ratio)))
    return Representation(
        share_sample=sample, share_population=due, ci_lower=lower, ci_upper=upper, ratio=ratio,
        p_value=p, mark=mark, missing=tuple(np.flatnonzero(there & (k == 0)).tolist()),
        under_represented=np.isin(mark, ["missing", "under-represented"]), n=n,
        available=not reason, reason=reason,
    )  # fmt: skip


def _mark(count: float, residents: bool, ratio: float, sure: bool, least_ratio: float) -> str:
    if not residents:
        return "no residents"
    if count == 0:
        return "missing"
    if sure and ratio < least_ratio:
        return "under-represented"
    return "over-represented" if sure and ratio > 1 / least_ratio else "as expected"


def _shares(x: Floats) -> Floats:
    return x / x.sum() if x.sum() > 0 else np.full(x.shape, np.nan)


def _clopper_pearson(share: Floats, n: float, confidence_level: float) -> tuple[Floats, Floats]:
    from scipy.special import betaincinv

    yes, no, tail = share * n, (1 - share) * n, (1 - confidence_level) / 2
    lower = np.where(yes > 0, betaincinv(np.maximum(yes, 1e-300), no + 1, tail), 0.0)
    upper = np.where(no > 0, betaincinv(yes + 1, np.maximum(no, 1e-300), 1 - tail), 1.0)
    known = np.isfinite(share) & (n > 0)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def _two_sided(share: Floats, due: Floats, n: float) -> Floats:
    """Twice the smaller binomial tail, for counts that need not be whole."""
    from scipy.special import betainc

    yes = share * n
    few = np.where(yes < n, betainc(np.maximum(n - yes, 1e-300), yes + 1, 1 - due), 1.0)
    many = np.where(yes > 0, betainc(np.maximum(yes, 1e-300), n - yes + 1, due), 1.0)
    tested = np.isfinite(share) & (due > 0) & (n > 0)
    return np.where(tested, np.minimum(1.0, 2 * np.minimum(few, many)), np.nan)


def _checked(counts: ArrayLike, population: ArrayLike) -> tuple[Floats, Floats]:
    k, residents = np.array(counts, dtype=float), np.array(population, dtype=float)
    if k.ndim != 1 or k.shape != residents.shape or not k.size:
        raise ValueError(
            "counts and population must have one number for each group; got shapes "
            f"{k.shape} and {residents.shape}"
        )
    for name, x in (("counts", k), ("population", residents)):
        if not ((x >= 0) & (x < np.inf)).all():
            raise ValueError(f"{name} must be 0 or more and finite; got {x.min()}")
    return k, residents
