"""Events counted by street segment.

What this does not answer: on which side of a crossing something happened. A point at a corner is
counted on one of the streets that meet there, and geocoding often puts points exactly there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.network.streets import NetworkPoints, StreetNetwork

__all__ = ["SegmentCounts", "segment_counts"]

#: A point closer than this to the end of its segment is at a crossing, in metres.
AT_CROSSING = 2.0


@dataclass(frozen=True, kw_only=True, eq=False)
class SegmentCounts:
    """Events by street segment.

    Attributes
    ----------
    count : ndarray of float64, shape (n_segments,)
        Events (or their weights) on each segment.
    per_km : ndarray of float64, shape (n_segments,)
        Events per kilometre of street.
    n_placed, n_unplaced : int
        Points on a segment, and points on none.
    share_at_crossings : float
        Share of the placed points within 2 m of an end where streets meet; nan without points.
    """

    count: NDArray[np.float64]
    per_km: NDArray[np.float64]
    n_placed: int
    n_unplaced: int
    share_at_crossings: float


def segment_counts(
    network: StreetNetwork, points: NetworkPoints, *, weights: ArrayLike | None = None
) -> SegmentCounts:
    """Count points on each segment.

    Parameters
    ----------
    network : StreetNetwork
    points : NetworkPoints
        From ``network.snap``.
    weights : array_like, shape (n,), optional
        What each point stands for; 1 without.

    Returns
    -------
    SegmentCounts

    Raises
    ------
    ValueError
        Weights of another length, negative or missing; points of another network.

    Notes
    -----
    The assumption that fails most often is that points are known to the street. Where a
    publisher moves points to a grid or to a few snap points, segments say nothing: see
    `precision.coordinate_precision`.

    Examples
    --------
    >>> from shapely import LineString
    >>> network = StreetNetwork.from_lines([LineString([(0, 0), (500, 0)])])
    >>> segment_counts(network, network.snap([10, 400], [5, -3])).per_km.tolist()
    [4.0]
    """
    n = points.segment.size
    weight = np.ones(n) if weights is None else np.array(weights, dtype=np.float64).ravel()
    if weight.size != n:
        raise ValueError(f"weights must have one entry per point ({n}); got {weight.size}")
    if not (weight >= 0).all():
        raise ValueError("weights must be 0 or more and not missing")
    if n and points.segment.max() >= network.n_segments:
        raise ValueError("these points were brought onto another network")
    on = points.segment >= 0
    held = np.bincount(points.segment[on], weights=weight[on], minlength=network.n_segments)
    count = held.astype(np.float64)
    return SegmentCounts(
        count=count,
        per_km=count / (network.length / 1000.0),
        n_placed=int(on.sum()),
        n_unplaced=int((~on).sum()),
        share_at_crossings=_share_at_crossings(network, points, on),
    )


def _share_at_crossings(
    network: StreetNetwork, points: NetworkPoints, on: NDArray[np.bool_]
) -> float:
    segment, offset = points.segment[on], points.offset[on]
    meets = network.degree > 1
    near_start = (offset < AT_CROSSING) & meets[network.start[segment]]
    near_end = (network.length[segment] - offset < AT_CROSSING) & meets[network.end[segment]]
    return float((near_start | near_end).mean()) if segment.size else float("nan")
