"""How much areas truly differ: the variance between areas of the Fay-Herriot model.

The estimate is for areas without a spatial pattern. It does not say which areas differ, and from
few areas it is known only roughly: with eight degrees of freedom a variance of 1 may be estimated
as anything from about 0.3 to 2.2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BetweenVariance", "between_variance", "restricted_log_likelihood"]

Floats = NDArray[np.float64]

GRID = 120
"""Points of the first search for the maximum, on a logarithmic scale."""
WIDEST = 1e3
FINEST = 1e-5
"""The search covers these multiples of the largest and the smallest variance in sight."""


@dataclass(frozen=True, eq=False)
class BetweenVariance:
    """Variance between areas and how it was found.

    Attributes
    ----------
    sigma2 : float
        Variance of the area effects, in squared units of the direct estimates; always positive.
    adjusted : bool
        True where plain restricted likelihood had its maximum at zero, and the adjusted
        likelihood was used instead.
    """

    sigma2: float
    adjusted: bool


def between_variance(direct: Floats, variance: Floats, design: Floats) -> BetweenVariance:
    """Estimate the variance between areas by restricted likelihood, kept off zero.

    Parameters
    ----------
    direct : ndarray of float, shape (m,)
        Direct estimates.
    variance : ndarray of float, shape (m,)
        Their sampling variances, positive.
    design : ndarray of float, shape (m, p)
        Intercept and covariates, of full rank.

    Returns
    -------
    BetweenVariance

    Notes
    -----
    Where the restricted likelihood is highest at zero, every area would get the model's value
    and the areas' own answers would count for nothing. There the likelihood is multiplied by
    ``arctan(sum_d A / (A + psi_d)) ** (1 / m)`` (Yoshimori and Lahiri [1]_), whose maximum is
    always positive and whose bias is of no higher order than that of the plain estimate.

    References
    ----------
    .. [1] Yoshimori, M. & Lahiri, P. (2014). A new adjusted maximum likelihood method for the
       Fay-Herriot small area model. Journal of Multivariate Analysis 124, 281-294.
       doi:10.1016/j.jmva.2013.10.012
    """

    def plain(a: float) -> float:
        return restricted_log_likelihood(a, direct, variance, design)

    def adjusted(a: float) -> float:
        factor = np.arctan((a / (a + variance)).sum())
        return plain(a) + float(np.log(factor)) / len(direct)

    spread = float(np.var(direct))
    low = FINEST * min(float(variance.min()), spread if spread > 0 else np.inf)
    high = WIDEST * max(float(variance.max()), spread)
    found = _highest(plain, low, high)
    if plain(found) > plain(0.0):
        return BetweenVariance(found, adjusted=False)
    return BetweenVariance(_highest(adjusted, low, high), adjusted=True)


def restricted_log_likelihood(
    sigma2: float, direct: Floats, variance: Floats, design: Floats
) -> float:
    """Restricted log-likelihood of the Fay-Herriot model, up to a constant.

    Parameters
    ----------
    sigma2 : float
        Variance between areas, 0 or more.
    direct, variance : ndarray of float, shape (m,)
        Direct estimates and their sampling variances.
    design : ndarray of float, shape (m, p)
        Intercept and covariates.

    Returns
    -------
    float
    """
    weight = 1 / (sigma2 + variance)
    information = design.T @ (weight[:, None] * design)
    coefficients = np.linalg.solve(information, design.T @ (weight * direct))
    residual = direct - design @ coefficients
    log_det = float(np.linalg.slogdet(information)[1])
    return 0.5 * float(np.log(weight).sum() - log_det - (weight * residual**2).sum())


def _highest(function: Callable[[float], float], low: float, high: float) -> float:
    """Maximum of a function that may have several, over a logarithmic range."""
    from scipy.optimize import minimize_scalar

    grid = np.linspace(np.log(low), np.log(high), GRID)
    values = [function(float(np.exp(x))) for x in grid]
    best = int(np.argmax(values))
    ends = grid[max(best - 1, 0)], grid[min(best + 1, GRID - 1)]
    found = minimize_scalar(
        lambda x: -function(float(np.exp(x))),
        bounds=ends,
        method="bounded",
        options={"xatol": 1e-9},
    )
    return float(np.exp(found.x))
