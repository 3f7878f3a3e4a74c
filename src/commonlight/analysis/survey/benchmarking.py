"""Estimates of areas made to add up to that of the whole city.

It makes no estimate better: where the city's estimate is wrong, all areas move with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.survey.small_area_results import SmallAreas

__all__ = ["Benchmark", "benchmarked"]

Floats = NDArray[np.float64]
Benchmark = Literal["ratio", "difference"]


def benchmarked(
    found: SmallAreas, *, how: Benchmark, shares: ArrayLike | None, total: float | None
) -> SmallAreas:
    """Make estimates of areas add up to that of the city.

    Parameters
    ----------
    found : SmallAreas
        Estimates of all areas.
    how : {"ratio", "difference"}
        A common factor, or a common difference.
    shares : array_like of float, shape (n,)
        Each area's population or share of it.
    total : float
        Estimate of the whole city.

    Returns
    -------
    SmallAreas
        The squared shift is added to each mean squared error, and half the interval widens with
        it. Unchanged, with a note, where an area has no estimate.

    Raises
    ------
    ValueError
        If `shares` or `total` is missing or wrong, or a ratio is asked for of estimates that
        do not add up to a positive number.
    """
    w = np.zeros(0) if shares is None else np.array(shares, dtype=np.float64)
    if w.shape != found.estimate.shape or not np.all(w >= 0) or not w.sum() > 0:
        raise ValueError(
            "benchmark needs `shares`: one number per area, not negative, such as its residents"
        )
    if total is None or not np.isfinite(total):
        raise ValueError(f"benchmark needs `total`, the city's direct estimate; got {total}")
    if how not in ("ratio", "difference"):
        raise ValueError(f"benchmark must be 'ratio' or 'difference'; got {how!r}")
    if not found.available[w > 0].all():
        note = "not fitted to the city's estimate, because some areas have no estimate"
        return replace(found, notes=(*found.notes, note))
    return _shifted(found, _shift(found.estimate, w / w.sum(), float(total), how), how)


def _shift(estimate: Floats, shares: Floats, total: float, how: str) -> Floats:
    now = float((shares * np.nan_to_num(estimate)).sum())
    if how == "difference":
        return np.full(estimate.shape, total - now)
    if not now > 0 or not total > 0:
        raise ValueError(
            "benchmark='ratio' needs positive estimates and a positive total; use 'difference'"
        )
    return estimate * (total / now - 1)


def _shifted(found: SmallAreas, shift: Floats, how: str) -> SmallAreas:
    half = (found.ci_upper - found.ci_lower) / 2
    mse = found.mse + shift**2
    wider = half * np.sqrt(mse / found.mse) - half
    note = f"fitted to the city's direct estimate by a common {how.replace('ratio', 'factor')}"
    return replace(
        found,
        estimate=found.estimate + shift,
        mse=mse,
        ci_lower=found.ci_lower + shift - wider,
        ci_upper=found.ci_upper + shift + wider,
        notes=(*found.notes, note),
    )
