"""What a model of small areas gives: estimates, how much of each is borrowed, and refusals.

Shared by the models of `small_areas` and `multilevel`. It fits nothing and says nothing about
whether a model is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FEWEST_ANSWERS",
    "FEWEST_FREE_AREAS",
    "NOTHING",
    "SmallAreas",
    "areas_words",
    "borrowing_words",
    "covariates_p",
    "nothing_supports",
    "refused",
]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEWEST_ANSWERS = 5
"""Below this an area's own mean is one person's answer for a quarter or more."""
FEWEST_FREE_AREAS = 8
"""Areas beyond the coefficients. With fewer the variance between areas is unknown even to a factor
of four."""
MOSTLY_BORROWED = 0.9
"""Where most areas borrow more than this and covariates explain nothing, nothing is estimated."""
NO_EXPLANATION = 0.05
"""Covariates explain nothing when the p-value of all of them together is above this."""
BORROWING = (
    (0.25, "rests mainly on its own answers"),
    (0.5, "rests more on its own answers than on the other areas"),
    (0.75, "leans more on the other areas than on its own answers"),
    (MOSTLY_BORROWED, "comes mainly from the other areas"),
)
NOTHING = (
    "the areas cannot be told apart: most would be almost wholly borrowed, and no covariate "
    "explains a difference"
)


@dataclass(frozen=True, eq=False)
class SmallAreas:
    """Estimates of small areas; every area keeps its place.

    Attributes
    ----------
    estimate, mse, ci_lower, ci_upper : ndarray of float, shape (n,)
        Estimate, its mean squared error and interval; NaN where not `available`.
    borrowed : ndarray of float, shape (n,)
        Share of the estimate that comes from the model and not from the area's own answers, from
        0 to 1; NaN where not `available`.
    borrowing : tuple of str, length n
        The same in words that complete a sentence ("The estimate ..."); empty where not
        `available`.
    direct : ndarray of float, shape (n,)
        Estimate from the area's own answers alone; NaN where there is none.
    synthetic : ndarray of bool, shape (n,)
        Estimates without any answer of the area's own.
    available : ndarray of bool, shape (n,)
        Whether there is an estimate.
    reason : tuple of str, length n
        Why there is none; empty where there is one.
    sigma2 : float
        Variance between areas beyond the covariates; NaN if nothing was fitted.
    rho : float
        Spatial correlation of the areas' effects; NaN without a spatial model.
    coefficients : ndarray of float, shape (p,)
        Intercept and slopes of the covariates.
    covariates_p : float
        P-value of all covariates together; NaN without any.
    notes : tuple of str
        What a reader must know of how it was made.
    confidence_level : float
        Level of the intervals.
    """

    estimate: Floats
    mse: Floats
    ci_lower: Floats
    ci_upper: Floats
    borrowed: Floats
    borrowing: tuple[str, ...]
    direct: Floats
    synthetic: Mask
    available: Mask
    reason: tuple[str, ...]
    sigma2: float
    rho: float
    coefficients: Floats
    covariates_p: float
    notes: tuple[str, ...]
    confidence_level: float


def borrowing_words(borrowed: float, *, synthetic: bool) -> str:
    """How much of an estimate is borrowed, in words after "The estimate".

    Parameters
    ----------
    borrowed : float
        Share borrowed, 0 to 1.
    synthetic : bool
        Whether the area has no usable answers.

    Returns
    -------
    str

    Examples
    --------
    >>> from commonlight.analysis.survey.small_area_results import borrowing_words
    >>> borrowing_words(0.6, synthetic=False)
    'leans more on the other areas than on its own answers'
    """
    if synthetic:
        return "comes from the model alone, without answers of its own"
    for upper, words in BORROWING:
        if borrowed <= upper:
            return words
    return "comes almost wholly from the other areas"


def areas_words(borrowed: Floats, available: Mask, synthetic: Mask) -> tuple[str, ...]:
    """The same for every area; empty where there is no estimate.

    Parameters
    ----------
    borrowed : ndarray of float, shape (n,)
        Shares borrowed, 0 to 1.
    available : ndarray of bool, shape (n,)
        Whether there is an estimate.
    synthetic : ndarray of bool, shape (n,)
        Whether the area has no usable answers.

    Returns
    -------
    tuple of str, length n
    """
    return tuple(
        borrowing_words(float(share), synthetic=bool(alone)) if ok else ""
        for share, ok, alone in zip(borrowed, available, synthetic, strict=True)
    )


def nothing_supports(borrowed: Floats, covariates_p: float) -> bool:
    """Whether a model only repeats the city's value in most areas.

    Parameters
    ----------
    borrowed : ndarray of float, shape (m,)
        Shares borrowed by areas with answers.
    covariates_p : float
        P-value of all covariates together; NaN without any.

    Returns
    -------
    bool
    """
    unexplained = not covariates_p <= NO_EXPLANATION
    return bool(unexplained and np.mean(borrowed > MOSTLY_BORROWED) > 0.5)


def covariates_p(coefficients: Floats, spread: Floats) -> float:
    """P-value of all coefficients but the first together (Wald).

    Parameters
    ----------
    coefficients : ndarray of float, shape (p,)
        Intercept first.
    spread : ndarray of float, shape (p, p)
        Their covariance.

    Returns
    -------
    float
        NaN where there is only the intercept.
    """
    from scipy.special import gammaincc

    b = coefficients[1:]
    if not len(b):
        return float("nan")
    wald = float(b @ np.linalg.solve(spread[1:, 1:], b))
    return float(gammaincc(len(b) / 2, wald / 2))


def refused(own: Floats, reason: str, confidence_level: float) -> SmallAreas:
    """No estimate for any area.

    Parameters
    ----------
    own : ndarray of float, shape (n,)
        Direct estimates.
    reason : str
        Why there is none.
    confidence_level : float
        Level that was asked for.

    Returns
    -------
    SmallAreas
    """
    n = len(own)
    empty = np.full(n, np.nan)
    return SmallAreas(
        estimate=empty,
        mse=empty.copy(),
        ci_lower=empty.copy(),
        ci_upper=empty.copy(),
        borrowed=empty.copy(),
        borrowing=("",) * n,
        direct=own,
        synthetic=np.zeros(n, dtype=bool),
        available=np.zeros(n, dtype=bool),
        reason=(reason,) * n,
        sigma2=float("nan"),
        rho=float("nan"),
        coefficients=np.zeros(0),
        covariates_p=float("nan"),
        notes=(),
        confidence_level=float(confidence_level),
    )
