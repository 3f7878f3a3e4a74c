"""Estimates of a survey as they are handed on: with error, interval, and whether to show them.

An estimate that is not available keeps its place and says why. What may be published of an
area is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from commonlight.analysis.survey.design import Codes, Floats, SurveyDesign
from commonlight.analysis.survey.group_statistics import divide
from commonlight.analysis.survey.intervals import proportion_interval, t_interval
from commonlight.analysis.survey.variance import Mask, Statistic, variance

__all__ = ["MINIMUM_ANSWERS", "Kind", "SurveyEstimates", "summarise"]

MINIMUM_ANSWERS = 30
"""With fewer answers a proportion of one half is known to no better than 18 points either way."""

Kind = Literal["mean", "proportion", "total", "ratio", "quantile", "difference"]


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
        from scipy.special import stdtr

        t = divide(self.estimate, self.se)
        df = np.where(self.degrees_of_freedom > 0, self.degrees_of_freedom, np.nan)
        return np.asarray(2 * stdtr(df, -np.abs(t)), dtype=float)


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
    deff = divide(se**2, _simple_variance(statistic, design, y, group, kind))
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
        n_effective=np.where(deff > 0, divide(n, deff), kish),
        deff=deff,
        deff_weights=divide(n, kish),
        cv=divide(se, np.abs(estimate)),
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
    return divide(square * weight, n - 1.0)


def _kish(group: Codes, n_groups: int, design: SurveyDesign) -> Floats:
    rows = np.flatnonzero(group >= 0)
    w = design.weights[rows]
    total = np.bincount(group[rows], w, n_groups)
    return np.nan_to_num(divide(total**2, np.bincount(group[rows], w**2, n_groups)))


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
