"""Which hot spots survive another grid: other cell sizes, and the same cells laid elsewhere.

A hot spot that shows on one grid only is a finding about the grid. This module repeats the
search and counts in how many grids each hot spot comes back.

It does not say which cell size is right, and surviving is no second test: all grids hold the
same incidents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.grids import Grid, hexagon_grid, square_grid
from commonlight.analysis.hot_spots import HotSpots, hot_spots

__all__ = ["AlternativeGrid", "CellSizeSensitivity", "cell_size_sensitivity"]

Kind = Literal["square", "hexagon"]


@dataclass(frozen=True, kw_only=True)
class AlternativeGrid:
    """What one other grid found.

    Attributes
    ----------
    cell_size : float
        Size of its cells, in metres.
    shift : tuple of float
        How far its origin is moved east and north, in cell sizes.
    n_cells, n_hot, n_clusters : int
        Cells, hot cells and hot clusters.
    share_of_events : float
        Share of the incidents that lie in its hot cells.
    """

    cell_size: float
    shift: tuple[float, float]
    n_cells: int
    n_hot: int
    n_clusters: int
    share_of_events: float


@dataclass(frozen=True, kw_only=True)
class CellSizeSensitivity:
    """Which hot clusters of the first grid come back in others.

    Attributes
    ----------
    primary : HotSpots
        Hot spots on the first grid.
    primary_grid : Grid
        That grid.
    alternatives : tuple of AlternativeGrid
        The other grids.
    overlap : ndarray of float, shape (n_clusters, n_alternatives)
        Share of the incidents of each cluster that lie in hot cells of each other grid.
    survived : ndarray of bool, shape (n_clusters, n_alternatives)
        Whether that share is at least `minimum_overlap`.
    survival : ndarray of float, shape (n_clusters,)
        Share of the other grids in which each cluster survives.
    stable : ndarray of bool, shape (n_clusters,)
        Whether `survival` is at least `minimum_survival`.
    minimum_overlap, minimum_survival : float
        The rule.
    """

    primary: HotSpots
    primary_grid: Grid
    alternatives: tuple[AlternativeGrid, ...]
    overlap: NDArray[np.float64]
    survived: NDArray[np.bool_]
    survival: NDArray[np.float64]
    stable: NDArray[np.bool_]
    minimum_overlap: float
    minimum_survival: float

    @property
    def n_clusters(self) -> int:
        """Number of hot clusters on the first grid."""
        return len(self.primary.clusters)

    @property
    def n_stable(self) -> int:
        """Number of them that survive in most other grids."""
        return int(self.stable.sum())

    @property
    def n_survivals(self) -> NDArray[np.int64]:
        """Number of other grids in which each cluster survives, shape (n_clusters,)."""
        return np.asarray(self.survived.sum(axis=1, dtype=np.int64))


def cell_size_sensitivity(
    x: ArrayLike,
    y: ArrayLike,
    *,
    outline: Any,
    cell_sizes: Sequence[float],
    kind: Kind = "square",
    shifts: Sequence[tuple[float, float]] = ((0.0, 0.0), (0.5, 0.5)),
    exposure: Callable[[Grid], ArrayLike] | None = None,
    minimum_overlap: float = 0.5,
    minimum_survival: float = 0.8,
    **options: Any,
) -> CellSizeSensitivity:
    """Search for hot spots on several grids and see which come back.

    Parameters
    ----------
    x, y : array_like of float, shape (n_points,)
        Coordinates of incidents inside the study area, in projected metres.
    outline : shapely Polygon or MultiPolygon
        The study area, in the same metres.
    cell_sizes : sequence of float
        Cell sizes in metres. The first, at the first of `shifts`, makes the primary grid; all
        other combinations are alternatives.
    kind : {"square", "hexagon"}
        Shape of all cells.
    shifts : sequence of (float, float)
        How far the origin is moved east and north, in cell sizes.
    exposure : callable, optional
        Takes a `Grid` and returns the exposure of its cells; the area by default.
    minimum_overlap : float
        A cluster survives where at least this share of its incidents lies in hot cells.
    minimum_survival : float
        A cluster is stable when it survives in at least this share of the alternatives.
    **options
        Further options of `hot_spots`.

    Returns
    -------
    CellSizeSensitivity
        The primary hot spots and how they fare.

    Raises
    ------
    ValueError
        When there is no alternative, or a share is not between 0 and 1.

    Notes
    -----
    Overlap is counted in incidents, not in area: cells of different size cannot be compared
    one by one, while each incident lies in a hot cell or does not.

    The assumption that fails most often is that the sizes tried are sensible ones: with cells
    so small that no neighbourhood can be hot, nothing survives. `HotSpots.detectable_ratio`
    shows it.

    References
    ----------
    .. [1] Openshaw, S. (1984). The Modifiable Areal Unit Problem. Norwich: Geo Books.
    .. [2] Gerell, M. (2017). Smallest is better? The spatial distribution of arson and the
       modifiable areal unit problem. Journal of Quantitative Criminology, 33, 293-318.
       https://doi.org/10.1007/s10940-016-9297-6

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import box
    >>> rng = np.random.default_rng(3)
    >>> x, y = np.c_[rng.uniform(0, 4000, (2, 300)), rng.normal(1000, 80, (2, 80))]
    >>> found = cell_size_sensitivity(x, y, outline=box(0, 0, 4000, 4000),
    ...                               cell_sizes=(250, 200, 400))
    >>> found.n_clusters, found.n_stable, len(found.alternatives)
    (1, 1, 5)
    """
    for name, share in (("overlap", minimum_overlap), ("survival", minimum_survival)):
        if not 0 < share <= 1:
            raise ValueError(f"minimum_{name} must lie above 0 and up to 1; got {share}")
    settings = [(float(size), shift) for size in cell_sizes for shift in shifts]
    if len(settings) < 2:
        raise ValueError(
            "give at least two cell sizes or two shifts, so that there is another grid"
        )
    grids = [_lay(outline, kind, *setting) for setting in settings]
    found = [
        hot_spots(x, y, grid=grid, exposure=None if exposure is None else exposure(grid), **options)
        for grid in grids
    ]
    in_hot = [_in_hot(x, y, grid, spots) for grid, spots in zip(grids, found, strict=True)]
    cluster = _point_clusters(x, y, grids[0], found[0])
    overlap = np.array(
        [[hot[cluster == k].mean() for hot in in_hot[1:]] for k in range(len(found[0].clusters))]
    ).reshape(-1, len(grids) - 1)
    survived = overlap >= minimum_overlap
    survival = survived.mean(axis=1)
    return CellSizeSensitivity(
        primary=found[0],
        primary_grid=grids[0],
        alternatives=tuple(map(_alternative, settings[1:], found[1:], in_hot[1:])),
        overlap=overlap,
        survived=survived,
        survival=survival,
        stable=survival >= minimum_survival,
        minimum_overlap=minimum_overlap,
        minimum_survival=minimum_survival,
    )


def _lay(outline: Any, kind: Kind, size: float, shift: tuple[float, float]) -> Grid:
    if kind not in ("square", "hexagon"):
        raise ValueError(f"kind must be 'square' or 'hexagon'; got {kind!r}")
    lay = square_grid if kind == "square" else hexagon_grid
    return lay(outline, cell_size=size, origin=(shift[0] * size, shift[1] * size))


def _in_hot(x: ArrayLike, y: ArrayLike, grid: Grid, spots: HotSpots) -> NDArray[np.bool_]:
    """Whether each point lies in a hot cell."""
    cell = grid.assign(x, y)
    return np.asarray((cell >= 0) & spots.hot[cell])


def _point_clusters(x: ArrayLike, y: ArrayLike, grid: Grid, spots: HotSpots) -> NDArray[np.int64]:
    """Cluster of each point, -1 for none."""
    cell = grid.assign(x, y)
    return np.where(cell >= 0, spots.cluster[cell], -1)


def _alternative(
    setting: tuple[float, tuple[float, float]], spots: HotSpots, in_hot: NDArray[np.bool_]
) -> AlternativeGrid:
    return AlternativeGrid(
        cell_size=setting[0],
        shift=setting[1],
        n_cells=len(spots.hot),
        n_hot=int(spots.hot.sum()),
        n_clusters=len(spots.clusters),
        share_of_events=float(in_hot.mean()) if len(in_hot) else 0.0,
    )
