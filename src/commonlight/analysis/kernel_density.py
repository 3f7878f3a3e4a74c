"""Kernel density: a smooth map of how many incidents there are per square kilometre.

The map helps the eye. It tests nothing: a smooth peak also rises where points fell by chance,
and its width is the bandwidth that someone chose. Density is not risk; divide by a density of
people (`density_ratio`) when the question is risk.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DensityRatio", "KernelDensity", "density_ratio", "kernel_density", "scott_bandwidth"]

FloatArray = NDArray[np.float64]
Kernel = Literal["gaussian", "quartic"]

_SQUARE_METRES = 1_000_000.0  # in a square kilometre
_BINNING_ERROR = 0.17  # of one point's kernel, by the square of spacing over bandwidth
_MOST_NODES = 25_000_000  # 0.2 GiB


class DensityGrid(Protocol):
    """What `kernel_density` needs of a grid; see `grids.Grid`."""

    @property
    def kind(self) -> str:
        """Squares or hexagons."""

    @property
    def cell_size(self) -> float:
        """Side of a square, in metres."""

    @property
    def cell_area(self) -> float:
        """Area of a whole cell, in square metres."""

    @property
    def centres(self) -> FloatArray:
        """Middle of each cell, in metres."""

    @property
    def area_share(self) -> FloatArray:
        """Share of each cell inside the study area."""


@dataclass(frozen=True, kw_only=True)
class KernelDensity:
    """Density at the given places.

    Attributes
    ----------
    density : ndarray of float, shape (n_centres,)
        Incidents (or sum of weights) per square kilometre.
    bandwidth : float
        Bandwidth in metres: standard deviation of the Gaussian kernel, radius of the quartic.
    kernel : {"gaussian", "quartic"}
        Shape of the kernel.
    n_points : int
        Number of incidents.
    edge_corrected : bool
        Whether what the kernel would put outside the study area was brought back.
    error_bound : float
        Largest share of the map that may lie elsewhere than by the exact sum; 0 when it is the
        exact sum.
    """

    density: FloatArray
    bandwidth: float
    kernel: Kernel
    n_points: int
    edge_corrected: bool
    error_bound: float = 0.0


@dataclass(frozen=True, kw_only=True)
class DensityRatio:
    """Density of incidents over density of what is exposed.

    Attributes
    ----------
    ratio : ndarray of float, shape (n_centres,)
        Incidents per `per` of the denominator; NaN where `too_small`.
    too_small : ndarray of bool, shape (n_centres,)
        True where the denominator is too thin to divide by.
    per : float
        Number of the exposed that the ratio refers to.
    """

    ratio: FloatArray
    too_small: NDArray[np.bool_]
    per: float


def scott_bandwidth(x: ArrayLike, y: ArrayLike) -> float:
    """Choose a bandwidth by Scott's rule, in metres.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Projected coordinates, in metres; at least two different points.

    Returns
    -------
    float
        Standard deviation of a Gaussian kernel, in metres.

    Raises
    ------
    ValueError
        When coordinates are missing or all equal.

    Notes
    -----
    .. math:: h = n^{-1/6} \\sqrt{(s_x^2 + s_y^2) / 2}

    In two dimensions Silverman's rule is the same. It is right for one round cloud of points;
    a city has many small ones, so it smooths too much. Take it as an upper end.

    References
    ----------
    .. [1] Scott, D. W. (1992). Multivariate Density Estimation. New York: Wiley.
       https://doi.org/10.1002/9780470316849

    Examples
    --------
    >>> round(scott_bandwidth([0, 1000, 0, 1000], [0, 0, 1000, 1000]))
    458
    """
    px, py = _points(x, y)
    if len(px) < 2:
        raise ValueError(f"a bandwidth by rule needs two points; got {len(px)}. Give one in metres")
    spread = np.sqrt((px.var(ddof=1) + py.var(ddof=1)) / 2.0)
    if not spread > 0:
        raise ValueError("all points are at one place, so no rule can choose; give a bandwidth")
    return float(len(px) ** (-1.0 / 6.0) * spread)


def kernel_density(
    x: ArrayLike,
    y: ArrayLike,
    *,
    grid: DensityGrid | None = None,
    centres: ArrayLike | None = None,
    bandwidth: float | None = None,
    weights: ArrayLike | None = None,
    kernel: Kernel = "gaussian",
    edge_correction: bool = False,
    truncation: float = 6.0,
    max_error: float = 0.0,
) -> KernelDensity:
    """Estimate the density of points at the middles of cells, or anywhere.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Projected coordinates of incidents, in metres.
    grid : Grid, optional
        Cells whose middles are taken. On squares the kernel is worked out column by column and
        row by row.
    centres : array_like of float, shape (n_centres, 2), optional
        Places instead of a grid, in metres.
    bandwidth : float, optional
        Standard deviation of the Gaussian kernel or radius of the quartic, in metres;
        `scott_bandwidth` by default (2.5 times it for the quartic).
    weights : array_like of float, shape (n,), optional
        What each point counts for; 1 by default.
    kernel : {"gaussian", "quartic"}
        Shape of the kernel.
    edge_correction : bool
        Divide each point's weight by the share of its kernel inside the study area, so that no
        incident leaks out. Needs `grid`.
    truncation : float
        Bandwidths beyond which the Gaussian kernel counts as 0. At 6, what is cut is below
        2e-8 of the peak of each point.
    max_error : float
        0 for the exact sum. Up to 0.05, such as 0.005: how far the map may be from it, as the
        integral of the absolute difference over the number of incidents. With many points on
        squares this is some thirty times faster; elsewhere the sum stays exact.

    Returns
    -------
    KernelDensity
        Density per square kilometre.

    Raises
    ------
    ValueError
        When coordinates or weights are missing or of different length, or an option is out of
        its range.

    Notes
    -----
    .. math:: \\hat\\lambda(c) = \\sum_i w_i k_h(c - x_i), \\quad
              k_h(u) = \\frac{1}{2 \\pi h^2} e^{-|u|^2 / 2 h^2}
              \\ \\text{or}\\ \\frac{3}{\\pi h^2} \\left(1 - |u|^2 / h^2\\right)_+^2

    The sum over cells of density times area is the number of points, as far as the study area
    reaches and cells are not larger than the bandwidth. With edge correction [1]_ it is that
    number, down to what `truncation` cuts.

    With `max_error`, each point is first shared among the four nodes around it of a lattice with
    spacing :math:`\\delta`, as near as they are, and the nodes are smoothed. Sharing widens a
    kernel by :math:`\\delta^2 / 6` on average, which is taken off :math:`h^2`. What is left is
    at most :math:`0.17\\, \\delta^2 / h^2` of each point's kernel, wherever it lies: linear
    interpolation is off by at most :math:`\\delta^2 |k''| / 12` once its mean is taken out, twice
    for two directions [2]_. The spacing follows from `max_error`.

    The assumption that fails most often is that risk is smooth: it stops at rivers, railways
    and the backs of houses, where the kernel does not.

    References
    ----------
    .. [1] Diggle, P. J. (1985). A kernel method for smoothing point process data. Journal of
       the Royal Statistical Society C, 34(2), 138-147. https://doi.org/10.2307/2347366
    .. [2] Wand, M. P. (1994). Fast computation of multivariate kernel estimators. Journal of
       Computational and Graphical Statistics, 3(4), 433-445.
       https://doi.org/10.1080/10618600.1994.10474656

    Examples
    --------
    >>> found = kernel_density([0.0], [0.0], centres=[[0.0, 0.0]], bandwidth=100.0)
    >>> round(float(found.density[0]), 3)       # 1 / (2 pi 0.1 km x 0.1 km)
    15.915
    """
    px, py = _points(x, y)
    weight = _weights(weights, len(px))
    places = _places(grid, centres)
    width = _bandwidth(bandwidth, kernel, px, py)
    if not 1 <= truncation < np.inf:
        raise ValueError(f"truncation must be finite and at least 1 bandwidth; got {truncation}")
    if not 0 <= max_error <= 0.05:
        raise ValueError(f"max_error must be 0 (exact) or a share up to 0.05; got {max_error}")
    reach = width * (truncation if kernel == "gaussian" else 1.0)
    if edge_correction:
        weight = weight / _inside(px, py, grid, width, kernel, reach)
    error = 0.0
    if grid is not None and grid.kind == "square" and kernel == "gaussian":
        step = _nodes_to_a_cell(len(px), places, grid.cell_size, width, reach, max_error)
        error = _BINNING_ERROR * (grid.cell_size / step / width) ** 2 if step else 0.0
        density = _on_squares(px, py, weight, places, grid.cell_size, width, reach, step)
    else:
        density = _direct(px, py, weight, places, width, kernel, reach)
    return KernelDensity(
        density=density * _SQUARE_METRES,
        bandwidth=width,
        kernel=kernel,
        n_points=len(px),
        edge_corrected=edge_correction,
        error_bound=error,
    )


def density_ratio(
    incidents: KernelDensity,
    exposed: KernelDensity,
    *,
    per: float = 1000.0,
    minimum_density: float,
) -> DensityRatio:
    """Divide a density of incidents by a density of people, homes or vehicles (dual density).

    Parameters
    ----------
    incidents : KernelDensity
        Numerator.
    exposed : KernelDensity
        Denominator at the same places: points or area centres weighted by what is exposed.
    per : float
        Number of the exposed that the ratio refers to.
    minimum_density : float
        Where fewer than this are exposed per square kilometre, no ratio is given.

    Returns
    -------
    DensityRatio
        Ratio and where it could not be formed.

    Raises
    ------
    ValueError
        When the places differ in number or an option is out of its range.

    Notes
    -----
    Two incidents by an empty field make an enormous ratio; `minimum_density` has no default
    because only the user knows what is thin. Use the same bandwidth for both.

    Examples
    --------
    >>> place = [[0.0, 0.0]]
    >>> thefts = kernel_density([0, 0], [0, 0], centres=place, bandwidth=200)
    >>> homes = kernel_density([0], [0], centres=place, bandwidth=200, weights=[400])
    >>> density_ratio(thefts, homes, minimum_density=50).ratio.round(9).tolist()
    [5.0]
    """
    if incidents.density.shape != exposed.density.shape:
        raise ValueError(
            "incidents and exposed must be densities at the same places; got "
            f"{len(incidents.density)} and {len(exposed.density)} places"
        )
    if not 0 < per < np.inf:
        raise ValueError(f"per must be positive and finite; got {per}")
    if not 0 < minimum_density < np.inf:
        raise ValueError(
            "minimum_density must be positive and finite, per square kilometre; "
            f"got {minimum_density}"
        )
    too_small = ~(exposed.density >= minimum_density)
    below = np.where(too_small, np.nan, exposed.density)
    return DensityRatio(ratio=per * incidents.density / below, too_small=too_small, per=per)


def _points(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    px, py = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    if px.ndim != 1 or px.shape != py.shape:
        raise ValueError(
            f"x and y must be one-dimensional and equally long; got {px.shape} and {py.shape}"
        )
    bad = int(np.count_nonzero(~(np.isfinite(px) & np.isfinite(py))))
    if bad:
        raise ValueError(f"x and y must be finite, in metres; {bad} of {len(px)} points are not")
    return px, py


def _weights(weights: ArrayLike | None, n: int) -> FloatArray:
    if weights is None:
        return np.ones(n)
    out = np.array(weights, dtype=np.float64)
    if out.shape != (n,) or not np.isfinite(out).all():
        raise ValueError(f"weights must be {n} finite numbers, one a point; got shape {out.shape}")
    return out


def _places(grid: DensityGrid | None, centres: ArrayLike | None) -> FloatArray:
    if (grid is None) == (centres is None):
        raise ValueError("give either grid or centres, and not both")
    places = np.array(grid.centres if grid is not None else centres, dtype=np.float64)
    if places.ndim != 2 or places.shape[1] != 2 or not np.isfinite(places).all():
        raise ValueError(f"centres must be finite, of shape (n, 2), in metres; got {places.shape}")
    return places


def _bandwidth(bandwidth: float | None, kernel: str, x: FloatArray, y: FloatArray) -> float:
    if kernel not in ("gaussian", "quartic"):
        raise ValueError(f"kernel must be 'gaussian' or 'quartic'; got {kernel!r}")
    if bandwidth is None:
        return scott_bandwidth(x, y) * (2.5 if kernel == "quartic" else 1.0)
    if not 0 < bandwidth < np.inf:
        raise ValueError(f"bandwidth must be positive and finite, in metres; got {bandwidth}")
    return float(bandwidth)


def _inside(
    x: FloatArray,
    y: FloatArray,
    grid: DensityGrid | None,
    width: float,
    kernel: Kernel,
    reach: float,
) -> FloatArray:
    """Share of each point's kernel inside the study area, as the cells see it."""
    if grid is None:
        raise ValueError("edge_correction needs grid, which knows the study area")
    area = grid.area_share * grid.cell_area
    middles = np.ascontiguousarray(grid.centres.T)
    points = np.column_stack([x, y])
    share = _direct(middles[0], middles[1], area, points, width, kernel, reach)
    return np.maximum(share, 1e-6)


def _nodes_to_a_cell(
    n: int, places: FloatArray, size: float, width: float, reach: float, max_error: float
) -> int:
    """Nodes along the side of a cell that keep to `max_error`; 0 where the sum is better."""
    if not max_error > 0 or not len(places):
        return 0
    step = max(1, math.ceil(size / width * math.sqrt(_BINNING_ERROR / max_error) - 1e-9))
    width_x, width_y = (np.max(side) - np.min(side) for side in places.T)
    around = 2.0 * (reach + size)
    nodes = (width_x + around) * (width_y + around) * (step / size) ** 2
    binned = 20.0 * n + nodes * (2.0 * reach / size + 3.0)
    exact = n * (2.0 * reach / size + 1.0) ** 2
    return step if nodes <= _MOST_NODES and binned < exact else 0


def _on_squares(
    x: FloatArray,
    y: FloatArray,
    weight: FloatArray,
    places: FloatArray,
    size: float,
    width: float,
    reach: float,
    step: int,
) -> FloatArray:
    """Smooth on a lattice of squares; the Gaussian is a product of x and y."""
    from commonlight.analysis.kernel_density_kernels import add_to_squares

    if not len(places):
        return np.zeros(0)
    low = places.min(axis=0)
    column, row = np.rint((places - low) / size).astype(np.int64).T
    surface = np.zeros((int(row.max()) + 1, int(column.max()) + 1))
    if step:
        _through_nodes(x - low[0], y - low[1], weight, size / step, width, reach, step, surface)
        return np.asarray(surface[row, column])
    add_to_squares(x - low[0], y - low[1], weight, size, width, reach, surface)
    return np.asarray(surface[row, column] / (2.0 * np.pi * width**2))


def _through_nodes(
    x: FloatArray,
    y: FloatArray,
    weight: FloatArray,
    spacing: float,
    width: float,
    reach: float,
    step: int,
    surface: FloatArray,
) -> None:
    """Share points among nodes and smooth these, with a kernel narrower by what sharing adds."""
    from commonlight.analysis.kernel_density_kernels import share_among_nodes, smooth_nodes

    half = math.ceil(reach / spacing)
    n_rows, n_columns = ((length - 1) * step + 2 * half + 1 for length in surface.shape)
    nodes = np.zeros((n_rows, n_columns))
    share_among_nodes(x + half * spacing, y + half * spacing, weight, spacing, nodes)
    narrow = width**2 - spacing**2 / 6.0
    away = np.arange(-half, half + 1) * spacing
    taps = np.exp(-(away**2) / (2.0 * narrow)) / np.sqrt(2.0 * np.pi * narrow)
    smooth_nodes(nodes, taps, step, surface)


def _direct(
    x: FloatArray,
    y: FloatArray,
    weight: FloatArray,
    places: FloatArray,
    width: float,
    kernel: Kernel,
    reach: float,
) -> FloatArray:
    """Sum over the points within reach of each place, found by sorted squares."""
    from commonlight.analysis.kernel_density_kernels import sum_around

    if not len(x) or not len(places):
        return np.zeros(len(places))
    side = reach * (1.0 + 1e-9)
    low = np.array([x.min(), y.min()])
    column, row = np.floor((np.column_stack([x, y]) - low) / side).astype(np.int64).T + 1
    columns = int(column.max()) + 2
    key: NDArray[Any] = row * columns + column
    order = np.argsort(key, kind="stable")
    at = np.floor((places - low) / side).astype(np.int64) + 1
    at[:, 0] = np.clip(at[:, 0], -1, columns + 1)
    steps = np.arange(-1, 2)
    first = (at[:, 1, None] + steps) * columns + np.clip(at[:, 0, None] - 1, 0, columns - 1)
    last = (at[:, 1, None] + steps) * columns + np.clip(at[:, 0, None] + 1, 0, columns - 1)
    start = np.searchsorted(key[order], first, side="left")
    end = np.searchsorted(key[order], last, side="right")
    out: FloatArray = sum_around(
        x[order], y[order], weight[order], places, start, end, width, reach, kernel == "gaussian"
    )
    return out
