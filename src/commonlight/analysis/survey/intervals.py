"""Intervals of estimates with a standard error and degrees of freedom.

An interval covers the chance of the draw alone. It does not answer how far those who did not
take part differ from those who did, which in most surveys is the larger error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FEWEST_EXPECTED", "proportion_interval", "t_interval", "t_quantile"]

Floats = NDArray[np.float64]

FEWEST_EXPECTED = 15.0
"""With fewer effective answers on either side, Korn and Graubard's interval replaces the logit."""


def t_quantile(degrees: ArrayLike, confidence_level: float) -> Floats:
    """Half the width of a two-sided interval, in standard errors.

    Parameters
    ----------
    degrees : array_like of float
        Degrees of freedom; inf gives the normal quantile.
    confidence_level : float
        Between 0 and 1.

    Returns
    -------
    ndarray of float
        NaN where there are no degrees of freedom.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.

    Examples
    --------
    >>> from commonlight.analysis.survey.intervals import t_quantile
    >>> t_quantile([10, 1e9], 0.95).round(3).tolist()
    [2.228, 1.96]
    """
    from scipy.special import stdtrit

    if not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level must be between 0 and 1; got {confidence_level}")
    df = np.asarray(degrees, dtype=float)
    df = np.where(df > 0, df, np.nan)
    return np.asarray(stdtrit(np.minimum(df, 1e12), (1 + confidence_level) / 2), dtype=float)


def t_interval(
    estimate: ArrayLike, se: ArrayLike, degrees: ArrayLike, *, confidence_level: float = 0.95
) -> tuple[Floats, Floats]:
    """Interval by Student's t on the scale of the estimate.

    Parameters
    ----------
    estimate, se, degrees : array_like of float, shape (n,)
        Estimates, standard errors and degrees of freedom.
    confidence_level : float
        Level of the interval.

    Returns
    -------
    lower, upper : ndarray of float, shape (n,)
        NaN where there are no degrees of freedom.

    Examples
    --------
    >>> from commonlight.analysis.survey.intervals import t_interval
    >>> lower, upper = t_interval([5.0], [0.5], [20])
    >>> lower.round(2).tolist(), upper.round(2).tolist()
    ([3.96], [6.04])
    """
    middle = np.asarray(estimate, dtype=float)
    reach = t_quantile(degrees, confidence_level) * np.asarray(se, dtype=float)
    return middle - reach, middle + reach


def proportion_interval(
    estimate: ArrayLike,
    se: ArrayLike,
    degrees: ArrayLike,
    *,
    n: ArrayLike,
    n_weights: ArrayLike,
    confidence_level: float = 0.95,
    method: str = "auto",
) -> tuple[Floats, Floats]:
    """Interval of a proportion that never leaves 0 to 1.

    Parameters
    ----------
    estimate, se, degrees : array_like of float, shape (k,)
        Proportions from 0 to 1, standard errors, degrees of freedom.
    n : array_like of float, shape (k,)
        Answers.
    n_weights : array_like of float, shape (k,)
        Kish's effective number of answers; used where the standard error is 0.
    confidence_level : float
        Level of the interval.
    method : {"auto", "logit", "korn-graubard"}
        "auto" takes the logit where at least 15 effective answers stand on either side, else
        Korn and Graubard's interval.

    Returns
    -------
    lower, upper : ndarray of float, shape (k,)
        Limits from 0 to 1; NaN where there are no degrees of freedom.

    Raises
    ------
    ValueError
        If the method is not known.

    Notes
    -----
    Logit: ``logit(p) +- t se / (p (1 - p))``, turned back. Korn and Graubard [1]_: the exact
    binomial limits for ``n* = min(n, p (1 - p) / se^2 (t_{n-1} / t_{df})^2)`` answers, where
    the cap at n is that of the standards of the US National Center for Health Statistics
    [2]_. With nobody, or everybody, on one side there is no standard error; then Kish's
    effective number takes the place of ``p (1 - p) / se^2``, which knows nothing of clusters.

    The assumption that fails most often: that the standard error itself is known well. In a
    domain with few clusters it is not.

    References
    ----------
    .. [1] Korn, E. L., & Graubard, B. I. (1998). Confidence intervals for proportions with
       small expected number of positive counts estimated from survey data. Survey Methodology
       24, 193-201.
    .. [2] Parker, J. D. et al. (2017). National Center for Health Statistics data presentation
       standards for proportions. Vital and Health Statistics 2(175).

    Examples
    --------
    >>> from commonlight.analysis.survey.intervals import proportion_interval
    >>> lower, upper = proportion_interval([0.0], [0.0], [9], n=[10], n_weights=[10])
    >>> lower.tolist(), upper.round(4).tolist()
    ([0.0], [0.3085])
    """
    if method not in ("auto", "logit", "korn-graubard"):
        raise ValueError(f"method must be 'auto', 'logit' or 'korn-graubard'; got {method!r}")
    p, s = np.asarray(estimate, dtype=float), np.asarray(se, dtype=float)
    t = t_quantile(degrees, confidence_level)
    answers = np.asarray(n, dtype=float)
    size = _effective_size(p, s, np.asarray(n_weights, dtype=float))
    adjusted = size * (t_quantile(np.maximum(answers - 1, 1), confidence_level) / t) ** 2
    exact = _binomial_limits(p, np.minimum(adjusted, answers), confidence_level)
    on_logit = _logit_interval(p, s, t)
    if method == "auto":
        use_logit = np.minimum(size, answers) * np.minimum(p, 1 - p) >= FEWEST_EXPECTED
    else:
        use_logit = np.full(p.shape, method == "logit") & (s > 0)
    return np.where(use_logit, on_logit[0], exact[0]), np.where(use_logit, on_logit[1], exact[1])


def _effective_size(p: Floats, se: Floats, n_weights: Floats) -> Floats:
    spread = p * (1 - p)
    known = (se > 0) & (spread > 0)
    return np.divide(spread, se**2, out=n_weights.copy(), where=known)


def _binomial_limits(p: Floats, size: Floats, confidence_level: float) -> tuple[Floats, Floats]:
    """Clopper and Pearson's limits, for numbers of answers that need not be whole."""
    from scipy.special import betaincinv

    yes, no = size * p, size * (1 - p)
    tail = (1 - confidence_level) / 2
    with np.errstate(invalid="ignore"):
        lower = np.where(yes > 0, betaincinv(yes, no + 1, tail), 0.0)
        upper = np.where(no > 0, betaincinv(yes + 1, no, 1 - tail), 1.0)
    known = np.isfinite(size) & np.isfinite(p)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def _logit_interval(p: Floats, se: Floats, t: Floats) -> tuple[Floats, Floats]:
    from scipy.special import expit, logit

    inside = (p > 0) & (p < 1)
    q = np.where(inside, p, 0.5)
    reach = t * se / (q * (1 - q))
    lower, upper = expit(logit(q) - reach), expit(logit(q) + reach)
    return np.where(inside, lower, np.nan), np.where(inside, upper, np.nan)
