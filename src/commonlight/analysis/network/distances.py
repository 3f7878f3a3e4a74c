"""Distances along streets.

What this does not answer: how long the way takes, or what lies between two streets as the crow
flies. Two doors on parallel streets may be 20 metres apart and 400 metres by street.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from commonlight.analysis.network.streets import NetworkPoints, StreetNetwork

__all__ = ["node_distances", "pairs_within"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def pairs_within(
    network: StreetNetwork, points: NetworkPoints, *, distance: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """All pairs of points at most so far apart along the streets.

    Parameters
    ----------
    network : StreetNetwork
    points : NetworkPoints
        From ``network.snap``; points on no segment form no pairs.
    distance : float
        Metres along the streets, strictly greater than the distance of any pair returned.

    Returns
    -------
    first, second : ndarray of int64, shape (n_pairs,)
        Positions of the two points, ``first < second``, in ascending order.
    apart : ndarray of float64, shape (n_pairs,)
        Metres along the shortest way between them.

    Raises
    ------
    ValueError
        `distance` is not positive and finite.

    Notes
    -----
    Dijkstra's algorithm from both ends of every segment that holds points, stopped at
    `distance` [1]_. The way from a point to the street is not counted.

    References
    ----------
    .. [1] Okabe, A., & Sugihara, K. (2012). Spatial Analysis along Networks. Wiley.
       https://doi.org/10.1002/9781119967101

    Examples
    --------
    >>> from shapely import LineString
    >>> network = StreetNetwork.from_lines([LineString([(0, 0), (0, 100), (100, 100)])])
    >>> points = network.snap([0, 100], [0, 100])
    >>> pairs_within(network, points, distance=500)[2].tolist()
    [200.0]
    """
    if not 0 < distance < np.inf:
        raise ValueError(f"distance must be positive and finite, in metres; got {distance}")
    order = np.lexsort((points.offset, points.segment))
    order = order[points.segment[order] >= 0].astype(np.int64)
    held = np.bincount(points.segment[order], minlength=network.n_segments)
    slots = np.concatenate([[0], np.cumsum(held)]).astype(np.int64)
    indptr, ends = network.ends_at
    shape = (network.start, network.end, network.length, indptr, ends)
    room = 1024
    while True:
        found, first, second, apart = _pairs(*shape, slots, points.offset[order], distance, room)
        if found <= room:
            break
        room = found
    a, b = order[first[:found]], order[second[:found]]
    low, high = np.minimum(a, b), np.maximum(a, b)
    rank = np.lexsort((high, low))
    return low[rank], high[rank], apart[:found][rank]


def node_distances(network: StreetNetwork, node: int, *, limit: float = np.inf) -> FloatArray:
    """Distance along the streets from one node to all nodes.

    Parameters
    ----------
    network : StreetNetwork
    node : int
    limit : float, optional
        Nodes this far away or further get inf, in metres.

    Returns
    -------
    ndarray of float64, shape (n_nodes,)
        Metres; inf where there is no way or it is too long.
    """
    indptr, ends = network.ends_at
    away = np.full(network.n_nodes, np.inf)
    reached = np.empty(network.n_nodes, dtype=np.int64)
    _from_node(node, limit, network.start, network.end, network.length, indptr, ends, away, reached)
    away[away >= limit] = np.inf
    return away


@njit(nogil=True, cache=True)
def _push(heap_key: FloatArray, heap_node: IntArray, size: int, key: float, node: int) -> None:
    at = size
    while at > 0:
        up = (at - 1) // 2
        if heap_key[up] <= key:
            break
        heap_key[at], heap_node[at] = heap_key[up], heap_node[up]
        at = up
    heap_key[at], heap_node[at] = key, node


@njit(nogil=True, cache=True)
def _drop_first(heap_key: FloatArray, heap_node: IntArray, size: int) -> None:
    """Take the smallest from a heap of `size` entries."""
    key, node = heap_key[size - 1], heap_node[size - 1]
    at, below = 0, 1
    while below < size - 1:
        if below + 1 < size - 1 and heap_key[below + 1] < heap_key[below]:
            below += 1
        if heap_key[below] >= key:
            break
        heap_key[at], heap_node[at] = heap_key[below], heap_node[below]
        at, below = below, 2 * below + 1
    heap_key[at], heap_node[at] = key, node


@njit(nogil=True, cache=True)
def _from_node(
    node: int,
    limit: float,
    start: IntArray,
    end: IntArray,
    length: FloatArray,
    indptr: IntArray,
    ends: IntArray,
    away: FloatArray,
    reached: IntArray,
) -> int:
    """Fill `away` (inf on entry) for the nodes nearer than `limit`; return how many there are."""
    heap_key, heap_node = np.empty(len(ends) + 1), np.empty(len(ends) + 1, np.int64)
    size, n = 1, 1
    heap_key[0], heap_node[0] = 0.0, node
    away[node], reached[0] = 0.0, node
    while size > 0:
        here, so_far = heap_node[0], heap_key[0]
        _drop_first(heap_key, heap_node, size)
        size -= 1
        if so_far > away[here]:
            continue
        for k in range(indptr[here], indptr[here + 1]):
            segment = ends[k] // 2
            other = end[segment] if ends[k] % 2 == 0 else start[segment]
            there = so_far + length[segment]
            if there < limit and there < away[other]:
                if away[other] == np.inf:
                    reached[n] = other
                    n += 1
                away[other] = there
                _push(heap_key, heap_node, size, there, other)
                size += 1
    return n


@njit(nogil=True, cache=True)
def _pairs(
    start: IntArray,
    end: IntArray,
    length: FloatArray,
    indptr: IntArray,
    ends: IntArray,
    slots: IntArray,
    offset: FloatArray,
    limit: float,
    room: int,
) -> tuple[int, IntArray, IntArray, FloatArray]:
    """Pairs of points, sorted by segment; more than `room` of them are counted and not kept."""
    n_nodes = len(indptr) - 1
    from_start, from_end = np.full(n_nodes, np.inf), np.full(n_nodes, np.inf)
    reached_start, reached_end = np.empty(n_nodes, np.int64), np.empty(n_nodes, np.int64)
    seen = np.full(len(start), -1, np.int64)
    first, second = np.empty(room, np.int64), np.empty(room, np.int64)
    apart = np.empty(room)
    found = 0
    for s in range(len(start)):
        if slots[s] == slots[s + 1]:
            continue
        n_start = _from_node(
            start[s], limit, start, end, length, indptr, ends, from_start, reached_start
        )
        n_end = _from_node(end[s], limit, start, end, length, indptr, ends, from_end, reached_end)
        for m in range(n_start + n_end):
            node = reached_start[m] if m < n_start else reached_end[m - n_start]
            for k in range(indptr[node], indptr[node + 1]):
                t = ends[k] // 2
                if t < s or seen[t] == s:
                    continue
                seen[t] = s
                for i in range(slots[s], slots[s + 1]):
                    to_start, to_end = offset[i], length[s] - offset[i]
                    near = min(to_start + from_start[start[t]], to_end + from_end[start[t]])
                    far = min(to_start + from_start[end[t]], to_end + from_end[end[t]])
                    for j in range(i + 1 if t == s else slots[t], slots[t + 1]):
                        way = min(near + offset[j], far + length[t] - offset[j])
                        if t == s:
                            way = min(way, abs(offset[i] - offset[j]))
                        if way < limit:
                            if found < room:
                                first[found], second[found], apart[found] = i, j, way
                            found += 1
        for m in range(n_start):
            from_start[reached_start[m]] = np.inf
        for m in range(n_end):
            from_end[reached_end[m]] = np.inf
    return found, first, second, apart
