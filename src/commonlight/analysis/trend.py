"""Trend of a series of counts in per cent a year.

It does not answer why a series rises or falls, nor whether the recording changed, nor what
comes next; and a straight line on the log scale hides a rise followed by a fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1

import numpy as np
from numpy.typing import ArrayLike

from .count_regression import (
    correlated_errors,
    count_series,
    exposure_series,
    fit_counts,
    month_numbers,
)

__all__ = ["Trend", "trend"]

MINIMUM_MONTHS = 24
MINIMUM_PERIODS = 8
MINIMUM_EVENTS = 10
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Change in per cent a year.

    Attributes
    ----------
    estimate, ci_lower, ci_upper : float
        Per cent a year; nan where not available.
    p_value : float
        Two-sided, against no trend.
    standard_error : float
        Model-based quasi-Poisson error of the yearly change on the natural log scale,
        without allowance for autocorrelation.
    dispersion : float
        Variance over mean of the noise; 1 for Poisson counts.
    autocorrelation : float
        Mean correlation between neighbouring periods that the interval allows for.
    n_periods : int
        Number of periods.
    n_events : float
        Sum of the counts.
    confidence_level : float
        Level of the interval.
    available : bool
        False where the data are too few to say anything.
    reason : str
        Why not, and the next step; empty where available.
    """

    estimate: float
    ci_lower: float
    ci_upper: float
    p_value: float
    standard_error: float
    dispersion: float
    autocorrelation: float
    n_periods: int
    n_events: float
    confidence_level: float
    available: bool
    reason: str


def trend(
    counts: ArrayLike,
    *,
    days: ArrayLike,
    month: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> Trend:
    """Estimate the trend of a series of counts in per cent a year.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Counts of consecutive periods.
    days : array_like, shape (n,)
        Days that each period covers: exposure and length on the time axis.
    month : array_like, shape (n,), optional
        Calendar month 1 to 12 of each period; gives each month its own level, and needs
        24 months. Without it the series must have no season (for example yearly counts).
    confidence_level : float
        Between 0 and 1.

    Returns
    -------
    Trend
        With ``available=False`` and a reason where the series is too short or too sparse.

    Raises
    ------
    ValueError
        Where counts, days or months are missing, negative or do not match.

    Notes
    -----
    ``log E(count) = log(days) + month effect + b * years``; the estimate is
    ``100 * (exp(b) - 1)`` from the Poisson fit. The interval averages over the unknown
    first-order autocorrelation, weighted by restricted likelihood, with t quantiles and a
    dispersion of at least 1: see `count_regression.correlated_errors`. The assumption that
    fails most often is that the change is steady: a step or a bend is not a trend.

    References
    ----------
    .. [1] P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, 2nd ed.
       doi:10.1007/978-1-4899-3242-6
    .. [2] S. L. Zeger (1988), A regression model for time series of counts, Biometrika 75,
       621-629. doi:10.1093/biomet/75.4.621

    Examples
    --------
    >>> counts = [100, 104, 98, 101, 97, 99, 95, 98, 96, 93]
    >>> result = trend(counts, days=[365] * 10)
    >>> f"{result.estimate:.1f} % a year"
    '-0.8 % a year'
    """
    series = count_series(counts)
    length = exposure_series(days, series.size, name="days")
    if not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level must be between 0 and 1; got {confidence_level}")
    number = None if month is None else month_numbers(month, series.size)
    reason = _too_little(series, number)
    if reason:
        return _not_available(series, confidence_level, reason)
    design = trend_design(length, number)
    fit = fit_counts(series, design, exposure=length)
    if not fit.converged:
        reason = "the events lie in too few periods to fit a trend; use longer periods"
        return _not_available(series, confidence_level, reason)
    errors = correlated_errors(fit)
    contrast = np.zeros((1, design.shape[1]))
    contrast[0, -1] = 1.0
    slope = float(fit.coefficients[-1])
    half = float(errors.half_widths(contrast, confidence_level=confidence_level)[0])
    return Trend(
        estimate=_percent(slope),
        ci_lower=_percent(slope - half),
        ci_upper=_percent(slope + half),
        p_value=float(errors.p_values(contrast, np.array([slope]))[0]),
        standard_error=float(np.sqrt(max(fit.dispersion, 1.0) * fit.covariance[-1, -1])),
        dispersion=fit.dispersion,
        autocorrelation=errors.autocorrelation,
        n_periods=series.size,
        n_events=float(series.sum()),
        confidence_level=confidence_level,
        available=True,
        reason="",
    )


def trend_design(days: np.ndarray, month: np.ndarray | None) -> np.ndarray:
    """Month columns (or an intercept) and, last, the time in years from the middle."""
    years = (np.cumsum(days) - days / 2.0) / DAYS_PER_YEAR
    years = years - years.mean()
    if month is None:
        return np.column_stack([np.ones(days.size), years])
    levels = (month[:, None] == np.arange(1, 13)).astype(np.float64)
    return np.column_stack([levels, years])


def _too_little(counts: np.ndarray, month: np.ndarray | None) -> str:
    """Why the series cannot carry a trend; empty where it can."""
    if month is None and counts.size < MINIMUM_PERIODS:
        return (
            f"{counts.size} periods are too few for a trend; "
            f"at least {MINIMUM_PERIODS} are needed; compare two periods instead"
        )
    if month is not None and counts.size < MINIMUM_MONTHS:
        return (
            f"{counts.size} months cannot tell season from trend; "
            f"at least {MINIMUM_MONTHS} are needed; add earlier months"
        )
    if counts.sum() < MINIMUM_EVENTS:
        return f"{counts.sum():g} events are too few for a trend; {MINIMUM_EVENTS} are needed"
    if month is not None:
        return empty_month(counts, month)
    return ""


def empty_month(counts: np.ndarray, month: np.ndarray) -> str:
    """A sentence where a calendar month never had an event; empty otherwise."""
    total = np.bincount(month - 1, weights=counts, minlength=12)
    if np.all(total > 0):
        return ""
    first = int(np.flatnonzero(total == 0)[0]) + 1
    return f"no event in any month number {first}; too few events for a level of each month"


def _percent(log_change: float) -> float:
    return 100.0 * expm1(min(log_change, 700.0))


def _not_available(counts: np.ndarray, confidence_level: float, reason: str) -> Trend:
    nan = float("nan")
    return Trend(
        estimate=nan,
        ci_lower=nan,
        ci_upper=nan,
        p_value=nan,
        standard_error=nan,
        dispersion=nan,
        autocorrelation=nan,
        n_periods=counts.size,
        n_events=float(counts.sum()),
        confidence_level=confidence_level,
        available=False,
        reason=reason,
    )
