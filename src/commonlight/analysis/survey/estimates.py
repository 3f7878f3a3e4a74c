"""Means, proportions, totals and ratios of a survey, by group or area.

Each estimate comes with the chance error of the draw under the survey's design. It does not
answer how people feel who were not asked or did not answer, and it compares no two items:
worry and perceived risk stay apart, and nothing here averages items into one score. Ratings
from 0 to 10 are averaged as numbers; whether a step from 2 to 3 means as much as one from 7
to 8 is not tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

from commonlight.analysis.survey.design import Codes, Floats, SurveyDesign
from commonlight.analysis.survey.intervals import proportion_interval, t_interval
from commonlight.analysis.survey.variance import Mask, Statistic, replicate_totals, variance

__all__ = [
    "MINIMUM_ANSWERS",
    "SurveyEstimates",
    "survey_mean",
    "survey_proportion",
    "survey_ratio",
    "survey_total",
]

MINIMUM_ANSWERS = 30
"""With fewer answers a proportion of one half is known to no better than 18 points either way."""

Kind = Literal["mean", "proportion", "total", "ratio", "quantile", "difference", "coefficient"]


@dataclass(frozen=True, eq=False)
class SurveyEstimates:
    """Estimates of groups with their intervals; every group keeps its place.

    Attributes
    ----------
    estimate, se, ci_lower, ci_upper : ndarray of float, shape (n_groups,)
        Estimate, standard error and interval, in the unit of the values. NaN where they do not
        exist. They are there for groups that are not `available` too, as input of a model for
        small areas; such an estimate must not be shown alone.
    n : ndarray of int, shape (n_groups,)
        Answers used.
    n_effective : ndarray of float, shape (n_groups,)
        Answers of a simple random sample that would tell as much: `n` over `deff`, or Kish's
        number where there is no `deff`.
    deff : ndarray of float, shape (n_groups,)
        Design effect: variance over that of a simple random sample, drawn with replacement,
        of as many answers.
    deff_weights : ndarray of float, shape (n_groups,)
        Kish's design effect, from unequal weights alone.
    cv : ndarray of float, shape (n_groups,)
        Standard error over the absolute estimate.
    degrees_of_freedom : ndarray of float, shape (n_groups,)
        Sampling units less strata that have answers in the group.
    available : ndarray of bool, shape (n_groups,)
        Whether the estimate may be shown.
    reason : tuple of str, length n_groups
        Why not; empty where it may.
    kind : str
        "mean", "proportion", "total", "ratio", "quantile" or "difference".
    confidence_level : float
        Level of the intervals.
    notes : tuple of str
        What a reader should know of the variance.
    """

    estimate: Floats
    se: Floats
    ci_lower: Floats
    ci_upper: Floats
    n: Codes
    n_effective: Floats
    deff: Floats
    deff_weights: Floats
    cv: Floats
    degrees_of_freedom: Floats
    available: Mask
    reason: tuple[str, ...]
    kind: Kind
    confidence_level: float
    notes: tuple[str, ...]

    @property
    def p_value(self) -> Floats:
        """Two-sided, by t, for "the true value is 0"; of use for differences."""
        t = _divide(self.estimate, self.se)
        df = np.where(self.degrees_of_freedom > 0, self.degrees_of_freedom, np.nan)
        return np.asarray(2 * stdtr(df, -np.abs(t)), dtype=float)


def survey_mean(
    values: ArrayLike,
    design: SurveyDesign,
    *,
    by: ArrayLike | None = None,
    n_groups: int | None = None,
    confidence_level: float = 0.95,
    minimum_answers: int = MINIMUM_ANSWERS,
) -> SurveyEstimates:
    """Weighted means of groups, with standard errors under the design.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One item; NaN for no answer. Such answers stay in the design and count nowhere.
    design : SurveyDesign
        How the answers were sampled.
    by : array_like of int, shape (n,), optional
        Group or area of each answer, from 0; -1 for none. Left out, all are one group.
    n_groups : int, optional
        Number of groups, so that those without answers keep their place.
    confidence_level : float
        Level of the intervals.
    minimum_answers : int
        Groups with fewer answers are not `available`.

    Returns
    -------
    SurveyEstimates

    Raises
    ------
    ValueError
        If shapes differ, a value is infinite, a group is out of range, or an option is wrong.

    Notes
    -----
    ``sum w y / sum w`` over the answers of the group; influence ``(y - mean) / sum w`` [1]_.
    Answers outside the group stay in the design with influence 0, so that the size of the
    group counts as random. Interval by t with the group's own degrees of freedom.

    The assumption that fails most often: that those who did not answer would have answered
    like those in the same weighting cell who did.

    References
    ----------
    .. [1] Lumley, T. (2010). Complex Surveys: A Guide to Analysis Using R. Wiley.
       doi:10.1002/9780470580066

    Examples
    --------
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.estimates import survey_mean
    >>> design = SurveyDesign(weights=[1, 1, 2, 2], strata=[0, 0, 1, 1])
    >>> found = survey_mean([2, 4, 5, 7], design, minimum_answers=2)
    >>> found.estimate.tolist(), found.se.round(4).tolist()
    ([5.0], [0.7454])
    """
    y, group, size = checked(values, design, by, n_groups)
    return summarise(
        mean_statistic(y, group, size, design),
        design,
        y=y,
        group=group,
        kind="mean",
        confidence_level=confidence_level,
        minimum_answers=minimum_answers,
    )


def survey_proportion(
    values: ArrayLike,
    design: SurveyDesign,
    *,
    by: ArrayLike | None = None,
    n_groups: int | None = None,
    confidence_level: float = 0.95,
    minimum_answers: int = MINIMUM_ANSWERS,
    interval: str = "auto",
) -> SurveyEstimates:
    """Weighted shares of those who say yes, with intervals inside 0 to 1.

    Parameters
    ----------
    values : array_like of bool or float, shape (n,)
        True or 1, False or 0; NaN for no answer.
    design : SurveyDesign
        How the answers were sampled.
    by : array_like of int, shape (n,), optional
        Group or area of each answer, from 0; -1 for none.
    n_groups : int, optional
        Number of groups.
    confidence_level : float
        Level of the intervals.
    minimum_answers : int
        Groups with fewer answers are not `available`.
    interval : {"auto", "logit", "korn-graubard"}
        See `intervals.proportion_interval`.

    Returns
    -------
    SurveyEstimates
        Shares from 0 to 1.

    Raises
    ------
    ValueError
        As for `survey_mean`; also if a value is neither 0 nor 1.

    Notes
    -----
    The assumption that fails most often: as for `survey_mean`.

    Examples
    --------
    >>> import numpy as np
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.estimates import survey_proportion
    >>> found = survey_proportion(np.arange(50) < 2, SurveyDesign(weights=np.ones(50)))
    >>> found.estimate.tolist(), found.ci_lower.round(3).tolist(), found.ci_upper.round(3).tolist()
    ([0.04], [0.005], [0.139])
    """
    y, group, size = checked(values, design, by, n_groups)
    wrong = np.flatnonzero((group >= 0) & (y != 0) & (y != 1))
    if wrong.size:
        raise ValueError(
            "values of a proportion must be True or False, 1 or 0, or NaN; got "
            f"{y[wrong[0]]:g} at answer {wrong[0]}"
        )
    return summarise(
        mean_statistic(y, group, size, design),
        design,
        y=y,
        group=group,
        kind="proportion",
        confidence_level=confidence_level,
        minimum_answers=minimum_answers,
        interval=interval,
    )


def survey_total(
    values: ArrayLike,
    design: SurveyDesign,
    *,
    by: ArrayLike | None = None,
    n_groups: int | None = None,
    confidence_level: float = 0.95,
    minimum_answers: int = MINIMUM_ANSWERS,
) -> SurveyEstimates:
    """Weighted totals of groups.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        A number for each answer, such as burglaries suffered; NaN for no answer.
    design : SurveyDesign
        Its weights must be in persons, or households, for each answer.
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

    Raises
    ------
    ValueError
        As for `survey_mean`.

    Notes
    -----
    ``sum w y``. It covers those who answered the item and is not raised to those who did not;
    for that, multiply a mean with a known number of people.

    The assumption that fails most often: that the weights add up to the population.

    Examples
    --------
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.estimates import survey_total
    >>> design = SurveyDesign(weights=[10, 10, 20], population=[40])
    >>> survey_total([1, 0, 2], design, minimum_answers=2).estimate.tolist()
    [50.0]
    """
    y, group, size = checked(values, design, by, n_groups)
    return summarise(
        total_statistic(y, group, size, design),
        design,
        y=y,
        group=group,
        kind="total",
        confidence_level=confidence_level,
        minimum_answers=minimum_answers,
    )


def survey_ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    design: SurveyDesign,
    *,
    by: ArrayLike | None = None,
    n_groups: int | None = None,
    confidence_level: float = 0.95,
    minimum_answers: int = MINIMUM_ANSWERS,
) -> SurveyEstimates:
    """Ratio of two weighted totals, such as incidents reported over incidents suffered.

    Parameters
    ----------
    numerator, denominator : array_like of float, shape (n,)
        Two numbers for each answer; an answer counts if neither is NaN.
    design : SurveyDesign
        How the answers were sampled.
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

    Raises
    ------
    ValueError
        As for `survey_mean`.

    Notes
    -----
    ``sum w y / sum w x``; influence ``(y - ratio x) / sum w x``. The interval is by t and may
    leave 0 to 1. The ratio is slightly biased when the denominator rests on few answers.

    The assumption that fails most often: that the denominator's own error is small.

    Examples
    --------
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.estimates import survey_ratio
    >>> design = SurveyDesign(weights=[1, 1, 1])
    >>> survey_ratio([1, 0, 1], [2, 1, 1], design, minimum_answers=2).estimate.tolist()
    [0.5]
    """
    x = np.asarray(denominator, dtype=float)
    y = np.where(np.isnan(x), np.nan, np.asarray(numerator, dtype=float))
    y, group, size = checked(y, design, by, n_groups)
    x, _, _ = checked(np.where(group >= 0, x, 0.0), design, None, None)
    return summarise(
        ratio_statistic(y, x, group, size, design),
        design,
        y=y,
        group=group,
        kind="ratio",
        confidence_level=confidence_level,
        minimum_answers=minimum_answers,
    )


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
    ratio = _divide(np.bincount(g, w * y[row], n_groups), below)
    influence = _divide(y[row] - ratio[g] * x[row], below[g])
    replicates = None
    if design.n_replicates:
        top, bottom = replicate_totals(np.column_stack([y, x]), group, n_groups, design)
        replicates = _divide(top, bottom)
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


def summarise(
    statistic: Statistic,
    design: SurveyDesign,
    *,
    y: Floats,
    group: Codes,
    kind: Kind,
    confidence_level: float,
    minimum_answers: int,
    interval: str | None = None,
) -> SurveyEstimates:
    """Variance, interval, design effect and availability of a statistic.

    Parameters
    ----------
    statistic : Statistic
        What was estimated.
    design : SurveyDesign
        How the answers were sampled.
    y : ndarray of float, shape (n,)
        Values, for the variance of a simple random sample.
    group : ndarray of int, shape (n,)
        Group of each answer, -1 for none.
    kind : str
        As in `SurveyEstimates`.
    confidence_level : float
        Level of the intervals.
    minimum_answers : int
        Groups with fewer answers are not available.
    interval : str, optional
        Method of an interval from 0 to 1; by t if left out.

    Returns
    -------
    SurveyEstimates
    """
    if not 1 <= minimum_answers < np.inf:
        raise ValueError(f"minimum_answers must be at least 1; got {minimum_answers}")
    n_groups = len(statistic.estimate)
    estimate, n = statistic.estimate, np.bincount(group[group >= 0], minlength=n_groups)
    se = np.sqrt(variance(statistic, design))
    degrees = design.domain_degrees(group, n_groups)
    kish = _kish(group, n_groups, design)
    deff = _divide(se**2, _simple_variance(statistic, design, y, group, kind))
    if interval is None:
        lower, upper = t_interval(estimate, se, degrees, confidence_level=confidence_level)
    else:
        lower, upper = proportion_interval(
            estimate, se, degrees, n=n, n_weights=kish,
            confidence_level=confidence_level, method=interval,
        )  # fmt: skip
    reason = _reasons(n, degrees, se, minimum_answers, design)
    return SurveyEstimates(
        estimate=estimate,
        se=se,
        ci_lower=lower,
        ci_upper=upper,
        n=n,
        n_effective=np.where(deff > 0, _divide(n, deff), kish),
        deff=deff,
        deff_weights=_divide(n, kish),
        cv=_divide(se, np.abs(estimate)),
        degrees_of_freedom=degrees,
        available=np.array([not text for text in reason], dtype=bool),
        reason=reason,
        kind=kind,
        confidence_level=float(confidence_level),
        notes=design.notes,
    )


def _simple_variance(
    statistic: Statistic, design: SurveyDesign, y: Floats, group: Codes, kind: Kind
) -> Floats:
    """Variance of the same statistic in a simple random sample of as many answers."""
    n_groups = len(statistic.estimate)
    w = design.weights[statistic.row]
    if kind == "total":
        everyone, n_all = design.weights.sum(), float((design.weights > 0).sum())
        mean = np.bincount(statistic.group, w * y[statistic.row], n_groups) / everyone
        square = np.bincount(statistic.group, w * y[statistic.row] ** 2, n_groups) / everyone
        total: Floats = everyone**2 * np.maximum(square - mean**2, 0) / max(n_all - 1, 1)
        return total
    n = np.bincount(group[group >= 0], minlength=n_groups)
    weight = np.bincount(statistic.group, w, n_groups)
    square = np.bincount(statistic.group, w * statistic.influence**2, n_groups)
    return _divide(square * weight, n - 1.0)


def _kish(group: Codes, n_groups: int, design: SurveyDesign) -> Floats:
    rows = np.flatnonzero(group >= 0)
    w = design.weights[rows]
    total = np.bincount(group[rows], w, n_groups)
    return np.nan_to_num(_divide(total**2, np.bincount(group[rows], w**2, n_groups)))


def _reasons(
    n: Codes, degrees: Floats, se: Floats, minimum_answers: int, design: SurveyDesign
) -> tuple[str, ...]:
    refused = design.lonely == "refuse" and not design.n_replicates and design.lonely_strata.any()
    found = []
    for k, df, error in zip(n.tolist(), degrees.tolist(), se.tolist(), strict=True):
        if k == 0:
            found.append("no answers")
        elif k < minimum_answers:
            answers = "1 answer" if k == 1 else f"{k} answers"
            found.append(f"{answers}; at least {minimum_answers} are needed")
        elif df < 1:
            found.append("too few sampling units to know the error; at least 2 in a stratum")
        elif not np.isfinite(error):
            found.append(design.notes[0] if refused else "no standard error can be had")
        else:
            found.append("")
    return tuple(found)


def _divide(a: NDArray, b: NDArray | float) -> Floats:
    """Return a / b; NaN where b is 0 or missing."""
    below = np.broadcast_to(np.asarray(b, dtype=float), np.shape(a))
    there = np.isfinite(below) & (below != 0)
    found: Floats = np.divide(a, below, out=np.full(below.shape, np.nan), where=there)
    return found
