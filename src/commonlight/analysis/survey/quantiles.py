"""Medians and other quantiles of a survey, with Woodruff's interval.

On a scale of few steps, such as 0 to 10, a median moves by whole steps: it can stand still
while feelings change, and jump when they hardly do. Read the shares beside it. A quantile does
not answer how many people changed their answer.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from commonlight.analysis.survey.design import Codes, Floats, SurveyDesign
from commonlight.analysis.survey.group_statistics import checked, mean_statistic
from commonlight.analysis.survey.intervals import t_quantile
from commonlight.analysis.survey.summary import MINIMUM_ANSWERS, SurveyEstimates, summarise

__all__ = ["survey_quantile"]


def survey_quantile(
    values: ArrayLike,
    design: SurveyDesign,
    *,
    q: float,
    by: ArrayLike | None = None,
    n_groups: int | None = None,
    confidence_level: float = 0.95,
    minimum_answers: int = MINIMUM_ANSWERS,
) -> SurveyEstimates:
    """Weighted quantile of each group.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One item; NaN for no answer.
    design : SurveyDesign
        How the answers were sampled.
    q : float
        Share of people at or below the quantile, between 0 and 1; 0.5 for the median.
    by : array_like of int, shape (n,), optional
        Group or area of each answer, from 0; -1 for none.
    n_groups : int, optional
        Number of groups.
    confidence_level : float
        Level of the intervals.
    minimum_answers : int
        Groups with fewer answers are not `available`.

    Returns
    -------
    SurveyEstimates
        `se` is the width of the interval over twice the quantile of t. `deff` and
        `n_effective` are those of the share at or below the quantile.

    Raises
    ------
    ValueError
        As for `estimates.survey_mean`; also if `q` is not between 0 and 1.

    Notes
    -----
    The smallest value with ``F(y) >= q``, where F is the weighted distribution. Woodruff's
    interval [1]_: the quantiles at ``q +- t se(F)``, where ``se(F)`` is the standard error of
    the share at or below the quantile. Where a share leaves 0 to 1 the answers do not bound
    the quantile on this side; then the limit is NaN and the group not available.

    The assumption that fails most often: that the scale is fine enough for F to be smooth. On
    a scale of few steps the interval is too wide rather than too narrow.

    References
    ----------
    .. [1] Woodruff, R. S. (1952). Confidence intervals for medians and other position measures.
       Journal of the American Statistical Association 47, 635-646.
       doi:10.1080/01621459.1952.10483443

    Examples
    --------
    >>> import numpy as np
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.quantiles import survey_quantile
    >>> found = survey_quantile(np.arange(101), SurveyDesign(weights=np.ones(101)), q=0.5)
    >>> found.estimate.tolist(), found.ci_lower.tolist(), found.ci_upper.tolist()
    ([50.0], [40.0], [60.0])
    """
    if not 0 < q < 1:
        raise ValueError(f"q must be between 0 and 1; got {q}")
    y, group, size = checked(values, design, by, n_groups)
    at = _quantiles(y, group, np.full((size, 1), q), design)[:, 0]
    below = _below(y, group, at)
    share = summarise(
        mean_statistic(below, group, size, design), design, y=below, group=group,
        kind="quantile", confidence_level=confidence_level, minimum_answers=minimum_answers,
    )  # fmt: skip
    t = t_quantile(share.degrees_of_freedom, confidence_level)
    limits = q + (t * share.se)[:, None] * np.array([-1.0, 1.0])
    lower, upper = _quantiles(y, group, limits, design).T
    se = (upper - lower) / (2 * t)
    with np.errstate(invalid="ignore", divide="ignore"):
        cv = np.where(at != 0, se / np.abs(at), np.nan)
    reason = tuple(
        text or ("" if bounded else "too few answers beyond this quantile for an interval")
        for text, bounded in zip(share.reason, np.isfinite(se), strict=True)
    )
    return replace(
        share,
        estimate=at,
        se=se,
        ci_lower=lower,
        ci_upper=upper,
        cv=cv,
        reason=reason,
        available=np.array([not text for text in reason], dtype=bool),
    )


def _below(y: Floats, group: Codes, at: Floats) -> Floats:
    """1 for answers up to the quantile of their group; below it, where it is the largest."""
    above = np.bincount(group[(group >= 0) & (y > at[group])], minlength=len(at))
    largest = (above == 0)[group]
    return np.where(group >= 0, np.where(largest, y < at[group], y <= at[group]), 0.0)


def _quantiles(y: Floats, group: Codes, shares: Floats, design: SurveyDesign) -> Floats:
    """Quantiles of each group at its own shares, shape (n_groups, k); NaN without answers."""
    row = np.flatnonzero(group >= 0)
    row = row[np.lexsort((y[row], group[row]))]
    ends = np.searchsorted(group[row], np.arange(len(shares) + 1))
    found = np.full(shares.shape, np.nan)
    for g in range(len(shares)):
        these = row[ends[g] : ends[g + 1]]
        if len(these):
            reached = np.cumsum(design.weights[these])
            place = np.searchsorted(reached, shares[g] * reached[-1] * (1 - 1e-12))
            inside = (shares[g] > 0) & (shares[g] < 1)
            found[g] = np.where(inside, y[these][np.minimum(place, len(these) - 1)], np.nan)
    return found
