"""Kernel density along streets.

What this does not answer: risk. The density counts events per metre of street, whoever uses it;
and it is smooth by construction, so a peak is no finding until it is tested.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.network.streets import NetworkPoints, StreetNetwork

__all__ = ["NetworkDensity", "network_kernel_density"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Paths that carry less than this share of an event are not followed further.
_LEAST_SHARE = 1e-4


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkDensity:
    """Events per metre of street, by short piece of segment.

    Attributes
    ----------
    segment : ndarray of int64, shape (n_pieces,)
        Segment of each piece.
    middle : ndarray of float64, shape (n_pieces,)
        Metres from the start of the segment to the middle of the piece.
    length : ndarray of float64, shape (n_pieces,)
        Metres.
    density : ndarray of float64, shape (n_pieces,)
        Events per metre, the mean over the piece.
    bandwidth : float
        Reach of an event along the streets, in metres.
    n_points : int
        Points that lie on a segment.
    lost : float
        Share of the events' weight that runs past dead ends (or along paths too thin to follow).
    """

    segment: IntArray
    middle: FloatArray
    length: FloatArray
    density: FloatArray
    bandwidth: float
    n_points: int
    lost: float

    def by_segment(self, n_segments: int) -> FloatArray:
        """Mean density of each segment, shape (n_segments,)."""
        total = np.bincount(self.segment, self.density * self.length, minlength=n_segments)
        return np.asarray(total / np.bincount(self.segment, self.length, minlength=n_segments))


def network_kernel_density(
    network: StreetNetwork,
    points: NetworkPoints,
    *,
    bandwidth: float,
    piece_length: float = 25.0,
    weights: ArrayLike | None = None,
) -> NetworkDensity:
    """Spread each event along the streets around it.

    Parameters
    ----------
    network : StreetNetwork
    points : NetworkPoints
        From ``network.snap``; points on no segment are left out.
    bandwidth : float
        How far an event reaches along the streets, in metres.
    piece_length : float, optional
        Segments are cut into equal pieces at most this long, in metres.
    weights : array_like, shape (n,), optional
        What each point stands for; 1 without.

    Returns
    -------
    NetworkDensity

    Raises
    ------
    ValueError
        A length that is not positive and finite, or weights that are negative, missing or of
        another number than the points.

    Notes
    -----
    The equal-split discontinuous kernel [1]_: the quartic kernel
    :math:`k(d) = \\frac{15}{16 h} (1 - d^2/h^2)^2` runs from the event in both directions. At a
    node where :math:`m` segments meet, what arrives is divided equally over the other
    :math:`m - 1`. Nothing is lost or added at crossings, whereas a kernel of the shortest distance
    counts an event more often the more streets meet. At a dead end the rest is lost, as beyond
    the edge of any map; `lost` says how much. Densities are exact means over each piece, from
    the kernel's integral. Paths that carry less than 0.01 % of an event are not followed.

    The assumption that fails most often is that events are known to the street.

    References
    ----------
    .. [1] Okabe, A., Satoh, T., & Sugihara, K. (2009). A kernel density estimation method for
       networks, its computational method and a GIS-based tool. International Journal of
       Geographical Information Science, 23(1), 7-32.
       https://doi.org/10.1080/13658810802475491

    Examples
    --------
    >>> from shapely import LineString
    >>> network = StreetNetwork.from_lines([LineString([(0, 0), (1000, 0)])])
    >>> found = network_kernel_density(network, network.snap([500], [3]), bandwidth=200)
    >>> round(float((found.density * found.length).sum()), 9)
    1.0
    """
    for name, value in (("bandwidth", bandwidth), ("piece_length", piece_length)):
        if not 0 < value < np.inf:
            raise ValueError(f"{name} must be positive and finite, in metres; got {value}")
    place, offset, weight = _combined(points, weights)
    pieces = np.maximum(np.ceil(network.length / piece_length), 1).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(pieces)]).astype(np.int64)
    mass = np.zeros(first[-1])
    _spread(
        place,
        offset,
        weight,
        network.start,
        network.end,
        network.length,
        *network.ends_at,
        first,
        bandwidth,
        _LEAST_SHARE,
        mass,
    )
    segment = np.repeat(np.arange(network.n_segments), pieces)
    step = network.length[segment] / pieces[segment]
    total = weight.sum()
    return NetworkDensity(
        segment=segment,
        middle=(np.arange(len(segment)) - first[segment] + 0.5) * step,
        length=step,
        density=mass / step,
        bandwidth=float(bandwidth),
        n_points=int((points.segment >= 0).sum()),
        lost=float(1 - mass.sum() / total) if total > 0 else 0.0,
    )


def _combined(
    points: NetworkPoints, weights: ArrayLike | None
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Segment, offset and summed weight of each place that holds events."""
    n = points.segment.size
    weight = np.ones(n) if weights is None else np.array(weights, dtype=np.float64).ravel()
    if weight.size != n:
        raise ValueError(f"weights must have one entry per point ({n}); got {weight.size}")
    if not ((weight >= 0) & (weight < np.inf)).all():
        raise ValueError("weights must be 0 or more, finite and not missing")
    on = points.segment >= 0
    keys = np.column_stack([points.segment[on].astype(np.float64), points.offset[on]])
    places, which = np.unique(keys, axis=0, return_inverse=True)
    total = np.bincount(which.ravel(), weights=weight[on], minlength=len(places))
    return (
        places[:, 0].astype(np.int64),
        np.ascontiguousarray(places[:, 1]),
        total.astype(np.float64),
    )


@njit(nogil=True, cache=True)
def _below(u: float) -> float:
    """Integral of the quartic kernel with bandwidth 1 from 0 to `u`, at most one half."""
    if u >= 1.0:
        return 0.5
    return 15.0 / 16.0 * (u - 2.0 * u**3 / 3.0 + u**5 / 5.0)


@njit(nogil=True, cache=True)
def _run(
    low: float,
    high: float,
    from_low: bool,
    so_far: float,
    weight: float,
    reach: float,
    step: float,
    base: int,
    mass: FloatArray,
) -> None:
    """Lay weight over one segment from `low` to `high`, entered at one of the two."""
    last = int(np.ceil(high / step - 1e-9)) - 1
    for piece in range(int(low / step + 1e-9), last + 1):
        a, b = max(low, piece * step), min(high, (piece + 1) * step)
        if b <= a:
            continue
        near, far = (a - low, b - low) if from_low else (high - b, high - a)
        if so_far + near < reach:
            mass[base + piece] += weight * (
                _below((so_far + far) / reach) - _below((so_far + near) / reach)
            )


@njit(nogil=True, cache=True)
def _spread(
    place: IntArray,
    offset: FloatArray,
    weight: FloatArray,
    start: IntArray,
    end: IntArray,
    length: FloatArray,
    indptr: IntArray,
    ends: IntArray,
    first: IntArray,
    reach: float,
    least: float,
    mass: FloatArray,
) -> None:
    """Follow every way out of every place until the kernel ends."""
    room = 64
    at_end, so_far, share = np.empty(room, np.int64), np.empty(room), np.empty(room)
    for i in range(len(place)):
        s = place[i]
        step = length[s] / (first[s + 1] - first[s])
        _run(0.0, offset[i], False, 0.0, weight[i], reach, step, first[s], mass)
        _run(offset[i], length[s], True, 0.0, weight[i], reach, step, first[s], mass)
        at_end[0], so_far[0], share[0] = 2 * s, offset[i], 1.0
        at_end[1], so_far[1], share[1] = 2 * s + 1, length[s] - offset[i], 1.0
        waiting = 2
        while waiting > 0:
            waiting -= 1
            arrived, distance, part = at_end[waiting], so_far[waiting], share[waiting]
            node = start[arrived // 2] if arrived % 2 == 0 else end[arrived // 2]
            ways = indptr[node + 1] - indptr[node] - 1
            if distance >= reach or ways == 0 or part / ways < least:
                continue
            part /= ways
            if waiting + ways > room:
                room = 2 * (waiting + ways)
                at_end, so_far, share = (
                    _grown_whole(at_end, room),
                    _grown(so_far, room),
                    _grown(share, room),
                )
            for k in range(indptr[node], indptr[node + 1]):
                leaving = ends[k]
                if leaving == arrived:
                    continue
                t = leaving // 2
                step = length[t] / (first[t + 1] - first[t])
                _run(
                    0.0,
                    length[t],
                    leaving % 2 == 0,
                    distance,
                    weight[i] * part,
                    reach,
                    step,
                    first[t],
                    mass,
                )
                at_end[waiting] = leaving + 1 if leaving % 2 == 0 else leaving - 1
                so_far[waiting], share[waiting] = distance + length[t], part
                waiting += 1


@njit(nogil=True, cache=True)
def _grown(values: FloatArray, room: int) -> FloatArray:
    larger = np.empty(room)
    larger[: len(values)] = values
    return larger


@njit(nogil=True, cache=True)
def _grown_whole(values: IntArray, room: int) -> IntArray:
    larger = np.empty(room, np.int64)
    larger[: len(values)] = values
    return larger
