"""Fay-Herriot model whose area effects follow their neighbours.

The effects are simultaneously autoregressive: each is a share `rho` of the mean of its neighbours'
effects plus a part of its own. The model says nothing about why neighbours are alike, and a border
that nobody crosses links two areas like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from commonlight.analysis.neighbours import Neighbours

__all__ = ["SpatialFit", "fit_spatial"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

LARGEST_RHO = 0.995
STARTS = (0.3, 0.8, -0.3)
"""Spatial correlations from which the search starts; the best end is taken."""


@dataclass(frozen=True, eq=False)
class SpatialFit:
    """A fitted spatial model, with what its errors are made of.

    Attributes
    ----------
    sigma2 : float
        Variance of the areas' own parts.
    rho : float
        Spatial correlation.
    weights : ndarray of float, shape (n, n)
        Neighbour weights; rows add up to 1, or to 0 for areas without neighbours.
    direct, variance : ndarray of float, shape (m,)
        Direct estimates of the areas that have one, and their sampling variances.
    seen : ndarray of bool, shape (n,)
        Which of the n areas those are.
    design : ndarray of float, shape (n, p)
        Intercept and covariates of all areas.
    """

    sigma2: float
    rho: float
    weights: Floats
    direct: Floats
    variance: Floats
    seen: Mask
    design: Floats

    @cached_property
    def inverse_structure(self) -> Floats:
        """Covariance of the effects over `sigma2`, shape (n, n)."""
        step = np.eye(len(self.seen)) - self.rho * self.weights
        return np.asarray(np.linalg.inv(step.T @ step))

    @cached_property
    def precision(self) -> Floats:
        """Inverse covariance of the direct estimates, shape (m, m)."""
        effects = self.sigma2 * self.inverse_structure[np.ix_(self.seen, self.seen)]
        return np.asarray(np.linalg.inv(effects + np.diag(self.variance)))

    @cached_property
    def coefficient_covariance(self) -> Floats:
        """Covariance of the regression coefficients, shape (p, p)."""
        x = self.design[self.seen]
        return np.asarray(np.linalg.inv(x.T @ self.precision @ x))

    @cached_property
    def coefficients(self) -> Floats:
        """Regression coefficients, shape (p,)."""
        x = self.design[self.seen]
        return np.asarray(self.coefficient_covariance @ (x.T @ (self.precision @ self.direct)))

    @cached_property
    def own_weights(self) -> Floats:
        """Weight of each direct estimate in each area's effect, shape (n, m)."""
        return np.asarray(self.sigma2 * self.inverse_structure[:, self.seen] @ self.precision)

    @cached_property
    def estimates(self) -> Floats:
        """Estimates of all areas, shape (n,)."""
        fixed = self.design @ self.coefficients
        return np.asarray(fixed + self.own_weights @ (self.direct - fixed[self.seen]))

    @cached_property
    def derivatives(self) -> tuple[Floats, Floats]:
        """Derivatives of the effects' covariance by `sigma2` and by `rho`, each (n, n)."""
        c = self.inverse_structure
        return c, -self.sigma2 * c @ self._slope @ c

    @property
    def _slope(self) -> Floats:
        w = self.weights
        return np.asarray(2 * self.rho * w.T @ w - w - w.T)

    @cached_property
    def information(self) -> Floats:
        """Restricted Fisher information of (`sigma2`, `rho`), shape (2, 2)."""
        x = self.design[self.seen]
        vx = self.precision @ x
        p = self.precision - vx @ self.coefficient_covariance @ vx.T
        both = [p @ d[np.ix_(self.seen, self.seen)] for d in self.derivatives]
        return 0.5 * np.array([[float((a * b.T).sum()) for b in both] for a in both])

    @cached_property
    def mse(self) -> Floats:
        """Mean squared errors of all areas to second order, shape (n,); see `_curvature`."""
        spread = np.asarray(np.linalg.inv(self.information), dtype=np.float64)
        left = self._left
        effects = self.sigma2 * self.inverse_structure
        noise = self.own_weights
        g1 = _diagonal(left @ effects, left) + (noise**2 * self.variance).sum(axis=1)
        away = self.design - noise @ self.design[self.seen]
        g2 = _diagonal(away @ self.coefficient_covariance, away)
        slopes = [(left @ d)[:, self.seen] @ self.precision for d in self.derivatives]
        total = np.linalg.inv(self.precision)
        g3 = np.zeros(len(self.seen))
        for i, a in enumerate(slopes):
            for j, b in enumerate(slopes):
                g3 += spread[i, j] * _diagonal(a @ total, b)
        return np.asarray(g1 + g2 + 2 * g3 - self._curvature(spread))

    @property
    def _left(self) -> Floats:
        """What turns effects into errors of prediction, shape (n, n)."""
        left = np.eye(len(self.seen))
        left[:, self.seen] -= self.own_weights
        return left

    def _curvature(self, spread: Floats) -> Floats:
        """Bias of the leading term because the covariance bends in `rho` (term g4)."""
        w, c, s = self.weights, self.inverse_structure, self._slope
        by_both = -c @ s @ c
        by_rho = 2 * self.sigma2 * (c @ s @ c @ s @ c - c @ w.T @ w @ c)
        bent = 2 * spread[0, 1] * by_both + spread[1, 1] * by_rho
        return 0.5 * _diagonal(self._left @ bent, self._left)


def fit_spatial(
    direct: Floats,
    variance: Floats,
    design: Floats,
    seen: Mask,
    neighbours: Neighbours,
    *,
    start: float,
) -> SpatialFit | None:
    """Fit the spatial model by restricted likelihood.

    Parameters
    ----------
    direct, variance : ndarray of float, shape (m,)
        Direct estimates of the areas that have one, and their positive sampling variances.
    design : ndarray of float, shape (n, p)
        Intercept and covariates of all areas.
    seen : ndarray of bool, shape (n,)
        Which areas have a direct estimate.
    neighbours : Neighbours
        Neighbours of all n areas.
    start : float
        Variance between areas from which the search starts.

    Returns
    -------
    SpatialFit or None
        None where the variance tends to zero or the correlation to its limit, so that the
        data do not tell a spatial pattern from none.
    """
    from scipy.optimize import minimize

    w = row_weights(neighbours)
    loss = _RestrictedLoss(direct, variance, design, seen, w)
    tops = np.log(start) + np.array([-12.0, 8.0])
    bounds = [tuple(tops), (-LARGEST_RHO, LARGEST_RHO)]
    tried = [
        minimize(loss, [np.log(start), rho], method="L-BFGS-B", bounds=bounds, tol=1e-12)
        for rho in STARTS
    ]
    best = min(tried, key=lambda found: float(found.fun))
    at_edge = abs(best.x[1]) >= LARGEST_RHO or best.x[0] <= tops[0] + 1
    if at_edge or not np.isfinite(best.fun):
        return None
    fit = SpatialFit(float(np.exp(best.x[0])), float(best.x[1]), w, direct, variance, seen, design)
    return fit if np.linalg.eigvalsh(fit.information).min() > 0 else None


def row_weights(neighbours: Neighbours) -> Floats:
    """Neighbour lists as weights whose rows add up to 1.

    Parameters
    ----------
    neighbours : Neighbours
        Neighbours of n areas; an area in its own list is taken out of it.

    Returns
    -------
    ndarray of float, shape (n, n)
        Rows of areas without neighbours are zero.
    """
    w = neighbours.to_sparse().toarray().astype(np.float64)
    np.fill_diagonal(w, 0.0)
    sums = w.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(w, sums, out=np.zeros_like(w), where=sums > 0))


class _RestrictedLoss:
    """Minus the restricted log-likelihood, by way of the effects' sparse inverse covariance."""

    def __init__(
        self, direct: Floats, variance: Floats, design: Floats, seen: Mask, weights: Floats
    ) -> None:
        self.direct, self.x, self.seen = direct, design[seen], seen
        self.weights = weights
        self.own = np.zeros(len(seen))
        self.own[seen] = 1 / variance
        self.roots = np.linalg.eigvals(weights)

    def __call__(self, parameters: Floats) -> float:
        from scipy.linalg import cho_solve, cholesky

        sigma2, rho = float(np.exp(parameters[0])), float(parameters[1])
        step = np.eye(len(self.seen)) - rho * self.weights
        root = cholesky(step.T @ step / sigma2 + np.diag(self.own), lower=True)
        h = self.own[self.seen]
        both = np.column_stack([self.direct, self.x])
        raised = np.zeros((len(self.seen), both.shape[1]))
        raised[self.seen] = h[:, None] * both
        product = raised[self.seen] - h[:, None] * cho_solve((root, True), raised)[self.seen]
        information = self.x.T @ product[:, 1:]
        coefficients = np.linalg.solve(information, self.x.T @ product[:, 0])
        quadratic = float((self.direct - self.x @ coefficients) @ product[:, 0])
        log_structure = 2 * float(np.log(np.abs(1 - rho * self.roots)).sum())
        log_det = 2 * float(np.log(np.diag(root)).sum()) - log_structure
        log_det += len(self.seen) * np.log(sigma2)
        return float(0.5 * (log_det + np.linalg.slogdet(information)[1] + quadratic))


def _diagonal(left: Floats, right: Floats) -> Floats:
    """Diagonal of ``left @ right.T``."""
    return np.asarray((left * right).sum(axis=1))
