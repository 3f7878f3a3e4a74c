"""Choose secondary suppressions by showing what else could be true.

The work behind `protect.protect_cells`: collect worlds until each small count has one at both
ends of what its mark leaves open. Cells that must differ from the truth in them are suppressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commonlight.analysis.disclosure.system import UNKNOWN, Ints, Mask, System
from commonlight.analysis.disclosure.worlds import Floats, Goal, find_worlds

__all__ = ["Cover", "Marks", "cover", "narrow_needs"]

REWARD = 50.0
"""What an end is worth, in prices of the dearest cell that may be suppressed for it."""
KNOWN_SHARE = 1e-3
"""Price of moving a cell that is suppressed already, as a share of its first price."""
WORTHWHILE = 0.05
"""Another round with the same cells must reach this share of what is missing."""

World = tuple[Ints, Ints]


@dataclass(frozen=True)
class Marks:
    """What the mark of each suppressed cell says, and what must stay possible.

    Attributes
    ----------
    fixed : ndarray of bool, shape (n,)
        Counts that everybody knows: zeros.
    primary : ndarray of bool, shape (n,)
        Printed counts that are too small.
    watched : ndarray of bool, shape (n,)
        These, and small counts that nobody prints but that printed ones would give away.
    low, high : ndarray of float, shape (n,)
        What a count may be once it is not printed.
    need_low, need_high : ndarray of float, shape (n,)
        Counts that must stay possible for a watched one.
    """

    fixed: Mask
    primary: Mask
    watched: Mask
    low: Floats
    high: Floats
    need_low: Floats
    need_high: Floats


@dataclass(frozen=True)
class Cover:
    """Suppressed cells with the proof that they are safe.

    Attributes
    ----------
    suppressed : ndarray of bool, shape (n,)
        Printed cells not to be printed.
    least, most : ndarray of int, shape (n,)
        Smallest and largest count over the truth and all worlds kept.
    worlds : tuple of (columns, values)
        The proof: what differs from the truth in each world.
    """

    suppressed: Mask
    least: Ints
    most: Ints
    worlds: tuple[World, ...]


class _Progress:
    """What the search has shown so far."""

    def __init__(self, system: System, marks: Marks) -> None:
        self.suppressed = marks.primary.copy()
        self.least = np.where(system.truth == UNKNOWN, np.iinfo(np.int64).max, system.truth)
        self.most = system.truth.copy()
        self.worlds: list[World] = []

    def add(self, system: System, columns: Ints, values: Ints) -> None:
        """Keep a world; what moved in it is suppressed from now on."""
        moved = values != system.truth[columns]
        columns, values = columns[moved], values[moved]
        self.worlds.append((columns, values))
        self.least[columns] = np.minimum(self.least[columns], values)
        self.most[columns] = np.maximum(self.most[columns], values)
        self.suppressed[columns[system.printed[columns]]] = True


def cover(
    system: System,
    marks: Marks,
    price: Floats,
    secondary: bool,
    rng: np.random.Generator,
    worlds: Iterable[World] = (),
) -> Cover:
    """Suppress until both ends of every watched count are shown to be possible.

    Parameters
    ----------
    system : System
        Counts and sums.
    marks : Marks
        What the reader is told, and what must stay possible.
    price : ndarray of float, shape (n,)
        Cost of suppressing each printed cell.
    secondary : bool
        If False, stop after the primary cells.
    rng : numpy.random.Generator
        For the choice of which end of a count is tried first.
    worlds : iterable of (columns, values)
        Worlds found for narrower marks, to begin with.

    Returns
    -------
    Cover
    """
    marks = narrow_needs(system, marks)
    progress = _Progress(system, marks)
    for columns, values in worlds:
        progress.add(system, columns, values)
    _rounds(system, marks, price, progress, -1, rng)
    if secondary:
        for cut in (True, False):
            for level in np.unique(system.level[system.printed]).tolist():
                _widen(system, marks, price, progress, level, rng, cut=cut)
        _one_by_one(system, marks, price, progress)
        progress = _release(system, marks, price, progress)
    return Cover(progress.suppressed, progress.least, progress.most, tuple(progress.worlds))


def _widen(
    system: System,
    marks: Marks,
    price: Floats,
    progress: _Progress,
    level: int,
    rng: np.random.Generator,
    *,
    cut: bool,
) -> None:
    """Suppress cells up to a level, each time followed by a search with those suppressed."""
    while missing := _n_missing(marks, progress):
        gained = _rounds(system, marks, price, progress, level, rng, cut=cut)
        if gained <= WORTHWHILE * missing:
            return
        if cut:
            _rounds(system, marks, price, progress, -1, rng)


def _rounds(
    system: System,
    marks: Marks,
    price: Floats,
    progress: _Progress,
    level: int,
    rng: np.random.Generator,
    *,
    cut: bool = True,
) -> int:
    """Search with printed cells up to a level as candidates (-1: none); ends reached."""
    reached = 0
    while True:
        up, down = _missing(marks, progress)
        before = int(up.sum() + down.sum())
        if not before:
            return reached
        sign = np.where(rng.random(len(up)) < 0.5, 1.0, -1.0)
        sign = np.where(up & down, sign, up.astype(np.float64) - down)
        candidates = system.printed & ~marks.fixed & (system.level <= level)
        goal = _goal(system, marks, price, progress, candidates, sign)
        for columns, values in find_worlds(system, goal, rng=rng if cut else None):
            progress.add(system, columns, values)
        up, down = _missing(marks, progress)
        gained = before - int(up.sum() + down.sum())
        reached += gained
        if level >= 0 or gained <= WORTHWHILE * before:
            return reached


def _n_missing(marks: Marks, progress: _Progress) -> int:
    return sum(int(ends.sum()) for ends in _missing(marks, progress))


def _missing(marks: Marks, progress: _Progress) -> tuple[Mask, Mask]:
    up = marks.watched & (progress.most < marks.need_high)
    down = marks.watched & (progress.least > marks.need_low)
    return up, down


def _goal(
    system: System,
    marks: Marks,
    price: Floats,
    progress: _Progress,
    candidates: Mask,
    sign: Floats,
) -> Goal:
    known = progress.suppressed & ~marks.watched
    fresh = candidates & ~progress.suppressed
    cost = np.where(known, KNOWN_SHARE * price, np.where(fresh, price, 0.0))
    dearest = cost.max(initial=0.0) or 1.0
    return Goal(
        free=(progress.suppressed | ~system.printed | fresh) & ~marks.fixed,
        low=np.where(sign < 0, np.maximum(marks.low, marks.need_low), marks.low),
        high=np.where(sign > 0, np.minimum(marks.high, marks.need_high), marks.high),
        reward=sign * REWARD,
        cost=cost / dearest,
    )


def _one_by_one(system: System, marks: Marks, price: Floats, progress: _Progress) -> None:
    """Try each end still missing with everything free; what is not reached is out of reach."""
    everything = system.printed & ~marks.fixed
    for direction in (1.0, -1.0):
        for column in np.flatnonzero(_missing(marks, progress)[0 if direction > 0 else 1]):
            if not _missing(marks, progress)[0 if direction > 0 else 1][column]:
                continue
            sign = np.zeros(len(price))
            sign[column] = direction
            goal = _goal(system, marks, price, progress, everything, sign)
            goal = replace(goal, reward=goal.reward * REWARD)
            for columns, values in find_worlds(system, goal):
                progress.add(system, columns, values)
            if direction > 0:
                marks.need_high[column] = min(marks.need_high[column], progress.most[column])
            else:
                marks.need_low[column] = max(marks.need_low[column], progress.least[column])


def _release(system: System, marks: Marks, price: Floats, progress: _Progress) -> _Progress:
    """Print again, dearest first, what the proof can do without."""
    ends = [_ends(marks, columns, values) for columns, values in progress.worlds]
    truth = np.flatnonzero(marks.watched)
    shown = np.zeros((2, len(price)), dtype=np.int64)
    for which, hit in zip((0, 1), _ends(marks, truth, system.truth[truth]), strict=True):
        shown[which, hit] += 1
    users: dict[int, list[int]] = {}
    for w, (columns, _) in enumerate(progress.worlds):
        for which in (0, 1):
            shown[which, ends[w][which]] += 1
        for column in columns[system.printed[columns] & ~marks.primary[columns]]:
            users.setdefault(int(column), []).append(w)
    alive = np.ones(len(ends), dtype=bool)
    for column in sorted(users, key=lambda c: (-price[c], c)):
        using = [w for w in users[column] if alive[w]]
        for w in using:
            for which in (0, 1):
                shown[which, ends[w][which]] -= 1
        touched = [(which, ends[w][which]) for w in using for which in (0, 1)]
        if all((shown[which, hit] > 0).all() for which, hit in touched):
            alive[using] = False
        else:
            for w in using:
                for which in (0, 1):
                    shown[which, ends[w][which]] += 1
    kept = [world for w, world in enumerate(progress.worlds) if alive[w]]
    fresh = _Progress(system, marks)
    for columns, values in kept:
        fresh.add(system, columns, values)
    return fresh


def _ends(marks: Marks, columns: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Watched columns that are at their needed low, and at their needed high."""
    watched = marks.watched[columns]
    low = watched & (values <= marks.need_low[columns])
    high = watched & (values >= marks.need_high[columns])
    return columns[low], columns[high]


def narrow_needs(system: System, marks: Marks) -> Marks:
    """Ask only for what the marks alone leave open, by passing limits through the sums.

    Parameters
    ----------
    system : System
        Counts and sums.
    marks : Marks
        What is withheld, and what a reader should be left to believe.

    Returns
    -------
    Marks
        With `need_low` no lower, and `need_high` no higher, than the sums allow.
    """
    low, high = marks.low.copy(), marks.high.copy()
    low[marks.fixed] = high[marks.fixed] = 0.0
    rows = system.exact
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    column, positive = rows.indices, rows.data > 0
    for _ in range(100):
        # Each row: sum of (signed count) is zero, so one is minus the sum of the others.
        least = np.where(positive, low[column], -high[column])
        most = np.where(positive, high[column], -low[column])
        new_most = -_others(row, least, rows.shape[0])
        new_least = -_others(row, most, rows.shape[0])
        up = np.where(positive, new_most, -new_least)
        down = np.where(positive, new_least, -new_most)
        before = low.copy(), high.copy()
        np.minimum.at(high, column, up)
        np.maximum.at(low, column, down)
        if (before[0] == low).all() and (before[1] == high).all():
            break
    return replace(
        marks,
        need_low=np.maximum(marks.need_low, low),
        need_high=np.minimum(marks.need_high, high),
    )


def _others(row: NDArray[np.intp], values: Floats, n_rows: int) -> Floats:
    """Sum of the row without each entry; infinite if another entry is."""
    endless = np.isinf(values)
    finite = np.where(endless, 0.0, values)
    total = np.bincount(row, finite, n_rows)[row] - finite
    others = np.bincount(row, endless, n_rows)[row] - endless
    sign = np.where(values.max(initial=0.0) == np.inf, 1.0, -1.0)
    return np.where(others > 0, sign * np.inf, total)
