"""Variances of a statistic under a survey design, by linearisation or by replicates.

A statistic comes in as influences: how much each answer moves it. The variance is that of the
first stage of sampling. It does not answer how far the estimate itself is off through people
who could not be reached or would not answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonlight.analysis.survey.design import Codes, Floats, SurveyDesign

__all__ = ["FEWEST_REPLICATES", "Statistic", "replicate_totals", "taylor_covariance", "variance"]

Mask = NDArray[np.bool_]

FEWEST_REPLICATES = 0.9
"""A group whose statistic exists in a smaller share of the replicates gets no variance."""


@dataclass(frozen=True, eq=False)
class Statistic:
    """An estimate for each group with what its variance is made from.

    Attributes
    ----------
    estimate : ndarray of float, shape (n_groups,)
        The estimates; NaN where there are none.
    group : ndarray of int, shape (m,)
        Group of each influence.
    row : ndarray of int, shape (m,)
        The answer it belongs to.
    influence : ndarray of float, shape (m,)
        Derivative of the estimate by the weight of the answer.
    replicates : ndarray of float, shape (n_groups, n_replicates), or None
        The estimate under each replicate weight.
    """

    estimate: Floats
    group: Codes
    row: Codes
    influence: Floats
    replicates: Floats | None = None


def variance(statistic: Statistic, design: SurveyDesign) -> Floats:
    """Variance of the statistic of each group.

    Parameters
    ----------
    statistic : Statistic
        What was estimated.
    design : SurveyDesign
        With replicate weights the variance comes from them, else from linearisation.

    Returns
    -------
    ndarray of float, shape (n_groups,)
        NaN where it cannot be had.

    Notes
    -----
    Linearisation: ``sum_h (1 - f_h) n_h / (n_h - 1) sum_i (z_hi - mean z_h)^2``, where ``z_hi``
    is the sum over a sampling unit of weight times influence; units outside the group count
    with 0. With a calibration the influence is replaced by its residual from the regression on
    the margins [1]_, weighted with the fitted weights, which is the derivative of raking [2]_.

    Replicates: ``sum_r c_r (theta_r - theta)^2`` around the estimate of the whole sample. A
    replicate in which a group has nobody is left out for it and the sum scaled up.

    The assumption that fails most often: that clusters are independent draws; the finite
    population correction covers the first stage alone.

    References
    ----------
    .. [1] Deville, J.-C., & Sarndal, C.-E. (1992). Calibration estimators in survey sampling.
       Journal of the American Statistical Association 87, 376-382.
       doi:10.1080/01621459.1992.10475217
    .. [2] D'Arrigo, J., & Skinner, C. (2010). Linearization variance estimation for generalized
       raking estimators in the presence of nonresponse. Survey Methodology 36, 181-192.
    """
    if statistic.replicates is not None:
        found = _replicate_variance(statistic.estimate, statistic.replicates, design)
    elif design.calibration is not None:
        found = _calibrated_variance(statistic, design)
    else:
        found = _sparse_variance(statistic, design)
    return np.where(np.isfinite(statistic.estimate), found, np.nan)


def taylor_covariance(influence: Floats, design: SurveyDesign) -> Floats:
    """Covariance of several statistics of the whole sample.

    Parameters
    ----------
    influence : ndarray of float, shape (n, k)
        Influence of each answer on each statistic.
    design : SurveyDesign
        Its replicate weights are not used.

    Returns
    -------
    ndarray of float, shape (k, k)
        NaN where the rule for lonely strata refuses.
    """
    z = _unit_totals(influence * design.weights[:, None], design)
    if design.calibration is not None:
        margins, weighted, solve = _margins(design)
        beta = solve @ (margins.T @ (design.weights[:, None] * influence))
        z = z - weighted @ beta
    centred = z - _centres(z, design)[design.unit_stratum]
    scaled = centred * np.sqrt(_stratum_scale(design))[design.unit_stratum, None]
    found: Floats = scaled.T @ scaled + _refusal(design)
    return found


def replicate_totals(columns: Floats, group: Codes, n_groups: int, design: SurveyDesign) -> Floats:
    """Weighted totals of columns by group under each replicate weight.

    Parameters
    ----------
    columns : ndarray of float, shape (n, k)
        Values without gaps; rows outside every group may hold anything.
    group : ndarray of int, shape (n,)
        Group of each answer, -1 for none.
    n_groups : int
        Number of groups.
    design : SurveyDesign
        With replicate weights.

    Returns
    -------
    ndarray of float, shape (k, n_groups, n_replicates)
        Sums in double precision, in the order of the answers.
    """
    from commonlight.analysis.survey.replicate_kernels import grouped_totals

    rows = np.flatnonzero(group >= 0)
    rows = rows[np.argsort(group[rows], kind="stable")]
    found = np.zeros((columns.shape[1], n_groups, design.n_replicates))
    grouped_totals(design.replicate_weights, rows, group, np.ascontiguousarray(columns), found)
    return found


def _replicate_variance(estimate: Floats, replicates: Floats, design: SurveyDesign) -> Floats:
    scale = design.replicate_scale
    there = np.isfinite(replicates)
    squares = np.where(there, (replicates - estimate[:, None]) ** 2, 0.0)
    share = there.mean(axis=1)
    used = (there * scale).sum(axis=1)
    factor = np.divide(scale.sum(), used, out=np.full(len(used), np.nan), where=used > 0)
    return np.where(share >= FEWEST_REPLICATES, (squares * scale).sum(axis=1) * factor, np.nan)


def _sparse_variance(statistic: Statistic, design: SurveyDesign) -> Floats:
    """Touch only the units that have answers in the group; the others count with 0."""
    n_groups, n_strata = len(statistic.estimate), design.n_strata
    key = statistic.group * design.n_units + design.unit[statistic.row]
    pairs, z = _sums(key, design.weights[statistic.row] * statistic.influence)
    group, stratum = pairs // design.n_units, design.unit_stratum[pairs % design.n_units]
    cell = group * n_strata + stratum
    drawn = np.tile(design.units_in_stratum, n_groups).astype(float)
    present = np.bincount(cell, minlength=len(drawn))
    centre: Floats = np.bincount(cell, z, len(drawn)) / np.maximum(drawn, 1)
    if design.lonely_strata.any():
        everyone = np.bincount(group, z, n_groups) / design.n_units
        lonely = np.tile(design.lonely_strata, n_groups)
        centre = np.where(lonely, np.repeat(everyone, n_strata), centre)
    squares = np.bincount(cell, (z - centre[cell]) ** 2, len(drawn)).astype(float)
    squares += (drawn - present) * centre**2
    by_stratum: Floats = squares.reshape(n_groups, n_strata) * _stratum_scale(design)
    found: Floats = by_stratum.sum(axis=1) + _refusal(design)
    return found


def _sums(key: Codes, values: Floats) -> tuple[Codes, Floats]:
    """Keys that occur, in order, and the sum of the values of each."""
    if not key.size:
        return key, np.zeros(0)
    if key.max() < 8 * key.size:
        pairs = np.flatnonzero(np.bincount(key)).astype(np.int64)
        return pairs, np.bincount(key, values).astype(float)[pairs]
    pairs, place = np.unique(key, return_inverse=True)
    return pairs, np.bincount(place, values, len(pairs)).astype(float)


def _calibrated_variance(statistic: Statistic, design: SurveyDesign) -> Floats:
    margins, weighted, solve = _margins(design)
    scale = _stratum_scale(design)
    found = np.full(len(statistic.estimate), np.nan)
    order = np.argsort(statistic.group, kind="stable")
    ends = np.searchsorted(statistic.group[order], np.arange(len(found) + 1))
    for g in range(len(found)):
        chosen = order[ends[g] : ends[g + 1]]
        row, u = statistic.row[chosen], statistic.influence[chosen]
        beta = solve @ (margins[row].T @ (design.weights[row] * u))
        own = np.bincount(design.unit[row], design.weights[row] * u, design.n_units)
        z = (own - weighted @ beta)[:, None]
        centre = _centres(z, design)[design.unit_stratum]
        squares = np.bincount(design.unit_stratum, ((z - centre) ** 2)[:, 0])
        found[g] = (squares * scale).sum()
    return found + _refusal(design)


def _margins(design: SurveyDesign) -> tuple[Floats, Floats, Floats]:
    """Indicators of all margins, their weighted unit totals, and the inverse of the cross sums."""
    assert design.calibration is not None
    parts = [
        (codes[:, None] == np.arange(codes.max() + 1)).astype(float)
        for codes in design.calibration.margins
    ]
    margins = np.hstack(parts)
    cross = margins.T @ (design.weights[:, None] * margins)
    weighted = _unit_totals(margins * design.weights[:, None], design)
    return margins, weighted, np.linalg.pinv(cross, rcond=1e-10, hermitian=True)


def _unit_totals(x: Floats, design: SurveyDesign) -> Floats:
    if design.clusters is None:
        return x
    return np.column_stack([np.bincount(design.unit, column, design.n_units) for column in x.T])


def _centres(z: Floats, design: SurveyDesign) -> Floats:
    """Mean over the units of each stratum; of all units where a stratum has one."""
    drawn = np.maximum(design.units_in_stratum, 1)[:, None]
    totals = [np.bincount(design.unit_stratum, column) for column in z.T]
    centre = np.column_stack(totals) / drawn
    return np.where(design.lonely_strata[:, None], z.mean(axis=0), centre)


def _stratum_scale(design: SurveyDesign) -> Floats:
    drawn = design.units_in_stratum.astype(float)
    scale: Floats = (1 - design.sampled_fraction) * drawn / np.maximum(drawn - 1, 1)
    if design.lonely == "certainty":
        scale = np.where(design.lonely_strata, 0.0, scale)
    return scale


def _refusal(design: SurveyDesign) -> float:
    refused = design.lonely == "refuse" and bool(design.lonely_strata.any())
    return float("nan") if refused else 0.0
