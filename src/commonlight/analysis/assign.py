"""Points to areas: which area each point lies in, exactly and fast.

The answer is about coordinates only. It does not say whether the coordinates are right, and a
point that a publisher moved to a street's middle may lie in another area than the event did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis import assign_kernels as kernels
from commonlight.analysis.assign_kernels import Cells, Outlines, Raster, Strips, assign_points

__all__ = ["AreaIndex", "OverlappingAreas", "count_by", "overlapping_areas"]

CELLS_PER_EDGE = 16
FEWEST_CELLS, MOST_CELLS = 2**14, 2**22
MOST_VISITS = 2**26
MOST_ENTRIES = 2**23
MOST_STRIPS = 2**20
ENTRIES_PER_EDGE = 4
LARGEST_COORDINATE = 1e100
BLOCK = 2**20


class AreaIndex:
    """Exact index from points to areas.

    A raster over the areas settles most points at once: cells that no border touches lie in
    one area or in none. For the other cells the crossing rule is worked out over the few edges
    at the point's height. The answer is the same, bit for bit, as a crossing test of every
    point against every edge in exact arithmetic.

    Parameters
    ----------
    polygons : sequence of shapely Polygon or MultiPolygon
        The areas, in projected metres or degrees. Holes, several parts and empty geometries
        are allowed. Heights (Z) are left out.

    Raises
    ------
    TypeError
        If an item is not a Polygon or MultiPolygon.
    ValueError
        If a coordinate is not finite, or larger than 1e100.

    Notes
    -----
    Crossing rule: a point is inside if a ray to its right crosses the outline an odd number of
    times, where an edge counts from its lower end (included) to its upper end (left out), and
    only if the point lies strictly to its left. So a point on an edge that two areas share
    belongs to exactly one of them (the one to the right, or above), provided both areas carry
    the same vertices there. Boundaries that were simplified one by one break this.

    Where areas overlap, the first in the sequence wins; see `overlapping_areas`. Where an
    outline crosses itself, the even-odd rule holds.

    The sign of the orientation determinant is exact (floating filter, then an exact expansion
    [1]_), barring underflow of coordinates below about 1e-140.

    References
    ----------
    .. [1] Shewchuk, J. R. (1997). Adaptive precision floating-point arithmetic and fast robust
       geometric predicates. Discrete & Computational Geometry 18, 305-363.
       doi:10.1007/PL00009321

    Examples
    --------
    >>> from shapely import box
    >>> from commonlight.analysis.assign import AreaIndex
    >>> index = AreaIndex([box(0, 0, 100, 100), box(100, 0, 200, 100)])
    >>> index.assign([50, 100, 150, 999], [50, 50, 50, 50]).tolist()
    [0, 1, 1, -1]
    >>> index.count([50, 100, 150, 999], [50, 50, 50, 50]).tolist()
    [1, 2]
    """

    def __init__(self, polygons: Sequence[Any]) -> None:
        outlines = _outlines(_checked(polygons))
        self._n = len(outlines.first_edge) - 1
        self._index: tuple[Outlines, Strips, Raster, Cells] | None = None
        if len(outlines.edges):
            strips = _cut_into_strips(outlines)
            self._index = (outlines, strips, *_rasterise(outlines, strips))

    @property
    def n(self) -> int:
        """Number of areas."""
        return self._n

    def assign(self, x: ArrayLike, y: ArrayLike, *, threads: int = 1) -> NDArray[np.int32]:
        """Find the area of each point.

        Parameters
        ----------
        x, y : array_like of float, shape (n_points,)
            Coordinates in the unit of the areas.
        threads : int
            Number of threads that share the work. The answer does not depend on it.

        Returns
        -------
        ndarray of int32, shape (n_points,)
            Position of the area in the sequence; -1 for points in no area and for coordinates
            that are missing (NaN) or infinite.

        Raises
        ------
        ValueError
            If `x` and `y` differ in shape, are not one-dimensional, or `threads` is below 1.
        """
        px, py = _checked_points(x, y)
        if not threads >= 1:
            raise ValueError(f"threads must be at least 1; got {threads}")
        out = np.full(px.size, -1, dtype=np.int32)
        if self._index is None:
            return out
        blocks = [slice(i, i + BLOCK) for i in range(0, px.size, BLOCK)]
        with ThreadPoolExecutor(min(threads, max(len(blocks), 1))) as pool:
            jobs = [pool.submit(assign_points, px[b], py[b], out[b], *self._index) for b in blocks]
            for job in jobs:
                job.result()
        return out

    def count(
        self, x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None, *, threads: int = 1
    ) -> NDArray[Any]:
        """Count the points, or add up their weights, in each area.

        Parameters
        ----------
        x, y : array_like of float, shape (n_points,)
            Coordinates in the unit of the areas.
        weights : array_like of float, shape (n_points,), optional
            What each point counts for; 1 by default.
        threads : int
            Number of threads that share the work.

        Returns
        -------
        ndarray, shape (n,)
            int64 counts, or float64 sums of weights added in the order of the points. Points
            in no area are not in them.
        """
        return count_by(self.assign(x, y, threads=threads), self.n, weights)


def count_by(group: NDArray[Any], n: int, weights: ArrayLike | None = None) -> NDArray[Any]:
    """Count members, or add up weights, of groups 0 to ``n - 1``; group -1 is left out.

    Parameters
    ----------
    group : ndarray of int, shape (n_points,)
        Group of each point, -1 for none.
    n : int
        Number of groups.
    weights : array_like of float, shape (n_points,), optional
        What each point counts for.

    Returns
    -------
    ndarray, shape (n,)
        int64 counts, or float64 sums added in the order of the points.

    Raises
    ------
    ValueError
        If there are not as many weights as points.
    """
    if weights is None:
        return np.bincount(group + 1, minlength=n + 1)[1:].astype(np.int64)
    w = np.asarray(weights, dtype=np.float64)
    if w.shape != group.shape:
        raise ValueError(f"weights must be one per point, {group.size}; got shape {w.shape}")
    return np.bincount(group + 1, weights=w, minlength=n + 1)[1:]


@dataclass(frozen=True)
class OverlappingAreas:
    """Pairs of areas that share more than a border.

    Attributes
    ----------
    first, second : ndarray of int64, shape (n_pairs,)
        Positions of the two areas, ``first < second``. Points in both are counted in `first`.
    area : ndarray of float, shape (n_pairs,)
        What the two share, in the squared unit of the coordinates.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    area: NDArray[np.float64]


def overlapping_areas(polygons: Sequence[Any], *, minimum_area: float = 0.0) -> OverlappingAreas:
    """Find areas that overlap, so that a report can say whose points were counted where.

    Parameters
    ----------
    polygons : sequence of shapely Polygon or MultiPolygon
        The areas; they must be valid in the sense of shapely.
    minimum_area : float
        Overlaps up to this size, in the squared unit of the coordinates, are left out; slivers
        along borders that were drawn twice are no news.

    Returns
    -------
    OverlappingAreas
        Pairs in ascending order.

    Raises
    ------
    ValueError
        If `minimum_area` is negative or not finite.

    Examples
    --------
    >>> from shapely import box
    >>> from commonlight.analysis.assign import overlapping_areas
    >>> found = overlapping_areas([box(0, 0, 10, 10), box(8, 0, 20, 10), box(20, 0, 30, 10)])
    >>> found.first.tolist(), found.second.tolist(), found.area.tolist()
    ([0], [1], [20.0])
    """
    if not 0 <= minimum_area < np.inf:
        raise ValueError(f"minimum_area must be finite and not negative; got {minimum_area}")
    shapes = _checked(polygons)
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    order = np.lexsort((b[a < b], a[a < b]))
    a, b = a[a < b][order], b[a < b][order]
    shared = shapely.area(shapely.intersection(shapes[a], shapes[b]))
    keep = shared > minimum_area
    return OverlappingAreas(a[keep].astype(np.int64), b[keep].astype(np.int64), shared[keep])


def _checked(polygons: Iterable[Any]) -> NDArray[Any]:
    items = list(polygons)
    shapes = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        kind = getattr(item, "geom_type", type(item).__name__)
        if kind not in ("Polygon", "MultiPolygon"):
            raise TypeError(f"area {i} must be a Polygon or MultiPolygon; got {kind}")
        shapes[i] = item
    return shapes


def _checked_points(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    px = np.ascontiguousarray(x, dtype=np.float64)
    py = np.ascontiguousarray(y, dtype=np.float64)
    if px.ndim != 1 or px.shape != py.shape:
        raise ValueError(
            f"x and y must be one-dimensional and equally long; got shapes {px.shape} "
            f"and {py.shape}"
        )
    return px, py


def _outlines(shapes: NDArray[Any]) -> Outlines:
    parts, part_of = shapely.get_parts(shapes, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    vertices, vertex_of = shapely.get_coordinates(rings, return_index=True)
    owner = part_of[ring_of][vertex_of]
    _check_vertices(vertices, owner)
    follows = vertex_of[1:] == vertex_of[:-1]
    start, end = vertices[:-1][follows], vertices[1:][follows]
    falls = (start[:, 1] > end[:, 1])[:, None]
    edges = np.hstack([np.where(falls, end, start), np.where(falls, start, end)])
    counts = np.bincount(owner[:-1][follows], minlength=len(shapes))
    first_edge = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    bounds = np.ascontiguousarray(shapely.bounds(shapes).reshape(-1, 4))
    return Outlines(np.ascontiguousarray(edges), first_edge, bounds)


def _check_vertices(vertices: NDArray[np.float64], owner: NDArray[np.int64]) -> None:
    wrong = ~(np.abs(vertices) <= LARGEST_COORDINATE).all(axis=1)
    if wrong.any():
        k = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"coordinates of areas must be finite and at most {LARGEST_COORDINATE:g} in size; "
            f"area {int(owner[k])} has a vertex at ({vertices[k, 0]}, {vertices[k, 1]}). "
            "Repair or remove that area"
        )


def _cut_into_strips(outlines: Outlines) -> Strips:
    strips = kernels.choose_strips(outlines, MOST_STRIPS, ENTRIES_PER_EDGE)
    heights = outlines.bounds[:, 3] - outlines.bounds[:, 1]
    inverse = np.divide(strips, heights, out=np.zeros(len(strips)), where=strips > 1)
    first = np.concatenate([[0], np.cumsum(strips)]).astype(np.int64)
    return Strips(inverse, first, *kernels.fill_strips(outlines, inverse, first))


def _rasterise(outlines: Outlines, strips: Strips) -> tuple[Raster, Cells]:
    cells = int(np.clip(CELLS_PER_EDGE * len(outlines.edges), FEWEST_CELLS, MOST_CELLS))
    while True:
        raster = _frame(outlines.bounds[~np.isnan(outlines.bounds[:, 0])], cells)
        touched = kernels.count_touched(outlines, raster, MOST_ENTRIES)
        if touched <= MOST_ENTRIES or cells == 1:
            break
        cells = max(1, cells // 4)
    state, entries = kernels.fill_raster(outlines, strips, raster, touched)
    return raster, Cells(state, *kernels.list_undecided(state, entries))


def _frame(boxes: NDArray[np.float64], cells: int) -> Raster:
    """About square cells; fewer where the boxes of the areas overlap a lot."""
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    width = high - low
    columns, rows = 1, 1
    if (width > 0).all():
        overlap = float(((boxes[:, 2:] - boxes[:, :2]) / width).prod(axis=1).sum())
        cells = max(1, int(min(cells, MOST_VISITS / max(overlap, 1.0))))
        columns = int(np.clip(np.sqrt(cells * (width[0] / width[1])), 1, cells))
        rows = _safe_bins(low[1], width[1], max(1, cells // columns))
        columns = _safe_bins(low[0], width[0], columns)
    bins = np.array([columns, rows])
    inverse = np.divide(bins, width, out=np.zeros(2), where=bins > 1)
    slack = 1e-9 * width / bins + 32 * np.finfo(float).eps * np.maximum(np.abs(low), np.abs(high))
    numbers = [*low, *high, columns, rows, *inverse, *(width / bins), *slack]
    return Raster._make(v.item() if isinstance(v, np.generic) else v for v in numbers)


def _safe_bins(low: float, width: float, n: int) -> int:
    """Number of bins whose middles fall in their own bin; 1 where floats are too coarse."""
    if not np.isfinite(n / width):
        return 1
    middles = low + (np.arange(n) + 0.5) * (width / n)
    own = ((middles - low) * (n / width)).astype(np.int64)
    return n if np.array_equal(own, np.arange(n)) else 1
