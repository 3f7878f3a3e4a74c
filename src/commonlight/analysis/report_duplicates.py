"""Reports of residents that are likely to speak of the same problem.

What this does not answer: whether two reports are in truth about one thing. A second lamp out in
the same street is taken for the first, and a problem that two people place 80 metres apart is
counted twice. The count of problems is therefore a count under a stated rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

__all__ = ["LikelyDuplicates", "likely_duplicates"]


@dataclass(frozen=True, kw_only=True, eq=False)
class LikelyDuplicates:
    """Reports grouped into problems.

    Attributes
    ----------
    problem : ndarray of int64, shape (n,)
        Number of the problem that each report speaks of, from 0 in order of first report.
    first : ndarray of bool, shape (n,)
        Whether the report is the first of its problem.
    n_reports, n_problems : int
        Reports, and problems under the rule.
    n_unplaced : int
        Reports without a place; each counts as a problem of its own.
    distance, days : float
        The rule, in metres and days.
    """

    problem: NDArray[np.int64]
    first: NDArray[np.bool_]
    n_reports: int
    n_problems: int
    n_unplaced: int
    distance: float
    days: float

    @property
    def share_repeated(self) -> float:
        """Share of reports that repeat an earlier one; nan without reports."""
        return 1 - self.n_problems / self.n_reports if self.n_reports else float("nan")


def likely_duplicates(
    x: ArrayLike,
    y: ArrayLike,
    day: ArrayLike,
    kind: ArrayLike,
    *,
    distance: float = 50.0,
    days: float = 14.0,
) -> LikelyDuplicates:
    """Group reports of one kind that lie close together in place and time.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Metres in a projected system; nan = no place.
    day : array_like, shape (n,)
        Day on which each report was made, as a number of days.
    kind : array_like of int, shape (n,)
        Category of each report.
    distance : float, optional
        A report joins a problem whose first report lies at most this far away, in metres.
    days : float, optional
        ... and whose latest report is at most this many days old.

    Returns
    -------
    LikelyDuplicates

    Raises
    ------
    ValueError
        The arrays differ in length, or the rule is not positive and finite.

    Notes
    -----
    Reports are taken in order of day (then x, y, kind). Each joins the nearest open problem of its
    kind, the oldest where two are equally near, or opens a new one. Distance counts from the
    first report, so a problem cannot creep along a street; time counts from the latest, so one
    that lasts stays one. The assumption that fails most often: categories are used alike.

    Examples
    --------
    >>> found = likely_duplicates([0, 10, 500], [0, 0, 0], [1, 3, 3], [0, 0, 0])
    >>> found.problem.tolist(), found.n_problems
    ([0, 0, 1], 2)
    """
    east, north, when, category = _arrays(x, y, day, kind)
    for name, value, unit in (("distance", distance, "metres"), ("days", days, "days")):
        if not 0 < value < np.inf:
            raise ValueError(f"{name} must be positive and finite, in {unit}; got {value}")
    order = np.lexsort((category, north, east, when))
    placed = order[np.isfinite(east[order]) & np.isfinite(north[order])]
    cell, around = _cells(east[placed], north[placed], category[placed], distance)
    leader = np.arange(east.size)
    leader[placed] = placed[
        _lead(east[placed], north[placed], when[placed], cell, around, distance**2, days)
    ]
    first = leader == np.arange(east.size)
    number = np.full(east.size, -1, dtype=np.int64)
    number[order[first[order]]] = np.arange(int(first.sum()))
    return LikelyDuplicates(
        problem=number[leader],
        first=first,
        n_reports=int(east.size),
        n_problems=int(first.sum()),
        n_unplaced=int(east.size - placed.size),
        distance=float(distance),
        days=float(days),
    )


def _arrays(
    x: ArrayLike, y: ArrayLike, day: ArrayLike, kind: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    east, north, when = (np.array(item, dtype=np.float64).ravel() for item in (x, y, day))
    category = np.array(kind, dtype=np.int64).ravel()
    sizes = {east.size, north.size, when.size, category.size}
    if len(sizes) > 1:
        raise ValueError(
            "x, y, day and kind must have one entry per report; got lengths "
            f"{east.size}, {north.size}, {when.size} and {category.size}"
        )
    if not np.isfinite(when).all():
        raise ValueError("day must be known for each report; leave out those without a day")
    return east, north, when, category


def _cells(
    x: NDArray[np.float64], y: NDArray[np.float64], kind: NDArray[np.int64], size: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number of each report's cell (one grid per kind), and of the nine cells around each cell."""
    keys = np.column_stack([kind, np.floor(x / size), np.floor(y / size)]).astype(np.int64)
    cells, cell = np.unique(keys, axis=0, return_inverse=True)
    number = {tuple(item): index for index, item in enumerate(cells.tolist())}
    steps = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    around = np.array(
        [[number.get((k, i + di, j + dj), -1) for di, dj in steps] for k, i, j in cells.tolist()],
        dtype=np.int64,
    ).reshape(-1, 9)
    return cell.ravel().astype(np.int64), around


@njit(nogil=True, cache=True)
def _lead(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    day: NDArray[np.float64],
    cell: NDArray[np.int64],
    around: NDArray[np.int64],
    reach: float,
    days: float,
) -> NDArray[np.int64]:
    """First report of the problem that each report joins, for reports in order of day."""
    n = x.size
    leader = np.arange(n)
    latest = day.copy()
    head = np.full(around.shape[0], -1, dtype=np.int64)
    following = np.full(n, -1, dtype=np.int64)
    for i in range(n):
        best, nearest = -1, reach
        for k in range(9):
            there = around[cell[i], k]
            other = head[there] if there >= 0 else -1
            while other >= 0:
                apart = (x[i] - x[other]) ** 2 + (y[i] - y[other]) ** 2
                closer = apart < nearest or (apart == nearest and (best < 0 or other < best))
                if closer and day[i] - latest[other] <= days:
                    best, nearest = other, apart
                other = following[other]
        if best >= 0:
            leader[i] = best
            latest[best] = day[i]
        else:
            following[i] = head[cell[i]]
            head[cell[i]] = i
    return leader
