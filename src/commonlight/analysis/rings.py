"""Rings around treated areas, for a later test of displacement.

Around each treated area lie rings of given widths: the places to which crime, or a benefit, might
move. The rings only say where to look. They hold no count, they test nothing, and a ring across a
river or a motorway is drawn as if both could be walked over. Whether the widths fit the measure
taken has to be argued from it, before the counts are seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

__all__ = ["BufferRings", "buffer_rings"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Shapes = NDArray[np.object_]

CORNER_STEPS = 32
"""Pieces of a quarter circle; the ring's area is then 0.05 % small at most."""
BORDER_STEPS = 20
"""The border between two targets' rings is found from points along their outlines, this many to
the narrowest width."""

GRID = 1e-3
"""Borders between targets' rings lie on a grid of this size, one millimetre, so that the pieces
they are put together from fit."""


@dataclass(frozen=True, eq=False)
class BufferRings:
    """Rings around treated areas, target by target from the inside out.

    Attributes
    ----------
    polygons : tuple of shapely Polygon or MultiPolygon, length n_targets * n_rings
        The rings; empty where nothing is left of one.
    area_m2 : ndarray of float, shape (n_targets * n_rings,)
        Their areas, in squared units of the coordinates (m2 for metres).
    target : ndarray of int, same shape
        Which treated area each ring belongs to, from 0.
    ring : ndarray of int, same shape
        Its number, 1 next to the treated area.
    inner_m, outer_m : ndarray of float, same shape
        Distances from the treated area between which the ring lies.
    share_kept : ndarray of float, same shape
        Area left after the cuts over that of the whole ring.
    """

    polygons: tuple[Any, ...]
    area_m2: Floats
    target: Codes
    ring: Codes
    inner_m: Floats
    outer_m: Floats
    share_kept: Floats

    def around(self, target: int) -> tuple[Any, ...]:
        """Rings of one treated area, from the inside out."""
        return tuple(self.polygons[i] for i in np.flatnonzero(self.target == target))


def buffer_rings(
    polygons: Sequence[Any],
    *,
    widths: ArrayLike,
    outline: Any = None,
    avoid: Sequence[Any] | None = None,
) -> BufferRings:
    """Draw rings around treated areas that never overlap.

    Parameters
    ----------
    polygons : sequence of shapely Polygon or MultiPolygon
        The treated areas, in a projected system with metres.
    widths : array_like of float, shape (n_rings,)
        Width of each ring from the inside out, in metres; all positive.
    outline : shapely Polygon or MultiPolygon, optional
        Outline of the city; rings are cut there.
    avoid : sequence of shapely geometry, optional
        Places that no ring may cover, such as other measures or water.

    Returns
    -------
    BufferRings
        A place within reach of several targets belongs to the nearest one alone. No ring covers
        a treated area.

    Raises
    ------
    ValueError
        If there is no target, one is empty, invalid or overlaps another, a width is not
        positive, or the outline is not an area.

    Notes
    -----
    Ring r is what lies between the distances ``w_1 + ... + w_(r-1)`` and ``w_1 + ... + w_r`` of
    the nearest target. Its number is exact; between two targets equally far the border follows a
    Voronoi diagram of points along their outlines, one twentieth of the narrowest width apart.
    Rings of nearby targets are cut, so their counts must be set against their own areas or
    residents (Bowers and Johnson [1]_ weigh a buffer's change against the target's).

    The assumption that fails most often: that displacement goes to the nearest places. It may
    follow a tram line instead.

    References
    ----------
    .. [1] Bowers, K. J. & Johnson, S. D. (2003). Measuring the geographical displacement and
       diffusion of benefit effects of crime prevention activity. Journal of Quantitative
       Criminology 19, 275-301. doi:10.1023/A:1024909009240

    Examples
    --------
    >>> import shapely
    >>> from commonlight.analysis.rings import buffer_rings
    >>> found = buffer_rings([shapely.box(0, 0, 100, 100)], widths=[50, 50])
    >>> found.ring.tolist(), found.area_m2.round(-3).tolist()
    ([1, 2], [28000.0, 44000.0])
    """
    targets, steps = _targets(polygons), _widths(widths)
    treated = shapely.union_all(targets)
    free = _free_space(outline, avoid)
    reach = np.concatenate([[0.0], np.cumsum(steps)])
    buffers = [_grown(targets, distance) for distance in reach[1:]]
    nearest = _nearest_zones(targets, float(reach[-1]), float(steps.min()))
    taken: Any = treated
    rows: list[list[Any]] = [[] for _ in targets]
    for layer in buffers:
        whole = shapely.union_all(layer)
        for target, piece in enumerate(_split(layer, nearest, taken)):
            rows[target].append(_cut(piece, free))
        taken = shapely.union(taken, whole)
    full = _full_areas(targets, buffers)
    return _assemble(rows, full, reach)


def _targets(polygons: Sequence[Any]) -> Shapes:
    targets = np.array(list(polygons), dtype=object)
    if not len(targets):
        raise ValueError("at least one treated area is needed; got none")
    for i, shape in enumerate(targets):
        if getattr(shape, "geom_type", "") not in ("Polygon", "MultiPolygon") or shape.is_empty:
            raise ValueError(f"treated area {i} must be a polygon with an area; got {shape!r}")
        if not shape.is_valid:
            raise ValueError(
                f"treated area {i} is not valid: {shapely.is_valid_reason(shape)}; repair it"
            )
    _refuse_overlap(targets)
    return targets


def _refuse_overlap(targets: Shapes) -> None:
    a, b = shapely.STRtree(targets).query(targets, predicate="intersects")
    a, b = a[a < b], b[a < b]
    shared = shapely.area(shapely.intersection(targets[a], targets[b]))
    least = 1e-6 * np.minimum(shapely.area(targets[a]), shapely.area(targets[b]))
    over = np.flatnonzero(shared > least)
    if len(over):
        i = over[0]
        raise ValueError(
            f"treated areas {a[i]} and {b[i]} overlap by {shared[i]:.0f} square units; join them, "
            "or give each place to one of them"
        )


def _widths(widths: ArrayLike) -> Floats:
    out = np.atleast_1d(np.array(widths, dtype=np.float64))
    if out.ndim != 1 or not len(out) or not np.all((out > 0) & np.isfinite(out)):
        raise ValueError(f"widths must be positive and finite, in metres; got {out.tolist()}")
    return out


def _free_space(outline: Any, avoid: Sequence[Any] | None) -> tuple[Any, Any]:
    if outline is not None and (
        getattr(outline, "geom_type", "") not in ("Polygon", "MultiPolygon") or outline.is_empty
    ):
        raise ValueError(f"outline must be a polygon with an area; got {outline!r}")
    return outline, None if avoid is None else shapely.union_all(np.array(list(avoid), object))


def _grown(targets: Shapes, distance: float) -> Shapes:
    return np.asarray(shapely.buffer(targets, distance, quad_segs=CORNER_STEPS), dtype=object)


def _full_areas(targets: Shapes, buffers: list[Shapes]) -> Floats:
    """Areas of whole rings, shape (n_targets, n_rings)."""
    areas = np.column_stack([shapely.area(targets), *[shapely.area(b) for b in buffers]])
    return np.asarray(np.diff(areas, axis=1))


def _nearest_zones(targets: Shapes, reach: float, narrowest: float) -> list[Any]:
    """For each target what is nearer to it than to any other; None where no other is in reach."""
    tree = shapely.STRtree(targets)
    a, b = tree.query(targets, predicate="dwithin", distance=2 * reach)
    contested = np.unique(a[a != b])
    zones: list[Any] = [None] * len(targets)
    if not len(contested):
        return zones
    step = narrowest / BORDER_STEPS
    lines = shapely.segmentize(shapely.boundary(targets[contested]), step)
    points, owner = shapely.get_coordinates(lines, return_index=True)
    points, first = np.unique(points, axis=0, return_index=True)
    cells = _cells(points, 4 * reach)
    owner = contested[owner[first]]
    for target in contested:
        zones[target] = shapely.union_all(cells[owner == target], grid_size=GRID)
    return zones


def _cells(points: Floats, room: float) -> Shapes:
    """Voronoi cells of points, as far as `room` beyond them."""
    from scipy.spatial import Voronoi

    low, high = points.min(axis=0) - room, points.max(axis=0) + room
    middle, half = (low + high) / 2, (high - low).max()
    corners = middle + 3 * half * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    diagram = Voronoi(np.concatenate([points, corners]))
    regions = [diagram.regions[i] for i in diagram.point_region[: len(points)]]
    vertex = np.concatenate([np.asarray(region) for region in regions])
    of = np.repeat(np.arange(len(regions)), [len(region) for region in regions])
    corners_of = shapely.multipoints(shapely.points(diagram.vertices[vertex]), indices=of)
    return np.asarray(shapely.convex_hull(corners_of), dtype=object)


def _split(layer: Shapes, zones: list[Any], taken: Any) -> list[Any]:
    """Give what a layer adds to the nearest targets; slivers on a border go to the first."""
    pieces = []
    for grown, zone in zip(layer, zones, strict=True):
        ring = shapely.difference(grown, taken)
        pieces.append((ring, ring if zone is None else shapely.intersection(ring, zone)))
    given = shapely.union_all(np.array([piece for _, piece in pieces], dtype=object))
    out = []
    for ring, piece in pieces:
        rest = shapely.difference(ring, given)
        out.append(shapely.union(piece, rest) if rest.area > 0 else piece)
        given = shapely.union(given, rest) if rest.area > 0 else given
    return out


def _cut(piece: Any, free: tuple[Any, Any]) -> Any:
    """Keep what lies inside the outline and off the places to avoid, as areas only."""
    outline, avoid = free
    if outline is not None:
        piece = shapely.intersection(piece, outline)
    if avoid is not None:
        piece = shapely.difference(piece, avoid)
    parts = shapely.get_parts(piece)
    areas = parts[shapely.get_dimensions(parts) == 2]
    if len(areas) == 1:
        return areas[0]
    return shapely.multipolygons(areas) if len(areas) else shapely.Polygon()


def _assemble(rows: list[list[Any]], full: Floats, reach: Floats) -> BufferRings:
    n_targets, n_rings = full.shape
    flat = [shape for row in rows for shape in row]
    area = shapely.area(np.array(flat, dtype=object))
    number = np.tile(np.arange(n_rings), n_targets)
    return BufferRings(
        polygons=tuple(flat),
        area_m2=area,
        target=np.repeat(np.arange(n_targets), n_rings),
        ring=number + 1,
        inner_m=reach[number],
        outer_m=reach[number + 1],
        share_kept=np.minimum(area / full.ravel(), 1.0),
    )
