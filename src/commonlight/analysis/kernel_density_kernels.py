"""Compiled loops behind `kernel_density`.

They add up kernels in a fixed order and know neither units nor study areas.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["add_to_squares", "share_among_nodes", "smooth_nodes", "sum_around"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(nogil=True, cache=True)
def _window(position: float, size: float, reach: float, n: int) -> tuple[int, int]:
    """First and last-but-one of the n middles within reach of a position."""
    first = max(0, int(np.ceil((position - reach) / size)))
    last = min(n, int(np.floor((position + reach) / size)) + 1)
    return first, last


@njit(nogil=True, cache=True)
def add_to_squares(
    x: FloatArray,
    y: FloatArray,
    weight: FloatArray,
    size: float,
    width: float,
    reach: float,
    surface: FloatArray,
) -> None:
    """Add each point's Gaussian to the middles of squares around it.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Coordinates from the middle of the first square.
    weight : ndarray of float64, shape (n,)
        Weight of each point.
    size, width, reach : float
        Side of a square, bandwidth and cut, in one unit.
    surface : ndarray of float64, shape (n_rows, n_columns)
        Added to; without the constant of the kernel.
    """
    n_rows, n_columns = surface.shape
    across = np.empty(n_columns)
    scale = -0.5 / (width * width)
    for i in range(len(x)):
        left, right = _window(x[i], size, reach, n_columns)
        bottom, top = _window(y[i], size, reach, n_rows)
        for column in range(left, right):
            away = column * size - x[i]
            across[column] = np.exp(scale * away * away)
        for row in range(bottom, top):
            away = row * size - y[i]
            height = weight[i] * np.exp(scale * away * away)
            for column in range(left, right):
                surface[row, column] += height * across[column]


@njit(nogil=True, cache=True)
def share_among_nodes(
    x: FloatArray, y: FloatArray, weight: FloatArray, spacing: float, nodes: FloatArray
) -> None:
    """Share each point's weight among the four nodes around it, by nearness (linear binning).

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Coordinates from the first node.
    weight : ndarray of float64, shape (n,)
        Weight of each point.
    spacing : float
        Distance between nodes.
    nodes : ndarray of float64, shape (n_rows, n_columns)
        Added to; points beyond it are left out.
    """
    n_rows, n_columns = nodes.shape
    for i in range(len(x)):
        u, v = x[i] / spacing, y[i] / spacing
        if u >= 0.0 and v >= 0.0 and u < n_columns - 1 and v < n_rows - 1:
            column, row = int(u), int(v)
            right, above = u - column, v - row
            low, high = weight[i] * (1.0 - above), weight[i] * above
            nodes[row, column] += low * (1.0 - right)
            nodes[row, column + 1] += low * right
            nodes[row + 1, column] += high * (1.0 - right)
            nodes[row + 1, column + 1] += high * right


@njit(nogil=True, cache=True)
def smooth_nodes(nodes: FloatArray, taps: FloatArray, step: int, surface: FloatArray) -> None:
    """Sum nodes with the weights `taps`, along columns and then along rows.

    Parameters
    ----------
    nodes : ndarray of float64, shape (step * (n_rows - 1) + len(taps), ...)
        Values at nodes, with half of the taps beyond the surface on each side.
    taps : ndarray of float64, shape (n_taps,)
        Weights of a node and those around it, an odd number.
    step : int
        Nodes from one place of the surface to the next.
    surface : ndarray of float64, shape (n_rows, n_columns)
        Written to.
    """
    n_rows, n_columns = surface.shape
    along = np.empty(nodes.shape[1])
    for row in range(n_rows):
        along[:] = 0.0
        for t in range(len(taps)):
            tap = taps[t]
            line = nodes[row * step + t]
            for column in range(len(along)):
                along[column] += tap * line[column]
        out = surface[row]
        out[:] = 0.0
        for t in range(len(taps)):
            tap = taps[t]
            if step == 1:
                for column in range(n_columns):
                    out[column] += tap * along[column + t]
            else:
                for column in range(n_columns):
                    out[column] += tap * along[column * step + t]


@njit(nogil=True, cache=True)
def sum_around(
    x: FloatArray,
    y: FloatArray,
    weight: FloatArray,
    places: FloatArray,
    start: IntArray,
    end: IntArray,
    width: float,
    reach: float,
    gaussian: bool,
) -> FloatArray:
    """Sum kernels over three stretches of points for each place.

    Parameters
    ----------
    x, y, weight : ndarray of float64, shape (n,)
        Sorted points and their weights.
    places : ndarray of float64, shape (m, 2)
        Where the density is asked for.
    start, end : ndarray of int64, shape (m, 3)
        Stretches of points that can lie within reach.
    width, reach : float
        Bandwidth and cut.
    gaussian : bool
        Gaussian or quartic kernel.

    Returns
    -------
    ndarray of float64, shape (m,)
        Density per unit of area.
    """
    out = np.zeros(len(places))
    limit = reach * reach
    for i in range(len(places)):
        total = 0.0
        for part in range(start.shape[1]):
            for j in range(start[i, part], end[i, part]):
                dx, dy = x[j] - places[i, 0], y[j] - places[i, 1]
                square = dx * dx + dy * dy
                if square < limit:
                    if gaussian:
                        total += weight[j] * np.exp(-0.5 * square / (width * width))
                    else:
                        total += weight[j] * (1.0 - square / limit) ** 2
        out[i] = (
            total / (2.0 * np.pi * width * width) if gaussian else 3.0 * total / (np.pi * limit)
        )
    return out
