"""How fine a map of points may be published, as counts in square cells.

Points are never published as points here, only counts in cells. This module does not answer
whether a cell stands for one building, one street or one family: say how many residents or
addresses there are, and it can ask for enough of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.disclosure.attack import attack
from commonlight.analysis.disclosure.cells import Cell, Relation
from commonlight.analysis.disclosure.domains import Key
from commonlight.analysis.disclosure.protect import MINIMUM_COUNT, protect_cells

__all__ = ["SIZES_M", "PublishableGrid", "grids_leave", "publishable_grid"]

SIZES_M = (100.0, 200.0, 250.0, 500.0, 1000.0, 2000.0, 5000.0)
"""Sides of cells that are tried, in metres, from fine to coarse."""
STEPS_PER_CELL = 2.0
"""A cell's side is at least so many times the precision of the coordinates."""
LARGEST_SHARE = 0.5
"""More of the points than this may not be lost to suppression; then the next size is tried."""
LARGEST_OVERLAY = 2_000
"""Pieces of two grids laid over each other up to which they are attacked together."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class PublishableGrid:
    """Cells of a map that may be published, or why there are none.

    Attributes
    ----------
    available : bool
        Whether a map may be published.
    reason : str
        Why not, and what would help; empty if it may.
    cell_size : float
        Side of the cells in metres; NaN if there are none.
    origin : tuple of float
        Corner of the cell (0, 0), in metres.
    column, row : ndarray of int, shape (n_cells,)
        Place of each cell with a point, in cells from the origin.
    count : ndarray of int, shape (n_cells,)
        Points in each cell; -1 where it is suppressed.
    suppressed : ndarray of bool, shape (n_cells,)
        Cells that are not printed.
    share_suppressed : float
        Share of the points in cells that are not printed.
    """

    available: bool
    reason: str
    cell_size: float
    origin: tuple[float, float]
    column: Ints
    row: Ints
    count: Ints
    suppressed: NDArray[np.bool_]
    share_suppressed: float


def publishable_grid(
    x: ArrayLike,
    y: ArrayLike,
    *,
    precision: float,
    minimum_count: int = MINIMUM_COUNT,
    minimum_cell_size: float = 0.0,
    residents: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
    minimum_residents: float = 0.0,
    total_published: bool = True,
    origin: tuple[float, float] = (0.0, 0.0),
    sizes: Iterable[float] = SIZES_M,
    largest_share: float = LARGEST_SHARE,
    published: Iterable[PublishableGrid] = (),
) -> PublishableGrid:
    """Decide the finest grid of counts that may be published for some points.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Projected coordinates in metres.
    precision : float
        How far the coordinates may be from the truth, or have been moved, in metres; 0 or more.
        A cell is never smaller than twice that.
    minimum_count : int
        Cells with 1 up to one less points are not printed.
    minimum_cell_size : float
        Smallest side that a rule allows, in metres.
    residents : tuple (x, y, number), optional
        Places with how many residents or addresses each has.
    minimum_residents : float
        Cells with a point and fewer residents or addresses are not printed. Needs `residents`.
    total_published : bool
        Whether readers know the number of all points. Then one suppressed cell is not enough.
    origin : tuple of float
        Corner that the cells are laid from.
    sizes : iterable of float
        Sides that are tried, in metres.
    largest_share : float
        A size that loses more of the points is passed over for the next.
    published : iterable of PublishableGrid
        Maps of the same points that are published as well. Where the two grids laid over each
        other leave a suppressed cell of either too little doubt, the size is passed over.

    Returns
    -------
    PublishableGrid
        `available` is False, with a reason, if no size will do.

    Raises
    ------
    ValueError
        If coordinates are not finite, shapes differ or an option is out of range.

    Notes
    -----
    Empty cells are printed as empty. The assumption that fails most often: that residents are
    who could be recognised. A count in a cell with one shop is about that shop, however many
    people live there.

    Grids of other origin or size are taken together through the pieces of their overlay: each
    cell is the sum of its pieces, and `attack.attack` bounds the suppressed ones. Above 2,000
    pieces the second grid is refused unless the cells nest.

    Examples
    --------
    >>> import numpy as np
    >>> from commonlight.analysis.disclosure.points import publishable_grid
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.uniform(0, 2000, (2, 900))
    >>> found = publishable_grid(x, y, precision=100)
    >>> found.available, found.cell_size
    (True, 200.0)
    """
    points = _points(x, y)
    _check(precision, minimum_cell_size, minimum_residents, residents is None, largest_share)
    homes = None if residents is None else _homes(*residents)
    smallest = max(STEPS_PER_CELL * precision, minimum_cell_size)
    allowed = sorted(size for size in sizes if size >= smallest and size > 0)
    if not allowed:
        return _refusal(
            f"no cell size of at least {smallest:g} m was offered; coordinates are known to "
            f"{precision:g} m. Offer coarser cells, or publish areas",
            origin,
        )
    before = tuple(grid for grid in published if grid.available)
    lost, tied = 1.0, False
    for size in allowed:
        grid = _grid(points, homes, size, origin, minimum_count, minimum_residents, total_published)
        lost = grid.share_suppressed
        if lost > largest_share:
            continue
        tied = any(not _safe_together(points, grid, other, minimum_count) for other in before)
        if not tied:
            return grid
    if tied:
        return _refusal(
            "laid over a map that is published already, every size would give small counts away. "
            "Use the cells of that map, or replace it",
            origin,
        )
    return _refusal(
        f"even with cells of {allowed[-1]:g} m, {lost:.0%} of the points lie in cells that may "
        "not be printed. Publish areas, a longer period or fewer kinds apart",
        origin,
    )


def grids_leave(
    x: ArrayLike, y: ArrayLike, first: PublishableGrid, second: PublishableGrid
) -> dict[Key, tuple[int, int | None]]:
    """Work out the suppressed cells of two grids that are published together.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        The points, in metres; only to find which pieces of the overlay exist near them.
    first, second : PublishableGrid
        The two maps.

    Returns
    -------
    dict from key to (low, high)
        What somebody with both maps knows of each suppressed cell. Keys are
        ``{("grid", "first" or "second"), ("cell", "column,row")}``.

    Raises
    ------
    ValueError
        If the overlay has more than 2,000 pieces.
    """
    sums, known, marks = _overlay(_points(x, y), first, second)
    return attack(known, sums, marks=marks, targets=marks)


def _grid(
    points: Floats,
    homes: Floats | None,
    size: float,
    origin: tuple[float, float],
    minimum_count: int,
    minimum_residents: float,
    total_published: bool,
) -> PublishableGrid:
    places, count = np.unique(_cells(points, size, origin), axis=0, return_counts=True)
    few = np.zeros(len(places), dtype=bool)
    if homes is not None:
        few = _residents(places, homes, size, origin) < minimum_residents
    cells = [
        Cell(_key("first", place), int(n), 1 if thin else 2)
        for place, n, thin in zip(places, count, few, strict=True)
    ]
    total = [Cell(frozenset({("grid", "first")}), points.shape[1])] if total_published else []
    found = protect_cells(
        cells + total, minimum_count=minimum_count, disjoint=["cell"], minimum_contributors=2
    )
    if any("cell" not in dict(key) for key in found.suppressed):
        hidden = np.ones(len(places), dtype=bool)
    else:
        hidden = np.array([cell.key in found.suppressed for cell in cells], dtype=bool)
    return PublishableGrid(
        available=True,
        reason="",
        cell_size=float(size),
        origin=origin,
        column=places[:, 0],
        row=places[:, 1],
        count=np.where(hidden, -1, count),
        suppressed=hidden,
        share_suppressed=float(count[hidden].sum() / max(1, count.sum())),
    )


def _safe_together(
    points: Floats, grid: PublishableGrid, other: PublishableGrid, minimum_count: int
) -> bool:
    """Every suppressed cell of both keeps at least as many possible counts as are small."""
    if grid.cell_size == other.cell_size and grid.origin == other.origin:
        return True
    try:
        sums, known, marks = _overlay(points, grid, other)
    except _TooManyPieces:
        return False
    left = attack(known, sums, marks=marks, targets=marks)
    return all(high is None or high - low + 1 >= minimum_count - 1 for low, high in left.values())


class _TooManyPieces(ValueError):
    pass


def _overlay(
    points: Floats, first: PublishableGrid, second: PublishableGrid
) -> tuple[list[Relation], dict[Key, int], dict[Key, tuple[int, int | None]]]:
    """Sums of both grids over the pieces that lie in a cell of each that is not empty."""
    corner, far = points.min(axis=1), points.max(axis=1)
    both = (first, second)
    lines = [
        np.unique(np.concatenate([_lines(grid, a, corner[a], far[a]) for grid in both]))
        for a in (0, 1)
    ]
    middle = [(edges[1:] + edges[:-1]) / 2 for edges in lines]
    if len(middle[0]) * len(middle[1]) > LARGEST_OVERLAY:
        raise _TooManyPieces(
            f"the two grids have {len(middle[0]) * len(middle[1]):,} pieces together, more than "
            f"{LARGEST_OVERLAY:,}; choose cells that nest, or publish one of them"
        )
    pieces = np.stack([a.ravel() for a in np.meshgrid(*middle)])
    inside: dict[Key, list[Key]] = {}
    known: dict[Key, int] = {}
    marks: dict[Key, tuple[int, int | None]] = {}
    for name, grid in (("first", first), ("second", second)):
        listed = {
            (int(c), int(r)): int(n)
            for c, r, n in zip(grid.column, grid.row, grid.count, strict=True)
        }
        for i, place in enumerate(_cells(pieces, grid.cell_size, grid.origin)):
            key = _key(name, place)
            count = listed.get((int(place[0]), int(place[1])), 0)
            if count < 0:
                marks[key] = (1, None)
            else:
                known[key] = count
            inside.setdefault(key, []).append(frozenset({("piece", str(i))}))
    return [Relation((key,), tuple(parts)) for key, parts in inside.items()], known, marks


def _lines(grid: PublishableGrid, axis: int, least: float, most: float) -> Floats:
    start = np.floor((least - grid.origin[axis]) / grid.cell_size)
    stop = np.floor((most - grid.origin[axis]) / grid.cell_size) + 1
    return grid.origin[axis] + grid.cell_size * np.arange(start, stop + 1)


def _cells(points: Floats, size: float, origin: tuple[float, float]) -> Ints:
    corner = np.array(origin, dtype=np.float64)[:, None]
    return np.floor((points - corner) / size).astype(np.int64).T


def _residents(places: Ints, homes: Floats, size: float, origin: tuple[float, float]) -> Floats:
    held: dict[tuple[int, int], float] = {}
    for place, number in zip(_cells(homes[:2], size, origin), homes[2], strict=True):
        where = (int(place[0]), int(place[1]))
        held[where] = held.get(where, 0.0) + float(number)
    return np.array([held.get((int(c), int(r)), 0.0) for c, r in places])


def _key(grid: str, place: Iterable[int]) -> Key:
    return frozenset({("grid", grid), ("cell", ",".join(str(int(p)) for p in place))})


def _points(x: ArrayLike, y: ArrayLike) -> Floats:
    points = [np.array(values, dtype=np.float64) for values in (x, y)]
    if points[0].ndim != 1 or points[0].shape != points[1].shape or not len(points[0]):
        raise ValueError(
            "x and y must be one-dimensional, equally long and not empty; got shapes "
            f"{points[0].shape} and {points[1].shape}"
        )
    if not np.isfinite(points).all():
        raise ValueError("coordinates must be finite, in metres; leave out events without a place")
    return np.stack(points)


def _homes(x: ArrayLike, y: ArrayLike, number: ArrayLike) -> Floats:
    places = _points(x, y)
    held = np.array(number, dtype=np.float64)
    if held.shape != places[0].shape or not (np.isfinite(held) & (held >= 0)).all():
        raise ValueError("residents must be one number for each place, 0 or more")
    return np.vstack([places, held])


def _check(
    precision: float, least: float, minimum_residents: float, nobody: bool, share: float
) -> None:
    if not 0 <= precision < np.inf:
        raise ValueError(f"precision must be finite and not negative, in metres; got {precision}")
    if not 0 <= least < np.inf:
        raise ValueError(f"the smallest cell must be finite, in metres; got {least}")
    if not 0 <= minimum_residents < np.inf:
        raise ValueError(f"minimum_residents must be finite, 0 or more; got {minimum_residents}")
    if minimum_residents > 0 and nobody:
        raise ValueError("minimum_residents needs residents; give places and their numbers")
    if not 0 <= share <= 1:
        raise ValueError(f"largest_share must lie between 0 and 1; got {share}")


def _refusal(reason: str, origin: tuple[float, float]) -> PublishableGrid:
    none = np.empty(0, dtype=np.int64)
    return PublishableGrid(
        False, reason, float("nan"), origin, none, none, none, none.astype(bool), float("nan")
    )
