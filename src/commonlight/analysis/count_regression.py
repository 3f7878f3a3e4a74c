"""Log-linear regression of counts, with errors that allow for noise beyond Poisson.

The shared engine of `season`, `trend`, `change_points` and `exceptions`. It fits the mean
of a series by Poisson likelihood and judges the coefficients with two kinds of extra noise:
over-dispersion (variance above the mean) and correlation between neighbouring periods.

It does not answer whether the shape of the model is right, and it cannot tell slow
correlated noise from a real change in a short series: there its intervals become wide.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["CorrelatedErrors", "CountFit", "correlated_errors", "count_series", "fit_counts"]

MAX_ITERATIONS = 60
CORRELATIONS = np.arange(0.0, 0.9001, 0.05)


@dataclass(frozen=True, kw_only=True)
class CountFit:
    """A fitted log-linear model.

    Attributes
    ----------
    coefficients : ndarray, shape (p,)
        On the scale of the natural logarithm of the rate.
    fitted : ndarray, shape (n,)
        Expected counts.
    design : ndarray, shape (n, p)
        The regressors.
    covariance : ndarray, shape (p, p)
        Covariance of the coefficients at dispersion 1 (inverse Fisher information).
    residuals : ndarray, shape (n,)
        Pearson residuals, ``(count - fitted) / sqrt(fitted)``.
    dispersion : float
        Pearson chi-square over degrees of freedom; 1 for Poisson counts.
    df : int
        Residual degrees of freedom.
    converged : bool
        False where the likelihood has no finite maximum or the regressors are collinear.
    """

    coefficients: np.ndarray
    fitted: np.ndarray
    design: np.ndarray
    covariance: np.ndarray
    residuals: np.ndarray
    dispersion: float
    df: int
    converged: bool


def count_series(values: ArrayLike, *, name: str = "counts", positive: bool = False) -> np.ndarray:
    """Check a series of counts or exposures and return it as a new float array.

    Parameters
    ----------
    values : array_like, shape (n,)
        One number for each period.
    name : str
        What an error calls the series.
    positive : bool
        Whether zero is refused too.

    Returns
    -------
    ndarray of float64, shape (n,)
        A copy.

    Raises
    ------
    ValueError
        Where the series is not one-dimensional, or holds a missing, infinite or negative
        value (zero too where `positive`).
    """
    series = np.array(values, dtype=np.float64)
    if series.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional; got shape {series.shape}")
    good = np.isfinite(series) & ((series > 0) if positive else (series >= 0))
    if not good.all():
        where = int(np.flatnonzero(~good)[0])
        kind = "positive" if positive else "zero or more"
        raise ValueError(
            f"{name} must be finite and {kind} in every period; got {series[where]:g} in "
            f"period {where + 1} of {series.size}; cut the series so that no period is missing"
        )
    return series


def exposure_series(exposure: ArrayLike | None, n_periods: int, *, name: str) -> np.ndarray:
    """Exposure of each period as a new array; ones where it is None."""
    if exposure is None:
        return np.ones(n_periods)
    series = count_series(exposure, name=name, positive=True)
    if series.size != n_periods:
        raise ValueError(f"{name} must have one value per period: {series.size} for {n_periods}")
    return series


def month_numbers(month: ArrayLike, n_periods: int) -> np.ndarray:
    """Calendar months 1 to 12 that follow each other without a gap."""
    number = np.array(month)
    if number.shape != (n_periods,):
        raise ValueError(f"month must have one value per count: {number.shape} for {n_periods}")
    if not np.isin(number, np.arange(1, 13)).all():
        raise ValueError("month must hold calendar months 1 to 12")
    number = number.astype(np.int64)
    if np.any(number[1:] != number[:-1] % 12 + 1):
        where = int(np.flatnonzero(number[1:] != number[:-1] % 12 + 1)[0])
        raise ValueError(
            f"months must follow each other without a gap; after {number[where]} comes "
            f"{number[where + 1]} (position {where + 2}); put in the missing months"
        )
    return number


def fit_counts(
    counts: np.ndarray,
    design: np.ndarray,
    *,
    exposure: np.ndarray,
    weights: np.ndarray | None = None,
    start: np.ndarray | None = None,
) -> CountFit:
    """Fit ``log E(count) = log(exposure) + design @ coefficients`` by Poisson likelihood.

    Parameters
    ----------
    counts, exposure : ndarray, shape (n,)
        Counts, and the days (or other exposure) that they cover.
    design : ndarray, shape (n, p)
        Regressors, with a column of ones where an intercept is meant.
    weights : ndarray, shape (n,), optional
        Prior weights; all 1 by default.
    start : ndarray, shape (p,), optional
        Coefficients to start from, for example those of a neighbouring fit.

    Returns
    -------
    CountFit

    Notes
    -----
    Iteratively reweighted least squares [1]_. The assumption that fails most often is that
    the rate really follows the regressors; what it leaves out shows as over-dispersion.

    References
    ----------
    .. [1] P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, 2nd ed.,
       chapter 6. doi:10.1007/978-1-4899-3242-6
    """
    prior = np.ones_like(counts) if weights is None else weights
    offset = np.log(exposure)
    if start is None:
        mean = (counts + max(counts.mean(), 0.1)) / 2.0
    else:
        mean = np.exp(np.clip(offset + design @ start, -30.0, 30.0))
    coefficients, last, converged = np.zeros(design.shape[1]), np.inf, False
    for _ in range(MAX_ITERATIONS):
        work = np.log(mean) - offset + (counts - mean) / mean
        weighted = design * (prior * mean)[:, None]
        coefficients = np.linalg.lstsq(weighted.T @ design, weighted.T @ work, rcond=None)[0]
        mean = np.exp(np.clip(offset + design @ coefficients, -30.0, 30.0))
        deviance = float(prior @ (mean - counts * np.log(mean)))
        if abs(deviance - last) <= 1e-12 * (abs(deviance) + 0.1):
            converged = True
            break
        last = deviance
    return _count_fit(counts, design, mean, prior, coefficients, converged)


def _count_fit(
    counts: np.ndarray,
    design: np.ndarray,
    mean: np.ndarray,
    prior: np.ndarray,
    coefficients: np.ndarray,
    converged: bool,
) -> CountFit:
    """Add covariance, residuals and dispersion to fitted coefficients."""
    information = (design * (prior * mean)[:, None]).T @ design
    residuals = (counts - mean) / np.sqrt(mean)
    df = counts.size - design.shape[1]
    scale = np.sqrt(np.diag(information))
    safe = np.where(scale > 0, scale, 1.0)
    sound = bool(np.all(scale > 0)) and np.linalg.cond(information / np.outer(safe, safe)) < 1e10
    inverse = np.linalg.pinv(information / np.outer(safe, safe)) / np.outer(safe, safe)
    return CountFit(
        coefficients=coefficients,
        fitted=mean,
        design=design,
        covariance=inverse,
        residuals=residuals,
        dispersion=float(prior @ residuals**2) / df if df > 0 else float("nan"),
        df=df,
        converged=converged and sound and float(mean.min()) > 1e-6,
    )


@dataclass(frozen=True, kw_only=True)
class CorrelatedErrors:
    """Covariances of the coefficients over a grid of correlations between neighbours.

    Attributes
    ----------
    weights : ndarray, shape (g,)
        How well each correlation agrees with the residuals; they sum to 1.
    memories : ndarray, shape (g,)
        Correlation of the extra noise of one period with that of the next, 0 to 0.9.
    share : float
        Share of the variance that is extra to Poisson and may have memory.
    covariances : ndarray, shape (g, p, p)
        Covariance of the Poisson estimates if the noise had that correlation.
    df : int
        Residual degrees of freedom.
    """

    weights: np.ndarray
    memories: np.ndarray
    share: float
    covariances: np.ndarray
    df: int

    @property
    def autocorrelation(self) -> float:
        """Mean correlation between neighbouring periods."""
        return float(self.weights @ self.memories) * self.share

    def standard_errors(self, contrasts: np.ndarray) -> np.ndarray:
        """Standard error of each row of `contrasts` (m, p) at each correlation: (g, m)."""
        variance = np.einsum("mp,gpq,mq->gm", contrasts, self.covariances, contrasts)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))

    def p_values(self, contrasts: np.ndarray, estimates: np.ndarray) -> np.ndarray:
        """Two-sided p-value of each contrast against zero, averaged over correlations."""
        errors = self.standard_errors(contrasts)
        return np.asarray(np.minimum(self._tail(np.abs(estimates), errors), 1.0))

    def half_widths(self, contrasts: np.ndarray, *, confidence_level: float) -> np.ndarray:
        """Half the width of the interval of each contrast, on the log scale."""
        errors = self.standard_errors(contrasts)
        low: np.ndarray = np.zeros(errors.shape[1])
        high: np.ndarray = np.asarray(errors.max(axis=0) * 1e4)
        for _ in range(80):
            middle = (low + high) / 2.0
            outside = self._tail(middle, errors) > 1.0 - confidence_level
            low, high = np.where(outside, middle, low), np.where(outside, high, middle)
        return high

    def joint_p_value(self, contrasts: np.ndarray, estimates: np.ndarray) -> float:
        """P-value that all `contrasts` are zero: Wald F averaged over correlations."""
        from scipy.special import fdtrc

        rank = contrasts.shape[0]
        covariance = contrasts @ self.covariances @ contrasts.T
        solved = np.linalg.solve(covariance, np.broadcast_to(estimates, (rank,))[None, :, None])
        wald = np.einsum("m,gm->g", estimates, solved[:, :, 0]) / rank
        return float(self.weights @ fdtrc(rank, self.df, wald))

    def _tail(self, distance: np.ndarray, errors: np.ndarray) -> np.ndarray:
        from scipy.special import stdtr

        scaled = distance / np.maximum(errors, 1e-300)
        return np.asarray(2.0 * (self.weights @ stdtr(self.df, -scaled)))


def correlated_errors(fit: CountFit) -> CorrelatedErrors:
    """Covariances of a fit under first-order autocorrelation that is not known.

    Parameters
    ----------
    fit : CountFit
        A fit to periods in their order in time, none missing.

    Returns
    -------
    CorrelatedErrors
        A covariance of the coefficients for each correlation, and the weight of each.

    Notes
    -----
    Counts with a rate that drifts have variance ``mean + (phi - 1) * mean``: a Poisson part
    without memory and an extra part with memory [1]_. For each correlation ``rho`` on a grid
    from 0 to 0.9 the standardised residuals have covariance ``phi * R``, with
    ``R = (1 - a) * I + a * rho**|i - j|`` and ``a = (phi - 1) / phi`` from the Pearson
    dispersion. The estimates stay those of the Poisson fit; their covariance is the sandwich
    ``phi * C X' W^(1/2) R W^(1/2) X C``. Each ``rho`` is weighted by its restricted
    likelihood [2]_, which allows for the fitted coefficients; tests and intervals average
    over ``rho``, so that a short series, which says little about its memory, gets a wider
    interval. The dispersion is never taken below 1. The assumption that fails most often is
    that memory dies out within a few periods; a slow drift over years is not of that kind.

    References
    ----------
    .. [1] S. L. Zeger (1988), A regression model for time series of counts, Biometrika 75,
       621-629. doi:10.1093/biomet/75.4.621
    .. [2] D. A. Harville (1974), Bayesian inference for variance components using only
       error contrasts, Biometrika 61, 383-385. doi:10.1093/biomet/61.2.383
    """
    scaled = fit.design * np.sqrt(fit.fitted)[:, None]
    factor, triangle = np.linalg.qr(scaled)
    inverse = np.linalg.inv(triangle)
    share = max(1.0 - 1.0 / max(fit.dispersion, 1e-9), 0.0)
    log_weights, covariances = [], []
    for rho in CORRELATIONS if share > 0 else CORRELATIONS[:1]:
        noise = noise_correlation(fit.residuals.size, float(rho), share)
        log_weight, dispersion = _restricted_likelihood(factor, fit.residuals, noise)
        log_weights.append(log_weight)
        covariances.append(dispersion * (inverse @ (factor.T @ noise @ factor) @ inverse.T))
    weights = np.exp(np.array(log_weights) - max(log_weights))
    return CorrelatedErrors(
        weights=weights / weights.sum(),
        memories=CORRELATIONS[: weights.size].copy(),
        share=share,
        covariances=np.stack(covariances),
        df=fit.df,
    )


def noise_correlation(size: int, rho: float, share: float) -> np.ndarray:
    """Correlations of noise of which only `share` has memory."""
    powers = share * rho ** np.arange(size)
    powers[0] = 1.0
    return powers[np.abs(np.subtract.outer(np.arange(size), np.arange(size)))]


def _restricted_likelihood(
    factor: np.ndarray, residuals: np.ndarray, noise: np.ndarray
) -> tuple[float, float]:
    """Restricted log-likelihood of a correlation matrix, and its dispersion (at least 1)."""
    lower = np.linalg.cholesky(noise)
    white = np.linalg.solve(lower, np.column_stack([factor, residuals]))
    basis, upper = np.linalg.qr(white[:, :-1])
    left = white[:, -1] - basis @ (basis.T @ white[:, -1])
    df = residuals.size - factor.shape[1]
    squares = max(float(left @ left), 1e-12)
    log_det = np.log(np.diag(lower)).sum() + np.log(np.abs(np.diag(upper))).sum()
    return float(-log_det - df / 2.0 * np.log(squares)), max(squares / df, 1.0)
