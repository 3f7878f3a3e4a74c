"""Weighted linear regression with standard errors under the survey's design.

It says how far answers differ between people who differ in one thing and are alike in the
others that were put in. It does not say that the one causes the other: those who were victims
and feel less safe may live where both are more common.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from commonlight.analysis.survey.design import Floats, SurveyDesign
from commonlight.analysis.survey.group_statistics import checked
from commonlight.analysis.survey.intervals import t_interval
from commonlight.analysis.survey.variance import replicate_totals, taylor_covariance

__all__ = ["SurveyRegression", "survey_regression"]


@dataclass(frozen=True, eq=False)
class SurveyRegression:
    """Coefficients of a regression; the first is the constant.

    Attributes
    ----------
    estimate, se, ci_lower, ci_upper, p_value : ndarray of float, shape (k + 1,)
        Coefficients in units of the values per unit of the variable, with intervals and
        two-sided p-values by t for "0". NaN where they are not available.
    covariance : ndarray of float, shape (k + 1, k + 1)
        Covariance of the coefficients.
    degrees_of_freedom : float
        Those of the answers used, less the number of variables.
    n : int
        Answers without a gap.
    available : bool
        Whether there are errors to show.
    reason : str
        Why not; empty if there are.
    """

    estimate: Floats
    se: Floats
    ci_lower: Floats
    ci_upper: Floats
    p_value: Floats
    covariance: Floats
    degrees_of_freedom: float
    n: int
    available: bool
    reason: str


def survey_regression(
    values: ArrayLike,
    variables: ArrayLike,
    design: SurveyDesign,
    *,
    confidence_level: float = 0.95,
) -> SurveyRegression:
    """Regress an item on variables, weighted, with the design's standard errors.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        The item; NaN for no answer.
    variables : array_like of float, shape (n, k)
        Without a constant; groups as columns of 0 and 1, all but one. Answers with a NaN
        stay in the design and count nowhere.
    design : SurveyDesign
        How the answers were sampled.
    confidence_level : float
        Level of the intervals.

    Returns
    -------
    SurveyRegression

    Raises
    ------
    ValueError
        If shapes differ or a variable follows from the others.

    Notes
    -----
    ``b = (X'WX)^-1 X'Wy``; influence of an answer ``(X'WX)^-1 x e`` with its residual e [1]_.
    Equal to R's `svyglm` with a Gaussian family; degrees of freedom as there.

    The assumption that fails most often: that the variables left out have nothing to do with
    those put in.

    References
    ----------
    .. [1] Binder, D. A. (1983). On the variances of asymptotically normal estimators from
       complex surveys. International Statistical Review 51, 279-292. doi:10.2307/1402588

    Examples
    --------
    >>> import numpy as np
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.regression import survey_regression
    >>> x = np.arange(20.0)
    >>> found = survey_regression(3 + 2 * x, x[:, None], SurveyDesign(weights=np.ones(20)))
    >>> found.estimate.round(6).tolist()
    [3.0, 2.0]
    """
    y, x, used = _prepared(values, variables, design)
    cross = x.T @ (design.weights[:, None] * x)
    if np.linalg.matrix_rank(cross, hermitian=True, rtol=1e-12) < len(cross):
        raise ValueError(
            "variables must not follow from each other; leave one group of each set out, and "
            "variables that are the same for all answers"
        )
    inverse = np.linalg.inv(cross)
    estimate = inverse @ (x.T @ (design.weights * y))
    influence = ((y - x @ estimate)[:, None] * x) @ inverse
    covariance = (
        _replicate_covariance(y, x, used, estimate, design)
        if design.n_replicates
        else taylor_covariance(influence, design)
    )
    group = np.where(used, 0, -1)
    degrees = float(design.domain_degrees(group, 1)[0]) + 1 - len(estimate)
    return _result(estimate, covariance, degrees, int(used.sum()), confidence_level, design)


def _prepared(
    values: ArrayLike, variables: ArrayLike, design: SurveyDesign
) -> tuple[Floats, Floats, np.ndarray]:
    """Values and variables with a constant, all 0 for answers that do not count."""
    z = np.array(variables, dtype=float)
    if z.ndim != 2 or len(z) != design.n:
        raise ValueError(f"variables must have shape ({design.n}, k); got {z.shape}")
    if np.isinf(z).any():
        raise ValueError("variables must be finite, or NaN for no answer; got inf")
    y = np.where(np.isnan(z).any(axis=1), np.nan, np.asarray(values, dtype=float))
    y, group, _ = checked(y, design, None, None)
    used = group >= 0
    x = np.where(used[:, None], np.column_stack([np.ones(len(z)), z]), 0.0)
    return y, x, used


def _replicate_covariance(
    y: Floats, x: Floats, used: np.ndarray, estimate: Floats, design: SurveyDesign
) -> Floats:
    k = x.shape[1]
    i, j = np.triu_indices(k)
    columns = np.hstack([x[:, i] * x[:, j], x * y[:, None]])
    totals = replicate_totals(columns, np.where(used, 0, -1), 1, design)[:, 0]
    cross = np.empty((design.n_replicates, k, k))
    cross[:, i, j] = cross[:, j, i] = totals[: len(i)].T
    try:
        each = np.linalg.solve(cross, totals[len(i) :].T[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        return np.full((k, k), np.nan)
    apart = each - estimate
    covariance: Floats = (apart * design.replicate_scale[:, None]).T @ apart
    return covariance


def _result(
    estimate: Floats,
    covariance: Floats,
    degrees: float,
    n: int,
    confidence_level: float,
    design: SurveyDesign,
) -> SurveyRegression:
    from scipy.special import stdtr

    reason = ""
    if not degrees >= 1:
        reason = "too few sampling units for so many variables"
    elif not np.isfinite(covariance).all():
        reason = design.notes[0] if design.notes else "some replicates lack a group"
    se = np.sqrt(np.diag(covariance)) if not reason else np.full(len(estimate), np.nan)
    df = np.full(len(estimate), degrees)
    lower, upper = t_interval(estimate, se, df, confidence_level=confidence_level)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(estimate / se)
    return SurveyRegression(
        estimate=estimate, se=se, ci_lower=lower, ci_upper=upper,
        p_value=np.asarray(2 * stdtr(np.maximum(df, 1), -t), dtype=float),
        covariance=covariance, degrees_of_freedom=degrees, n=n, available=not reason,
        reason=reason,
    )  # fmt: skip
