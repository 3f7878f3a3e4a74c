"""Estimates for areas with few answers, which borrow from the other areas.

The area-level model of Fay and Herriot [1]_ draws each direct estimate towards what the other
areas and the covariates say, the more the less certain it is. Every estimate tells how much of it
is borrowed. The model does not find the one area that is unlike all others: with few answers of
its own that area is drawn in with the rest. It repairs no bias of the survey, and it says nothing
about why areas differ.

References
----------
.. [1] Fay, R. E. & Herriot, R. A. (1979). Estimates of income for small places: an application of
   James-Stein procedures to census data. Journal of the American Statistical Association 74,
   269-277. doi:10.1080/01621459.1979.10482505
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.neighbours import Neighbours
from commonlight.analysis.survey.area_level_fit import (
    AreaLevelFit,
    fit_plain,
    fit_with_neighbours,
)
from commonlight.analysis.survey.area_level_input import AreaInput, area_input
from commonlight.analysis.survey.benchmarking import Benchmark, benchmarked
from commonlight.analysis.survey.small_area_results import (
    FEWEST_ANSWERS,
    FEWEST_FREE_AREAS,
    NOTHING,
    SmallAreas,
    areas_words,
    covariates_p,
    nothing_supports,
    refused,
)

__all__ = ["fay_herriot"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Smooth = Literal["few", "all", "none"]


def fay_herriot(
    direct: ArrayLike,
    variance: ArrayLike,
    *,
    answers: ArrayLike | None = None,
    degrees_of_freedom: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    neighbours: Neighbours | None = None,
    smooth: Smooth = "few",
    benchmark: Benchmark | None = None,
    shares: ArrayLike | None = None,
    total: float | None = None,
    bounds: tuple[float, float] | None = None,
    minimum_answers: int = FEWEST_ANSWERS,
    confidence_level: float = 0.95,
) -> SmallAreas:
    """Estimate small areas with the area-level model of Fay and Herriot.

    Parameters
    ----------
    direct : array_like of float, shape (n,)
        Direct survey estimates of the areas; NaN where there is none.
    variance : array_like of float, shape (n,)
        Their sampling variances, in squared units of `direct`.
    answers : array_like of float, shape (n,), optional
        Answers behind each estimate. Without it neither smoothing nor the minimum applies.
    degrees_of_freedom : array_like of float, shape (n,), optional
        What each sampling variance rests on: with clusters, clusters less strata
        (`SurveyEstimates.degrees_of_freedom`). Answers less one if left out.
    covariates : array_like of float, shape (n, q), optional
        What is known of each area from elsewhere, without an intercept; NaN where unknown.
    neighbours : Neighbours, optional
        Neighbours of the n areas: the areas' effects then follow those of their neighbours.
    smooth : {"few", "all", "none"}
        Replace the variances of areas with fewer than 29 degrees of freedom, of all, or of none
        by the pooled variance of one answer over the area's answers.
    benchmark : {"ratio", "difference"}, optional
        Make the areas add up to `total`, by a common factor or a common difference.
    shares : array_like of float, shape (n,), optional
        Each area's share of the population, or its population; for `benchmark`.
    total : float, optional
        Direct estimate of the whole city; for `benchmark`.
    bounds : (float, float), optional
        Least and largest possible value, such as (0, 1) for proportions. Estimates and
        intervals are cut there.
    minimum_answers : int
        Direct estimates from fewer answers are not used.
    confidence_level : float
        Level of the intervals, between 0 and 1.

    Returns
    -------
    SmallAreas
        With too few areas, or nothing to borrow from, nothing is available and each area's
        reason says why. Areas without usable answers are synthetic where covariates or
        neighbours support it, else not available.

    Raises
    ------
    ValueError
        If shapes differ, a variance is negative, covariates repeat each other or an option is
        out of its range.

    Notes
    -----
    ``y_d = x_d' b + v_d + e_d`` with ``e_d ~ N(0, psi_d)`` and ``v_d ~ N(0, sigma2)``. The
    estimate is ``x_d' b + gamma_d (y_d - x_d' b)`` with ``gamma_d = sigma2 / (sigma2 + psi_d)``;
    the share borrowed is ``1 - gamma_d``. ``sigma2`` comes from restricted likelihood, or from
    its adjusted form where that is highest at zero. The mean squared error ``g1 + g2 + 2 g3``
    [1]_ [2]_ counts the area's effect, the coefficients and the estimated variance. The
    interval takes the quantile of the normal distribution.

    With `neighbours`, ``v = rho W v + u`` with ``W`` the mean over neighbours [3]_, and the
    error has a further term for the curvature in ``rho`` [4]_.

    The assumption that fails most often: that areas alike in their covariates differ only by a
    normal amount of a common spread. One area unlike all others is drawn in with the rest, and
    its interval then covers too rarely.

    References
    ----------
    .. [1] Prasad, N. G. N. & Rao, J. N. K. (1990). The estimation of the mean squared error of
       small-area estimators. Journal of the American Statistical Association 85, 163-171.
       doi:10.1080/01621459.1990.10475320
    .. [2] Datta, G. S. & Lahiri, P. (2000). A unified measure of uncertainty of estimated best
       linear unbiased predictors in small area estimation problems. Statistica Sinica 10,
       613-627.
    .. [3] Pratesi, M. & Salvati, N. (2008). Small area estimation: the EBLUP estimator based on
       spatially correlated random area effects. Statistical Methods and Applications 17,
       113-141. doi:10.1007/s10260-007-0061-9
    .. [4] Singh, B. B., Shukla, G. K. & Kundu, D. (2005). Spatio-temporal models in small area
       estimation. Survey Methodology 31, 183-195.

    Examples
    --------
    >>> from commonlight.analysis.survey.small_areas import fay_herriot
    >>> direct = [3.1, 3.9, 5.2, 4.4, 2.8, 6.0, 4.1, 3.7, 5.5, 4.9]
    >>> found = fay_herriot(direct, [0.2] * 9 + [2.0])
    >>> round(float(found.estimate[-1]), 2), found.borrowed[[0, 9]].round(2).tolist()
    (4.51, [0.18, 0.68])
    """
    given = area_input(
        direct,
        variance,
        answers=answers,
        degrees_of_freedom=degrees_of_freedom,
        covariates=covariates,
        smooth=smooth,
        minimum_answers=minimum_answers,
    )
    _check_options(confidence_level, bounds, neighbours, len(given.used))
    own = np.array(direct, dtype=np.float64)
    free = int(given.used.sum()) - given.design.shape[1]
    if free < FEWEST_FREE_AREAS:
        return refused(own, _too_few(given), confidence_level)
    fit = fit_plain(given)
    if neighbours is not None:
        fit = fit_with_neighbours(given, neighbours, fit)
    found = _assemble(given, fit, own, confidence_level)
    if nothing_supports(found.borrowed[given.used], found.covariates_p):
        return refused(own, NOTHING, confidence_level)
    if benchmark is not None:
        found = benchmarked(found, how=benchmark, shares=shares, total=total)
    return found if bounds is None else _cut(found, bounds)


def _assemble(
    given: AreaInput, fit: AreaLevelFit, own: Floats, confidence_level: float
) -> SmallAreas:
    from scipy.special import ndtri

    ok = fit.supported
    half = ndtri((1 + confidence_level) / 2) * np.sqrt(np.maximum(fit.mse, 0.0))
    estimate = np.where(ok, fit.estimate, np.nan)
    synthetic = ok & ~given.used
    return SmallAreas(
        estimate=estimate,
        mse=np.where(ok, fit.mse, np.nan),
        ci_lower=estimate - half,
        ci_upper=estimate + half,
        borrowed=np.where(ok, fit.borrowed, np.nan),
        borrowing=areas_words(fit.borrowed, ok, synthetic),
        direct=own,
        synthetic=synthetic,
        available=ok,
        reason=tuple(
            _reason(why, bool(there)) for why, there in zip(given.unused, ok, strict=True)
        ),
        sigma2=fit.sigma2,
        rho=fit.rho,
        coefficients=fit.coefficients,
        covariates_p=covariates_p(fit.coefficients, fit.spread),
        notes=fit.notes,
        confidence_level=float(confidence_level),
    )


def _reason(unused: str, supported: bool) -> str:
    if supported:
        return ""
    if unused == "a covariate is missing":
        return unused
    return f"{unused}, and nothing else is known of the area"


def _too_few(given: AreaInput) -> str:
    p = given.design.shape[1]
    return (
        f"{int(given.used.sum())} areas with usable answers; a model with {p} "
        f"{'coefficient' if p == 1 else 'coefficients'} needs at least {p + FEWEST_FREE_AREAS} to "
        "tell how much areas differ"
    )


def _cut(found: SmallAreas, bounds: tuple[float, float]) -> SmallAreas:
    low, high = bounds
    return replace(
        found,
        estimate=np.clip(found.estimate, low, high),
        ci_lower=np.clip(found.ci_lower, low, high),
        ci_upper=np.clip(found.ci_upper, low, high),
    )


def _check_options(
    confidence_level: float,
    bounds: tuple[float, float] | None,
    neighbours: Neighbours | None,
    n: int,
) -> None:
    if not 0 < confidence_level < 1:
        raise ValueError(f"the confidence level must lie between 0 and 1; got {confidence_level}")
    if bounds is not None and not bounds[0] < bounds[1]:
        raise ValueError(f"bounds must be the least and the largest value; got {bounds}")
    if neighbours is not None and neighbours.n != n:
        raise ValueError(f"neighbours must be those of the {n} areas; got {neighbours.n} units")
