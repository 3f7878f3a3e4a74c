"""Season: how the months of a year differ, apart from the trend.

It does not answer why a month is high, and it does not say whether the season itself has
changed over the years. Two years are the least that can tell season from trend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .count_regression import (
    CountFit,
    correlated_errors,
    count_series,
    exposure_series,
    fit_counts,
    month_numbers,
)
from .trend import MINIMUM_EVENTS, MINIMUM_MONTHS, empty_month, trend_design

__all__ = ["Season", "season"]


@dataclass(frozen=True, kw_only=True)
class Season:
    """Index of each calendar month; 1 is the average day of a year.

    Attributes
    ----------
    index, ci_lower, ci_upper : ndarray, shape (12,)
        Rate a day in January to December over the rate on the average day of a year
        without trend; nan where not available.
    p_value : float
        Against no difference between the months.
    dispersion : float
        Variance over mean of the noise; 1 for Poisson counts.
    autocorrelation : float
        Mean correlation between neighbouring months that the intervals allow for.
    n_months : int
        Number of months.
    n_events : float
        Sum of the counts.
    confidence_level : float
        Level of each interval, month by month (not jointly).
    available : bool
        False where the data are too few to say anything.
    reason : str
        Why not, and the next step; empty where available.
    """

    index: np.ndarray
    ci_lower: np.ndarray
    ci_upper: np.ndarray
    p_value: float
    dispersion: float
    autocorrelation: float
    n_months: int
    n_events: float
    confidence_level: float
    available: bool
    reason: str


def season(
    counts: ArrayLike,
    *,
    month: ArrayLike,
    days: ArrayLike,
    confidence_level: float = 0.95,
) -> Season:
    """Estimate a monthly index with intervals and test whether there is a season.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Counts of consecutive calendar months, at least 24.
    month : array_like, shape (n,)
        Calendar month 1 to 12 of each count.
    days : array_like, shape (n,)
        Days that each month covers (28 to 31, fewer for a month that is cut).
    confidence_level : float
        Between 0 and 1.

    Returns
    -------
    Season
        With ``available=False`` and a reason under 24 months, with under 10 events, or where
        a calendar month never had an event.

    Raises
    ------
    ValueError
        Where counts, days or months are missing, negative, do not match or have a gap.

    Notes
    -----
    ``log E(count) = log(days) + month effect + trend``, where the trend is a line that may
    bend every 24 months. The index of month j is ``exp(m_j) / sum_k w_k exp(m_k)`` with
    ``w_k`` the share of month k in the days of a year. Intervals are by the delta method on
    the log scale. Errors allow for over-dispersion and first-order autocorrelation
    (`count_regression.correlated_errors`); the test is a Wald F test averaged over the
    autocorrelation. The assumption that fails most often is that the season is the same in
    all years; moving feasts and one exceptional year break it.

    References
    ----------
    .. [1] D. McDowall, C. Loftin and M. Pate (2012), Seasonal cycles in crime, and their
       variability, Journal of Quantitative Criminology 28, 389-410.
       doi:10.1007/s10940-011-9145-7

    Examples
    --------
    >>> import numpy as np
    >>> month = np.tile(np.arange(1, 13), 3)
    >>> counts = np.where(month == 7, 60, 30)
    >>> result = season(counts, month=month, days=np.full(36, 30))
    >>> round(float(result.index[6] / result.index[0]), 2)
    2.0
    """
    series = count_series(counts)
    number = month_numbers(month, series.size)
    length = exposure_series(days, series.size, name="days")
    if not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level must be between 0 and 1; got {confidence_level}")
    reason = _too_little(series, number)
    if reason:
        return _not_available(series, confidence_level, reason)
    fit = fit_counts(series, season_design(length, number), exposure=length)
    if not fit.converged:
        reason = "the events lie in too few months to fit a season; add earlier months"
        return _not_available(series, confidence_level, reason)
    total_days = np.bincount(number - 1, weights=length, minlength=12)
    share = total_days / np.bincount(number - 1, minlength=12)
    return _estimate(fit, share / share.sum(), series, confidence_level)


def season_design(days: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Twelve month columns, a line in years, and a bend after every 24 months."""
    straight = trend_design(days, month)
    years = straight[:, -1]
    knots = range(24, days.size - 12, 24)
    bends = [np.maximum(years - years[k], 0.0) for k in knots]
    return np.column_stack([straight, *bends])


def _estimate(
    fit: CountFit, share: np.ndarray, counts: np.ndarray, confidence_level: float
) -> Season:
    """Turn month effects into an index with intervals and a test."""
    level = fit.coefficients[:12]
    part = share * np.exp(level - level.max())
    log_index = level - level.max() - np.log(part.sum())
    contrast = np.zeros((12, fit.coefficients.size))
    contrast[:, :12] = np.eye(12) - part / part.sum()
    errors = correlated_errors(fit)
    half = errors.half_widths(contrast, confidence_level=confidence_level)
    differences = np.zeros((11, fit.coefficients.size))
    differences[:, :12] = np.eye(12)[1:] - np.eye(12)[0]
    return Season(
        index=np.exp(log_index),
        ci_lower=np.exp(log_index - half),
        ci_upper=np.exp(np.minimum(log_index + half, 700.0)),
        p_value=errors.joint_p_value(differences, level[1:] - level[0]),
        dispersion=fit.dispersion,
        autocorrelation=errors.autocorrelation,
        n_months=counts.size,
        n_events=float(counts.sum()),
        confidence_level=confidence_level,
        available=True,
        reason="",
    )


def _too_little(counts: np.ndarray, month: np.ndarray) -> str:
    if counts.size < MINIMUM_MONTHS:
        return (
            f"{counts.size} months cannot tell season from trend; "
            f"at least {MINIMUM_MONTHS} are needed; add earlier months"
        )
    if counts.sum() < MINIMUM_EVENTS:
        return f"{counts.sum():g} events are too few for a season; {MINIMUM_EVENTS} are needed"
    return empty_month(counts, month)


def _not_available(counts: np.ndarray, confidence_level: float, reason: str) -> Season:
    nothing, nan = np.full(12, np.nan), float("nan")
    return Season(
        index=nothing,
        ci_lower=nothing.copy(),
        ci_upper=nothing.copy(),
        p_value=nan,
        dispersion=nan,
        autocorrelation=nan,
        n_months=counts.size,
        n_events=float(counts.sum()),
        confidence_level=confidence_level,
        available=False,
        reason=reason,
    )
