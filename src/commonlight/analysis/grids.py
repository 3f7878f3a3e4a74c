"""Square and hexagonal grids over a study area.

A grid answers "how many here" for cells of equal size. The cells are nobody's neighbourhoods:
where their borders run is a choice, and a finding that changes when the grid is moved or made
coarser is a finding about the grid. See `commonlight.analysis.cell_size`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from numba import njit
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.assign import count_by
from commonlight.analysis.neighbours import Neighbours

__all__ = ["Grid", "hexagon_grid", "square_grid"]

MAX_CELLS = 1_000_000
LEAST_SHARE = 1e-9  # a smaller share of a cell is rounding, not area
FURTHEST = 1e9  # cells from the origin, so that arithmetic on them stays exact enough
_ROW_HEIGHT = math.sqrt(3.0) / 2.0  # of a hexagon row, in units of the cell size

# Steps (columns, rows) to the neighbours; those of a hexagon depend on the parity of its row.
_AROUND_SQUARE = ((-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1))
_AROUND_EVEN = ((-1, -1), (0, -1), (-1, 0), (1, 0), (-1, 1), (0, 1))
_AROUND_ODD = ((0, -1), (1, -1), (-1, 0), (1, 0), (0, 1), (1, 1))

Kind = Literal["square", "hexagon"]
_Floats = NDArray[np.float64]
_Ints = NDArray[np.int32]
_Steps = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Grid:
    """Cells of equal size that meet a study area; make one with `square_grid`.

    Attributes
    ----------
    kind : {"square", "hexagon"}
        Shape of the cells.
    cell_size : float
        Side of a square, or distance between opposite sides of a hexagon, in metres.
    origin : tuple of float
        A corner of squares, or a centre of a hexagon, that the grid is laid from.
    column, row : ndarray of int64, shape (n_cells,)
        Place of each cell in the lattice. Cells are ordered row by row from the south, each
        row from the west.
    area_share : ndarray of float, shape (n_cells,)
        Share of each cell's area that lies inside the study area, above 0 and at most 1.
    """

    kind: Kind
    cell_size: float
    origin: tuple[float, float]
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    area_share: NDArray[np.float64]
    _first: tuple[int, int] = field(repr=False)
    _lookup: NDArray[np.int32] = field(repr=False)

    @property
    def n_cells(self) -> int:
        """Number of cells that share some area with the study area."""
        return len(self.column)

    @property
    def cell_area(self) -> float:
        """Area of a whole cell, in square metres."""
        return self.cell_size**2 * (1.0 if self.kind == "square" else _ROW_HEIGHT)

    @property
    def centres(self) -> NDArray[np.float64]:
        """Middle of each cell, in metres, shape (n_cells, 2)."""
        return _centres(self.kind, self.cell_size, self.origin, self.column, self.row)

    def assign(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.int32]:
        """Find the cell of each point by arithmetic.

        Parameters
        ----------
        x, y : array_like of float, shape (n_points,)
            Coordinates, in metres.

        Returns
        -------
        ndarray of int32, shape (n_points,)
            Number of the cell; -1 for points in no cell and for coordinates that are missing
            (NaN) or infinite. A point of a border cell may lie outside the study area itself.

        Raises
        ------
        ValueError
            If `x` and `y` differ in shape or are not one-dimensional.
        """
        px = np.ascontiguousarray(x, dtype=np.float64)
        py = np.ascontiguousarray(y, dtype=np.float64)
        if px.ndim != 1 or px.shape != py.shape:
            raise ValueError(
                f"x and y must be one-dimensional and equally long; got shapes {px.shape} "
                f"and {py.shape}"
            )
        out = np.full(px.size, -1, dtype=np.int32)
        kernel = _assign_squares if self.kind == "square" else _assign_hexagons
        kernel(px, py, *self.origin, float(self.cell_size), *self._first, self._lookup, out)
        return out

    def count(self, x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> NDArray[Any]:
        """Count the points, or add up their weights, in each cell.

        Parameters
        ----------
        x, y : array_like of float, shape (n_points,)
            Coordinates, in metres.
        weights : array_like of float, shape (n_points,), optional
            What each point counts for; 1 by default.

        Returns
        -------
        ndarray, shape (n_cells,)
            int64 counts, or float64 sums added in the order of the points.
        """
        return count_by(self.assign(x, y), self.n_cells, weights)

    def polygons(self) -> tuple[Any, ...]:
        """Return the whole cells as shapely Polygons, not cut at the study area."""
        return tuple(_cell_polygons(self.kind, self.cell_size, self.centres))

    def neighbours(self, include_self: bool = False) -> Neighbours:
        """List the cells around each cell: up to 8 of a square, up to 6 of a hexagon.

        Parameters
        ----------
        include_self : bool
            Whether each cell is also its own neighbour, as Gi* wants it.
        """
        own = np.arange(self.n_cells)
        pairs: list[tuple[NDArray[Any], NDArray[Any]]] = [(own, own)] if include_self else []
        even = self.row % 2 == 0
        if self.kind == "square":
            steps: list[tuple[NDArray[Any], _Steps]] = [(own, _AROUND_SQUARE)]
        else:
            steps = [(own[even], _AROUND_EVEN), (own[~even], _AROUND_ODD)]
        for cells, around in steps:
            for step_column, step_row in around:
                other = self._at(self.column[cells] + step_column, self.row[cells] + step_row)
                pairs.append((cells[other >= 0], other[other >= 0]))
        first, second = (np.concatenate(side) for side in zip(*pairs, strict=True))
        return Neighbours.from_pairs(first, second, n=self.n_cells, symmetric=False)

    def _at(self, column: NDArray[Any], row: NDArray[Any]) -> NDArray[np.int32]:
        """Cells at places of the lattice, -1 where the grid has none."""
        c, r = column - self._first[0], row - self._first[1]
        n_rows, n_columns = self._lookup.shape
        within = (c >= 0) & (c < n_columns) & (r >= 0) & (r < n_rows)
        out = np.full(len(c), -1, dtype=np.int32)
        out[within] = self._lookup[r[within], c[within]]
        return out


def square_grid(
    outline: Any,
    *,
    cell_size: float,
    origin: tuple[float, float] = (0.0, 0.0),
    max_cells: int = MAX_CELLS,
) -> Grid:
    """Lay a grid of squares over a study area.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon
        The study area, in projected metres.
    cell_size : float
        Side of a cell, in metres.
    origin : tuple of float
        A point where four cells meet, in metres. The default lays the cells from the origin of
        the coordinate system, so that two runs over the same city share their cells. Move it
        to see what depends on where the borders of the cells run.
    max_cells : int
        More cells than this in the box around the study area are refused.

    Returns
    -------
    Grid
        The cells that share some area with the study area. A cell owns its western and
        southern side.

    Raises
    ------
    TypeError
        If the outline is not a Polygon or MultiPolygon.
    ValueError
        If the outline is empty or invalid, the cell size is not positive and finite, the
        origin is not finite, or there would be more than `max_cells` cells.

    Examples
    --------
    >>> from shapely import box
    >>> from commonlight.analysis.grids import square_grid
    >>> grid = square_grid(box(0, 0, 250, 200), cell_size=100)
    >>> grid.n_cells, grid.area_share.tolist()
    (6, [1.0, 1.0, 0.5, 1.0, 1.0, 0.5])
    >>> grid.count([10, 20, 240], [10, 20, 190]).tolist()
    [2, 0, 0, 0, 0, 1]
    """
    return _lay("square", outline, cell_size, origin, max_cells)


def hexagon_grid(
    outline: Any,
    *,
    cell_size: float,
    origin: tuple[float, float] = (0.0, 0.0),
    max_cells: int = MAX_CELLS,
) -> Grid:
    """Lay a grid of hexagons over a study area.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon
        The study area, in projected metres.
    cell_size : float
        Distance between opposite sides of a cell, in metres. A hexagon has 0.866 times the
        area of a square of that size.
    origin : tuple of float
        The middle of one cell, in metres; see `square_grid`.
    max_cells : int
        More cells than this in the box around the study area are refused.

    Returns
    -------
    Grid
        The cells that share some area with the study area. Hexagons stand on a corner; odd
        rows lie half a cell further east.

    Raises
    ------
    TypeError
        If the outline is not a Polygon or MultiPolygon.
    ValueError
        As for `square_grid`.

    Examples
    --------
    >>> from shapely import box
    >>> from commonlight.analysis.grids import hexagon_grid
    >>> grid = hexagon_grid(box(0, 0, 1000, 1000), cell_size=250)
    >>> int(grid.neighbours().sizes.max())
    6
    >>> round(float((grid.area_share * grid.cell_area).sum()))
    1000000
    """
    return _lay("hexagon", outline, cell_size, origin, max_cells)


def _lay(
    kind: Kind, outline: Any, cell_size: float, origin: tuple[float, float], max_cells: int
) -> Grid:
    _check_lattice(outline, cell_size, origin)
    x0, y0 = float(origin[0]), float(origin[1])
    first, last = _reach(kind, shapely.bounds(outline), float(cell_size), x0, y0)
    n_columns, n_rows = last[0] - first[0] + 1, last[1] - first[1] + 1
    if not n_columns * n_rows <= max_cells:
        raise ValueError(_too_many(outline, cell_size, n_columns * n_rows, max_cells))
    shares = _shares(kind, outline, float(cell_size), (x0, y0), first, last)
    lookup = np.full((n_rows, n_columns), -1, dtype=np.int32)
    rows, columns = np.nonzero(shares > 0)
    lookup[rows, columns] = np.arange(len(rows))
    return Grid(
        kind,
        float(cell_size),
        (x0, y0),
        (columns + first[0]).astype(np.int64),
        (rows + first[1]).astype(np.int64),
        shares[rows, columns],
        first,
        lookup,
    )


def _check_lattice(outline: Any, cell_size: float, origin: tuple[float, float]) -> None:
    kind = getattr(outline, "geom_type", type(outline).__name__)
    if kind not in ("Polygon", "MultiPolygon"):
        raise TypeError(f"outline must be a Polygon or MultiPolygon; got {kind}")
    if outline.is_empty:
        raise ValueError("outline must not be empty; give the polygon of the study area")
    if not outline.is_valid:
        raise ValueError(
            f"outline must be valid; {shapely.is_valid_reason(outline)}. "
            "Repair it with shapely.make_valid"
        )
    if not 0 < cell_size < math.inf:
        raise ValueError(f"cell_size must be positive and finite, in metres; got {cell_size}")
    if len(origin) != 2 or not all(math.isfinite(v) for v in origin):
        raise ValueError(f"origin must be two finite numbers, in metres; got {origin}")
    furthest = float(np.abs(shapely.bounds(outline).reshape(2, 2) - np.array(origin)).max())
    if not furthest / cell_size < FURTHEST:
        raise ValueError(
            f"the outline must lie within {FURTHEST:.0e} cells of the origin; it reaches "
            f"{furthest:g} m, {furthest / cell_size:.0e} cells of {cell_size:g} m. Use larger "
            "cells, or an origin near the study area"
        )


def _too_many(outline: Any, cell_size: float, n_cells: int, max_cells: int) -> str:
    x_low, y_low, x_high, y_high = shapely.bounds(outline)
    enough = cell_size * math.sqrt(n_cells / max_cells)
    return (
        f"a grid of {cell_size:g} m cells over a study area of "
        f"{(x_high - x_low) / 1000:,.1f} by {(y_high - y_low) / 1000:,.1f} km would make "
        f"{n_cells:,} cells; the limit is {max_cells:,}. Check the outline for a stray point or "
        f"a wrong coordinate system, use cells of about {math.ceil(enough):,} m or more, "
        f"or raise max_cells"
    )


def _reach(
    kind: Kind, bounds: NDArray[np.float64], size: float, x0: float, y0: float
) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last column and row of the lattice that the box can touch."""
    x_low, y_low, x_high, y_high = (float(v) for v in bounds)
    if kind == "square":
        low = math.floor((x_low - x0) / size), math.floor((y_low - y0) / size)
        return low, (math.floor((x_high - x0) / size), math.floor((y_high - y0) / size))
    step = size * _ROW_HEIGHT
    low = math.floor((x_low - x0) / size) - 1, math.floor((y_low - y0) / step) - 1
    return low, (math.ceil((x_high - x0) / size) + 1, math.ceil((y_high - y0) / step) + 1)


def _centres(
    kind: str, size: float, origin: tuple[float, float], column: Any, row: Any
) -> NDArray[np.float64]:
    if kind == "square":
        return np.stack(
            [origin[0] + (column + 0.5) * size, origin[1] + (row + 0.5) * size], axis=-1
        )
    return np.stack(
        [origin[0] + (column + 0.5 * (row % 2)) * size, origin[1] + row * size * _ROW_HEIGHT],
        axis=-1,
    )


def _cell_polygons(kind: str, size: float, centres: NDArray[np.float64]) -> NDArray[Any]:
    if kind == "square":
        half = size / 2
        ring = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    else:
        radius = size / math.sqrt(3.0)
        turn = np.radians(np.arange(6) * 60.0 - 90.0)
        ring = np.column_stack([np.cos(turn), np.sin(turn)]) * radius
    ring = np.vstack([ring, ring[:1]])
    return np.asarray(shapely.polygons(centres[:, None, :] + ring[None, :, :]))


def _shares(
    kind: Kind,
    outline: Any,
    size: float,
    origin: tuple[float, float],
    first: tuple[int, int],
    last: tuple[int, int],
) -> NDArray[np.float64]:
    """Share of each cell of the lattice inside the outline, shape (rows, columns)."""
    columns = np.arange(first[0], last[0] + 1)
    rows = np.arange(first[1], last[1] + 1)
    x_low, _, x_high, _ = shapely.bounds(outline)
    out = np.zeros((len(rows), len(columns)))
    for i, row in enumerate(rows):
        cells = _cell_polygons(
            kind, size, _centres(kind, size, origin, columns, np.full_like(columns, row))
        )
        low, high = shapely.bounds(cells[0])[[1, 3]]
        band = shapely.box(x_low - size, low - size / 8, x_high + size, high + size / 8)
        strip = shapely.intersection(outline, band)
        if strip.is_empty:
            continue
        shapely.prepare(strip)
        whole = shapely.contains_properly(strip, cells)
        meets = ~whole & shapely.intersects(strip, cells)
        shared = shapely.area(shapely.intersection(cells[meets], strip))
        out[i, whole] = 1.0
        out[i, meets] = shared / shapely.area(cells[meets])
    return np.where(out > LEAST_SHARE, np.minimum(out, 1.0), 0.0)


@njit(nogil=True, cache=True)
def _assign_squares(x: _Floats, y: _Floats, x0: float, y0: float, size: float, first_column: int,
                    first_row: int, lookup: _Ints, out: _Ints) -> None:  # fmt: skip
    n_rows, n_columns = lookup.shape
    for i in range(len(x)):
        u, v = (x[i] - x0) / size, (y[i] - y0) / size
        if not (abs(u) < 1e12 and abs(v) < 1e12):
            continue
        column, row = math.floor(u) - first_column, math.floor(v) - first_row
        if column >= 0 and column < n_columns and row >= 0 and row < n_rows:
            out[i] = lookup[row, column]


@njit(nogil=True, cache=True)
def _assign_hexagons(x: _Floats, y: _Floats, x0: float, y0: float, size: float, first_column: int,
                     first_row: int, lookup: _Ints, out: _Ints) -> None:  # fmt: skip
    """Round to the nearest centre in cube coordinates (a + b + c = 0)."""
    n_rows, n_columns = lookup.shape
    for i in range(len(x)):
        c = (y[i] - y0) / (size * _ROW_HEIGHT)
        a = (x[i] - x0) / size - c / 2.0
        if not (abs(a) < 1e12 and abs(c) < 1e12):
            continue
        b = -a - c
        ra, rb, rc = round(a), round(b), round(c)
        da, db, dc = abs(ra - a), abs(rb - b), abs(rc - c)
        if da > db and da > dc:
            ra = -rb - rc
        elif dc >= db:
            rc = -ra - rb
        row = int(rc) - first_row
        column = int(ra) + (int(rc) - int(rc) % 2) // 2 - first_column
        if column >= 0 and column < n_columns and row >= 0 and row < n_rows:
            out[i] = lookup[row, column]
