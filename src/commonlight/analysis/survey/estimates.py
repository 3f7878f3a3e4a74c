"""Means, proportions, totals and ratios of a survey, by group or area.

Each estimate comes with the chance error of the draw under the survey's design. It does not
answer how people feel who were not asked or did not answer, and it compares no two items:
worry and perceived risk stay apart, and nothing here averages items into one score. Ratings
from 0 to 10 are averaged as numbers; whether a step from 2 to 3 means as much as one from 7
to 8 is not tested.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from commonlight.analysis.survey.design import SurveyDesign
from commonlight.analysis.survey.group_statistics import (
    checked,
    mean_statistic,
    ratio_statistic,
    total_statistic,
)
from commonlight.analysis.survey.summary import MINIMUM_ANSWERS, SurveyEstimates, summarise

__all__ = [
    "MINIMUM_ANSWERS",
    "SurveyEstimates",
    "survey_mean",
    "survey_proportion",
    "survey_ratio",
    "survey_total",
]


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
