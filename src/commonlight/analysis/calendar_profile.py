"""Weekday by hour: how many events an hour of the week holds, with intervals.

It does not answer when events with long windows happened (see `aoristic`), and neighbouring
cells with overlapping intervals are not thereby shown to be equal.

Local clock time has an hour that is missing and one that comes twice each year, usually in
the night before a Sunday morning. Give `exposure` if those hours matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["WeekdayHour", "weekday_hour"]


@dataclass(frozen=True, kw_only=True)
class WeekdayHour:
    """Events for each weekday (rows, from Monday) and hour (columns).

    Attributes
    ----------
    count : ndarray of int, shape (7, 24)
        Events.
    exposure : ndarray, shape (7, 24)
        How many times each hour of the week was observed, in hours.
    estimate, ci_lower, ci_upper : ndarray, shape (7, 24)
        Events an hour; nan where an hour was not observed.
    dispersion : float
        Variance over mean of the counts of single hours from week to week.
    n_events, n_outside : int
        Events used, and events before the first or after the last day.
    confidence_level : float
        Level of each interval, cell by cell (not jointly).
    available : bool
        False where no event lies in the days observed.
    reason : str
        Why not; empty where available.
    """

    count: np.ndarray
    exposure: np.ndarray
    estimate: np.ndarray
    ci_lower: np.ndarray
    ci_upper: np.ndarray
    dispersion: float
    n_events: int
    n_outside: int
    confidence_level: float
    available: bool
    reason: str


def weekday_hour(
    instants: ArrayLike,
    *,
    first_day: int,
    last_day: int,
    exposure: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> WeekdayHour:
    """Count events by weekday and hour, and divide by how often each was observed.

    Parameters
    ----------
    instants : array_like, shape (n,)
        Hours of local time since a Monday 00:00 (day 0).
    first_day, last_day : int
        First and last day observed, both included, in days since that Monday.
    exposure : array_like, shape (7, 24), optional
        Hours observed in each cell, where this differs from the number of such weekdays
        (clock changes, days without records).
    confidence_level : float
        Between 0 and 1.

    Returns
    -------
    WeekdayHour

    Raises
    ------
    ValueError
        For missing times, a last day before the first, or exposures of a wrong shape.

    Notes
    -----
    The interval of a cell with count x is the Garwood interval [1]_ of ``x / phi`` times
    ``phi``, over the exposure. ``phi`` (at least 1) is the Pearson chi-square of all single
    hours about the mean of their cell, over its degrees of freedom. The assumption that
    fails most often is that the recorded time is when the event happened: midnight and full
    hours are often a default of the form.

    References
    ----------
    .. [1] F. Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28,
       437-442. doi:10.1093/biomet/28.3-4.437

    Examples
    --------
    >>> table = weekday_hour([10.5, 178.2, 30.0], first_day=0, last_day=13)
    >>> float(table.estimate[0, 10]), int(table.count[1, 6])
    (1.0, 1)
    """
    from scipy.special import gammaincinv

    times = np.array(instants, dtype=np.float64)
    _check(times, first_day, last_day, confidence_level)
    hour = np.floor(times).astype(np.int64)
    inside = (hour >= 24 * first_day) & (hour < 24 * (last_day + 1))
    hour = hour[inside]
    count = np.bincount(hour % 168, minlength=168).reshape(7, 24)
    observed = _exposure(exposure, first_day, last_day)
    dispersion = _hour_dispersion(hour, count, observed)
    phi = max(dispersion, 1.0)
    tail = (1.0 - confidence_level) / 2.0
    some = np.where(observed > 0, observed, np.nan)
    scaled = count / phi
    lower = np.where(count > 0, gammaincinv(np.maximum(scaled, 1e-9), tail), 0.0)
    return WeekdayHour(
        count=count,
        exposure=observed,
        estimate=count / some,
        ci_lower=phi * lower / some,
        ci_upper=phi * gammaincinv(scaled + 1.0, 1.0 - tail) / some,
        dispersion=dispersion,
        n_events=hour.size,
        n_outside=int(times.size - hour.size),
        confidence_level=confidence_level,
        available=hour.size > 0,
        reason="" if hour.size else "no event lies in the days observed",
    )


def _check(times: np.ndarray, first_day: int, last_day: int, confidence_level: float) -> None:
    if times.ndim != 1 or not np.all(np.isfinite(times)):
        raise ValueError("instants must be one row of finite times, in hours since a Monday")
    if int(first_day) != first_day or int(last_day) != last_day or last_day < first_day:
        raise ValueError(
            f"first_day and last_day must be whole and in order; got {first_day} and {last_day}"
        )
    if not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level must be between 0 and 1; got {confidence_level}")


def _exposure(exposure: ArrayLike | None, first_day: int, last_day: int) -> np.ndarray:
    """Times that each hour of the week was observed."""
    if exposure is None:
        days = np.bincount(np.arange(first_day, last_day + 1) % 7, minlength=7)
        return np.repeat(days[:, None].astype(np.float64), 24, axis=1)
    values = np.array(exposure, dtype=np.float64)
    if values.shape != (7, 24) or not np.all(np.isfinite(values) & (values >= 0)):
        raise ValueError("exposure must be hours, zero or more, of shape (7, 24)")
    return values


def _hour_dispersion(hour: np.ndarray, count: np.ndarray, observed: np.ndarray) -> float:
    """Pearson dispersion of single hours about the mean of their cell."""
    used = (count > 0) & (observed > 1)
    df = float((observed[used] - 1).sum())
    if df <= 0:
        return 1.0
    single, repeats = np.unique(hour, return_counts=True)
    squares = np.bincount(single % 168, weights=repeats.astype(np.float64) ** 2, minlength=168)
    squares = squares.reshape(7, 24)[used]
    mean = count[used] / observed[used]
    return float(((squares - observed[used] * mean**2) / mean).sum() / df)
