"""Hot spots: places with more incidents than their exposure explains.

A cell is hot when it and the cells around it hold more incidents than their share of the
exposure (area, residents, shops) makes likely, after control for the many places tested.

What it does not answer: why a place is hot, whether it will stay so, and whether it is more
dangerous for the person who goes there. Uneven risk is what the method looks for, so it makes
no allowance for it: with area as the exposure, a busy centre is a hot spot because many people
are there. Choose the exposure for the question.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.multiple_testing import benjamini_hochberg
from commonlight.analysis.neighbours import Neighbours

__all__ = ["HotSpotCluster", "HotSpots", "hot_spots", "hot_spots_from_counts"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class CountingGrid(Protocol):
    """What `hot_spots` needs of a grid; see `grids.Grid`."""

    @property
    def area_share(self) -> FloatArray:
        """Share of each cell inside the study area."""

    def count(self, x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> NDArray[Any]:
        """Count points by cell."""

    def neighbours(self, include_self: bool) -> Neighbours:
        """List the cells around each cell."""


@dataclass(frozen=True, kw_only=True)
class HotSpotCluster:
    """Hot cells that touch each other.

    Attributes
    ----------
    cluster : int
        Number of the cluster, from 0; the one with the most incidents comes first.
    cells : tuple of int
        Its cells.
    count : int
        Incidents in its cells.
    expected : float
        Incidents that its exposure explains.
    ratio : float
        ``count / expected``.
    share_of_events : float
        Share of all incidents.
    share_of_exposure : float
        Share of the exposure; of the area when the exposure is area.
    """

    cluster: int
    cells: tuple[int, ...]
    count: int
    expected: float
    ratio: float
    share_of_events: float
    share_of_exposure: float


@dataclass(frozen=True, kw_only=True)
class HotSpots:
    """Cells with more incidents around them than their exposure explains.

    Attributes
    ----------
    hot : ndarray of bool, shape (n_cells,)
        Cells called hot.
    count : ndarray of int64, shape (n_cells,)
        Incidents in each cell.
    expected : ndarray of float, shape (n_cells,)
        Incidents that the exposure of the cell explains.
    around_count : ndarray of int64, shape (n_cells,)
        Incidents in the cell and its neighbours; this is what is tested.
    around_expected : ndarray of float, shape (n_cells,)
        Incidents that the exposure of the cell and its neighbours explains.
    ratio, ci_lower, ci_upper : ndarray of float, shape (n_cells,)
        ``around_count / around_expected`` with its exact interval; NaN without exposure. The
        ratios of hot cells are too large on average, for they were chosen for being large.
    p_value, adjusted_p : ndarray of float, shape (n_cells,)
        One-sided, before and after control for false discoveries; NaN where not tested.
    cluster : ndarray of int64, shape (n_cells,)
        Number of the cluster that a hot cell belongs to; -1 elsewhere.
    clusters : tuple of HotSpotCluster
        Hot cells that touch, by number of incidents.
    n_events : int
        Incidents counted.
    n_tested : int
        Cells tested.
    level : float
        False-discovery rate.
    detectable_ratio : float
        How many times its share the median neighbourhood would have had to hold to be called
        hot on its own; infinite when it never could.
    too_few : bool
        True when the data cannot tell; then nothing is hot.
    reason : str
        One sentence when `too_few`, else "".
    """

    hot: NDArray[np.bool_]
    count: IntArray
    expected: FloatArray
    around_count: IntArray
    around_expected: FloatArray
    ratio: FloatArray
    ci_lower: FloatArray
    ci_upper: FloatArray
    p_value: FloatArray
    adjusted_p: FloatArray
    cluster: IntArray
    clusters: tuple[HotSpotCluster, ...]
    n_events: int
    n_tested: int
    level: float
    detectable_ratio: float
    too_few: bool
    reason: str


def hot_spots(
    x: ArrayLike,
    y: ArrayLike,
    *,
    grid: CountingGrid,
    exposure: ArrayLike | None = None,
    minimum_count: int = 5,
    minimum_total: int = 30,
    level: float = 0.01,
    dispersion: float = 1.0,
    minimum_ratio: float = 1.0,
    confidence_level: float = 0.95,
) -> HotSpots:
    """Find hot spots of points on a grid.

    Parameters
    ----------
    x, y : array_like of float, shape (n_points,)
        Coordinates of incidents inside the study area, in projected metres. Leave out points
        outside it first: a cell at the border counts them but its exposure does not.
    grid : Grid
        Squares or hexagons over the study area.
    exposure : array_like of float, shape (n_cells,), optional
        What should explain the counts, such as residents; the area inside the study area by
        default.
    minimum_count, minimum_total, level, dispersion, minimum_ratio, confidence_level
        See `hot_spots_from_counts`.

    Returns
    -------
    HotSpots
        Hot cells and clusters, with the test behind them.

    Raises
    ------
    ValueError
        See `hot_spots_from_counts`.

    Notes
    -----
    See `hot_spots_from_counts`.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import box
    >>> from commonlight.analysis.grids import square_grid
    >>> rng = np.random.default_rng(3)
    >>> x, y = rng.uniform(0, 4000, (2, 300))
    >>> grid = square_grid(box(0, 0, 4000, 4000), cell_size=250)
    >>> int(hot_spots(x, y, grid=grid).hot.sum())
    0
    >>> x2, y2 = rng.normal(1000, 80, (2, 60))
    >>> found = hot_spots(np.r_[x, x2], np.r_[y, y2], grid=grid)
    >>> len(found.clusters), bool(found.clusters[0].ratio > 3)
    (1, True)
    """
    return hot_spots_from_counts(
        grid.count(x, y),
        exposure=grid.area_share if exposure is None else exposure,
        neighbours=grid.neighbours(include_self=True),
        minimum_count=minimum_count,
        minimum_total=minimum_total,
        level=level,
        dispersion=dispersion,
        minimum_ratio=minimum_ratio,
        confidence_level=confidence_level,
    )


def hot_spots_from_counts(
    count: ArrayLike,
    *,
    exposure: ArrayLike,
    neighbours: Neighbours,
    minimum_count: int = 5,
    minimum_total: int = 30,
    level: float = 0.01,
    dispersion: float = 1.0,
    minimum_ratio: float = 1.0,
    confidence_level: float = 0.95,
) -> HotSpots:
    """Find hot spots of counts by cell or area.

    Parameters
    ----------
    count : array_like of int, shape (n_cells,)
        Incidents in each cell.
    exposure : array_like of float, shape (n_cells,)
        What should explain the counts, in any unit, 0 or more. Cells whose neighbourhood has
        no exposure are not tested.
    neighbours : Neighbours
        Cells around each cell. Each cell is counted with its own neighbourhood, listed or not.
    minimum_count : int
        A hot cell has at least this many incidents in its neighbourhood.
    minimum_total : int
        With fewer incidents in all, the answer is "cannot tell".
    level : float
        False-discovery rate. The default is strict, because a map is read as one statement:
        on 100 maps of chance alone, about one shows a hot spot at 0.01, and three or four at
        0.05.
    dispersion : float
        Variance of the counts over their mean when risk is even: 1 when incidents come one by
        one, 2 when each is recorded twice. Above 1 the test is stricter.
    minimum_ratio : float
        A hot neighbourhood holds clearly more than so many times its share. With many
        incidents nearly every place differs from the mean; 2 or 3 finds those that matter.
    confidence_level : float
        Level of the interval of each ratio.

    Returns
    -------
    HotSpots
        Hot cells and clusters, with the test behind them.

    Raises
    ------
    ValueError
        When counts are negative, fractional or missing, exposure is negative or missing or 0
        everywhere, lengths differ, or an option is out of its range.

    Notes
    -----
    Given the N incidents of the city, and risk in proportion to exposure E, the count S of a
    neighbourhood with exposure :math:`E_i` follows

    .. math:: S_i \\sim \\mathrm{Binomial}(N, E_i / \\textstyle\\sum_j E_j)

    exactly. With `minimum_ratio` r the p-value is taken at r times that share: the largest it
    can be for a neighbourhood that holds no more than r times its share. It is the upper tail;
    it needs no normal approximation and holds for cells cut by the outline. A cell is hot when
    the adjusted p-value [1]_ is at most `level`, its neighbourhood holds at least
    `minimum_count`, and it holds more than its own share itself (r times it), so that the
    quiet rim of a hot spot is not painted. The last two conditions only
    take cells away. All cells with exposure count as tested.

    With `dispersion` D the tail is taken at S/D of N/D.

    The assumption that fails most often is that incidents come one by one. Several records of
    one event, or one address that files hundreds of reports, pass for a hot spot; look at the
    number of distinct places, and use `dispersion`. Over-dispersion is not estimated from the
    cells: what makes counts vary between cells is exactly what a hot spot is.

    References
    ----------
    .. [1] Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal
       of the Royal Statistical Society B, 57(1), 289-300.
       https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
    .. [2] Caldas de Castro, M., & Singer, B. H. (2006). Controlling the false discovery rate:
       a new application to account for multiple and dependent tests in local statistics of
       spatial association. Geographical Analysis, 38(2), 180-208.
       https://doi.org/10.1111/j.0016-7363.2006.00682.x

    Examples
    --------
    >>> from commonlight.analysis.neighbours import Neighbours
    >>> row = Neighbours.from_pairs(range(9), range(1, 10), n=10)
    >>> found = hot_spots_from_counts([4, 5, 4, 30, 4, 5, 4, 5, 4, 5], exposure=[1] * 10,
    ...                               neighbours=row)
    >>> found.hot.nonzero()[0].tolist()
    [3]
    """
    counts, weight = _checked(count, exposure, neighbours)
    _check_options(minimum_count, minimum_total, level, dispersion, confidence_level)
    if not 1 <= minimum_ratio < np.inf:
        raise ValueError(f"minimum_ratio must be finite and at least 1; got {minimum_ratio}")
    around = neighbours if neighbours.includes_self else neighbours.with_self()
    total = int(counts.sum())
    share = weight / weight.sum()
    link = around.to_sparse()
    around_count = np.rint(link @ counts.astype(np.float64)).astype(np.int64)
    around_share = np.minimum(link @ share, 1.0)
    tested_share = np.minimum(minimum_ratio * around_share, 1.0)
    p_value = _upper_tail(around_count, tested_share, total, dispersion)
    found = benjamini_hochberg(p_value, level=level)
    reason = _too_few(total, minimum_total)
    hot = (
        found.rejected & (around_count >= minimum_count) & (counts > minimum_ratio * total * share)
    )
    hot &= reason == ""
    ratio, lower, upper = _ratio(around_count, around_share, total, dispersion, confidence_level)
    cluster, clusters = _clusters(hot, around, counts, share)
    return HotSpots(
        hot=hot,
        count=counts,
        expected=total * share,
        around_count=around_count,
        around_expected=total * around_share,
        ratio=ratio,
        ci_lower=lower,
        ci_upper=upper,
        p_value=p_value,
        adjusted_p=found.adjusted,
        cluster=cluster,
        clusters=clusters,
        n_events=total,
        n_tested=found.n_tested,
        level=level,
        detectable_ratio=_detectable(
            around_share, total, level / max(found.n_tested, 1), dispersion, minimum_ratio
        ),
        too_few=reason != "",
        reason=reason,
    )


def _checked(
    count: ArrayLike, exposure: ArrayLike, neighbours: Neighbours
) -> tuple[IntArray, FloatArray]:
    counts, weight = np.asarray(count, dtype=np.float64), np.array(exposure, dtype=np.float64)
    if not counts.shape == weight.shape == (neighbours.n,):
        raise ValueError(
            "count, exposure and neighbours must speak of the same cells; got shapes "
            f"{counts.shape} and {weight.shape} for {neighbours.n} cells"
        )
    if not ((counts >= 0) & (counts == np.floor(counts)) & np.isfinite(counts)).all():
        raise ValueError("count must hold whole numbers of incidents, 0 or more, none missing")
    if not ((weight >= 0) & np.isfinite(weight)).all():
        raise ValueError("exposure must be finite and 0 or more in every cell, none missing")
    if not weight.sum() > 0:
        raise ValueError("exposure is 0 everywhere, so it explains nothing; check its source")
    return counts.astype(np.int64), weight


def _check_options(
    minimum_count: int, minimum_total: int, level: float, dispersion: float, confidence: float
) -> None:
    if not minimum_count >= 1:
        raise ValueError(f"minimum_count must be at least 1 incident; got {minimum_count}")
    if not minimum_total >= 1:
        raise ValueError(f"minimum_total must be at least 1 incident; got {minimum_total}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, such as 0.05; got {level}")
    if not 1 <= dispersion < np.inf:
        raise ValueError(f"dispersion must be finite and at least 1; got {dispersion}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence_level must lie between 0 and 1; got {confidence}")


def _upper_tail(count: IntArray, share: FloatArray, total: int, dispersion: float) -> FloatArray:
    """Probability of at least `count` of `total`; NaN without exposure, 1 for no incident."""
    from scipy.special import betainc

    successes = count / dispersion
    failures = (total - count) / dispersion + 1.0
    p = np.where(count > 0, betainc(np.maximum(successes, 1e-9), failures, share), 1.0)
    return np.where(share > 0, p, np.nan)


def _ratio(
    count: IntArray, share: FloatArray, total: int, dispersion: float, confidence: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ratio to the share of exposure, with Clopper and Pearson's interval."""
    from scipy.special import betaincinv

    tail = (1.0 - confidence) / 2.0
    hits, misses = count / dispersion, (total - count) / dispersion
    low = np.where(hits > 0, betaincinv(np.maximum(hits, 1e-9), misses + 1.0, tail), 0.0)
    high = np.where(misses > 0, betaincinv(hits + 1.0, np.maximum(misses, 1e-9), 1 - tail), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = [np.where(share > 0, v / share, np.nan) for v in (count / max(total, 1), low, high)]
    if total == 0:
        rows[0] = np.full(len(count), np.nan)
    return rows[0], rows[1], rows[2]


def _too_few(total: int, minimum_total: int) -> str:
    if total >= minimum_total:
        return ""
    return (
        f"cannot tell: {total} incidents are too few to tell hot spots from chance; "
        f"at least {minimum_total} are needed"
    )


def _detectable(
    share: FloatArray, total: int, level: float, dispersion: float, minimum_ratio: float
) -> float:
    """Ratio at which the median neighbourhood would pass on its own.

    The probability falls as the count rises, so that the least count is found by halving.
    """
    middle = float(np.median(share[share > 0]))
    tested = np.array([min(minimum_ratio * middle, 1.0)])

    def passes(count: int) -> bool:
        return bool(_upper_tail(np.array([count]), tested, total, dispersion)[0] <= level)

    if not passes(total):
        return float("inf")
    least = bisect.bisect_left(range(1, total + 1), True, key=passes) + 1
    return float(least / (total * middle))


def _clusters(
    hot: NDArray[np.bool_], around: Neighbours, count: IntArray, share: FloatArray
) -> tuple[IntArray, tuple[HotSpotCluster, ...]]:
    """Merge hot cells that touch; number the clusters by incidents."""
    label = np.full(len(hot), -1, dtype=np.int64)
    cells = np.flatnonzero(hot)
    if not len(cells):
        return label, ()
    from scipy.sparse.csgraph import connected_components

    among = around.to_sparse()[cells][:, cells]
    n, member = connected_components(among, directed=False)
    counts = np.bincount(member, weights=count[cells], minlength=n)
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(-counts, kind="stable")] = np.arange(n)
    label[cells] = rank[member]
    return label, tuple(_cluster(k, label, count, share) for k in range(n))


def _cluster(number: int, label: IntArray, count: IntArray, share: FloatArray) -> HotSpotCluster:
    cells = np.flatnonzero(label == number)
    events, exposure, total = int(count[cells].sum()), float(share[cells].sum()), int(count.sum())
    return HotSpotCluster(
        cluster=number,
        cells=tuple(int(cell) for cell in cells),
        count=events,
        expected=total * exposure,
        ratio=events / (total * exposure) if exposure > 0 else float("inf"),
        share_of_events=events / total,
        share_of_exposure=exposure,
    )
