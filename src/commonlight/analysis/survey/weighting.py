"""Weights fitted to known numbers of residents: post-stratification and raking.

Fitted weights make the sample's margins equal to the population's. They remove bias only as far
as those who did not answer think like those of the same age, sex or area who did; nobody can
check that from the survey. They repair nothing for a group with no answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.survey.design import (
    Calibration,
    Codes,
    Floats,
    SurveyDesign,
    kish_effective_size,
)

__all__ = ["RakedWeights", "calibrate_design", "post_stratify", "rake"]


@dataclass(frozen=True, eq=False)
class RakedWeights:
    """Fitted weights, and what fitting them cost.

    Attributes
    ----------
    weights : ndarray of float, shape (n,)
        Fitted weights; those given where `converged` is False.
    converged : bool
        Whether every margin is met.
    iterations : int
        Rounds over all margins.
    largest_ratio : float
        Largest factor that a weight was multiplied with, over the mean factor.
    deff_weights : float
        Kish's design effect of the fitted weights: answers over effective answers.
    reason : str
        Why the margins could not be met; empty if they are.
    """

    weights: Floats
    converged: bool
    iterations: int
    largest_ratio: float
    deff_weights: float
    reason: str


def rake(
    weights: ArrayLike | SurveyDesign,
    margins: Sequence[ArrayLike],
    targets: Sequence[ArrayLike],
    *,
    tolerance: float = 1e-9,
    max_iterations: int = 500,
) -> RakedWeights:
    """Fit weights to several margins in turn until all are met.

    Parameters
    ----------
    weights : array_like of float, shape (n,), or SurveyDesign
        Weights before fitting; those of the design if one is given.
    margins : sequence of array_like of int, each of shape (n,)
        Category of each answer in each margin, from 0; -1 where it is unknown. Answers of
        unknown category keep their share of the weights.
    targets : sequence of array_like of float
        Residents in each category of each margin: all counts of the same population, or all
        shares that add up to 1. With shares the sum of the weights stays.
    tolerance : float
        Largest relative difference from a target that counts as met.
    max_iterations : int
        Rounds after which the fit is given up.

    Returns
    -------
    RakedWeights
        Not converged, and with the weights as given, if a category with residents has no
        answers or the margins contradict each other.

    Raises
    ------
    ValueError
        If shapes differ, targets are negative, add up to different sums, or are 0 for a
        category that has answers.

    Notes
    -----
    Iterative proportional fitting [1]_ on the cells of the cross table. The assumption that
    fails most often: that the margins act apart from each other, so that no combination (such
    as young men of one district) answers differently than its margins say.

    References
    ----------
    .. [1] Deming, W. E., & Stephan, F. F. (1940). On a least squares adjustment of a sampled
       frequency table when the expected marginal totals are known. Annals of Mathematical
       Statistics 11, 427-444. doi:10.1214/aoms/1177731829

    Examples
    --------
    >>> from commonlight.analysis.survey.weighting import rake
    >>> found = rake([1, 1, 1, 1], [[0, 0, 0, 1], [0, 1, 1, 1]], [[60, 40], [30, 70]])
    >>> found.weights.round(4).tolist(), found.converged
    ([30.0, 15.0, 15.0, 40.0], True)
    """
    w, codes, sizes = _prepared(weights, margins, targets)
    _check_limits(tolerance, max_iterations)
    reason = _empty_category(w, codes, sizes)
    if reason:
        return _result(w, w, 0, reason)
    cell, cells = _cells(codes)
    table: Floats = np.bincount(cell, w, len(cells)).astype(float)[:, None]
    fitted, rounds, gap = _fit(table, cells, sizes, tolerance, max_iterations)
    if not gap <= tolerance:
        return _result(
            w, w, rounds,
            f"after {rounds} rounds a margin is still off by {gap:.2g} of its size; the margins "
            "may contradict each other, or cells be empty: merge categories",
        )  # fmt: skip
    return _result(w, w * _factors(fitted, table)[cell, 0], rounds, "")


def post_stratify(
    weights: ArrayLike | SurveyDesign, cells: ArrayLike, population: ArrayLike
) -> RakedWeights:
    """Fit weights to the residents of cells that do not overlap.

    Parameters
    ----------
    weights : array_like of float, shape (n,), or SurveyDesign
        Weights before fitting.
    cells : array_like of int, shape (n,)
        Cell of each answer, such as sex by age; from 0, -1 where it is unknown.
    population : array_like of float, shape (n_cells,)
        Residents in each cell, or shares that add up to 1.

    Returns
    -------
    RakedWeights
        Not converged, and with the weights as given, if a cell with residents has no answers.

    Raises
    ------
    ValueError
        As for `rake`.

    Notes
    -----
    The assumption that fails most often: that within a cell those who answered stand for those
    who did not.

    Examples
    --------
    >>> from commonlight.analysis.survey.weighting import post_stratify
    >>> post_stratify([1, 1, 1], [0, 0, 1], [60, 40]).weights.tolist()
    [30.0, 30.0, 40.0]
    """
    return rake(weights, [cells], [population])


def calibrate_design(
    design: SurveyDesign,
    margins: Sequence[ArrayLike],
    targets: Sequence[ArrayLike],
    *,
    tolerance: float = 1e-9,
    max_iterations: int = 500,
) -> SurveyDesign:
    """Fit the weights of a design, so that its variances know of the fit.

    Parameters
    ----------
    design : SurveyDesign
        With replicate weights, each replicate is fitted again. Without, linearised variances
        take the residuals from the regression on the margins.
    margins, targets : sequence of array_like
        As in `rake`; one margin is post-stratification.
    tolerance : float
        As in `rake`.
    max_iterations : int
        As in `rake`.

    Returns
    -------
    SurveyDesign

    Raises
    ------
    ValueError
        As for `rake`; also where the margins cannot be met, or not in a replicate, or the
        weights are fitted already.

    Notes
    -----
    Both ways agree in large samples [1]_; the residuals are the exact derivative of raking.
    The margins must be known without error: for margins that are estimates of another survey
    the variance comes out too small, and this is the assumption that fails most often.

    References
    ----------
    .. [1] Deville, J.-C., Sarndal, C.-E., & Sautory, O. (1993). Generalized raking procedures
       in survey sampling. Journal of the American Statistical Association 88, 1013-1020.
       doi:10.1080/01621459.1993.10476369

    Examples
    --------
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.estimates import survey_mean
    >>> from commonlight.analysis.survey.weighting import calibrate_design
    >>> design = SurveyDesign(weights=[1.0] * 6)
    >>> fitted = calibrate_design(design, [[0, 0, 0, 1, 1, 1]], [[20, 40]])
    >>> y = [1, 2, 3, 7, 8, 9]
    >>> survey_mean(y, fitted, minimum_answers=2).estimate.round(6).tolist()
    [6.0]
    """
    if design.calibration is not None:
        raise ValueError("the weights of the design are fitted already; start from those before")
    found = rake(design, margins, targets, tolerance=tolerance, max_iterations=max_iterations)
    if not found.converged:
        raise ValueError(f"the weights could not be fitted: {found.reason}")
    _, codes, sizes = _prepared(design, margins, targets)
    replicates = None
    if design.n_replicates:
        replicates = _raked_replicates(design, codes, sizes, tolerance, max_iterations)
    return replace(
        design,
        weights=found.weights,
        replicate_weights=replicates,
        calibration=Calibration(tuple(codes)),
    )


def _raked_replicates(
    design: SurveyDesign,
    codes: list[Codes],
    sizes: list[Floats],
    tolerance: float,
    max_iterations: int,
) -> NDArray:
    from commonlight.analysis.survey.variance import replicate_totals

    cell, cells = _cells(codes)
    table = replicate_totals(np.ones((design.n, 1)), cell, len(cells), design)[0]
    fitted, rounds, gap = _fit(table, cells, sizes, tolerance, max_iterations)
    if not gap <= tolerance:
        raise ValueError(
            f"a replicate could not be fitted to the margins in {rounds} rounds; some category "
            "has too few sampling units: merge categories, or make replicates that leave none "
            "out"
        )
    factor = _factors(fitted, table).astype(design.replicate_weights.dtype)
    out: NDArray = np.empty_like(design.replicate_weights)
    for first in range(0, design.n, 4096):
        rows = slice(first, first + 4096)
        np.multiply(design.replicate_weights[rows], factor[cell[rows]], out=out[rows])
    return out


def _fit(
    table: Floats, cells: NDArray, sizes: list[Floats], tolerance: float, max_iterations: int
) -> tuple[Floats, int, float]:
    """Iterative proportional fitting of columns of cell totals; cells has one row per cell."""
    whole = sizes[0].sum() if not np.isclose(sizes[0].sum(), 1) else table.sum(axis=0)
    table = table * (whole / table.sum(axis=0))
    gap, rounds = np.inf, 0
    while rounds < max_iterations and gap > tolerance:
        gap, rounds = 0.0, rounds + 1
        for codes, size in zip(cells.T, sizes, strict=True):
            factor = _step(table, codes, size)
            gap = max(gap, float(np.abs(factor - 1).max()))
            if not np.isfinite(gap):
                return table, rounds, gap
            table = table * factor[codes]
    return table, rounds, gap


def _step(table: Floats, codes: Codes, size: Floats) -> Floats:
    """Factor of each category, and 1 in the last place, where code -1 finds it."""
    known = codes >= 0
    sums = np.zeros((len(size), table.shape[1]))
    np.add.at(sums, codes[known], table[known])
    due = size[:, None] / size.sum() * sums.sum(axis=0)
    factor = np.divide(due, sums, out=np.where(due > 0, np.inf, 1.0), where=sums > 0)
    return np.vstack([factor, np.ones((1, table.shape[1]))])


def _factors(fitted: Floats, table: Floats) -> Floats:
    return np.divide(fitted, table, out=np.ones_like(fitted), where=table > 0)


def _cells(codes: list[Codes]) -> tuple[Codes, NDArray]:
    cells, cell = np.unique(np.column_stack(codes), axis=0, return_inverse=True)
    return cell.ravel().astype(np.int64), cells


def _result(before: Floats, after: Floats, rounds: int, reason: str) -> RakedWeights:
    used = before > 0
    ratio = after[used] / before[used]
    return RakedWeights(
        weights=after.copy(),
        converged=not reason,
        iterations=rounds,
        largest_ratio=float(ratio.max() / ratio.mean()),
        deff_weights=float((after > 0).sum() / kish_effective_size(after)),
        reason=reason,
    )


def _empty_category(w: Floats, codes: list[Codes], sizes: list[Floats]) -> str:
    for i, (margin, size) in enumerate(zip(codes, sizes, strict=True)):
        there = np.bincount(margin[margin >= 0], w[margin >= 0], len(size))
        empty = np.flatnonzero((size > 0) & ~(there > 0))
        if empty.size:
            return (
                f"category {empty[0]} of margin {i} has {size[empty[0]]:g} residents and no "
                "answers; merge it with another category"
            )
    return ""


def _check_limits(tolerance: float, max_iterations: int) -> None:
    if not 0 < tolerance < 1:
        raise ValueError(f"tolerance must be between 0 and 1; got {tolerance}")
    if max_iterations < 1:
        raise ValueError(f"max_iterations must be at least 1; got {max_iterations}")


def _prepared(
    weights: ArrayLike | SurveyDesign, margins: Sequence[ArrayLike], targets: Sequence[ArrayLike]
) -> tuple[Floats, list[Codes], list[Floats]]:
    w = weights.weights if isinstance(weights, SurveyDesign) else np.array(weights, dtype=float)
    kish_effective_size(w)
    if not len(margins) or len(margins) != len(targets):
        raise ValueError(
            f"there must be one target for each margin; got {len(margins)} and {len(targets)}"
        )
    codes = [np.asarray(margin) for margin in margins]
    sizes = [np.array(target, dtype=float) for target in targets]
    for i, (margin, size) in enumerate(zip(codes, sizes, strict=True)):
        _check_margin(i, margin, size, len(w))
    sums = [float(size.sum()) for size in sizes]
    if not np.allclose(sums, sums[0], rtol=1e-6):
        raise ValueError(
            f"targets must add up to the same number; got {', '.join(f'{s:g}' for s in sums)}. "
            "Give counts of the same residents, or shares"
        )
    return w, [margin.astype(np.int64) for margin in codes], sizes


def _check_margin(i: int, margin: NDArray, size: Floats, n: int) -> None:
    if margin.shape != (n,) or not np.issubdtype(margin.dtype, np.integer):
        raise ValueError(
            f"margin {i} must be one whole number for each of the {n} answers, -1 for unknown; "
            f"got shape {margin.shape} of {margin.dtype}"
        )
    if size.ndim != 1 or not size.size or not ((size >= 0) & (size < np.inf)).all():
        raise ValueError(f"target {i} must be numbers of residents, 0 or more")
    if not size.sum() > 0:
        raise ValueError(f"target {i} must not be 0 in all categories")
    if margin.min() < -1 or margin.max() >= len(size):
        raise ValueError(
            f"margin {i} must have codes from -1 to {len(size) - 1}, as target {i} has "
            f"{len(size)} categories; got {margin.min()} to {margin.max()}"
        )
    if not (margin >= 0).any():
        raise ValueError(f"margin {i} is unknown for every answer")
    wrong = np.flatnonzero(
        (size == 0) & (np.bincount(margin[margin >= 0], minlength=len(size)) > 0)
    )
    if wrong.size:
        raise ValueError(
            f"target {i} has 0 residents in category {wrong[0]}, which has answers; check that "
            "the categories of survey and residents match"
        )
