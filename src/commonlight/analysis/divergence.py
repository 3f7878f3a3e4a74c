"""Where what is recorded and what is felt part ways, area by area.

Two witnesses speak of every area: what was recorded, and what residents feel. Each lies above
or below the city's own value, or cannot be told from it. A class is given only where both can
be told. It does not answer who is right. More recorded crime may be more crime or more
recording; more fear may be more harm, less light, or last month's news. Nothing here ranks
areas, and no class says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.witnesses import (
    Witness,
    checked_border,
    checked_level,
    city_weights,
)

__all__ = ["Divergence", "DivergenceClass", "divergence", "divergence_classes"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WRONG = 0.05
"""Share of the printed classes that may be wrong, in expectation."""
_STEP = 1.15


class DivergenceClass(StrEnum):
    """How what is recorded and what is felt in an area compare with the city."""

    BOTH_HIGH = "both high"
    FELT_ONLY = "felt only"
    RECORDED_ONLY = "recorded only"
    BOTH_LOW = "both low"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, kw_only=True, eq=False)
class Divergence:
    """The class of each area, and the intervals that it rests on; every area keeps its place.

    Attributes
    ----------
    kind : tuple of DivergenceClass, length n
    reason : tuple of str, length n
        Why it cannot be told; empty where it can.
    recorded, recorded_lower, recorded_upper : ndarray of float, shape (n,)
        What is recorded and its interval; NaN where not known.
    felt, felt_lower, felt_upper : ndarray of float, shape (n,)
        What is felt and its interval; higher is worse.
    recorded_border, felt_border : float
        What they are compared with.
    confidence : float
        Level of all intervals.
    wrong : float
        Bound on the expected share of wrong ones among the classes given, for the level that
        `divergence` chose; NaN for intervals that were given.
    """

    kind: tuple[DivergenceClass, ...]
    reason: tuple[str, ...]
    recorded: Floats
    recorded_lower: Floats
    recorded_upper: Floats
    felt: Floats
    felt_lower: Floats
    felt_upper: Floats
    recorded_border: float
    felt_border: float
    confidence: float
    wrong: float = float("nan")

    @property
    def told(self) -> Mask:
        """Areas that have one of the four classes."""
        return np.array([kind != DivergenceClass.CANNOT_TELL for kind in self.kind], dtype=bool)

    def counts(self) -> dict[DivergenceClass, int]:
        """Areas by class, all five, in the order of `DivergenceClass`."""
        return {name: self.kind.count(name) for name in DivergenceClass}


def divergence_classes(
    recorded: ArrayLike,
    recorded_lower: ArrayLike,
    recorded_upper: ArrayLike,
    felt: ArrayLike,
    felt_lower: ArrayLike,
    felt_upper: ArrayLike,
    *,
    recorded_border: float | None = None,
    felt_border: float | None = None,
    confidence: float = 0.95,
    residents: ArrayLike | None = None,
) -> Divergence:
    """Class of each area from intervals that are given.

    Parameters
    ----------
    recorded, recorded_lower, recorded_upper : array_like of float, shape (n,)
        What is recorded, with its interval; NaN where not known.
    felt, felt_lower, felt_upper : array_like of float, shape (n,)
        What is felt, with its interval; higher is worse; NaN where not known.
    recorded_border, felt_border : float, optional
        "High" is above the border. If not given, the mean of the areas weighted by residents.
    confidence : float
        Level of the intervals, as a note; `divergence` chooses one.
    residents : array_like of float, shape (n,), optional
        Needed where a border is not given.

    Returns
    -------
    Divergence

    Raises
    ------
    ValueError
        If shapes differ, an estimate lies outside its interval, or no border can be found.

    Notes
    -----
    An area has a class only where both intervals lie wholly on one side of their borders; an
    interval that touches its border does not. Intervals here must hold the uncertainty of the
    border where it comes from the same data; those of `recorded_witness` and `felt_witness` do.

    Examples
    --------
    >>> from commonlight.analysis.divergence import divergence_classes
    >>> found = divergence_classes(
    ...     [30, 12], [25, 10], [36, 15], [0.2, 0.4], [0.1, 0.3], [0.3, 0.5],
    ...     recorded_border=20, felt_border=0.35,
    ... )
    >>> [str(kind) for kind in found.kind], found.reason[1]
    (['recorded only', 'cannot tell'], 'what is felt reaches across the border')
    """
    level = checked_level("confidence", confidence)
    first = _checked("recorded", recorded, recorded_lower, recorded_upper)
    second = _checked("felt", felt, felt_lower, felt_upper)
    if first[0].shape != second[0].shape:
        raise ValueError(
            "recorded and felt must speak of the same areas; got "
            f"{len(first[0])} and {len(second[0])}"
        )
    borders = [
        _city_value(name, values[0], residents) if border is None else checked_border(name, border)
        for name, values, border in (
            ("recorded", first, recorded_border),
            ("felt", second, felt_border),
        )
    ]
    sides = [
        _side(*values, border) for values, border in zip((first, second), borders, strict=True)
    ]
    return Divergence(
        kind=tuple(map(_kind, *sides)),
        reason=tuple(map(_reason, *sides)),
        recorded=first[0],
        recorded_lower=first[1],
        recorded_upper=first[2],
        felt=second[0],
        felt_lower=second[1],
        felt_upper=second[2],
        recorded_border=borders[0],
        felt_border=borders[1],
        confidence=level,
    )


def divergence(recorded: Witness, felt: Witness, *, wrong: float = WRONG) -> Divergence:
    """Class of each area, at a level that keeps wrong classes rare among those given.

    Parameters
    ----------
    recorded, felt : Witness
        From `recorded_witness` and `felt_witness`, for the same areas in the same order.
    wrong : float
        Expected share of wrong ones among the classes given, between 0 and 1.

    Returns
    -------
    Divergence
        With the level chosen as `confidence`: the intervals in it are those of that level.

    Raises
    ------
    ValueError
        If the witnesses do not speak of the same areas, or `wrong` is not between 0 and 1.

    Notes
    -----
    With m areas that both witnesses know and intervals at level 1 - a, an area is given a wrong
    class with a chance of at most a: a / 2 for each witness whose interval lies wholly on the
    wrong side. If R areas are given a class, at most m a of them are wrong in expectation. The
    level is the lowest at which m a / R is no more than `wrong`, and never below 1 - `wrong`.
    This is the procedure of Benjamini and Hochberg [1]_ on the larger of the two p-values of
    each area, with signs, and the intervals are those adjusted for selection [2]_. Where many
    areas stand out, ordinary intervals are enough; where one of sixty does, it must be clear at
    1 - `wrong` / 60.

    The assumption that fails most often: independent answers of areas. A city-wide event that
    moves all answers moves the border with them and does little harm; a wrong boundary, or an
    interviewer who worked in several areas, does.

    References
    ----------
    .. [1] Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal
       of the Royal Statistical Society B 57, 289-300. doi:10.1111/j.2517-6161.1995.tb02031.x
    .. [2] Benjamini, Y., & Yekutieli, D. (2005). False discovery rate-adjusted multiple
       confidence intervals for selected parameters. Journal of the American Statistical
       Association 100, 71-81. doi:10.1198/016214504000001907

    Examples
    --------
    >>> from commonlight.analysis.divergence import divergence
    >>> from commonlight.analysis.witnesses import recorded_witness
    >>> crime = recorded_witness([300, 100, 230, 90], [10_000] * 4)
    >>> worried = recorded_witness([90, 140, 38, 95], [200] * 4, per=1)
    >>> [str(kind) for kind in divergence(crime, worried).kind]
    ['cannot tell', 'felt only', 'recorded only', 'cannot tell']
    """
    checked_level("wrong", wrong)
    if recorded.estimate.shape != felt.estimate.shape:
        raise ValueError(
            "recorded and felt must speak of the same areas; got "
            f"{len(recorded.estimate)} and {len(felt.estimate)}"
        )
    known = np.isfinite(recorded.estimate) & np.isfinite(felt.estimate)
    m = max(int(known.sum()), 1)
    for needed in _targets(m):
        confidence = 1 - wrong * needed / m
        told = _told(recorded, felt, confidence)
        if told >= needed:
            break
    found = divergence_classes(
        recorded.estimate,
        *recorded.interval(confidence),
        felt.estimate,
        *felt.interval(confidence),
        recorded_border=recorded.border,
        felt_border=felt.border,
        confidence=confidence,
    )
    return replace(found, wrong=m * (1 - confidence) / told if told else 0.0)


def _targets(m: int) -> Iterator[int]:
    """Numbers of classes to aim for, from all areas down to one, in steps of 15 %."""
    needed = float(m)
    while needed > 1:
        yield int(np.ceil(needed))
        needed /= _STEP
    yield 1


def _told(recorded: Witness, felt: Witness, confidence: float) -> int:
    """Areas in which both witnesses are clear of their borders at a level."""
    sides = [_side(w.estimate, *w.interval(confidence), w.border) for w in (recorded, felt)]
    return int((np.abs(sides) == 1).all(axis=0).sum())


def _side(estimate: Floats, lower: Floats, upper: Floats, border: float) -> NDArray[np.int64]:
    """1 above the border, -1 below, 0 across or touching it, -9 not known."""
    known = np.isfinite(estimate) & ~np.isnan(lower) & ~np.isnan(upper)
    with np.errstate(invalid="ignore"):
        side = np.where(lower > border, 1, np.where(upper < border, -1, 0))
    return np.where(known, side, _NOT_KNOWN)


_NOT_KNOWN = -9
_CLASSES = {
    (1, 1): DivergenceClass.BOTH_HIGH,
    (-1, 1): DivergenceClass.FELT_ONLY,
    (1, -1): DivergenceClass.RECORDED_ONLY,
    (-1, -1): DivergenceClass.BOTH_LOW,
}


def _kind(recorded: int, felt: int) -> DivergenceClass:
    return _CLASSES.get((int(recorded), int(felt)), DivergenceClass.CANNOT_TELL)


def _reason(recorded: int, felt: int) -> str:
    """Why there is no class, in the words of the witness that does not say enough."""
    if _NOT_KNOWN in (recorded, felt):
        if recorded == felt:
            return "neither what is recorded nor what is felt is known"
        return f"what is {'recorded' if recorded == _NOT_KNOWN else 'felt'} is not known"
    if recorded == 0 and felt == 0:
        return "both what is recorded and what is felt reach across the border"
    if recorded == 0:
        return "what is recorded reaches across the border"
    return "what is felt reaches across the border" if felt == 0 else ""


def _checked(
    name: str, estimate: ArrayLike, lower: ArrayLike, upper: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    values = [np.array(part, dtype=np.float64) for part in (estimate, lower, upper)]
    if values[0].ndim != 1 or any(part.shape != values[0].shape for part in values):
        raise ValueError(
            f"{name} and its limits must be one-dimensional and equally long; got shapes "
            f"{', '.join(str(part.shape) for part in values)}"
        )
    slack = 1e-9 * np.abs(values[0])
    with np.errstate(invalid="ignore"):
        wrong = (values[1] > values[0] + slack) | (values[0] - slack > values[2])
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"{name} must lie within its limits; area {i} has {values[0][i]:g} and limits "
            f"{values[1][i]:g} and {values[2][i]:g}"
        )
    return values[0], values[1], values[2]


def _city_value(name: str, values: Floats, residents: ArrayLike | None) -> float:
    return float(np.nansum(city_weights(name, residents, np.isfinite(values)) * values))
