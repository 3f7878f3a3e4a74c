"""Search for other tables that agree with everything published.

A world is a table of whole numbers that satisfies every sum, every published count and every
mark. One world in which a suppressed count differs proves that nobody can tell it from the truth.
A search that fails proves nothing; `attack` gives bounds from the other side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from commonlight.analysis.disclosure.system import UNKNOWN, Ints, Mask, System

__all__ = ["Floats", "Goal", "find_worlds"]

Floats = NDArray[np.float64]
BATCH = 1_500
"""Columns that are solved together: small independent parts up to, pieces of large ones."""
NODES = 2_000
"""Branches of the whole-number search before its best answer is taken."""
GAP = 0.02


@dataclass(frozen=True)
class Goal:
    """What a world should be like.

    Attributes
    ----------
    free : ndarray of bool, shape (n,)
        Counts that may differ from the truth.
    low, high : ndarray of float, shape (n,)
        What a free count may be.
    reward : ndarray of float, shape (n,)
        Gain for each unit that a count is higher; negative to have it low.
    cost : ndarray of float, shape (n,)
        Price for each unit that a count differs from the truth; 0 where it is free of charge.
    """

    free: Mask
    low: Floats
    high: Floats
    reward: Floats
    cost: Floats


def find_worlds(
    system: System, goal: Goal, *, rng: np.random.Generator | None = None
) -> Iterator[tuple[Ints, Ints]]:
    """Worlds of the independent parts that hold a reward, as columns and their values.

    Parameters
    ----------
    system : System
        Counts and sums.
    goal : Goal
        What a world should be like.
    rng : numpy.random.Generator, optional
        Cuts large parts at random places, and what lies outside a piece stays as it is; that
        finds fewer worlds, but never a wrong one.

    Returns
    -------
    iterator of (columns, values)
        Every world was checked in whole numbers against all sums and limits.
    """
    for part in _parts(system, goal):
        whole = rng is None or bool((system.truth[part] == UNKNOWN).any())
        for columns in [part] if whole else _pieces(part, rng):
            if not goal.reward[columns].any():
                continue
            inside = goal
            if len(columns) < len(part):
                free = np.zeros(len(goal.free), dtype=bool)
                free[columns] = True
                inside = replace(goal, free=free)
            values = _solve(system, inside, columns)
            if values is not None and _agrees(system, inside, columns, values):
                yield columns, values


def _pieces(part: Ints, rng: np.random.Generator | None) -> list[Ints]:
    if rng is None or len(part) <= 2 * BATCH:
        return [part]
    first = int(rng.integers(BATCH))
    return np.split(part, np.arange(first, len(part), BATCH))


def _parts(system: System, goal: Goal) -> Iterator[Ints]:
    """Columns that hang together through sums, small parts taken together."""
    columns = np.flatnonzero(goal.free)
    rows = sparse.vstack([system.exact, system.bounds], format="csc")[:, columns]
    row, column = rows.nonzero()
    n = len(columns) + rows.shape[0]
    ties = sparse.csr_array((np.ones(len(row)), (column, row + len(columns))), shape=(n, n))
    n_parts, label = connected_components(ties, directed=False)
    label = label[: len(columns)]
    wanted = np.zeros(n_parts, dtype=bool)
    wanted[label[goal.reward[columns] != 0]] = True
    order = np.argsort(label, kind="stable")
    order = order[wanted[label[order]]]
    sizes = np.bincount(label, minlength=n_parts)
    batch: list[Ints] = []
    filled = 0
    for part in np.split(columns[order], np.flatnonzero(np.diff(label[order])) + 1):
        if filled and filled + len(part) > BATCH:
            yield np.sort(np.concatenate(batch))
            batch, filled = [], 0
        batch.append(part)
        filled += len(part)
    assert len(sizes) == n_parts
    if filled:
        yield np.sort(np.concatenate(batch))


def _solve(system: System, goal: Goal, columns: Ints) -> Ints | None:
    """Best world of some columns: linear, and in whole numbers where that is not whole."""
    truth = system.truth[columns].astype(np.float64)
    split = goal.cost[columns] > 0
    n = len(columns)
    # Counts as they are, except those with a price: truth + up - down.
    weight = np.concatenate([-goal.reward[columns], goal.reward[columns][split]])
    weight[:n][split] += goal.cost[columns][split]
    weight[n:] += goal.cost[columns][split]
    low, high = goal.low[columns], goal.high[columns]
    lower = np.concatenate([np.where(split, 0.0, low), np.zeros(split.sum())])
    upper = np.concatenate([np.where(split, high - truth, high), (truth - low)[split]])
    constraints = []
    for rows, top in ((system.exact, 0.0), (system.bounds, np.inf)):
        inside = rows[:, columns]
        touched = np.flatnonzero(np.diff(inside.indptr))
        if not len(touched):
            continue
        inside = inside[touched]
        fixed = np.where(goal.free, 0, system.truth).astype(np.float64)
        outside = rows[touched] @ fixed + inside @ np.where(split, truth, 0.0)
        matrix = sparse.hstack([inside, -inside[:, split]], format="csc")
        constraints.append(LinearConstraint(matrix, -outside, top - outside))
    for whole in (0, 1):
        found = milp(
            weight,
            constraints=constraints,
            bounds=Bounds(lower, upper),
            integrality=np.full(len(weight), whole),
            options={"mip_rel_gap": GAP, "node_limit": NODES} if whole else {},
        )
        if found.x is None:
            return None
        values = np.where(split, truth, 0.0) + found.x[:n]
        values[split] -= found.x[n:]
        if np.abs(values - np.rint(values)).max(initial=0.0) < 1e-6:
            return np.rint(values).astype(np.int64)
    return None


def _agrees(system: System, goal: Goal, columns: Ints, values: Ints) -> bool:
    """Whole-number check of a world against every sum that it touches and every limit."""
    if (values < goal.low[columns]).any() or (values > goal.high[columns]).any():
        return False
    world = np.where(goal.free, 0, system.truth)
    world[columns] = values
    for rows, exact in ((system.exact, True), (system.bounds, False)):
        inside = rows[:, columns]
        sums = (rows @ world.astype(np.float64))[np.diff(inside.indptr) > 0]
        if (exact and sums.any()) or (sums < 0).any():
            return False
    return True
