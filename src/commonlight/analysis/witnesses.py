"""What is recorded and what is felt in each area, each with its border and its uncertainty.

A witness says what it knows of every area, and how sure it is at any level. It does not say
whether it is right: not all that happens is recorded, and not everybody is asked. `divergence`
lays two witnesses beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.rates import rates
from commonlight.analysis.survey.intervals import proportion_interval, t_interval
from commonlight.analysis.survey.summary import SurveyEstimates

__all__ = [
    "FeltWitness",
    "MeasuredWitness",
    "RecordedWitness",
    "Witness",
    "checked_border",
    "checked_level",
    "city_weights",
    "felt_witness",
    "measured_witness",
    "recorded_witness",
]

Floats = NDArray[np.float64]


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
        checked_level("confidence", confidence)
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
        checked_level("confidence", confidence)
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
        How many times larger than Poisson the variance of a count is, see `dispersion`.

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
    >>> from commonlight.analysis.witnesses import recorded_witness
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
        border=own if border is None else checked_border("recorded", border),
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
        weight = city_weights("felt", residents, usable)
        se, border = _difference_se(se, weight), float(np.nansum(weight * value))
    n = estimates.n.astype(np.float64)
    return FeltWitness(
        estimate=value,
        se=se,
        degrees_of_freedom=estimates.degrees_of_freedom,
        answers=n,
        effective_answers=n / np.where(estimates.deff_weights >= 1, estimates.deff_weights, 1.0),
        share=share,
        border=checked_border("felt", border),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class MeasuredWitness:
    """A published measure by area. Made by `measured_witness`.

    `se` is that of the difference between area and border where the border is the city's own.
    """

    estimate: Floats
    se: Floats
    border: float

    def interval(self, confidence: float) -> tuple[Floats, Floats]:
        """Normal limits of the values at a level."""
        from scipy.special import ndtri

        checked_level("confidence", confidence)
        reach = float(ndtri((1 + confidence) / 2)) * self.se
        return self.estimate - reach, self.estimate + reach


def measured_witness(
    values: ArrayLike,
    se: ArrayLike | float | None = None,
    *,
    residents: ArrayLike | None = None,
    border: float | None = None,
    high_is_worse: bool = True,
) -> MeasuredWitness:
    """A score that somebody else has worked out by area, to be laid beside another witness.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One score for each area; NaN where there is none.
    se : array_like of float, shape (n,), or float, optional
        Standard errors, or one for all areas. Without them no area can be told.
    residents : array_like of float, shape (n,), optional
        Weights of the areas in the city's own value. Needed without border.
    border : float, optional
        Value to compare with; the city's own if not given.
    high_is_worse : bool
        Whether a high value means more trouble; if not, values are turned round.

    Returns
    -------
    MeasuredWitness

    Raises
    ------
    ValueError
        If shapes differ, a standard error is negative, or neither residents nor a border is given.

    Notes
    -----
    The city's value is the mean of the areas weighted by residents, and the standard error of an
    area's difference from it takes the area's own part in it into account, as in `felt_witness`.
    The assumption that fails most often: errors that are independent between areas. Scores from
    one model for all areas share its errors.

    Examples
    --------
    >>> from commonlight.analysis.witnesses import measured_witness
    >>> found = measured_witness([1.0, 2.0, 6.0], 0.5, residents=[1, 1, 1])
    >>> found.border, found.interval(0.95)[0].round(2).tolist()
    (3.0, [0.2, 1.2, 5.2])
    """
    value = np.array(values, dtype=np.float64) * (1.0 if high_is_worse else -1.0)
    error = np.full(value.shape, np.nan) if se is None else np.array(se, dtype=np.float64)
    if error.ndim and error.shape != value.shape:
        raise ValueError(f"se must have the shape of values, {value.shape}; got {error.shape}")
    error = np.broadcast_to(error, value.shape).copy()
    if (error < 0).any():
        raise ValueError("standard errors must be 0 or more; one is negative")
    usable = np.isfinite(value)
    error[~usable] = np.nan
    if border is None:
        weight = city_weights("measured", residents, usable)
        error, border = _difference_se(error, weight), float(np.nansum(weight * value))
    return MeasuredWitness(estimate=value, se=error, border=checked_border("measured", border))


def _difference_se(se: Floats, weight: Floats) -> Floats:
    """Standard error of each area's difference from the weighted mean of all."""
    own = np.nan_to_num(weight * se) ** 2
    return np.asarray(np.sqrt(((1 - weight) * se) ** 2 + own.sum() - own))


def city_weights(name: str, residents: ArrayLike | None, usable: NDArray[np.bool_]) -> Floats:
    """Residents of the usable areas as shares that sum to 1; 0 elsewhere.

    Parameters
    ----------
    name : str
        Witness that has no border, for the error.
    residents : array_like of float, shape (n,), or None
        Residents of each area.
    usable : ndarray of bool, shape (n,)
        Areas with a value.

    Returns
    -------
    ndarray of float, shape (n,)

    Raises
    ------
    ValueError
        If there are no residents, or they are missing, negative, or 0 in all usable areas.
    """
    if residents is None:
        raise ValueError(f"give {name}_border, or residents to weigh the areas to the city's value")
    n = np.array(residents, dtype=np.float64)
    if n.shape != usable.shape:
        raise ValueError(f"residents must have one entry per area, {len(usable)}; got {n.shape}")
    n = np.where(usable, n, 0.0)
    if not (np.isfinite(n) & (n >= 0)).all() or not n.sum() > 0:
        raise ValueError("residents must be finite and not negative, and above 0 somewhere")
    return np.asarray(n / n.sum())


def checked_border(name: str, border: float) -> float:
    """A border that was given.

    Parameters
    ----------
    name : str
        Witness that it is for.
    border : float
        In the unit of that witness.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is not finite.
    """
    if not -np.inf < border < np.inf:
        raise ValueError(f"{name}_border must be finite, in the unit of the values; got {border}")
    return float(border)


def checked_level(name: str, level: float) -> float:
    """A share between 0 and 1, both left out.

    Parameters
    ----------
    name : str
        What it is called.
    level : float
        As given.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is 0, 1 or beyond.
    """
    if not 0 < level < 1:
        raise ValueError(f"{name} must lie between 0 and 1, such as 0.95; got {level}")
    return float(level)
