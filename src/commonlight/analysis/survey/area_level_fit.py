"""The Fay-Herriot model fitted: estimates, errors and shares borrowed, before any is refused.

Nothing here decides whether a fit may be shown; `small_areas.fay_herriot` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commonlight.analysis.neighbours import Neighbours
from commonlight.analysis.survey.area_level_input import AreaInput
from commonlight.analysis.survey.area_level_spatial import SpatialFit, fit_spatial
from commonlight.analysis.survey.area_level_variance import between_variance

__all__ = ["AreaLevelFit", "fit_plain", "fit_with_neighbours"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

BOUNDARY = (
    "restricted likelihood saw no difference between areas beyond chance; the adjusted likelihood "
    "kept the variance between areas off zero"
)
NO_PATTERN = "no spatial pattern could be told from none; the model without neighbours was used"


@dataclass(frozen=True, eq=False)
class AreaLevelFit:
    """A fitted area-level model.

    Attributes
    ----------
    estimate, mse, borrowed : ndarray of float, shape (n,)
        Estimate, mean squared error and share borrowed of every area; without meaning where not
        `supported`.
    supported : ndarray of bool, shape (n,)
        Areas with answers, or with covariates or neighbours in their place.
    sigma2, rho : float
        Variance between areas; spatial correlation, NaN without a spatial model.
    coefficients : ndarray of float, shape (p,)
        Intercept and slopes.
    spread : ndarray of float, shape (p, p)
        Their covariance.
    notes : tuple of str
        How the fit was made.
    """

    estimate: Floats
    mse: Floats
    borrowed: Floats
    supported: Mask
    sigma2: float
    rho: float
    coefficients: Floats
    spread: Floats
    notes: tuple[str, ...]


def fit_plain(given: AreaInput) -> AreaLevelFit:
    """Fit the model without neighbours.

    Parameters
    ----------
    given : AreaInput
        Checked input.

    Returns
    -------
    AreaLevelFit
    """
    y, psi = given.direct[given.used], given.variance[given.used]
    x = given.design[given.used]
    between = between_variance(y, psi, x)
    weight = 1 / (between.sigma2 + psi)
    spread = np.asarray(np.linalg.inv(x.T @ (weight[:, None] * x)), dtype=np.float64)
    coefficients = spread @ (x.T @ (weight * y))
    gamma = between.sigma2 / (between.sigma2 + np.where(given.used, given.variance, np.inf))
    fixed = given.design @ coefficients
    return AreaLevelFit(
        estimate=fixed + gamma * np.where(given.used, given.direct - fixed, 0.0),
        mse=_plain_mse(given, between.sigma2, gamma, spread, weight),
        borrowed=1 - gamma,
        supported=given.used | (given.known & (given.design.shape[1] > 1)),
        sigma2=between.sigma2,
        rho=float("nan"),
        coefficients=coefficients,
        spread=spread,
        notes=given.notes + ((BOUNDARY,) if between.adjusted else ()),
    )


def _plain_mse(
    given: AreaInput, sigma2: float, gamma: Floats, spread: Floats, weight: Floats
) -> Floats:
    """Terms g1 + g2 + 2 g3 (Prasad and Rao 1990, Datta and Lahiri 2000)."""
    leverage = ((given.design @ spread) * given.design).sum(axis=1)
    psi = np.where(given.used, given.variance, 0.0)
    uncertainty = 2 / float((weight**2).sum())
    g3 = psi**2 / (sigma2 + psi) ** 3 * uncertainty
    return np.asarray(sigma2 * (1 - gamma) + (1 - gamma) ** 2 * leverage + 2 * g3)


def fit_with_neighbours(
    given: AreaInput, neighbours: Neighbours, plain: AreaLevelFit
) -> AreaLevelFit:
    """Fit the model with neighbours.

    Parameters
    ----------
    given : AreaInput
        Checked input.
    neighbours : Neighbours
        Neighbours of all areas.
    plain : AreaLevelFit
        Fit without them: where the search starts.

    Returns
    -------
    AreaLevelFit
        `plain` with a note, where there is no spatial pattern to fit.
    """
    fit = fit_spatial(
        given.direct[given.used],
        given.variance[given.used],
        np.where(given.known[:, None], given.design, 0.0),
        given.used,
        neighbours,
        start=max(plain.sigma2, 1e-3 * float(given.variance[given.used].mean())),
    )
    if fit is None:
        return replace(plain, notes=(*plain.notes, NO_PATTERN))
    borrowed = np.ones(len(given.used))
    borrowed[given.used] = 1 - np.diag(fit.own_weights[given.used])
    return AreaLevelFit(
        estimate=fit.estimates,
        mse=fit.mse,
        borrowed=borrowed,
        supported=given.used | (given.known & (_reached(fit) | (given.design.shape[1] > 1))),
        sigma2=fit.sigma2,
        rho=fit.rho,
        coefficients=fit.coefficients,
        spread=fit.coefficient_covariance,
        notes=given.notes,
    )


def _reached(fit: SpatialFit) -> Mask:
    """Areas with at least one neighbour that has answers."""
    return np.asarray(fit.weights[:, fit.seen].sum(axis=1) > 0)
