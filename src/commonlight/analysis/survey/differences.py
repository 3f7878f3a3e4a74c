"""Differences between groups of one survey, and between two waves.

A difference says how far two groups answered apart. It does not say why, nor that the question
meant the same to both. Two waves may be subtracted only if the wording stayed; the codebooks
know that, this module does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from commonlight.analysis.survey.design import Codes, Floats, SurveyDesign
from commonlight.analysis.survey.group_statistics import checked, divide
from commonlight.analysis.survey.intervals import t_interval
from commonlight.analysis.survey.summary import MINIMUM_ANSWERS, SurveyEstimates
from commonlight.analysis.survey.variance import Statistic, replicate_totals, variance

__all__ = ["survey_difference", "wave_difference"]


def survey_difference(
    values: ArrayLike,
    design: SurveyDesign,
    *,
    groups: ArrayLike,
    reference: int | None = None,
    n_groups: int | None = None,
    confidence_level: float = 0.95,
    minimum_answers: int = MINIMUM_ANSWERS,
) -> SurveyEstimates:
    """Difference of each group's mean or share from a reference, within one sample.

    Parameters
    ----------
    values : array_like of float or bool, shape (n,)
        One item, or True and False for shares; NaN for no answer.
    design : SurveyDesign
        How the answers were sampled.
    groups : array_like of int, shape (n,)
        Group of each answer, from 0; -1 for none.
    reference : int, optional
        The group that is subtracted. Left out, each group is compared with all others.
    n_groups : int, optional
        Number of groups.
    confidence_level : float
        Level of the intervals.
    minimum_answers : int
        Needed in the group and in the reference.

    Returns
    -------
    SurveyEstimates
        One difference for each group; that of the reference is 0 and not available. `n` counts
        the answers of both sides. There is no design effect. `p_value` is for "no difference".

    Raises
    ------
    ValueError
        As for `estimates.survey_mean`; also if the reference is out of range.

    Notes
    -----
    The influences of both sides are taken together, so that the covariance of groups that
    share clusters or strata is in the variance. Degrees of freedom are those of both together.
    With many groups, adjust `p_value` for their number.

    The assumption that fails most often: that both groups understand the question alike.

    Examples
    --------
    >>> import numpy as np
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.differences import survey_difference
    >>> design = SurveyDesign(weights=np.ones(80), clusters=np.repeat(np.arange(20), 4))
    >>> sex, y = np.tile([0, 0, 1, 1], 20), np.tile([4, 5, 6, 7], 20)
    >>> survey_difference(y, design, groups=sex, reference=0).estimate.tolist()
    [0.0, 2.0]
    """
    y, group, size = checked(values, design, groups, n_groups)
    if reference is not None and not 0 <= reference < size:
        raise ValueError(f"reference must be a group from 0 to {size - 1}; got {reference}")
    estimate, squared, degrees = np.array(
        [_known(part, design) for part in _against_each(y, group, size, reference, design)]
    ).T
    side = np.bincount(group[group >= 0], minlength=size)
    other = side.sum() - side if reference is None else np.full(size, side[reference])
    if reference is not None:
        other[reference] = 0
    return _difference(
        estimate,
        np.sqrt(squared),
        degrees,
        side=side,
        other=other,
        reference=reference,
        confidence_level=confidence_level,
        minimum_answers=minimum_answers,
        notes=design.notes,
    )


def wave_difference(earlier: SurveyEstimates, later: SurveyEstimates) -> SurveyEstimates:
    """Later less earlier estimates of the same groups from two independent samples.

    Parameters
    ----------
    earlier, later : SurveyEstimates
        The same item, with the same wording, and the same groups in the same order.

    Returns
    -------
    SurveyEstimates
        Available where both are; `n` counts the answers of both. There is no design effect.

    Raises
    ------
    ValueError
        If the two differ in kind, number of groups or level.

    Notes
    -----
    ``se = sqrt(se_a^2 + se_b^2)`` with the degrees of freedom of Welch and Satterthwaite [1]_.

    The assumption that fails most often: that the samples are independent. With a panel, or
    with clusters kept from wave to wave, the true error is usually smaller than this one.

    References
    ----------
    .. [1] Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance
       components. Biometrics Bulletin 2, 110-114. doi:10.2307/3002019

    Examples
    --------
    >>> import numpy as np
    >>> from commonlight.analysis.survey.design import SurveyDesign
    >>> from commonlight.analysis.survey.differences import wave_difference
    >>> from commonlight.analysis.survey.estimates import survey_mean
    >>> design = SurveyDesign(weights=np.ones(50))
    >>> a, b = survey_mean(np.arange(50), design), survey_mean(np.arange(50) + 3, design)
    >>> wave_difference(a, b).estimate.tolist()
    [3.0]
    """
    _check_waves(earlier, later)
    first, second = earlier.se**2, later.se**2
    below = first**2 / earlier.degrees_of_freedom + second**2 / later.degrees_of_freedom
    together = (first + second) ** 2
    degrees = np.divide(together, below, out=np.full(len(below), np.nan), where=below > 0)
    degrees = np.where(
        below > 0, degrees, np.minimum(earlier.degrees_of_freedom, later.degrees_of_freedom)
    )
    found = _difference(
        later.estimate - earlier.estimate, np.sqrt(first + second), degrees,
        side=later.n, other=earlier.n, reference=None,
        confidence_level=later.confidence_level, minimum_answers=1,
        notes=tuple(dict.fromkeys(earlier.notes + later.notes)),
    )  # fmt: skip
    reason = tuple(
        "; ".join(f"{wave} wave: {text}" for wave, text in (("earlier", a), ("later", b)) if text)
        for a, b in zip(earlier.reason, later.reason, strict=True)
    )
    return replace(found, available=earlier.available & later.available, reason=reason)


def _against_each(
    y: Floats, group: Codes, size: int, reference: int | None, design: SurveyDesign
) -> Iterator[Statistic]:
    """Difference of each group from the reference, or from everybody in another group."""
    replicates = _replicates(y, group, size, reference, design)
    everyone = np.flatnonzero(group >= 0)
    for g in range(size):
        own = group[everyone] == g
        if reference == g:
            yield _statistic(np.zeros(1), everyone[:0], np.empty(0), None)
            continue
        kept = (
            np.ones(len(own), bool) if reference is None else own | (group[everyone] == reference)
        )
        row, side = everyone[kept], own[kept].astype(np.int64)
        w = design.weights[row]
        total = np.bincount(side, w, 2)
        mean = divide(np.bincount(side, w * y[row], 2), total)
        influence = (2 * side - 1) * divide(y[row] - mean[side], total[side])
        each = None if replicates is None else replicates[g : g + 1]
        yield _statistic(mean[1:] - mean[:1], row, influence, each)


def _known(part: Statistic, design: SurveyDesign) -> tuple[float, float, float]:
    """Estimate, variance and degrees of freedom of one difference."""
    degrees = design.domain_degrees(part.group, 1, part.row)
    return float(part.estimate[0]), float(variance(part, design)[0]), float(degrees[0])


def _statistic(estimate: Floats, row: Codes, influence: Floats, each: Floats | None) -> Statistic:
    return Statistic(estimate, np.zeros(len(row), dtype=np.int64), row, influence, each)


def _replicates(
    y: Floats, group: Codes, size: int, reference: int | None, design: SurveyDesign
) -> Floats | None:
    if not design.n_replicates:
        return None
    columns = np.column_stack([y, np.ones(len(y))])
    top, bottom = replicate_totals(columns, group, size, design)
    if reference is None:
        other = divide(top.sum(axis=0) - top, bottom.sum(axis=0) - bottom)
    else:
        other = divide(top[reference], bottom[reference])
    return divide(top, bottom) - other


def _difference(
    estimate: Floats,
    se: Floats,
    degrees: Floats,
    *,
    side: Codes,
    other: Codes,
    reference: int | None,
    confidence_level: float,
    minimum_answers: int,
    notes: tuple[str, ...],
) -> SurveyEstimates:
    lower, upper = t_interval(estimate, se, degrees, confidence_level=confidence_level)
    reason = tuple(
        "the group that others are compared with"
        if g == reference
        else _reason(*these, minimum_answers)
        for g, these in enumerate(
            zip(side.tolist(), other.tolist(), degrees.tolist(), se.tolist(), strict=True)
        )
    )
    missing = np.full(len(estimate), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        cv = np.where(estimate != 0, se / np.abs(estimate), np.nan)
    return SurveyEstimates(
        estimate=estimate, se=se, ci_lower=lower, ci_upper=upper, n=side + other,
        n_effective=missing, deff=missing, deff_weights=missing, cv=cv,
        degrees_of_freedom=degrees,
        available=np.array([not text for text in reason], dtype=bool), reason=reason,
        kind="difference", confidence_level=float(confidence_level), notes=notes,
    )  # fmt: skip


def _reason(side: int, other: int, degrees: float, se: float, minimum_answers: int) -> str:
    if min(side, other) < minimum_answers:
        return f"{side} and {other} answers; at least {minimum_answers} are needed in each"
    if not degrees >= 1:
        return "too few sampling units to know the error; at least 2 in a stratum"
    return "" if np.isfinite(se) else "no standard error can be had"


def _check_waves(earlier: SurveyEstimates, later: SurveyEstimates) -> None:
    for name in ("kind", "confidence_level"):
        a, b = getattr(earlier, name), getattr(later, name)
        if a != b:
            raise ValueError(f"both waves must have the same {name}; got {a!r} and {b!r}")
    if len(earlier.estimate) != len(later.estimate):
        raise ValueError(
            "both waves must have the same groups; got "
            f"{len(earlier.estimate)} and {len(later.estimate)}"
        )
