"""What goes into a Knox table, checked: points, bands, and pairs found elsewhere.

What it does not answer: whether the incidents are enough for a table; see `near_repeat`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from commonlight.analysis.near_repeat_kernels import NearPairs

__all__ = ["checked_points", "distance_edges", "given_pairs", "time_edges"]

FloatArray = NDArray[np.float64]


def checked_points(x: ArrayLike, y: ArrayLike, day: ArrayLike) -> tuple[FloatArray, ...]:
    """Copy to float64 and refuse what cannot be a place or a time.

    Parameters
    ----------
    x, y : array_like of number, shape (n,)
        Projected coordinates, in metres.
    day : array_like of number, shape (n,)
        Times, in days.

    Returns
    -------
    x, y, day : ndarray of float, shape (n,)

    Raises
    ------
    ValueError
        When the arrays differ in length, hold missing or infinite values or fewer than two
        points.
    """
    columns = []
    for name, values in (("x", x), ("y", y), ("day", day)):
        array: NDArray[Any] = np.asarray(values)
        if array.dtype.kind not in "iuf" or array.ndim != 1:
            raise ValueError(
                f"{name} must be a one-dimensional array of numbers (metres for x and y, day "
                f"numbers for day); got {array.dtype} of shape {array.shape}"
            )
        bad = int(np.count_nonzero(~np.isfinite(array)))
        if bad:
            raise ValueError(
                f"{name} must be finite; {bad} of {len(array)} values are missing or infinite. "
                "Leave those incidents out and report their number"
            )
        columns.append(array.astype(np.float64))
    if not len(columns[0]) == len(columns[1]) == len(columns[2]):
        raise ValueError(
            "x, y and day must have the same length; got "
            + ", ".join(str(len(column)) for column in columns)
        )
    if len(columns[0]) < 2:
        raise ValueError(f"a pair needs two incidents; got {len(columns[0])}")
    return tuple(columns)


def distance_edges(bands: Sequence[float], same_place: float | None) -> FloatArray:
    """Ends of the rows of a table, the same place first.

    Parameters
    ----------
    bands : sequence of float
        Ends of the distance bands in metres, from 0 and ascending; the last may be ``inf``.
    same_place : float or None
        End of the row for the same place, in metres; None for no such row.

    Returns
    -------
    ndarray of float, shape (n_rows + 1,)

    Raises
    ------
    ValueError
        When the bands do not start at 0 and ascend, or `same_place` is not within the first.
    """
    edges = _checked_edges(bands, "distance_bands", "metres")
    if same_place is None:
        return edges
    if not 0 < same_place < edges[1]:
        raise ValueError(
            "same_place_distance must lie between 0 and the end of the first distance band, "
            f"in metres (here {edges[1]:g}); got {same_place}"
        )
    return np.concatenate([edges[:1], [float(same_place)], edges[1:]])


def time_edges(bands: Sequence[float]) -> FloatArray:
    """Ends of the columns of a table.

    Parameters
    ----------
    bands : sequence of float
        Ends of the time bands in days, from 0 and ascending; the last may be ``inf``.

    Returns
    -------
    ndarray of float, shape (n_columns + 1,)

    Raises
    ------
    ValueError
        When the bands do not start at 0 and ascend.
    """
    return _checked_edges(bands, "time_bands", "days")


def _checked_edges(bands: Sequence[float], name: str, unit: str) -> FloatArray:
    """Return edges that start at 0, ascend and have a finite positive end."""
    edges = np.asarray(bands, dtype=np.float64)
    if edges.ndim != 1 or len(edges) < 2 or not (edges[0] == 0 and (np.diff(edges) > 0).all()):
        raise ValueError(
            f"{name} must start at 0 and ascend, in {unit}, such as (0, 100, 200); "
            f"got {tuple(np.atleast_1d(edges).tolist())}"
        )
    if not edges[1] < math.inf:
        raise ValueError(f"{name} must have a first band of finite width, in {unit}; got inf")
    return edges


def given_pairs(
    first: ArrayLike, second: ArrayLike, apart: ArrayLike, edges: FloatArray, n: int
) -> NearPairs:
    """Lay out given pairs by first incident and distance band.

    Parameters
    ----------
    first, second : array_like of int, shape (n_pairs,)
        Positions of the two incidents.
    apart : array_like of float, shape (n_pairs,)
        Distance of each pair, in metres.
    edges : ndarray of float, shape (n_bands,)
        Upper ends of the distance bands, all finite; pairs further apart are left out.
    n : int
        Number of incidents.

    Returns
    -------
    NearPairs

    Raises
    ------
    ValueError
        When lengths differ, a distance is missing or negative, or a pair names an incident that
        is not there, or the same one twice.
    """
    from commonlight.analysis.near_repeat_kernels import NearPairs

    one, two = (np.asarray(item, dtype=np.int64).ravel() for item in (first, second))
    far = np.asarray(apart, dtype=np.float64).ravel()
    if not one.size == two.size == far.size:
        raise ValueError(
            f"first, second and apart must be equally long; got {one.size}, {two.size}, {far.size}"
        )
    if one.size and not (min(one.min(), two.min()) >= 0 and max(one.max(), two.max()) < n):
        raise ValueError(f"pairs must name incidents from 0 to {n - 1}")
    if (one == two).any():
        raise ValueError("a pair needs two different incidents; one names the same twice")
    if not (far >= 0).all():
        raise ValueError("distances must be 0 or more metres and not missing")
    keep = far < edges[-1]
    band = np.searchsorted(edges, far[keep], side="right")
    low, high = np.minimum(one, two)[keep], np.maximum(one, two)[keep]
    slot = low * len(edges) + band
    order = np.lexsort((high, slot))
    sizes = np.bincount(slot, minlength=n * len(edges))
    return NearPairs(
        order=np.arange(n),
        indptr=np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]).astype(np.int64),
        partner=high[order].astype(np.int32),
        n_bands=len(edges),
    )
