"""Repeat and near repeat: do incidents that are close in space also come close in time?

The Knox table counts pairs of incidents by distance and by time, and compares each count with
what comes out when the times are shuffled over the same places. Pairs at the same place stand
in a row of their own.

What it does not answer: who did it, whether one incident caused the next, and where the next
will be. A shift of risk from one part of the city to another during the period also makes near
pairs; the test cannot tell this from incidents that follow each other.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.near_repeat_input import (
    checked_points,
    distance_edges,
    given_pairs,
    time_edges,
)
from commonlight.analysis.near_repeat_permutations import (
    against_chance,
    finite_ends,
    permuted_tables,
    row_totals,
)

if TYPE_CHECKING:
    from commonlight.analysis.near_repeat_kernels import NearPairs

__all__ = ["KnoxTable", "knox_table", "knox_table_of_pairs", "near_repeat_obstacle"]

Metric = Literal["euclidean", "manhattan", "network"]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class KnoxTable:
    """Pairs of incidents by distance (rows) and time (columns), and what chance would give.

    Attributes
    ----------
    observed : ndarray of int64, shape (n_rows, n_columns)
        Pairs counted.
    expected : ndarray of float, shape (n_rows, n_columns)
        Mean count over the permutations.
    knox_ratio : ndarray of float, shape (n_rows, n_columns)
        ``observed / expected``; NaN where nothing is expected.
    null_lower, null_upper : ndarray of float, shape (n_rows, n_columns)
        Between these ratios lies the middle `confidence_level` of the permutations. They are
        limits of what chance gives, not a confidence interval of the ratio.
    null_sd : ndarray of float, shape (n_rows, n_columns)
        Standard deviation of the count over the permutations.
    p_value : ndarray of float, shape (n_rows, n_columns)
        ``(1 + permutations with at least the observed count) / (1 + permutations)``.
    mid_p_value : ndarray of float, shape (n_rows, n_columns)
        The same with ties, the observed table among them, counted by half.
    distance_edges : ndarray of float, shape (n_rows + 1,)
        Ends of the rows in metres; row i holds distances in ``[edges[i], edges[i + 1])``.
    time_edges : ndarray of float, shape (n_columns + 1,)
        Ends of the columns in days, in the same way.
    n_pairs : ndarray of int64, shape (n_rows,)
        Pairs at each distance, whatever their times.
    n_points : int
        Number of incidents.
    permutations : int
        Number of permutations.
    metric : {"euclidean", "manhattan", "network"}
        How distances were taken.
    same_place_distance : float or None
        End of the first row in metres when same-place pairs stand apart.
    confidence_level : float
        Level of `null_lower` and `null_upper`.
    """

    observed: IntArray
    expected: FloatArray
    knox_ratio: FloatArray
    null_lower: FloatArray
    null_upper: FloatArray
    null_sd: FloatArray
    p_value: FloatArray
    mid_p_value: FloatArray
    distance_edges: FloatArray
    time_edges: FloatArray
    n_pairs: IntArray
    n_points: int
    permutations: int
    metric: Metric
    same_place_distance: float | None
    confidence_level: float

    @property
    def distance_labels(self) -> tuple[str, ...]:
        """Names of the rows, such as "1 m to under 100 m"."""
        labels = _labels(self.distance_edges, "m")
        if self.same_place_distance is None:
            return labels
        return ("same place", *labels[1:])

    @property
    def time_labels(self) -> tuple[str, ...]:
        """Names of the columns, such as "0 to under 7 days"."""
        return _labels(self.time_edges, "days")


def _labels(edges: FloatArray, unit: str) -> tuple[str, ...]:
    """Name left-closed bands so that no reader can take an end as included."""
    return tuple(
        f"{low:g} {unit} or more" if math.isinf(high) else f"{low:g} to under {high:g} {unit}"
        for low, high in itertools.pairwise(edges)
    )


def near_repeat_obstacle(
    n_points: int,
    *,
    time_bands: Sequence[float] | FloatArray,
    resolution_days: float,
    minimum_points: int = 20,
) -> str:
    """Say why a Knox table cannot be made; an empty text when it can.

    Parameters
    ----------
    n_points : int
        Incidents with a place and a time.
    time_bands : sequence of float
        Ends of the time bands, in days.
    resolution_days : float
        How finely times are known, in days: 1 for dates, about 30.4 for months.
    minimum_points : int
        Fewer incidents than this give a table of empty cells.

    Returns
    -------
    str
        One sentence for the reader, or "".

    Examples
    --------
    >>> near_repeat_obstacle(500, time_bands=(0, 14, 28), resolution_days=1)
    ''
    >>> near_repeat_obstacle(500, time_bands=(0, 14, 28), resolution_days=30.4)[:49]
    'times are known to 30.4 days only, and the first '
    """
    if not 0 < resolution_days < math.inf:
        raise ValueError(
            f"resolution_days must be positive and finite, in days; got {resolution_days}"
        )
    first = float(time_bands[1])
    if resolution_days > first:
        return (
            f"times are known to {resolution_days:g} days only, and the first time band is "
            f"{first:g} days wide, so near repeats cannot be seen; use a source with dates, or "
            f"wider time bands"
        )
    if n_points < minimum_points:
        return f"{n_points} incidents are too few for a table of pairs; {minimum_points} are needed"
    return ""


def knox_table(
    x: ArrayLike,
    y: ArrayLike,
    day: ArrayLike,
    *,
    distance_bands: Sequence[float],
    time_bands: Sequence[float],
    rng: np.random.Generator,
    permutations: int = 999,
    metric: Metric = "euclidean",
    same_place_distance: float | None = 1.0,
    resolution_days: float = 1.0,
    confidence_level: float = 0.95,
    max_pairs: int = 250_000_000,
    threads: int = 1,
) -> KnoxTable:
    """Count pairs by distance and time, and test them against shuffled times.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Projected coordinates, in metres.
    day : array_like of number, shape (n,)
        Times, in days; whole day numbers or fractions.
    distance_bands : sequence of float
        Ends of the distance bands in metres, from 0 and ascending: ``(0, 100, 200)`` makes the
        bands [0, 100) and [100, 200). The last may be ``inf``.
    time_bands : sequence of float
        Ends of the time bands in days, in the same way.
    rng : numpy.random.Generator
        Gives the key of the permutations. Each permutation has its own stream of random
        numbers, so that the result does not depend on `threads`.
    permutations : int
        How often the times are shuffled; 999 allows p-values down to 0.001.
    metric : {"euclidean", "manhattan"}
        Straight line, or sum of the differences in x and in y.
    same_place_distance : float or None
        Pairs nearer than this, in metres, are repeats at the same place and form the first
        row; it must be below the first positive distance. None makes no such row.
    resolution_days : float
        How finely times are known, in days. Bands finer than this are refused.
    confidence_level : float
        Share of the permutations between `null_lower` and `null_upper`.
    max_pairs : int
        Refuse more near pairs than this; each takes 4 bytes.
    threads : int
        Blocks of permutations counted at the same time.

    Returns
    -------
    KnoxTable
        Counts, expectations, ratios and p-values by band.

    Raises
    ------
    ValueError
        When the arrays differ in length, hold missing or infinite values or fewer than two
        points; when bands do not start at 0 and ascend; when times are too coarse for the
        first band; when there are too many near pairs.

    Notes
    -----
    With pairs :math:`(i, j)`, distances :math:`d_{ij}` and times :math:`t_i`,

    .. math:: N_{ab} = \\#\\{i < j : d_{ij} \\in [a_1, a_2),\\ |t_i - t_j| \\in [b_1, b_2)\\}

    is compared with :math:`N_{ab}^{(\\pi)}` for random orders :math:`\\pi` of the times. The
    p-value counts the observed table as one of the permutations, so it is never 0, and counts
    ties in full, so it is never too small [1]_, [2]_. It is one-sided: more pairs than by
    chance. The cells of a table are tested one by one; with many cells, use
    `multiple_testing`.

    Bands are closed on the left. The Near Repeat Calculator labels a band "1 to 100" that
    holds [1, 100), and "8 to 14" days that holds [7, 14): see the method page.

    The assumption that fails most often is that the pattern of places stays the same through
    the period. Where a new estate is built, or the tourist season moves incidents to the
    beach, near pairs arise without any repeat [1]_.

    Pairs beyond the last finite distance are not listed: their counts follow from the totals,
    which no permutation changes.

    References
    ----------
    .. [1] Knox, E. G., & Bartlett, M. S. (1964). The detection of space-time interactions.
       Journal of the Royal Statistical Society C, 13(1), 25-30. https://doi.org/10.2307/2985220
    .. [2] Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero.
       Statistical Applications in Genetics and Molecular Biology, 9(1).
       https://doi.org/10.2202/1544-6115.1585
    .. [3] Townsley, M., Homel, R., & Chaseling, J. (2003). Infectious burglaries: a test of the
       near repeat hypothesis. British Journal of Criminology, 43(3), 615-633.
       https://doi.org/10.1093/bjc/43.3.615

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.uniform(0, 5000, (2, 200))
    >>> day = rng.integers(0, 365, 200)
    >>> x2, y2, day2 = x + 50, y, day + 3          # every incident has an echo nearby
    >>> table = knox_table(
    ...     np.r_[x, x2], np.r_[y, y2], np.r_[day, day2],
    ...     distance_bands=(0, 100, 200), time_bands=(0, 7, 14), permutations=99, rng=rng,
    ... )
    >>> bool(table.knox_ratio[1, 0] > 5), float(table.p_value[1, 0])
    (True, 0.01)
    """
    px, py, times = checked_points(x, y, day)
    distances = distance_edges(distance_bands, same_place_distance)
    columns = time_edges(time_bands)
    if metric not in ("euclidean", "manhattan"):
        raise ValueError(f"metric must be 'euclidean' or 'manhattan'; got {metric!r}")
    _check_options(permutations, confidence_level, threads)
    _refuse_obstacle(len(times), columns, resolution_days)
    from commonlight.analysis.near_repeat_kernels import find_pairs

    pairs = find_pairs(
        px, py, finite_ends(distances), manhattan=metric == "manhattan", max_pairs=max_pairs
    )
    return _tested(
        pairs,
        times,
        distances,
        columns,
        rng=rng,
        permutations=permutations,
        metric=metric,
        same_place_distance=same_place_distance,
        confidence_level=confidence_level,
        threads=threads,
    )


def knox_table_of_pairs(
    first: ArrayLike,
    second: ArrayLike,
    apart: ArrayLike,
    day: ArrayLike,
    *,
    distance_bands: Sequence[float],
    time_bands: Sequence[float],
    rng: np.random.Generator,
    metric: Metric,
    permutations: int = 999,
    same_place_distance: float | None = 1.0,
    resolution_days: float = 1.0,
    confidence_level: float = 0.95,
    threads: int = 1,
) -> KnoxTable:
    """Make a Knox table from pairs whose distances were found in another way.

    Parameters
    ----------
    first, second : array_like of int, shape (n_pairs,)
        Positions of the two incidents; each pair once. Pairs that are not given count as further
        apart than the last finite distance.
    apart : array_like of float, shape (n_pairs,)
        Distance of each pair, in metres.
    day : array_like of number, shape (n,)
        Times, in days.
    metric : str
        How distances were taken; kept in the table.
    distance_bands, time_bands, rng, permutations, same_place_distance
        As in :func:`knox_table`.
    resolution_days, confidence_level, threads
        As in :func:`knox_table`.

    Returns
    -------
    KnoxTable

    Raises
    ------
    ValueError
        As :func:`knox_table`; also when a pair names an incident that is not there, or the same
        one twice.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> table = knox_table_of_pairs(
    ...     [0, 0], [1, 2], [50, 150], [1, 2, 40], distance_bands=(0, 100, 200),
    ...     time_bands=(0, 7, 60), permutations=9, rng=rng, metric="network",
    ... )
    >>> table.observed.tolist()
    [[0, 0], [1, 0], [0, 1]]
    """
    here = np.zeros(np.size(day))
    _, _, times = checked_points(here, here, day)
    distances = distance_edges(distance_bands, same_place_distance)
    columns = time_edges(time_bands)
    _check_options(permutations, confidence_level, threads)
    _refuse_obstacle(len(times), columns, resolution_days)
    pairs = given_pairs(first, second, apart, finite_ends(distances), len(times))
    return _tested(
        pairs,
        times,
        distances,
        columns,
        rng=rng,
        permutations=permutations,
        metric=metric,
        same_place_distance=same_place_distance,
        confidence_level=confidence_level,
        threads=threads,
    )


def _check_options(permutations: int, level: float, threads: int) -> None:
    if not permutations >= 1:
        raise ValueError(f"permutations must be at least 1; got {permutations}")
    if not 0 < level < 1:
        raise ValueError(f"confidence_level must lie between 0 and 1; got {level}")
    if not threads >= 1:
        raise ValueError(f"threads must be at least 1; got {threads}")


def _refuse_obstacle(n_points: int, columns: FloatArray, resolution_days: float) -> None:
    obstacle = near_repeat_obstacle(
        n_points, time_bands=columns, resolution_days=resolution_days, minimum_points=2
    )
    if obstacle:
        raise ValueError(obstacle)


def _tested(
    pairs: NearPairs,
    times: FloatArray,
    distances: FloatArray,
    columns: FloatArray,
    *,
    rng: np.random.Generator,
    permutations: int,
    metric: Metric,
    same_place_distance: float | None,
    confidence_level: float,
    threads: int,
) -> KnoxTable:
    """Count the pairs by time, as they are and with shuffled times."""
    counts = permuted_tables(pairs, times, distances, columns, permutations, rng, threads)
    return KnoxTable(
        **against_chance(counts, confidence_level),
        distance_edges=distances,
        time_edges=columns,
        n_pairs=row_totals(pairs, distances, len(times)),
        n_points=len(times),
        permutations=permutations,
        metric=metric,
        same_place_distance=same_place_distance,
        confidence_level=confidence_level,
    )
