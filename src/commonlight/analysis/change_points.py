"""Change points: when the level of a series of counts changed for good.

It does not answer why, and it takes a gradual change for one or more steps: look at the
trend as well. A change within the first or last periods cannot be found.
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
    noise_correlation,
)

__all__ = ["ChangePoints", "change_points"]

MINIMUM_EVENTS = 20
LARGEST_STEP = 10.0


@dataclass(frozen=True, kw_only=True)
class ChangePoints:
    """Steps in the level of a series, in order of time.

    Attributes
    ----------
    index : ndarray of int, shape (k,)
        First period of each new level, counted from 0.
    ratio, ci_lower, ci_upper : ndarray, shape (k,)
        Level after over level before. The interval takes the date as known; its limits are
        nan where a level is zero throughout, and the ratio is then 0 or infinite.
    p_value : ndarray, shape (k,)
        Of the search that found each change, over all dates that it looked at.
    first_p_value : float
        Of the first search: whether there is any change at all.
    fitted : ndarray, shape (n,)
        Expected counts with the changes and the season.
    dispersion : float
        Variance over mean of the noise.
    n_periods : int
        Number of periods.
    level : float
        Chance that pure noise shows any change.
    available : bool
        False where the data are too few to search.
    reason : str
        Why not, and the next step; empty where available.
    """

    index: np.ndarray
    ratio: np.ndarray
    ci_lower: np.ndarray
    ci_upper: np.ndarray
    p_value: np.ndarray
    first_p_value: float
    fitted: np.ndarray
    dispersion: float
    n_periods: int
    level: float
    available: bool
    reason: str


def change_points(
    counts: ArrayLike,
    *,
    rng: np.random.Generator,
    exposure: ArrayLike | None = None,
    month: ArrayLike | None = None,
    periods_per_year: float | None = None,
    minimum_segment: int = 6,
    max_changes: int = 5,
    level: float = 0.05,
    simulations: int = 999,
    confidence_level: float = 0.95,
) -> ChangePoints:
    """Search for steps in the level of a series of counts.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Counts of consecutive periods.
    rng : numpy.random.Generator
        Source of the permutations.
    exposure : array_like, shape (n,), optional
        Days or other exposure of each period; equal by default.
    month : array_like, shape (n,), optional
        Calendar months 1 to 12; gives each month its own level (24 months needed).
    periods_per_year : float, optional
        Instead of `month`: fit two yearly harmonics, for example 52.18 for weeks (two years
        needed).
    minimum_segment : int
        Least number of periods at one level, at least 2.
    max_changes : int
        Most changes to report.
    level : float
        Chance that pure noise shows any change.
    simulations : int
        Permutations for each search, at least ``1 / level``.
    confidence_level : float
        Of the interval of each ratio.

    Returns
    -------
    ChangePoints
        With ``available=False`` where the series is too short or too sparse.

    Raises
    ------
    ValueError
        For missing or negative counts, gaps in `month`, or settings out of range.

    Notes
    -----
    Binary segmentation with a common season. At each step the score statistic of a change
    is computed for all dates, and its largest value is compared with that of permuted
    residuals, to which the correlation found between neighbouring periods is given back.
    The next search keeps the changes found so far; the first that is not significant ends
    it. Dates are then refined once, each given the others. The assumption that fails most
    often is that levels are constant between changes.

    References
    ----------
    .. [1] A. J. Scott and M. Knott (1974), A cluster analysis method for grouping means in
       the analysis of variance, Biometrics 30, 507-512. doi:10.2307/2529204
    .. [2] M. W. Robbins, R. B. Lund, C. M. Gallagher and Q. Lu (2011), Changepoints in the
       North Atlantic tropical cyclone record, Journal of the American Statistical
       Association 106, 89-99. doi:10.1198/jasa.2011.ap10023

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(3)
    >>> counts = rng.poisson(np.repeat([80, 40], 30))
    >>> change_points(counts, rng=rng).index
    array([30])
    """
    series = count_series(counts)
    length = exposure_series(exposure, series.size, name="exposure")
    _check(minimum_segment, max_changes, level, simulations, confidence_level)
    base, years = _season_columns(series.size, month, periods_per_year)
    reason = _too_little(series, minimum_segment, base, years)
    if reason:
        return _not_available(series, level, reason)
    null = fit_counts(series, base, exposure=length)
    if not null.converged:
        reason = "the events lie in too few periods to fit a level; use longer periods"
        return _not_available(series, level, reason)
    found: list[int] = []
    p_values: dict[int, float] = {}
    first_p_value = float("nan")
    while len(found) < max_changes:
        date, p_value = _search(series, length, base, found, minimum_segment, simulations, rng)
        if not found:
            first_p_value = p_value
        if date < 0 or not p_value <= level:
            break
        found.append(date)
        p_values[date] = p_value
    found, p_values = _refine(series, length, base, found, p_values, minimum_segment)
    return _result(series, length, base, found, p_values, first_p_value, level, confidence_level)


def _steps(n_periods: int, dates: list[int] | np.ndarray) -> np.ndarray:
    """A column of zeros before and ones from each date."""
    return (np.arange(n_periods)[:, None] >= np.asarray(dates, dtype=np.int64)).astype(np.float64)


def _candidates(n_periods: int, found: list[int], minimum_segment: int) -> np.ndarray:
    """Dates far enough from the ends and from the changes found."""
    dates = np.arange(minimum_segment, n_periods - minimum_segment + 1)
    for other in found:
        dates = dates[np.abs(dates - other) >= minimum_segment]
    return dates


def _unit_steps(fit: CountFit, dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted steps freed of the regressors, each of length 1; and the regressors' basis."""
    root = np.sqrt(fit.fitted)[:, None]
    basis = np.linalg.qr(fit.design * root)[0]
    steps = _steps(fit.fitted.size, dates) * root
    steps -= basis @ (basis.T @ steps)
    size = np.sqrt((steps**2).sum(axis=0))
    return steps / np.where(size > 1e-6 * np.sqrt(fit.fitted.sum()), size, np.inf), basis


def _search(
    counts: np.ndarray,
    exposure: np.ndarray,
    base: np.ndarray,
    found: list[int],
    minimum_segment: int,
    simulations: int,
    rng: np.random.Generator,
) -> tuple[int, float]:
    """Best date for one more change and its p-value; date -1 where there is none."""
    dates = _candidates(counts.size, found, minimum_segment)
    design = np.column_stack([base, _steps(counts.size, found)])
    fit = fit_counts(counts, design, exposure=exposure)
    if dates.size == 0 or not fit.converged:
        return -1, 1.0
    units, basis = _unit_steps(fit, dates)
    squares = (units.T @ fit.residuals) ** 2
    best = int(np.argmax(squares))
    changed = fit_counts(
        counts, np.column_stack([design, _steps(counts.size, dates[[best]])]), exposure=exposure
    )
    if not squares[best] > 0:
        return -1, 1.0
    noise = _permuted_noise(changed if changed.converged else fit, simulations, rng)
    total = (noise**2).sum(axis=0) - ((basis.T @ noise) ** 2).sum(axis=0)
    drawn = ((units.T @ noise) ** 2).max(axis=0) / total
    observed = squares[best] / (fit.residuals**2).sum()
    exceed = np.count_nonzero(drawn >= observed * (1.0 - 1e-12))
    return int(dates[best]), float(1 + exceed) / (simulations + 1)


def _permuted_noise(fit: CountFit, simulations: int, rng: np.random.Generator) -> np.ndarray:
    """Permuted residuals (n, simulations) with the correlation of the series given back."""
    hat = fit.fitted * np.einsum("np,pq,nq->n", fit.design, fit.covariance, fit.design)
    residual = fit.residuals / np.sqrt(np.maximum(1.0 - hat, 0.05))
    noise = rng.permuted(np.repeat(residual[:, None], simulations, axis=1), axis=0)
    errors = correlated_errors(fit)
    chosen = rng.choice(errors.weights.size, size=simulations, p=errors.weights)
    for k in np.unique(chosen):
        if errors.memories[k] > 0:
            lower = np.linalg.cholesky(
                noise_correlation(residual.size, errors.memories[k], errors.share)
            )
            noise[:, chosen == k] = lower @ noise[:, chosen == k]
    return noise


def _refine(
    counts: np.ndarray,
    exposure: np.ndarray,
    base: np.ndarray,
    found: list[int],
    p_values: dict[int, float],
    minimum_segment: int,
) -> tuple[list[int], dict[int, float]]:
    """Move each date to its best place given the others."""
    dates, moved = sorted(found), {}
    for k, old in enumerate(list(dates)):
        others = dates[:k] + dates[k + 1 :]
        options = _candidates(counts.size, others, minimum_segment)
        design = np.column_stack([base, _steps(counts.size, others)])
        fit = fit_counts(counts, design, exposure=exposure)
        units, _ = _unit_steps(fit, options)
        dates[k] = int(options[np.argmax((units.T @ fit.residuals) ** 2)])
        moved[dates[k]] = p_values[old]
    return sorted(dates), moved


def _result(
    counts: np.ndarray,
    exposure: np.ndarray,
    base: np.ndarray,
    found: list[int],
    p_values: dict[int, float],
    first_p_value: float,
    level: float,
    confidence_level: float,
) -> ChangePoints:
    """Ratios with intervals at the dates found."""
    design = np.column_stack([base, _steps(counts.size, found)])
    fit = fit_counts(counts, design, exposure=exposure)
    step = fit.coefficients[base.shape[1] :]
    half = np.full(len(found), np.nan)
    if not fit.converged:
        step = np.where(np.abs(step) > LARGEST_STEP, np.copysign(np.inf, step), step)
    if found and fit.converged:
        contrasts = np.eye(design.shape[1])[base.shape[1] :]
        errors = correlated_errors(fit)
        half = errors.half_widths(contrasts, confidence_level=confidence_level)
    return ChangePoints(
        index=np.array(found, dtype=np.int64),
        ratio=np.exp(step),
        ci_lower=np.exp(step - half),
        ci_upper=np.exp(step + half),
        p_value=np.array([p_values[date] for date in found]),
        first_p_value=first_p_value,
        fitted=fit.fitted,
        dispersion=fit.dispersion,
        n_periods=counts.size,
        level=level,
        available=True,
        reason="",
    )


def _season_columns(
    n_periods: int, month: ArrayLike | None, periods_per_year: float | None
) -> tuple[np.ndarray, float]:
    """Regressors of the season, and how many periods two years take."""
    if month is not None and periods_per_year is not None:
        raise ValueError("give month or periods_per_year, not both")
    if month is not None:
        number = month_numbers(month, n_periods)
        return (number[:, None] == np.unique(number)).astype(np.float64), 24.0
    constant = np.ones((n_periods, 1))
    if periods_per_year is None:
        return constant, 0.0
    if not 4 < periods_per_year < np.inf:
        raise ValueError(f"periods_per_year must be above 4 and finite; got {periods_per_year}")
    angle = 2.0 * np.pi * np.arange(n_periods) / periods_per_year
    waves = [f(k * angle) for k in (1, 2) for f in (np.sin, np.cos)]
    return np.column_stack([constant, *waves]), 2.0 * periods_per_year


def _too_little(
    counts: np.ndarray, minimum_segment: int, base: np.ndarray, two_years: float
) -> str:
    needed = max(4 * minimum_segment, int(np.floor(two_years)), base.shape[1] + 8)
    if counts.size < needed:
        return (
            f"{counts.size} periods are too few to search for changes; at least {needed} are "
            "needed; add earlier periods"
        )
    if counts.sum() < MINIMUM_EVENTS:
        return (
            f"{counts.sum():g} events are too few to search for changes; "
            f"at least {MINIMUM_EVENTS} are needed"
        )
    return ""


def _check(
    minimum_segment: int, max_changes: int, level: float, simulations: int, confidence: float
) -> None:
    if minimum_segment < 2 or max_changes < 1:
        raise ValueError(
            "minimum_segment must be at least 2 and max_changes at least 1; "
            f"got {minimum_segment} and {max_changes}"
        )
    if not (0 < level < 1 and 0 < confidence < 1):
        raise ValueError(
            f"level and confidence_level must be between 0 and 1; got {level}, {confidence}"
        )
    if not simulations + 1 >= 1 / level:
        raise ValueError(
            f"simulations must be at least {int(np.ceil(1 / level)) - 1} for level {level}; "
            f"got {simulations}"
        )


def _not_available(counts: np.ndarray, level: float, reason: str) -> ChangePoints:
    return ChangePoints(
        index=np.zeros(0, dtype=np.int64),
        ratio=np.zeros(0),
        ci_lower=np.zeros(0),
        ci_upper=np.zeros(0),
        p_value=np.zeros(0),
        first_p_value=float("nan"),
        fitted=np.full(counts.size, np.nan),
        dispersion=float("nan"),
        n_periods=counts.size,
        level=level,
        available=False,
        reason=reason,
    )
