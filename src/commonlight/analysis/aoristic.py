"""Aoristic analysis: when events happened that are known only to lie in a window of time.

It does not find the true hour of any one event, and it does not answer whether events are
more likely at some hours of their windows than at others: each hour of a window is taken
as equally likely, which smooths true peaks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

__all__ = [
    "AoristicProfile",
    "aoristic_profile",
    "aoristic_weights",
    "start_profile",
    "total_variation",
]

_PERIODS = {168: (168.0, 1.0, 24.0), 24: (24.0, 1.0, 24.0), 7: (168.0, 24.0, 168.0)}


@dataclass(frozen=True, kw_only=True)
class AoristicProfile:
    """Expected events in each hour of the week, hour of the day, or day of the week.

    Attributes
    ----------
    profile : ndarray, shape (bins,)
        Expected number of events; sums to the (weighted) number of events. Bin 0 begins at
        Monday 00:00, or at midnight for 24 bins.
    bins : int
        168, 24 or 7.
    n_events : int
        Number of events.
    share_uninformative : float
        Share of events whose window is `long_window` hours or longer; nan without events.
    long_window : float
        Hours from which a window says nothing about the bin.
    median_window : float
        Median length of the windows, in hours; nan without events.
    available : bool
        False where there is no event.
    reason : str
        Why not; empty where available.
    """

    profile: np.ndarray
    bins: int
    n_events: int
    share_uninformative: float
    long_window: float
    median_window: float
    available: bool
    reason: str


def aoristic_weights(start: ArrayLike, end: ArrayLike, *, bins: int = 168) -> np.ndarray:
    """Share of each event's window in each bin.

    Parameters
    ----------
    start, end : array_like, shape (n,)
        Earliest and latest time, in hours of local time since a Monday 00:00. Where the
        source gives whole hours, add 1 to `end` if the last hour may hold the event.
    bins : int
        168 hours of the week, 24 hours of the day, or 7 days of the week (from Monday).

    Returns
    -------
    ndarray, shape (n, bins)
        Each row sums to 1. A window of a week or more is spread evenly; one of no length is
        all in its own bin.

    Raises
    ------
    ValueError
        For times that are missing, windows that end before they start, or other `bins`.

    Notes
    -----
    The weight of a bin is the length of its overlap with the window over the length of the
    window [1]_. The assumption that fails most often is that every moment of the window is
    equally likely.

    References
    ----------
    .. [1] J. H. Ratcliffe (2000), Aoristic analysis: the spatial interpretation of
       unspecific temporal events, International Journal of Geographical Information
       Science 14, 669-679. doi:10.1080/136588100424963
    .. [2] M. P. J. Ashby and K. J. Bowers (2013), A comparison of methods for temporal
       analysis of aoristic crime, Crime Science 2:1. doi:10.1186/2193-7680-2-1

    Examples
    --------
    >>> aoristic_weights([22.5], [25.0], bins=24)[0, [22, 23, 0]].round(2).tolist()
    [0.2, 0.4, 0.4]
    """
    from .aoristic_kernels import spread_each

    first, length = _windows(start, end)
    period, width, _ = _bins(bins)
    out = np.empty((first.size, bins))
    spread_each(first, length, period, width, out)
    return out


def aoristic_profile(
    start: ArrayLike,
    end: ArrayLike,
    *,
    bins: int = 168,
    weights: ArrayLike | None = None,
    long_window: float | None = None,
) -> AoristicProfile:
    """Sum the aoristic weights of all events.

    Parameters
    ----------
    start, end : array_like, shape (n,)
        Earliest and latest time, in hours of local time since a Monday 00:00.
    bins : int
        168, 24 or 7.
    weights : array_like, shape (n,), optional
        Weight of each event; 1 by default.
    long_window : float, optional
        Hours from which a window says nothing about the bin: 24 by default where the bins
        are hours, 168 where they are days.

    Returns
    -------
    AoristicProfile

    Raises
    ------
    ValueError
        As for :func:`aoristic_weights`.

    Examples
    --------
    >>> aoristic_profile([8.0, 9.0], [10.0, 10.0], bins=24).profile[8:10].tolist()
    [0.5, 1.5]
    """
    from .aoristic_kernels import spread_sum

    first, length = _windows(start, end)
    period, width, default_long = _bins(bins)
    limit = default_long if long_window is None else float(long_window)
    if not 0 < limit < np.inf:
        raise ValueError(f"long_window must be positive and finite, in hours; got {limit}")
    out = np.zeros(bins)
    spread_sum(first, length, _event_weights(weights, first.size), period, width, out)
    some = first.size > 0
    return AoristicProfile(
        profile=out,
        bins=bins,
        n_events=first.size,
        share_uninformative=float(np.mean(length >= limit)) if some else float("nan"),
        long_window=limit,
        median_window=float(np.median(length)) if some else float("nan"),
        available=some,
        reason="" if some else "there is no event with a known window of time",
    )


def start_profile(
    start: ArrayLike, *, bins: int = 168, weights: ArrayLike | None = None
) -> np.ndarray:
    """Count the events by the earliest time of their window, for comparison.

    Parameters
    ----------
    start : array_like, shape (n,)
        Hours of local time since a Monday 00:00.
    bins : int
        168, 24 or 7.
    weights : array_like, shape (n,), optional
        Weight of each event; 1 by default.

    Returns
    -------
    ndarray, shape (bins,)

    Examples
    --------
    >>> start_profile([8.2, 32.9], bins=24)[8]
    np.float64(2.0)
    """
    return aoristic_profile(start, start, bins=bins, weights=weights).profile


def total_variation(first: ArrayLike, second: ArrayLike) -> float:
    """Share of events that would have to move to turn one profile into the other.

    Parameters
    ----------
    first, second : array_like, shape (bins,)
        Two profiles with a positive sum.

    Returns
    -------
    float
        0 for equal shapes, 1 for profiles without a common bin.

    Examples
    --------
    >>> total_variation([1, 1, 0], [0, 1, 1])
    0.5
    """
    a, b = np.array(first, dtype=np.float64), np.array(second, dtype=np.float64)
    if a.shape != b.shape or not (a.sum() > 0 and b.sum() > 0):
        raise ValueError("profiles must have the same bins and hold events")
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2.0)


def _bins(bins: int) -> tuple[float, float, float]:
    if bins not in _PERIODS:
        raise ValueError(f"bins must be 168 (week hours), 24 (hours) or 7 (days); got {bins}")
    return _PERIODS[bins]


def _windows(start: ArrayLike, end: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Start and length of each window, checked."""
    first, last = np.array(start, dtype=np.float64), np.array(end, dtype=np.float64)
    if first.ndim != 1 or first.shape != last.shape:
        raise ValueError(f"start and end must match, one each; got {first.shape}, {last.shape}")
    length = last - first
    if not np.all(np.isfinite(length)):
        where = int(np.flatnonzero(~np.isfinite(length))[0])
        raise ValueError(f"start and end must be finite, in hours; event {where + 1} is not")
    if np.any(length < 0):
        where = int(np.flatnonzero(length < 0)[0])
        raise ValueError(
            f"a window must not end before it starts; event {where + 1} ends "
            f"{-length[where]:g} hours before its start; swap or leave out such events"
        )
    return first, length


def _event_weights(weights: ArrayLike | None, n_events: int) -> np.ndarray:
    if weights is None:
        return np.ones(n_events)
    values = np.array(weights, dtype=np.float64)
    if values.shape != (n_events,) or not np.all(np.isfinite(values) & (values >= 0)):
        raise ValueError("weights must be finite and zero or more, one for each event")
    return values
