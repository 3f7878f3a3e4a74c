"""A street network from lines, and points brought onto it.

What this does not answer: where one may walk, drive or turn. Every line is open in both
directions, lines that cross without sharing an end (a bridge, a tunnel) do not meet, and a path
through a park that is not drawn does not exist.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.ops import substring

__all__ = ["NetworkPoints", "StreetNetwork"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Points that are brought to the streets at once; each takes some 150 bytes as an object.
_BLOCK = 250_000


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkPoints:
    """Points on a network.

    Attributes
    ----------
    segment : ndarray of int64, shape (n,)
        Segment that each point lies on; -1 = further from every street than allowed.
    offset : ndarray of float64, shape (n,)
        Metres along the segment from its start; nan where there is none.
    distance : ndarray of float64, shape (n,)
        Metres from the point to the street; nan where the point itself is missing.
    """

    segment: IntArray
    offset: FloatArray
    distance: FloatArray

    @property
    def n_unplaced(self) -> int:
        """Points that lie on no segment."""
        return int((self.segment < 0).sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class StreetNetwork:
    """Street segments that meet at nodes.

    Attributes
    ----------
    lines : tuple of shapely.LineString
        One per segment, in metres.
    source : ndarray of int64, shape (n_segments,)
        Position of the line, among those given, that each segment comes from.
    start, end : ndarray of int64, shape (n_segments,)
        Nodes at the two ends.
    length : ndarray of float64, shape (n_segments,)
        Metres.
    nodes : ndarray of float64, shape (n_nodes, 2)
        Coordinates of the nodes, metres.
    """

    lines: tuple[Any, ...]
    source: IntArray
    start: IntArray
    end: IntArray
    length: FloatArray
    nodes: FloatArray

    @classmethod
    def from_lines(
        cls, lines: Sequence[Any], *, tolerance: float = 0.5, split: bool = True
    ) -> StreetNetwork:
        """Join lines where they meet.

        Parameters
        ----------
        lines : sequence of shapely.LineString or shapely.MultiLineString
            In projected metres.
        tolerance : float, optional
            Ends at most this far apart are one node, in metres.
        split : bool, optional
            Whether a line is cut where the end of another touches its inside.

        Returns
        -------
        StreetNetwork

        Raises
        ------
        ValueError
            No usable line, a geometry that is no line, coordinates that are missing, or a
            tolerance that is not positive and finite.

        Notes
        -----
        Parts of a multi-line become segments of their own; parts shorter than `tolerance` are
        left out. Ends are joined in chains: three ends, each within the tolerance of the next,
        are one node. The assumption that fails most often is that lines which meet share an end.

        Examples
        --------
        >>> from shapely import LineString
        >>> cross = [LineString([(0, 0), (200, 0)]), LineString([(100, 0), (100, 80)])]
        >>> network = StreetNetwork.from_lines(cross)
        >>> network.n_segments, network.length.tolist()
        (3, [100.0, 100.0, 80.0])
        """
        if not 0 < tolerance < np.inf:
            raise ValueError(f"tolerance must be positive and finite, in metres; got {tolerance}")
        parts, source = _parts(lines, tolerance)
        if split:
            parts, source = _cut_at_ends(parts, source, tolerance)
        if not parts:
            raise ValueError(f"no line is longer than the tolerance of {tolerance:g} metres")
        ends = np.array([[line.coords[0][:2], line.coords[-1][:2]] for line in parts])
        node, nodes = _joined(ends.reshape(-1, 2), tolerance)
        return cls(
            lines=tuple(parts),
            source=np.asarray(source, dtype=np.int64),
            start=node[0::2],
            end=node[1::2],
            length=np.asarray(shapely.length(np.asarray(parts)), dtype=np.float64),
            nodes=nodes,
        )

    @property
    def n_segments(self) -> int:
        """Number of segments."""
        return len(self.lines)

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.nodes)

    @cached_property
    def degree(self) -> IntArray:
        """Segment ends that meet at each node, shape (n_nodes,); a loop counts twice."""
        both = np.concatenate([self.start, self.end])
        return np.bincount(both, minlength=self.n_nodes).astype(np.int64)

    @cached_property
    def component(self) -> IntArray:
        """Number of the connected part that each segment belongs to, shape (n_segments,)."""
        ones = np.ones(self.n_segments)
        shape = (self.n_nodes, self.n_nodes)
        _, label = connected_components(coo_array((ones, (self.start, self.end)), shape=shape))
        return np.asarray(label[self.start], dtype=np.int64)

    @cached_property
    def ends_at(self) -> tuple[IntArray, IntArray]:
        """Segment ends at each node as rows of pointers and ends.

        End ``2 * s`` is the start of segment ``s``, ``2 * s + 1`` its end. The ends at node
        ``i`` are ``ends[indptr[i]:indptr[i + 1]]``.
        """
        node = np.column_stack([self.start, self.end]).ravel()
        indptr = np.concatenate([[0], np.cumsum(np.bincount(node, minlength=self.n_nodes))])
        return indptr.astype(np.int64), np.argsort(node, kind="stable").astype(np.int64)

    def snap(self, x: ArrayLike, y: ArrayLike, *, max_distance: float = np.inf) -> NetworkPoints:
        """Bring points to the nearest street.

        Parameters
        ----------
        x, y : array_like, shape (n,)
            Metres; nan = no place.
        max_distance : float, optional
            Points further than this from every street are put on none, in metres.

        Returns
        -------
        NetworkPoints

        Raises
        ------
        ValueError
            The arrays differ in length, or `max_distance` is not positive.

        Notes
        -----
        Of streets that are equally near, the first in the order of the lines is taken, so a
        point at a crossing always falls on the same segment.
        """
        east, north = (np.array(item, dtype=np.float64).ravel() for item in (x, y))
        if east.size != north.size:
            raise ValueError(f"x and y must be equally long; got {east.size} and {north.size}")
        if not max_distance > 0:
            raise ValueError(f"max_distance must be positive, in metres; got {max_distance}")
        segment = np.full(east.size, -1, dtype=np.int64)
        offset, distance = np.full(east.size, np.nan), np.full(east.size, np.nan)
        known = np.flatnonzero(np.isfinite(east) & np.isfinite(north))
        for block in np.array_split(known, max(1, -(-known.size // _BLOCK))):
            points = shapely.points(east[block], north[block])
            nearest = self._nearest(points)
            on = np.asarray(self.lines)[nearest]
            distance[block] = shapely.distance(points, on)
            offset[block] = shapely.line_locate_point(on, points)
            segment[block] = nearest
        far = ~(distance <= max_distance)
        segment[far], offset[far] = -1, np.nan
        return NetworkPoints(segment=segment, offset=offset, distance=distance)

    def _nearest(self, points: Any) -> IntArray:
        """The nearest segment of each point; of equally near ones the first."""
        which, line = self._tree.query_nearest(points, all_matches=True)
        nearest = np.full(len(points), self.n_segments, dtype=np.int64)
        np.minimum.at(nearest, which, line)
        return nearest

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)


def _parts(lines: Sequence[Any], tolerance: float) -> tuple[list[Any], list[int]]:
    """Single lines longer than the tolerance, and which line each comes from."""
    parts: list[Any] = []
    source: list[int] = []
    for position, line in enumerate(lines):
        kind = getattr(line, "geom_type", type(line).__name__)
        if kind not in ("LineString", "MultiLineString"):
            raise ValueError(f"line {position + 1} of {len(lines)} is no line but {kind}")
        if not np.isfinite(shapely.get_coordinates(line)).all():
            raise ValueError(f"line {position + 1} of {len(lines)} has missing coordinates")
        for part in shapely.get_parts(line):
            if part.length > tolerance:
                parts.append(part)
                source.append(position)
    return parts, source


def _cut_at_ends(
    parts: list[Any], source: list[int], tolerance: float
) -> tuple[list[Any], list[int]]:
    """Cut each line where the end of another lies on its inside."""
    if not parts:
        return parts, source
    ends = np.array([point[:2] for line in parts for point in (line.coords[0], line.coords[-1])])
    unique = np.asarray(shapely.points(np.unique(ends, axis=0)))
    point, line = shapely.STRtree(parts).query(unique, predicate="dwithin", distance=tolerance)
    at = np.asarray(shapely.line_locate_point(np.asarray(parts)[line], unique[point]))
    cut: list[Any] = []
    origin: list[int] = []
    for position, whole in enumerate(parts):
        stops = _stops(np.sort(at[line == position]), whole.length, tolerance)
        pieces = [whole] if len(stops) == 2 else _pieces(whole, stops)
        cut += pieces
        origin += [source[position]] * len(pieces)
    return cut, origin


def _stops(at: FloatArray, length: float, tolerance: float) -> list[float]:
    """Where a line is cut, its two ends included, none closer together than the tolerance."""
    stops = [0.0]
    for where in at:
        if where - stops[-1] > tolerance and length - where > tolerance:
            stops.append(float(where))
    return [*stops, length]


def _pieces(line: Any, stops: list[float]) -> list[Any]:
    return [substring(line, first, last) for first, last in itertools.pairwise(stops)]


def _joined(ends: FloatArray, tolerance: float) -> tuple[IntArray, FloatArray]:
    """Node of each end, and the coordinates of the nodes (the mean of their ends)."""
    pairs = cKDTree(ends).query_pairs(tolerance, output_type="ndarray")
    n = len(ends)
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    n_nodes, node = connected_components(joined, directed=False)
    size = np.bincount(node, minlength=n_nodes)
    centre = [np.bincount(node, weights=ends[:, axis], minlength=n_nodes) / size for axis in (0, 1)]
    return node.astype(np.int64), np.column_stack(centre)
