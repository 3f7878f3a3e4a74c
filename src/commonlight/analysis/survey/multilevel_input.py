"""What a multilevel model is given: checked, and added up by area and cell.

Answers whose area, cell or value is unknown are left out here. That is right only if they are
missing for reasons that have nothing to do with the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.survey.multilevel_fit import AnswerGroups, Kind, grouped

__all__ = ["MultilevelInput", "multilevel_input"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class MultilevelInput:
    """Checked answers, added up.

    Attributes
    ----------
    groups : AnswerGroups
        Answers by area and cell.
    counts : ndarray of int, shape (n_areas,)
        Answers of each area.
    direct : ndarray of float, shape (n_areas,)
        Mean of each area's answers, weighted where weights were given; NaN without any.
    residents : ndarray of float, shape (n_areas, n_cells)
        Residents.
    covariates : ndarray of float, shape (n_areas, q)
        Covariates with mean 0 and spread 1; NaN where unknown.
    known : ndarray of bool, shape (n_areas,)
        Areas with all covariates and some residents.
    weighted, clustered : bool
        Whether weights or a design effect were given.
    alike : bool
        Whether all answers are the same, or there is none.
    """

    groups: AnswerGroups
    counts: Codes
    direct: Floats
    residents: Floats
    covariates: Floats
    known: Mask
    weighted: bool
    clustered: bool
    alike: bool


def multilevel_input(
    values: ArrayLike,
    area: ArrayLike,
    cells: ArrayLike | None,
    weights: ArrayLike | None,
    design_effect: float,
    poststratification: ArrayLike,
    covariates: ArrayLike | None,
    kind: Kind,
) -> MultilevelInput:
    """Check the input of a multilevel model and add the answers up.

    Parameters
    ----------
    values, area, cells, weights, design_effect, poststratification, covariates, kind
        As for `multilevel.multilevel_poststratified`.

    Returns
    -------
    MultilevelInput

    Raises
    ------
    ValueError
        If anything does not fit.
    """
    y = np.array(values, dtype=np.float64)
    residents = _residents(poststratification)
    n_areas, n_cells = residents.shape
    a = _codes(area, len(y), n_areas, "area", "row")
    zeros = np.zeros(len(y), dtype=np.int64)
    c = zeros if cells is None else _codes(cells, len(y), n_cells, "cells", "column")
    _check_values(y, kind, cells is None, n_cells)
    w = np.ones(len(y)) if weights is None else _weights(weights, len(y))
    x = _covariates(covariates, n_areas)
    known = np.asarray(np.isfinite(x).all(axis=1) & (residents.sum(axis=1) > 0))
    kept = np.isfinite(y) & (a >= 0) & (c >= 0) & (w > 0)
    kept[kept] = known[a[kept]]
    y, a, c, w = y[kept], a[kept], c[kept], w[kept]
    w = (w if weights is None else _effective(w, a, n_areas)) / design_effect
    size = np.bincount(a, weights=w, minlength=n_areas)
    total = np.bincount(a, weights=w * y, minlength=n_areas)
    direct = np.divide(total, size, out=np.full(n_areas, np.nan), where=size > 0)
    return MultilevelInput(
        groups=grouped(y, a, c, w, n_areas, n_cells),
        counts=np.bincount(a, minlength=n_areas),
        direct=direct,
        residents=residents,
        covariates=x,
        known=known,
        weighted=weights is not None,
        clustered=design_effect > 1,
        alike=len(y) == 0 or bool(np.all(y == y[0])),
    )


def _residents(poststratification: ArrayLike) -> Floats:
    out = np.array(poststratification, dtype=np.float64)
    out = out[:, None] if out.ndim == 1 else out
    if out.ndim != 2 or not np.all((out >= 0) & np.isfinite(out)):
        raise ValueError(
            "poststratification must hold the residents of each area (rows) in each cell "
            f"(columns), finite and not negative; got shape {out.shape}"
        )
    return out


def _codes(codes: ArrayLike, n: int, size: int, name: str, of: str) -> Codes:
    out = np.asarray(codes)
    if out.shape != (n,) or not np.issubdtype(out.dtype, np.integer):
        raise ValueError(f"{name} must be {n} whole numbers, one per answer; got {out.shape}")
    if n and not (out.min() >= -1 and out.max() < size):
        raise ValueError(
            f"{name} must lie in 0 to {size - 1}, a {of} of poststratification, or be -1; got "
            f"{out.min()} to {out.max()}"
        )
    return out.astype(np.int64)


def _check_values(y: Floats, kind: str, without_cells: bool, n_cells: int) -> None:
    if y.ndim != 1 or np.isinf(y).any():
        raise ValueError("values must be one-dimensional and finite, NaN where missing")
    if kind not in ("number", "yes_no"):
        raise ValueError(f"kind must be 'number' or 'yes_no'; got {kind!r}")
    if kind == "yes_no" and not np.isin(y[np.isfinite(y)], (0.0, 1.0)).all():
        raise ValueError("yes/no answers must be 0 and 1, NaN where missing")
    if without_cells and n_cells > 1:
        raise ValueError(
            f"poststratification has {n_cells} cells, but no answer says which it is in; give "
            "`cells`"
        )


def _weights(weights: ArrayLike, n: int) -> Floats:
    out = np.array(weights, dtype=np.float64)
    if out.shape != (n,) or not np.all((out >= 0) & np.isfinite(out)):
        raise ValueError(f"weights must be {n} finite numbers, not negative")
    return out


def _effective(w: Floats, area: Codes, n_areas: int) -> Floats:
    """Weights that add up to Kish's effective number in each area."""
    total = np.bincount(area, weights=w, minlength=n_areas)
    squares = np.bincount(area, weights=w**2, minlength=n_areas)
    return np.asarray(w * (total / np.where(squares > 0, squares, 1.0))[area])


def _covariates(covariates: ArrayLike | None, n_areas: int) -> Floats:
    """Covariates with mean 0 and spread 1 over the areas where all are known."""
    if covariates is None:
        return np.zeros((n_areas, 0))
    x = np.array(covariates, dtype=np.float64)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or len(x) != n_areas or np.isinf(x).any():
        raise ValueError(f"covariates must have one row per area ({n_areas}); got {x.shape}")
    known = x[np.isfinite(x).all(axis=1)]
    if len(known) < 2:
        return np.asarray(x * np.nan)
    spread = known.std(axis=0)
    if not np.all(spread > 0) or np.linalg.matrix_rank(known - known.mean(axis=0)) < x.shape[1]:
        raise ValueError(
            "covariates must not repeat each other or be the same in all areas; leave one out"
        )
    return np.asarray((x - known.mean(axis=0)) / spread)
