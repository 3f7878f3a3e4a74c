"""Repeat and near repeat along streets: the Knox table with distances by way of the network.

What this does not answer: more than the Knox table does, see `analysis.near_repeat`. Distances
along streets suit what follows streets; a burglar who climbs a garden wall does not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.near_repeat import KnoxTable, knox_table_of_pairs
from commonlight.analysis.network.distances import pairs_within
from commonlight.analysis.network.streets import NetworkPoints, StreetNetwork

__all__ = ["network_knox_table"]


def network_knox_table(
    network: StreetNetwork,
    points: NetworkPoints,
    day: ArrayLike,
    *,
    distance_bands: Sequence[float],
    time_bands: Sequence[float],
    rng: np.random.Generator,
    permutations: int = 999,
    same_place_distance: float | None = 1.0,
    resolution_days: float = 1.0,
    confidence_level: float = 0.95,
    threads: int = 1,
) -> KnoxTable:
    """Count pairs by distance along streets and by time, against shuffled times.

    Parameters
    ----------
    network : StreetNetwork
    points : NetworkPoints
        From ``network.snap``. Points on no segment, and their times, are left out.
    day : array_like of number, shape (n,)
        Times, in days.
    distance_bands : sequence of float
        Ends of the distance bands in metres along the streets, as in `knox_table`.
    time_bands : sequence of float
        Ends of the time bands in days.
    rng : numpy.random.Generator
        Gives the key of the permutations.
    permutations, same_place_distance, resolution_days, confidence_level, threads
        As in :func:`commonlight.analysis.near_repeat.knox_table`.

    Returns
    -------
    KnoxTable
        With ``metric="network"``. Pairs without a way between them count as furthest apart.

    Raises
    ------
    ValueError
        As `knox_table`.

    Notes
    -----
    The shortest way along the streets, in both directions, without the way from the point to
    the street. The assumption that fails most often is the one of every Knox test: that the
    pattern of places stays the same through the period.

    Examples
    --------
    >>> from shapely import LineString
    >>> network = StreetNetwork.from_lines([LineString([(0, 0), (0, 90), (90, 90)])])
    >>> points = network.snap([0, 90, 0], [0, 90, 20])
    >>> network_knox_table(
    ...     network, points, [1, 2, 30], distance_bands=(0, 100, 200), time_bands=(0, 7),
    ...     permutations=9, rng=np.random.default_rng(1),
    ... ).observed.tolist()
    [[0], [0], [1]]
    """
    times: NDArray[np.float64] = np.asarray(day, dtype=np.float64).ravel()
    if times.size != points.segment.size:
        raise ValueError(
            f"day must have one entry per point ({points.segment.size}); got {times.size}"
        )
    on = np.flatnonzero(points.segment >= 0)
    placed = NetworkPoints(
        segment=points.segment[on], offset=points.offset[on], distance=points.distance[on]
    )
    finite = [edge for edge in distance_bands if np.isfinite(edge)]
    reach = float(max(finite, default=0.0))
    first, second, apart = pairs_within(network, placed, distance=reach)
    return knox_table_of_pairs(
        first,
        second,
        apart,
        times[on],
        distance_bands=distance_bands,
        time_bands=time_bands,
        rng=rng,
        metric="network",
        permutations=permutations,
        same_place_distance=same_place_distance,
        resolution_days=resolution_days,
        confidence_level=confidence_level,
        threads=threads,
    )
