"""What an area-level model is given: checked, with the variances of thin areas smoothed.

A sampling variance from a dozen answers is itself a rough estimate, and it is low just where the
answers happen to agree. The smoothing here takes one variance of a single answer for the whole
city; it does not notice a district where answers truly differ more than elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["AreaInput", "area_input", "pooled_variance"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEW_FREE = 29
"""With fewer degrees of freedom an area's own sampling variance is off by a quarter or more, as a
rule. Without clusters these are the answers less one, with clusters far fewer."""


@dataclass(frozen=True, eq=False)
class AreaInput:
    """Checked input of an area-level model.

    Attributes
    ----------
    direct, variance : ndarray of float, shape (n,)
        Direct estimates and their sampling variances, after smoothing; NaN where not used.
    design : ndarray of float, shape (n, p)
        Intercept and covariates; rows with a missing covariate are NaN.
    used : ndarray of bool, shape (n,)
        Areas whose direct estimate enters the model.
    known : ndarray of bool, shape (n,)
        Areas whose covariates are all known.
    unused : tuple of str, length n
        Why an area's direct estimate is not used; empty where it is.
    notes : tuple of str
        What was done to the variances.
    """

    direct: Floats
    variance: Floats
    design: Floats
    used: Mask
    known: Mask
    unused: tuple[str, ...]
    notes: tuple[str, ...]


def area_input(
    direct: ArrayLike,
    variance: ArrayLike,
    *,
    answers: ArrayLike | None,
    degrees_of_freedom: ArrayLike | None,
    covariates: ArrayLike | None,
    smooth: str,
    minimum_answers: int,
) -> AreaInput:
    """Check and complete the input of an area-level model.

    Parameters
    ----------
    direct, variance : array_like of float, shape (n,)
        Direct estimates and their sampling variances; NaN where there is none.
    answers : array_like of float, shape (n,), or None
        Answers behind each estimate.
    degrees_of_freedom : array_like of float, shape (n,), or None
        What each sampling variance rests on; answers less one if None.
    covariates : array_like of float, shape (n, q), or None
        What is known of each area from elsewhere; NaN where it is not.
    smooth : {"few", "all", "none"}
        Which variances to replace by the pooled one.
    minimum_answers : int
        Direct estimates from fewer answers are not used.

    Returns
    -------
    AreaInput

    Raises
    ------
    ValueError
        If lengths differ, a number is infinite, a variance or a number of answers is negative,
        covariates repeat each other, or an option is unknown.
    """
    y, psi = _vector(direct, "direct"), _vector(variance, "variance")
    n = None if answers is None else _vector(answers, "answers")
    free = n if degrees_of_freedom is None else _vector(degrees_of_freedom, "degrees_of_freedom")
    free = n - 1 if n is not None and degrees_of_freedom is None else free
    _check(y, psi, n, free, smooth)
    x = _design(covariates, len(y))
    psi, notes = _smoothed(psi, n, free, smooth)
    known = np.asarray(np.isfinite(x).all(axis=1))
    unused = tuple(_why_unused(y, psi, n, known, minimum_answers))
    used = np.array([not reason for reason in unused], dtype=bool)
    return AreaInput(
        direct=np.where(used, y, np.nan),
        variance=np.where(used, psi, np.nan),
        design=x,
        used=used,
        known=known,
        unused=unused,
        notes=notes,
    )


def pooled_variance(
    variance: ArrayLike, answers: ArrayLike, degrees_of_freedom: ArrayLike | None = None
) -> float:
    """Variance of a single answer, pooled over areas.

    Parameters
    ----------
    variance : array_like of float, shape (n,)
        Sampling variances of the areas' estimates; NaN where unknown.
    answers : array_like of float, shape (n,)
        Answers behind them.
    degrees_of_freedom : array_like of float, shape (n,), optional
        What each variance rests on, such as clusters less strata; answers less one if left out.

    Returns
    -------
    float
        ``sum f_d n_d psi_d / sum f_d`` over areas with degrees of freedom ``f_d`` above 0; NaN
        where there is none. Divided by an area's answers it is a smoothed sampling variance
        (a generalised variance function of the simplest form).

    Examples
    --------
    >>> from commonlight.analysis.survey.area_level_input import pooled_variance
    >>> pooled_variance([0.1, 0.2, 0.0], [10, 5, 2])
    0.9285714285714286
    """
    psi = np.asarray(variance, dtype=np.float64)
    n = np.asarray(answers, dtype=np.float64)
    f = n - 1 if degrees_of_freedom is None else np.asarray(degrees_of_freedom, dtype=np.float64)
    fit = np.isfinite(psi) & (n > 0) & (f > 0)
    if not fit.any():
        return float("nan")
    return float((f * n * psi)[fit].sum() / f[fit].sum())


def _vector(values: ArrayLike, name: str) -> Floats:
    out = np.array(values, dtype=np.float64)
    if out.ndim != 1 or np.isinf(out).any():
        raise ValueError(
            f"{name} must be one-dimensional and hold one finite number per area, NaN where there "
            f"is none; got shape {out.shape}"
        )
    return out


def _check(y: Floats, psi: Floats, n: Floats | None, free: Floats | None, smooth: str) -> None:
    shapes = {values.shape for values in (y, psi, n, free) if values is not None}
    if len(shapes) > 1:
        raise ValueError(
            "direct, variance, answers and degrees_of_freedom must be equally long; got shapes "
            f"{sorted(shapes)}"
        )
    if n is None and free is not None:
        raise ValueError("degrees_of_freedom serve to smooth variances; give `answers` too")
    for name, values in (("variance", psi), ("answers", n)):
        if values is not None and np.any(values < 0):
            i = int(np.flatnonzero(values < 0)[0])
            raise ValueError(f"{name} must not be negative; area {i} has {values[i]}")
    if smooth not in ("few", "all", "none"):
        raise ValueError(f"smooth must be 'few', 'all' or 'none'; got {smooth!r}")
    if smooth == "all" and n is None:
        raise ValueError("smooth='all' needs the answers behind each estimate; give `answers`")


def _design(covariates: ArrayLike | None, n: int) -> Floats:
    if covariates is None:
        return np.ones((n, 1))
    x = np.array(covariates, dtype=np.float64)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or len(x) != n or np.isinf(x).any():
        raise ValueError(
            f"covariates must have one row per area ({n}) and no infinite value; got shape "
            f"{x.shape}"
        )
    design = np.column_stack([np.ones(n), x])
    known = design[np.isfinite(design).all(axis=1)]
    scaled = known / np.maximum(np.abs(known).max(axis=0, initial=0.0), np.finfo(float).tiny)
    if len(known) > design.shape[1] and np.linalg.matrix_rank(scaled, tol=1e-9) < design.shape[1]:
        raise ValueError(
            "covariates must not repeat each other or be the same in all areas; leave one of the "
            "repeated columns out (an intercept is always in the model)"
        )
    return design


def _smoothed(
    psi: Floats, n: Floats | None, free: Floats | None, smooth: str
) -> tuple[Floats, tuple[str, ...]]:
    if n is None or free is None:
        return psi, ("the sampling variances were used as given",)
    if smooth == "none":
        return psi, ()
    chosen = (n > 0) & (~(free >= FEW_FREE) | (smooth == "all"))
    unit = pooled_variance(psi, n, free)
    if not chosen.any() or not unit > 0:
        return psi, ()
    note = (
        f"the sampling variance of {int(chosen.sum())} areas was smoothed: the pooled variance of "
        "one answer, divided by the area's answers"
    )
    return np.where(chosen, unit / np.where(chosen, n, 1.0), psi), (note,)


def _why_unused(
    y: Floats, psi: Floats, n: Floats | None, known: Mask, minimum_answers: int
) -> list[str]:
    reasons = []
    for i in range(len(y)):
        if not known[i]:
            reason = "a covariate is missing"
        elif np.isnan(y[i]) or (n is not None and n[i] == 0):
            reason = "no answers"
        elif n is not None and not n[i] >= minimum_answers:
            reason = f"fewer than {minimum_answers} answers"
        elif not psi[i] > 0:
            reason = "the sampling variance is missing or zero"
        else:
            reason = ""
        reasons.append(reason)
    return reasons
