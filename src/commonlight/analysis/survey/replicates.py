"""Replicate weights made here: rescaled bootstrap, jackknife, balanced half-samples.

Each replicate is the sample as it might have come out, by the survey's own strata and clusters;
the spread of an estimate over the replicates is its error. They cover the chance of the draw
alone. Replicates that come with a survey's file, and know of its non-response adjustment, are
better than these: give them to `SurveyDesign` as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from commonlight.analysis.survey.design import Codes, Floats, SurveyDesign

__all__ = ["ReplicateWeights", "bootstrap_weights", "brr_weights", "jackknife_weights"]

LARGEST_BYTES = 4 * 2**30
"""No array of replicate weights larger than this is made."""
BLOCK = 64  # replicates made at a time


@dataclass(frozen=True, eq=False)
class ReplicateWeights:
    """Replicate weights with what each squared deviation counts.

    Attributes
    ----------
    weights : ndarray of float32 or float64, shape (n, n_replicates)
        Whole weights.
    scale : ndarray of float, shape (n_replicates,)
        Factor of each squared deviation.
    kind : str
        "bootstrap", "jackknife" or "BRR".
    """

    weights: NDArray[Any]
    scale: Floats
    kind: Literal["bootstrap", "jackknife", "BRR"]


def bootstrap_weights(
    design: SurveyDesign,
    *,
    n_replicates: int = 1000,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
) -> ReplicateWeights:
    """Rescaled bootstrap of Rao and Wu: fits every design, and quantiles too.

    Parameters
    ----------
    design : SurveyDesign
        Strata with one sampling unit must be ``lonely="certainty"``.
    n_replicates : int
        At least 2; with 1,000 a standard error is known to about 2 %.
    rng : numpy.random.Generator
        Moves on.
    dtype : dtype
        float32 takes half the memory; a weight is then right to 6 in 100 million.

    Returns
    -------
    ReplicateWeights

    Raises
    ------
    ValueError
        If a stratum has one sampling unit, the weights are fitted already, or the array would
        be larger than 4 GiB.

    Notes
    -----
    In each stratum ``n_h - 1`` of its ``n_h`` units are drawn with replacement; a unit drawn t
    times gets its weight times ``1 - s + s t n_h / (n_h - 1)`` with ``s = sqrt(1 - f_h)`` for
    the fraction sampled [1]_ [2]_. Scale ``1 / R``.

    The assumption that fails most often: that the fraction sampled is small at later stages.

    References
    ----------
    .. [1] Rao, J. N. K., & Wu, C. F. J. (1988). Resampling inference with complex survey data.
       Journal of the American Statistical Association 83, 231-241.
       doi:10.1080/01621459.1988.10478591
    .. [2] Rao, J. N. K., Wu, C. F. J., & Yue, K. (1992). Some recent work on resampling methods
       for complex surveys. Survey Methodology 18, 209-217.

    Examples
    --------
    >>> import numpy as np
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.estimates import survey_mean
    >>> from commonlight.analysis.survey.replicates import bootstrap_weights
    >>> design = SurveyDesign(weights=np.ones(40))
    >>> made = bootstrap_weights(design, n_replicates=500, rng=np.random.default_rng(1))
    >>> again = design.with_replicates(made.weights, made.scale)
    >>> y = np.arange(40.0)
    >>> bool(abs(survey_mean(y, again).se[0] / survey_mean(y, design).se[0] - 1) < 0.1)
    True
    """
    if n_replicates < 2:
        raise ValueError(f"n_replicates must be at least 2; got {n_replicates}")
    _check_design(design)
    _check_bytes(design.n, n_replicates, dtype)
    drawn = design.units_in_stratum
    order = np.argsort(design.unit_stratum, kind="stable")
    start = np.cumsum(drawn) - drawn
    slot_stratum = np.repeat(np.arange(len(drawn)), np.maximum(drawn - 1, 0))
    low, high = start[slot_stratum], (start + drawn)[slot_stratum]
    spread = np.sqrt(1 - design.sampled_fraction) * drawn / np.maximum(drawn - 1, 1)
    base = np.where(drawn > 1, 1 - np.sqrt(1 - design.sampled_fraction), 1.0)
    weights = np.empty((design.n, n_replicates), dtype=dtype)
    for first in range(0, n_replicates, BLOCK):
        size = min(BLOCK, n_replicates - first)
        times = np.zeros((design.n_units, size))
        for r in range(size):
            picked = rng.integers(low, high)
            times[order, r] = np.bincount(picked, minlength=design.n_units)
        factor = base[design.unit_stratum, None] + spread[design.unit_stratum, None] * times
        weights[:, first : first + size] = design.weights[:, None] * factor[design.unit]
    return ReplicateWeights(weights, np.full(n_replicates, 1 / n_replicates), "bootstrap")


def jackknife_weights(design: SurveyDesign, *, dtype: DTypeLike = np.float32) -> ReplicateWeights:
    """Leave one sampling unit out at a time, within strata (JKn; JK1 without strata).

    Parameters
    ----------
    design : SurveyDesign
        Strata with one sampling unit must be ``lonely="certainty"``.
    dtype : dtype
        float32 takes half the memory.

    Returns
    -------
    ReplicateWeights
        One replicate for each sampling unit in a stratum with several.

    Raises
    ------
    ValueError
        If a stratum has one sampling unit, the weights are fitted already, or the array would
        be larger than 4 GiB.

    Notes
    -----
    Without unit j of stratum h the others of the stratum weigh ``n_h / (n_h - 1)`` times as
    much; scale ``(1 - f_h) (n_h - 1) / n_h`` [1]_. For means and totals this is close to
    linearisation. The assumption that fails most often: that the estimate is smooth; the
    jackknife is wrong for quantiles.

    References
    ----------
    .. [1] Rust, K. F., & Rao, J. N. K. (1996). Variance estimation for complex surveys using
       replication techniques. Statistical Methods in Medical Research 5, 283-310.
       doi:10.1177/096228029600500305

    Examples
    --------
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.replicates import jackknife_weights
    >>> made = jackknife_weights(SurveyDesign(weights=[1, 1, 2, 2], strata=[0, 0, 1, 1]))
    >>> made.weights[:, 0].tolist(), made.scale.tolist()
    ([0.0, 2.0, 2.0, 2.0], [0.5, 0.5, 0.5, 0.5])
    """
    _check_design(design)
    left_out = np.flatnonzero(design.units_in_stratum[design.unit_stratum] > 1)
    _check_bytes(design.n, len(left_out), dtype)
    drawn = design.units_in_stratum[design.unit_stratum[left_out]].astype(float)
    weights = np.empty((design.n, len(left_out)), dtype=dtype)
    stratum = design.unit_stratum[design.unit]
    for r, (unit, n_h) in enumerate(zip(left_out.tolist(), drawn.tolist(), strict=True)):
        inside = stratum == design.unit_stratum[unit]
        factor = np.where(inside, n_h / (n_h - 1), 1.0)
        weights[:, r] = design.weights * np.where(design.unit == unit, 0.0, factor)
    f = design.sampled_fraction[design.unit_stratum[left_out]]
    return ReplicateWeights(weights, (1 - f) * (drawn - 1) / drawn, "jackknife")


def brr_weights(
    design: SurveyDesign, *, fay: float = 0.0, dtype: DTypeLike = np.float32
) -> ReplicateWeights:
    """Balanced half-samples, for designs with two sampling units in each stratum.

    Parameters
    ----------
    design : SurveyDesign
        Two sampling units in each stratum, and no population.
    fay : float
        Fay's coefficient, from 0 (a half-sample) to below 1. With 0.3 to 0.5 no group loses
        all its answers in a replicate.
    dtype : dtype
        float32 takes half the memory.

    Returns
    -------
    ReplicateWeights
        As many replicates as the smallest power of 2 above the number of strata.

    Raises
    ------
    ValueError
        If a stratum has not two units, a population is given, or `fay` is out of range.

    Notes
    -----
    One unit of each stratum, chosen by a Hadamard matrix, weighs ``2 - k`` times as much, the
    other k times; scale ``1 / (R (1 - k)^2)`` [1]_. The variance of a total equals that of
    linearisation. The assumption that fails most often: that the pairs are as drawn and not
    strata joined afterwards.

    References
    ----------
    .. [1] Judkins, D. R. (1990). Fay's method for variance estimation. Journal of Official
       Statistics 6, 223-239.

    Examples
    --------
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.replicates import brr_weights
    >>> made = brr_weights(SurveyDesign(weights=[1, 1, 3, 3], strata=[0, 0, 1, 1]))
    >>> made.weights.shape, made.weights[:, 1].tolist()
    ((4, 4), [0.0, 2.0, 6.0, 0.0])
    """
    from scipy.linalg import hadamard

    if not 0 <= fay < 1:
        raise ValueError(f"fay must be from 0 to below 1; got {fay}")
    if design.population is not None:
        raise ValueError(
            "half-samples have no finite population correction; leave population out or take "
            "jackknife_weights"
        )
    wrong = np.flatnonzero((design.units_in_stratum != 2) & (design.units_in_stratum > 0))
    if wrong.size:
        raise ValueError(
            f"each stratum must have two sampling units; stratum {wrong[0]} has "
            f"{design.units_in_stratum[wrong[0]]}. Take bootstrap_weights"
        )
    _check_design(design)
    n_replicates = 2 ** int(np.ceil(np.log2(max(design.n_strata + 1, 2))))
    _check_bytes(design.n, n_replicates, dtype)
    signs = hadamard(n_replicates)[:, 1 : design.n_strata + 1].T[design.unit_stratum]
    chosen = signs * np.where(_first_in_stratum(design.unit_stratum), 1, -1)[:, None]
    factor = np.where(chosen > 0, 2 - fay, fay)
    weights = (design.weights[:, None] * factor[design.unit]).astype(dtype)
    return ReplicateWeights(
        weights, np.full(n_replicates, 1 / (n_replicates * (1 - fay) ** 2)), "BRR"
    )


def _first_in_stratum(unit_stratum: Codes) -> NDArray[np.bool_]:
    first = np.zeros(len(unit_stratum), dtype=bool)
    first[np.unique(unit_stratum, return_index=True)[1]] = True
    return first


def _check_design(design: SurveyDesign) -> None:
    if design.calibration is not None:
        raise ValueError(
            "replicates must be made before the weights are fitted; calibrate_design then fits "
            "each of them again"
        )
    if design.lonely_strata.any() and design.lonely != "certainty":
        h = int(np.flatnonzero(design.lonely_strata)[0])
        raise ValueError(
            f"stratum {h} has one sampling unit, which cannot be replicated; merge strata, or "
            "set lonely='certainty' if the unit was sure to be drawn"
        )


def _check_bytes(n: int, n_replicates: int, dtype: DTypeLike) -> None:
    needed = n * n_replicates * np.dtype(dtype).itemsize
    if needed > LARGEST_BYTES:
        raise ValueError(
            f"{n_replicates} replicate weights of {n} answers would take "
            f"{needed / 2**30:.1f} GiB; take fewer with bootstrap_weights"
        )
