"""Change between two periods as a ratio of rates, with an interval that holds its level.

It does not answer why the rate changed: without a comparison area a change is not an effect.
Compare the same months of two years, or the season is read as a change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .count_regression import count_series, exposure_series

__all__ = ["Change", "Dispersion", "compare_counts", "estimate_dispersion"]

NODES = 64


@dataclass(frozen=True, kw_only=True)
class Dispersion:
    """Variance over mean of counts per period, and how well it is known.

    Attributes
    ----------
    estimate : float
        Pearson chi-square over degrees of freedom; 1 for Poisson counts.
    df : float
        Degrees of freedom.
    """

    estimate: float
    df: float


@dataclass(frozen=True, kw_only=True)
class Change:
    """Ratio of two rates, after over before.

    Attributes
    ----------
    estimate, ci_lower, ci_upper : float
        Ratio; 0.7 means 30 % lower. Infinite where nothing was counted before.
    p_value : float
        Two-sided, against a ratio of 1; under ``1 - confidence_level`` exactly where the
        interval leaves out 1.
    before, after : float
        Total counts.
    dispersion : float
        Variance over mean that was used (at least 1).
    dispersion_df : float
        Its degrees of freedom; infinite where it was given as known.
    confidence_level : float
        Level of the interval.
    available : bool
        False where nothing was counted in either period.
    reason : str
        Why not, and the next step; empty where available.
    """

    estimate: float
    ci_lower: float
    ci_upper: float
    p_value: float
    before: float
    after: float
    dispersion: float
    dispersion_df: float
    confidence_level: float
    available: bool
    reason: str


def compare_counts(
    before: ArrayLike,
    after: ArrayLike,
    *,
    exposure_before: ArrayLike = 1.0,
    exposure_after: ArrayLike = 1.0,
    dispersion: float | None = None,
    dispersion_df: float = float("inf"),
    confidence_level: float = 0.95,
) -> Change:
    """Compare the rate after with the rate before.

    Parameters
    ----------
    before, after : array_like, scalar or shape (n,)
        Totals, or counts of consecutive periods.
    exposure_before, exposure_after : array_like, scalar or shape (n,)
        Days, person-years or other exposure in the same unit. A single number counts for
        each period.
    dispersion : float, optional
        Variance over mean; 1 asks for the exact conditional Poisson test. Without it the
        dispersion is estimated from the periods before, of which at least 3 are needed.
    dispersion_df : float
        Degrees of freedom of a given dispersion; infinite where it is known.
    confidence_level : float
        Between 0 and 1.

    Returns
    -------
    Change
        With ``available=False`` where both totals are 0.

    Raises
    ------
    ValueError
        For missing or negative counts, exposures that are not positive, and totals without
        a dispersion.

    Notes
    -----
    Given both totals, the one after is binomial with share ``r E1 / (r E1 + E0)``; the
    Clopper-Pearson interval of the share gives that of the ratio ``r`` [1]_. With dispersion
    ``phi`` the totals are divided by ``phi`` (as many independent events as carry that
    variance) in the beta form of the same limits. A ``phi`` estimated with ``df`` degrees of
    freedom is averaged over ``phi * df / chi2(df)``, never below 1. The assumption that
    fails most often is independence of periods; the Poisson form alone raises a false alarm
    in 11 % of cases at variance over mean 1.5 and in 26 % at 3.

    References
    ----------
    .. [1] J. Przyborowski and H. Wilenski (1940), Homogeneity of results in testing samples
       from Poisson series, Biometrika 31, 313-323. doi:10.1093/biomet/31.3-4.313
    .. [2] C. J. Clopper and E. S. Pearson (1934), The use of confidence or fiducial limits,
       Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> result = compare_counts(100, 70, dispersion=1.0)
    >>> f"{result.estimate:.2f} ({result.ci_lower:.2f} to {result.ci_upper:.2f})"
    '0.70 (0.51 to 0.96)'
    """
    first, first_exposure = _totals(before, exposure_before, "before")
    second, second_exposure = _totals(after, exposure_after, "after")
    if not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level must be between 0 and 1; got {confidence_level}")
    spread = _dispersion(before, exposure_before, dispersion, dispersion_df)
    nan = float("nan")
    if first + second == 0:
        reason = "no events in either period; use a longer period"
        limits, ratio, p_value = (nan, nan), nan, nan
    else:
        reason = ""
        odds = second_exposure / first_exposure
        ratio = second / first / odds if first > 0 else float("inf")
        limits, p_value = _judge(first, second, odds, spread, 1.0 - confidence_level)
    return Change(
        estimate=ratio,
        ci_lower=limits[0],
        ci_upper=limits[1],
        p_value=p_value,
        before=first,
        after=second,
        dispersion=max(spread.estimate, 1.0),
        dispersion_df=spread.df,
        confidence_level=confidence_level,
        available=not reason,
        reason=reason,
    )


def estimate_dispersion(counts: ArrayLike, *, exposure: ArrayLike = 1.0) -> Dispersion:
    """Variance over mean of counts of periods with one rate.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Counts of at least 3 periods.
    exposure : array_like, scalar or shape (n,)
        Exposure of each period.

    Returns
    -------
    Dispersion

    Notes
    -----
    ``sum((x - m)**2 / m) / (n - 1)`` with ``m`` the expected count at the common rate.
    Season and trend within the periods raise it, which makes comparisons more cautious.

    Examples
    --------
    >>> round(estimate_dispersion([4, 6, 5, 5]).estimate, 2)
    0.13
    """
    series = count_series(counts)
    if series.size < 3:
        raise ValueError(
            f"at least 3 periods are needed to estimate the dispersion; got {series.size}; "
            "give counts of shorter periods, or the dispersion itself"
        )
    length = _exposures(exposure, series.size, "exposure")
    if series.sum() == 0:
        return Dispersion(estimate=1.0, df=float(series.size - 1))
    mean = series.sum() * length / length.sum()
    chi_square = float(((series - mean) ** 2 / mean).sum())
    return Dispersion(estimate=chi_square / (series.size - 1), df=float(series.size - 1))


def _exposures(exposure: ArrayLike, n_periods: int, name: str) -> np.ndarray:
    values = np.asarray(exposure, dtype=np.float64)
    if values.ndim == 0:
        values = np.full(n_periods, float(values))
    return exposure_series(values, n_periods, name=name)


def _totals(counts: ArrayLike, exposure: ArrayLike, name: str) -> tuple[float, float]:
    series = count_series(np.atleast_1d(np.asarray(counts, dtype=np.float64)), name=name)
    if series.size == 0:
        raise ValueError(f"{name} holds no period")
    length = _exposures(exposure, series.size, f"exposure_{name}")
    return float(series.sum()), float(length.sum())


def _dispersion(
    before: ArrayLike, exposure: ArrayLike, dispersion: float | None, df: float
) -> Dispersion:
    """The dispersion given, or the one that the periods before show."""
    if dispersion is None:
        if np.ndim(before) == 0:
            raise ValueError(
                "dispersion (variance over mean) is needed for totals; give counts of at "
                "least 3 periods before, or dispersion=1 where the counts are truly Poisson"
            )
        return estimate_dispersion(before, exposure=exposure)
    if not 0 < dispersion < np.inf:
        raise ValueError(f"dispersion must be positive and finite; got {dispersion}")
    if not df > 0:
        raise ValueError(f"dispersion_df must be positive; got {df}")
    return Dispersion(estimate=float(dispersion), df=float(df))


def dispersion_nodes(spread: Dispersion) -> np.ndarray:
    """Equally likely values of the true dispersion, at least 1."""
    if not np.isfinite(spread.df):
        return np.array([max(spread.estimate, 1.0)])
    from scipy.special import chdtri

    upper = (np.arange(NODES) + 0.5) / NODES
    return np.asarray(np.maximum(spread.estimate * spread.df / chdtri(spread.df, upper), 1.0))


def _judge(
    first: float, second: float, odds: float, spread: Dispersion, level: float
) -> tuple[tuple[float, float], float]:
    """Limits of the ratio and its p-value."""
    phi = dispersion_nodes(spread)
    share = odds / (1.0 + odds)
    low_tail = _as_low(share, first, second, phi)
    high_tail = _as_high(share, first, second, phi)
    lower, upper = 0.0, float("inf")
    if second > 0:
        bound = _solve(first, second, phi, level / 2.0, high=True)
        lower = bound / (1.0 - bound) / odds
    if first > 0:
        bound = _solve(first, second, phi, level / 2.0, high=False)
        upper = bound / (1.0 - bound) / odds
    return (lower, upper), min(1.0, 2.0 * min(low_tail, high_tail))


def _as_high(share: float, first: float, second: float, phi: np.ndarray) -> float:
    """Chance of an `after` at least as high, at this share."""
    from scipy.special import betainc

    if second == 0:
        return 1.0
    return float(np.mean(betainc(second / phi, first / phi + 1.0, share)))


def _as_low(share: float, first: float, second: float, phi: np.ndarray) -> float:
    """Chance of an `after` at least as low, at this share."""
    from scipy.special import betainc

    if first == 0:
        return 1.0
    return float(np.mean(betainc(first / phi, second / phi + 1.0, 1.0 - share)))


def _solve(first: float, second: float, phi: np.ndarray, tail: float, *, high: bool) -> float:
    """Share at which the chosen tail equals `tail`, by bisection on the log odds."""
    low_logit, high_logit = -60.0, 60.0
    for _ in range(60):
        middle = (low_logit + high_logit) / 2.0
        share = 1.0 / (1.0 + np.exp(-middle))
        if high:
            too_low = _as_high(share, first, second, phi) < tail
        else:
            too_low = _as_low(share, first, second, phi) > tail
        low_logit, high_logit = (middle, high_logit) if too_low else (low_logit, middle)
    return float(1.0 / (1.0 + np.exp(-(low_logit + high_logit) / 2.0)))
