"""Knox tables of shuffled times, and the observed table among them.

Bands with an end are counted pair by pair; open bands follow from the totals, which no
permutation changes. What it does not answer: whether a cell is unusual once all cells of a table
are looked at; see `multiple_testing`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from commonlight.analysis.near_repeat_kernels import NearPairs

__all__ = ["against_chance", "finite_ends", "permuted_tables", "row_totals"]

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

_LONGEST_16_BIT = 32_766  # days, about 89 years


def permuted_tables(
    pairs: NearPairs,
    times: FloatArray,
    distances: FloatArray,
    time_edges: FloatArray,
    permutations: int,
    rng: np.random.Generator,
    threads: int,
) -> IntArray:
    """Count the observed table and those of shuffled times.

    Parameters
    ----------
    pairs : NearPairs
        Pairs by first incident and distance band.
    times : ndarray of float, shape (n,)
        Times of the incidents, in days.
    distances : ndarray of float, shape (n_rows + 1,)
        Ends of the rows, in metres.
    time_edges : ndarray of float, shape (n_columns + 1,)
        Ends of the columns, in days.
    permutations : int
        How often the times are shuffled.
    rng : numpy.random.Generator
        Gives the key of the permutations.
    threads : int
        Blocks of permutations counted at the same time.

    Returns
    -------
    ndarray of int64, shape (n_rows, n_columns, permutations + 1)
        The first table is the observed one.
    """
    from commonlight.analysis.near_repeat_kernels import pairs_within
    from commonlight.analysis.near_repeat_lanes import LANES, count_block
    from commonlight.analysis.random_streams import draw_seed

    lane_times, edges = _lane_times(times, finite_ends(time_edges))
    sorted_by_place = np.ascontiguousarray(lane_times[pairs.order])
    seed = draw_seed(rng)

    def block(first: int) -> IntArray:
        counted: IntArray = count_block(
            sorted_by_place, pairs.indptr, pairs.partner, pairs.n_bands, edges, seed, first
        )
        return counted

    starts = range(0, permutations + 1, LANES)
    if threads == 1:
        blocks = [block(first) for first in starts]
    else:
        with ThreadPoolExecutor(threads) as pool:
            blocks = list(pool.map(block, starts))
    below = np.concatenate(blocks, axis=2)[:, :, : permutations + 1]
    totals = pairs_within(np.sort(lane_times).astype(np.float64), edges.astype(np.float64))
    return _open_bands(below, pairs, totals, distances, time_edges, len(times))


def _lane_times(times: FloatArray, edges: FloatArray) -> tuple[NDArray[Any], NDArray[Any]]:
    """Use 16-bit day numbers where they say the same, else 64-bit fractions."""
    since = times - times.min()
    if (since == np.floor(since)).all() and since.max() <= _LONGEST_16_BIT:
        ceiling = np.minimum(np.ceil(edges), _LONGEST_16_BIT + 1)
        return since.astype(np.int16), ceiling.astype(np.int16)
    return since, edges


def _open_bands(
    below: IntArray,
    pairs: NearPairs,
    totals: IntArray,
    distances: FloatArray,
    time_edges: FloatArray,
    n: int,
) -> IntArray:
    """Turn "nearer in time than" into bands, and add the open bands from the totals."""
    if np.isinf(distances[-1]):
        beyond = totals[:, None] - below.sum(axis=0)
        below = np.concatenate([below, beyond[None]], axis=0)
    if np.isinf(time_edges[-1]):
        rows = row_totals(pairs, distances, n)
        whole = np.broadcast_to(rows[:, None, None], (len(rows), 1, below.shape[2]))
        below = np.concatenate([below, whole], axis=1)
    return np.diff(below, axis=1, prepend=0)


def row_totals(pairs: NearPairs, distances: FloatArray, n: int) -> IntArray:
    """Pairs at each distance; those beyond the last finite end are all the others.

    Parameters
    ----------
    pairs : NearPairs
        Pairs by first incident and distance band.
    distances : ndarray of float, shape (n_rows + 1,)
        Ends of the rows, in metres.
    n : int
        Number of incidents.

    Returns
    -------
    ndarray of int64, shape (n_rows,)
    """
    near = pairs.per_band()
    if not np.isinf(distances[-1]):
        return near
    return np.append(near, n * (n - 1) // 2 - near.sum())


def against_chance(counts: IntArray, confidence_level: float) -> dict[str, NDArray[Any]]:
    """Compare the observed table with those of shuffled times.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_rows, n_columns, permutations + 1)
        From `permuted_tables`.
    confidence_level : float
        Share of the permutations between `null_lower` and `null_upper`.

    Returns
    -------
    dict of str to ndarray, each of shape (n_rows, n_columns)
        The cells of a `near_repeat.KnoxTable` by name.
    """
    observed, permuted = counts[:, :, 0], counts[:, :, 1:]
    expected = permuted.mean(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
        tail = (1.0 - confidence_level) / 2.0
        limits = np.quantile(permuted, (tail, 1.0 - tail), axis=2)
        limits = np.where(expected > 0, limits / expected, np.nan)
    more = (permuted > observed[:, :, None]).sum(axis=2)
    ties = (permuted == observed[:, :, None]).sum(axis=2)
    trials = 1.0 + permuted.shape[2]
    return {
        "observed": observed.copy(),
        "expected": expected,
        "knox_ratio": ratio,
        "null_lower": limits[0],
        "null_upper": limits[1],
        "null_sd": permuted.std(axis=2),
        "p_value": (1.0 + more + ties) / trials,
        "mid_p_value": (0.5 + more + 0.5 * ties) / trials,
    }


def finite_ends(edges: FloatArray) -> FloatArray:
    """Upper ends of the bands that have one.

    Parameters
    ----------
    edges : ndarray of float, shape (n_bands + 1,)
        Ends of the bands; the last may be ``inf``.

    Returns
    -------
    ndarray of float, shape (n_bands,) or (n_bands - 1,)
    """
    return edges[1:][np.isfinite(edges[1:])]
