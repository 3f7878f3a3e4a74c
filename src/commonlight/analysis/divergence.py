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
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.rates import rates
from commonlight.analysis.survey.estimates import SurveyEstimates
from commonlight.analysis.survey.intervals import proportion_interval, t_interval

__all__ = [
    "Divergence",
    "DivergenceClass",
    "FeltWitness",
    "RecordedWitness",
    "Witness",
    "divergence",
    "divergence_classes",
    "felt_witness",
    "period_dispersion",
    "recorded_witness",
]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WRONG = 0.05
"""Share of the printed classes that may be wrong, in expectation."""
PERIOD_LENGTHS = (1, 3, 12)
"""Months, quarters and years: spans over which events may clump together."""
FEWEST_DEGREES = 40
"""With fewer degrees of freedom a dispersion is too uncertain to be the largest of several."""
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


class Witness(Protocol):
    """One witness: a value for each area, the border, and intervals at any level.

    At one level, intervals must be such that an area of which nothing else is known than that
    its true value is the border's lies clear of it with a chance of 1 - level at most.
    """

    @property
    def estimate(self) -> Floats:
        """Values, shape (n,); NaN where not known."""
        ...

    @property
    def border(self) -> float:
        """What they are compared with."""
        ...

    def interval(self, confidence: float) -> tuple[Floats, Floats]:
        """Lower and upper limits, shape (n,); NaN where not known."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordedWitness:
    """Recorded events against residents. Made by `recorded_witness`.

    With `own_border`, the border is the city's rate and limits are those of the area's share of
    the city's events, so that the border's own uncertainty is in them.
    """

    counts: Floats
    population: Floats
    per: float
    dispersion: float
    border: float
    own_border: bool

    @property
    def estimate(self) -> Floats:
        """Events per `per` residents."""
        known = self.population > 0
        rate = np.full(self.counts.shape, np.nan)
        rate[known] = self.counts[known] / self.population[known] * self.per
        return rate

    def interval(self, confidence: float) -> tuple[Floats, Floats]:
        """Limits of the rates at a level."""
        _check_level("confidence", confidence)
        if not self.own_border:
            found = rates(
                self.counts,
                self.population,
                per=self.per,
                confidence_level=confidence,
                dispersion=self.dispersion,
            )
            return found.ci_lower, found.ci_upper
        return self._share_interval(confidence)

    def _share_interval(self, confidence: float) -> tuple[Floats, Floats]:
        """Clopper and Pearson's limits of each area's share of the events, as rates."""
        from scipy.special import betaincinv

        known, tail = self.population > 0, (1 - confidence) / 2
        k = np.where(known, self.counts, 0.0) / self.dispersion
        rest = np.maximum(k.sum() - k, 0.0)
        low = np.where(k > 0, betaincinv(np.where(k > 0, k, 1.0), rest + 1, tail), 0.0)
        high = np.where(rest > 0, betaincinv(k + 1, np.where(rest > 0, rest, 1.0), 1 - tail), 1.0)
        scale = np.full(k.shape, np.nan)
        total = self.counts[known].sum()
        scale[known] = total / self.population[known] * self.per
        return low * scale, high * scale


@dataclass(frozen=True, kw_only=True, eq=False)
class FeltWitness:
    """Estimates of a survey by area. Made by `felt_witness`.

    `se` is that of the difference between area and border where the border is the city's own
    value, so that the border's uncertainty, and the area's part in it, are in the limits.
    """

    estimate: Floats
    se: Floats
    degrees_of_freedom: Floats
    answers: Floats
    effective_answers: Floats
    share: bool
    border: float

    def interval(self, confidence: float) -> tuple[Floats, Floats]:
        """Limits of the estimates at a level."""
        _check_level("confidence", confidence)
        if not self.share:
            return t_interval(
                self.estimate, self.se, self.degrees_of_freedom, confidence_level=confidence
            )
        return proportion_interval(
            self.estimate,
            self.se,
            self.degrees_of_freedom,
            n=self.answers,
            n_weights=self.effective_answers,
            confidence_level=confidence,
        )


def recorded_witness(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    per: float = 1000.0,
    border: float | None = None,
    dispersion: float = 1.0,
) -> RecordedWitness:
    """Recorded events of each area, to be laid beside what is felt.

    Parameters
    ----------
    counts : array_like of float, shape (n,)
        Events in each area; 0 or more.
    population : array_like of float, shape (n,)
        Residents; NaN or 0 where none is known, and the area has no rate.
    per : float
        Residents that a rate refers to.
    border : float, optional
        Rate to compare with; the city's own if not given.
    dispersion : float
        How many times larger than Poisson the variance of a count is, see `period_dispersion`.

    Returns
    -------
    RecordedWitness

    Raises
    ------
    ValueError
        If counts or population are not valid, or an option is out of its range.

    Notes
    -----
    With the city's own rate as the border, the city's events are taken as given and the
    area's share p of them gets Clopper and Pearson's limits [1]_ from counts divided by the
    dispersion; p T / n is the rate, and lies above the border T / N exactly where p > n / N.
    With a border that was given, limits are Garwood's, see `rates`.

    The assumption that fails most often: that residents are those who could be harmed.

    References
    ----------
    .. [1] Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits
       illustrated in the case of the binomial. Biometrika 26, 404-413.
       doi:10.1093/biomet/26.4.404

    Examples
    --------
    >>> from commonlight.analysis.divergence import recorded_witness
    >>> found = recorded_witness([60, 30], [1000, 1000])
    >>> found.border, [limits.round(1).tolist() for limits in found.interval(0.95)]
    (45.0, [[50.4, 21.4], [68.6, 39.6]])
    """
    k, n = np.array(counts, dtype=np.float64), np.array(population, dtype=np.float64)
    rates(k, n, per=per, dispersion=dispersion)  # checks, with its own messages
    known = n > 0
    if not known.any():
        raise ValueError("at least one area must have residents; none has")
    own = float(k[known].sum() / n[known].sum() * per)
    return RecordedWitness(
        counts=k,
        population=n,
        per=float(per),
        dispersion=float(dispersion),
        border=own if border is None else _border("recorded", border),
        own_border=border is None,
    )


def felt_witness(
    estimates: SurveyEstimates,
    *,
    residents: ArrayLike | None = None,
    border: float | None = None,
    high_is_worse: bool = True,
) -> FeltWitness:
    """What residents of each area feel, to be laid beside what is recorded.

    Parameters
    ----------
    estimates : SurveyEstimates
        Means or proportions of one item by area. Areas that are not `available` are left out
        and cannot be told.
    residents : array_like of float, shape (n,), optional
        Adults of each area, to weigh the areas to the city's own value. Needed without border.
    border : float, optional
        Value to compare with; the city's own if not given.
    high_is_worse : bool
        Whether a high value means more trouble. If not (trust, feeling safe from 0 to 10),
        values are turned round: a mean m becomes -m, a proportion p becomes 1 - p.

    Returns
    -------
    FeltWitness

    Raises
    ------
    ValueError
        If the estimates are neither means nor proportions, residents are not valid, or neither
        residents nor a border is given.

    Notes
    -----
    The city's value is the mean of the areas, weighted by w = residents over all residents.
    The difference of area i from it has the variance

    .. math:: (1 - w_i)^2 s_i^2 + \\sum_{j \\ne i} w_j^2 s_j^2

    for areas that were sampled apart. Intervals: Student's t for a mean; for a proportion see
    `proportion_interval`. Degrees of freedom are those of the area.

    The assumption that fails most often: that those who did not answer feel as those who did.
    """
    if estimates.kind not in ("mean", "proportion"):
        raise ValueError(
            f"estimates must be means or proportions of one item by area; got {estimates.kind}"
        )
    usable = estimates.available & np.isfinite(estimates.estimate) & np.isfinite(estimates.se)
    value = np.where(usable, estimates.estimate, np.nan)
    share = estimates.kind == "proportion"
    if not high_is_worse:
        value = 1 - value if share else -value
    se = np.where(usable, estimates.se, np.nan)
    if border is None:
        weight = _weights(residents, usable)
        se, border = _difference_se(se, weight), float(np.nansum(weight * value))
    n = estimates.n.astype(np.float64)
    return FeltWitness(
        estimate=value,
        se=se,
        degrees_of_freedom=estimates.degrees_of_freedom,
        answers=n,
        effective_answers=n / np.where(estimates.deff_weights >= 1, estimates.deff_weights, 1.0),
        share=share,
        border=_border("felt", border),
    )


def period_dispersion(counts: ArrayLike, *, lengths: tuple[int, ...] = PERIOD_LENGTHS) -> float:
    """How much more counts of areas vary from time to time than single events would.

    Series of events, near repeats and weeks of unrest make a count less certain than Poisson.
    How areas differ from each other is no part of it, because that is what is asked.

    Parameters
    ----------
    counts : array_like of float, shape (n_areas, n_periods)
        Events by area and month, in order of time.
    lengths : tuple of int
        Numbers of months that are added up; the largest dispersion counts.

    Returns
    -------
    float
        Variance over mean, at least 1; 1 where there are too few areas or periods to say.

    Raises
    ------
    ValueError
        If the table is not two-dimensional, or a count is negative or not finite.

    Notes
    -----
    Pearson's statistic of the table against the product of its margins, over its degrees of
    freedom [1]_. Areas whose rates move apart over the years raise it, and so widen intervals.

    References
    ----------
    .. [1] McCullagh, P., & Nelder, J. A. (1989). Generalized Linear Models (2nd ed.), section
       4.5.2. Chapman and Hall. doi:10.1201/9780203753736

    Examples
    --------
    >>> from commonlight.analysis.divergence import period_dispersion
    >>> period_dispersion([[4, 6, 5, 5], [20, 22, 18, 20]])
    1.0
    """
    table = np.array(counts, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"counts must be a table of areas by periods; got {table.ndim} dimensions")
    if not (np.isfinite(table) & (table >= 0)).all():
        raise ValueError("counts must be finite and not negative")
    found = [_dispersion(table, length) for length in lengths]
    most = max(degrees for _, degrees in found)
    enough = [phi for phi, degrees in found if degrees >= min(most, FEWEST_DEGREES)]
    return max(1.0, *enough)


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
    _check_level("confidence", confidence)
    first = _checked("recorded", recorded, recorded_lower, recorded_upper)
    second = _checked("felt", felt, felt_lower, felt_upper)
    if first[0].shape != second[0].shape:
        raise ValueError(
            "recorded and felt must speak of the same areas; got "
            f"{len(first[0])} and {len(second[0])}"
        )
    borders = [
        _city_value(name, values[0], residents) if border is None else _border(name, border)
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
        confidence=float(confidence),
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
    >>> from commonlight.analysis.divergence import divergence, recorded_witness
    >>> crime = recorded_witness([300, 100, 230, 90], [10_000] * 4)
    >>> worried = recorded_witness([90, 140, 38, 95], [200] * 4, per=1)
    >>> [str(kind) for kind in divergence(crime, worried).kind]
    ['cannot tell', 'felt only', 'recorded only', 'cannot tell']
    """
    _check_level("wrong", wrong)
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
    return float(np.nansum(_weights(residents, np.isfinite(values), name) * values))


def _weights(residents: ArrayLike | None, usable: Mask, name: str = "felt") -> Floats:
    """Residents of the usable areas as shares that sum to 1; 0 elsewhere."""
    if residents is None:
        raise ValueError(f"give {name}_border, or residents to weigh the areas to the city's value")
    n = np.array(residents, dtype=np.float64)
    if n.shape != usable.shape:
        raise ValueError(f"residents must have one entry per area, {len(usable)}; got {n.shape}")
    n = np.where(usable, n, 0.0)
    if not (np.isfinite(n) & (n >= 0)).all() or not n.sum() > 0:
        raise ValueError("residents must be finite and not negative, and above 0 somewhere")
    return np.asarray(n / n.sum())


def _difference_se(se: Floats, weight: Floats) -> Floats:
    """Standard error of each area's difference from the weighted mean of all."""
    own = np.nan_to_num(weight * se) ** 2
    return np.asarray(np.sqrt(((1 - weight) * se) ** 2 + own.sum() - own))


def _dispersion(table: Floats, length: int) -> tuple[float, int]:
    """Pearson's statistic over its degrees of freedom, for periods of `length` months."""
    if length < 1:
        raise ValueError(f"lengths must be 1 or more months; got {length}")
    n = table.shape[1] // length
    blocks = table[:, : n * length].reshape(len(table), n, length).sum(axis=2)
    blocks = blocks[blocks.sum(axis=1) > 0][:, blocks.sum(axis=0) > 0]
    degrees = (blocks.shape[0] - 1) * (blocks.shape[1] - 1)
    if degrees < 1:
        return 1.0, 0
    expected = np.outer(blocks.sum(axis=1), blocks.sum(axis=0)) / blocks.sum()
    return float(((blocks - expected) ** 2 / expected).sum() / degrees), degrees


def _border(name: str, border: float) -> float:
    if not -np.inf < border < np.inf:
        raise ValueError(f"{name}_border must be finite, in the unit of the values; got {border}")
    return float(border)


def _check_level(name: str, level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"{name} must lie between 0 and 1, such as 0.95; got {level}")
