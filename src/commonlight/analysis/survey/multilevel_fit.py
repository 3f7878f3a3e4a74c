"""Fit of a multilevel model with area effects: numbers and yes/no answers.

For given spreads of the area and cell effects the posterior of all coefficients is taken as
normal around its highest point (Laplace's approximation; exact for numbers). The spreads are
averaged over a grid. Areas share no answers, so their part of the matrix is diagonal and only a
small system is left to solve. The fit does not check that effects are normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["AnswerGroups", "Conditional", "fit_conditional", "grouped"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Kind = Literal["number", "yes_no"]

MOST_STEPS = 100
CLOSE = 1e-10


@dataclass(frozen=True, eq=False)
class AnswerGroups:
    """Answers added up by area and cell; nothing more is needed of them.

    Attributes
    ----------
    area, cell : ndarray of int, shape (g,)
        Area and cell of each group that has answers.
    n, total : ndarray of float, shape (g,)
        Answers, or their weights, and the sum of the values.
    within : float
        Sum of squared deviations from the group means; for numbers.
    n_areas : int
        Number of all areas.
    """

    area: Codes
    cell: Codes
    n: Floats
    total: Floats
    within: float
    n_areas: int


@dataclass(frozen=True, eq=False)
class Conditional:
    """Normal approximation of the coefficients for given spreads.

    Attributes
    ----------
    coefficients : ndarray of float, shape (k,)
        Intercept, covariates and cells at the highest point.
    root : ndarray of float, shape (k, k)
        Matrix whose product with its transpose is the covariance of `coefficients`.
    effects : ndarray of float, shape (n_areas,)
        Area effects at the highest point.
    link : ndarray of float, shape (n_areas, k)
        How area effects fall when coefficients rise.
    information : ndarray of float, shape (n_areas,)
        Information of each area's own answers on its effect.
    area_precision : float
        Precision of the area effects before any answer.
    log_marginal : float
        Logarithm of the likelihood of the spreads, up to a constant.
    scale : float
        Sum of squares that estimates the variance of a single answer, for numbers; 1 for yes/no.
    free : float
        Degrees of freedom of `scale`; 0 for yes/no.
    """

    coefficients: Floats
    root: Floats
    effects: Floats
    link: Floats
    information: Floats
    area_precision: float
    log_marginal: float
    scale: float
    free: float


def grouped(
    values: Floats, area: Codes, cell: Codes, weights: Floats, n_areas: int, n_cells: int
) -> AnswerGroups:
    """Add answers up by area and cell.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        Answers, none missing.
    area, cell : ndarray of int, shape (n,)
        Area and cell of each.
    weights : ndarray of float, shape (n,)
        How much each counts.
    n_areas, n_cells : int
        Numbers of all areas and cells.

    Returns
    -------
    AnswerGroups
    """
    size = n_areas * n_cells
    key = area * n_cells + cell
    n, total = _sums(key, weights, size), _sums(key, weights * values, size)
    mean = np.divide(total, n, out=np.zeros(size), where=n > 0)
    within = float((weights * (values - mean[key]) ** 2).sum())
    seen = np.flatnonzero(n > 0)
    return AnswerGroups(seen // n_cells, seen % n_cells, n[seen], total[seen], within, n_areas)


def fit_conditional(
    groups: AnswerGroups,
    design: Floats,
    *,
    kind: Kind,
    precision: Floats,
    area_precision: float,
    start: Conditional | None = None,
) -> Conditional:
    """Find the highest point for given spreads, and the normal distribution around it.

    Parameters
    ----------
    groups : AnswerGroups
        Answers.
    design : ndarray of float, shape (g, k)
        Intercept, covariates and cells of the groups.
    kind : {"number", "yes_no"}
        Normal model with identity link, or binomial with logit link.
    precision : ndarray of float, shape (k,)
        Prior precisions of the coefficients; 0 where free. For numbers in units of the
        variance of a single answer.
    area_precision : float
        Prior precision of the area effects, in the same units.
    start : Conditional, optional
        Where the search starts.

    Returns
    -------
    Conditional

    Notes
    -----
    For numbers the marginal likelihood, with coefficients and area effects integrated out and
    the variance of a single answer at its best, is the restricted likelihood.
    """
    model = _Model(groups, design, kind, precision, area_precision)
    b, u = model.start(start)
    height = model.height(b, u)
    for _ in range(MOST_STEPS):
        db, du = model.system(b, u).step()
        b, u, height, moved = _climb(model, b, u, db, du, height)
        if moved < CLOSE or kind == "number":
            break
    return _summary(model, b, u, height)


@dataclass(frozen=True, eq=False)
class _System:
    """Gradient and curvature at a point; the areas' block is diagonal."""

    gradient: Floats
    area_gradient: Floats
    block: Floats
    cross: Floats
    diagonal: Floats
    information: Floats

    @property
    def schur(self) -> Floats:
        return np.asarray(self.block - self.cross.T @ (self.cross / self.diagonal[:, None]))

    def step(self) -> tuple[Floats, Floats]:
        """Newton step of coefficients and effects."""
        right = self.gradient - self.cross.T @ (self.area_gradient / self.diagonal)
        db = np.asarray(np.linalg.solve(self.schur, right), dtype=np.float64)
        return db, (self.area_gradient - self.cross @ db) / self.diagonal


@dataclass(frozen=True, eq=False)
class _Model:
    """Answers, design and spreads of one conditional fit."""

    groups: AnswerGroups
    design: Floats
    kind: Kind
    precision: Floats
    area_precision: float

    def start(self, start: Conditional | None) -> tuple[Floats, Floats]:
        if start is not None and self.kind == "yes_no":
            return start.coefficients, start.effects
        b = np.zeros(self.design.shape[1])
        if self.kind == "yes_no":
            share = (self.groups.total.sum() + 0.5) / (self.groups.n.sum() + 1)
            b[0] = np.log(share / (1 - share))
        return b, np.zeros(self.groups.n_areas)

    def system(self, b: Floats, u: Floats) -> _System:
        groups, x, m = self.groups, self.design, self.groups.n_areas
        mean, slope = self._means(x @ b + u[groups.area])
        residual, weight = groups.total - groups.n * mean, groups.n * slope
        information = _sums(groups.area, weight, m)
        pull = _sums(groups.area, residual, m)
        columns = [_sums(groups.area, weight * c, m) for c in x.T]
        return _System(
            gradient=x.T @ residual - self.precision * b,
            area_gradient=pull - self.area_precision * u,
            block=x.T @ (weight[:, None] * x) + np.diag(self.precision),
            cross=np.column_stack(columns),
            diagonal=information + self.area_precision,
            information=information,
        )

    def height(self, b: Floats, u: Floats) -> float:
        """Log posterior; for numbers minus half the penalised sum of squares."""
        groups = self.groups
        eta = self.design @ b + u[groups.area]
        if self.kind == "yes_no":
            fit = float((groups.total * eta - groups.n * np.logaddexp(0.0, eta)).sum())
        else:
            off = groups.total / groups.n - eta
            fit = -0.5 * (float((groups.n * off**2).sum()) + groups.within)
        penalty = float((self.precision * b**2).sum()) + self.area_precision * float((u**2).sum())
        return fit - 0.5 * penalty

    def _means(self, eta: Floats) -> tuple[Floats, Floats]:
        """Mean and its slope at linear predictors."""
        from scipy.special import expit

        if self.kind == "number":
            return eta, np.ones_like(eta)
        mean = expit(eta)
        return mean, mean * (1 - mean)


def _sums(codes: Codes, weights: Floats, size: int) -> Floats:
    """Sum of the weights of each code."""
    return np.asarray(np.bincount(codes, weights=weights, minlength=size), dtype=np.float64)


def _climb(
    model: _Model, b: Floats, u: Floats, db: Floats, du: Floats, height: float
) -> tuple[Floats, Floats, float, float]:
    """Take the step, halved until it climbs."""
    length = 1.0
    while length > 1e-6:
        to_b, to_u = b + length * db, u + length * du
        reached = model.height(to_b, to_u)
        if reached >= height - 1e-12 * abs(height):
            return to_b, to_u, reached, float(max(np.abs(db).max(), np.abs(du).max()))
        length /= 2
    return b, u, height, 0.0


def _summary(model: _Model, b: Floats, u: Floats, height: float) -> Conditional:
    system, precision = model.system(b, u), model.precision
    schur = system.schur
    log_det = float(np.linalg.slogdet(schur)[1]) + float(np.log(system.diagonal).sum())
    prior = float(np.log(precision[precision > 0]).sum())
    prior += model.groups.n_areas * float(np.log(model.area_precision))
    free, scale = 0.0, 1.0
    log_marginal = height + 0.5 * (prior - log_det)
    if model.kind == "number":
        free = float(model.groups.n.sum()) - float((precision == 0).sum())
        scale = -2 * height
        log_marginal = 0.5 * (prior - log_det) - 0.5 * free * float(np.log(scale))
    return Conditional(
        coefficients=b,
        root=np.linalg.inv(np.linalg.cholesky(schur)).T,
        effects=u,
        link=system.cross / system.diagonal[:, None],
        information=system.information,
        area_precision=model.area_precision,
        log_marginal=log_marginal,
        scale=scale,
        free=free,
    )
