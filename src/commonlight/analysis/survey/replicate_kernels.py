"""Compiled loops over replicate weights.

They add in double precision and in the order they are given, so that a sum does not depend on
the machine's threads. They test nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["grouped_totals"]


@njit(nogil=True, cache=True)
def grouped_totals(
    weights: NDArray[Any],
    rows: NDArray[np.int64],
    group: NDArray[np.int64],
    columns: NDArray[np.float64],
    totals: NDArray[np.float64],
) -> None:
    """Add weight times value for each column, group and replicate.

    Parameters
    ----------
    weights : ndarray of float32 or float64, shape (n, n_replicates)
        Replicate weights.
    rows : ndarray of int, shape (m,)
        Answers to add, best sorted by group.
    group : ndarray of int, shape (n,)
        Group of each answer.
    columns : ndarray of float, shape (n, k)
        Values.
    totals : ndarray of float, shape (k, n_groups, n_replicates)
        Changed in place.

    Returns
    -------
    None
    """
    n_replicates = weights.shape[1]
    for j in range(columns.shape[1]):
        for i in rows:
            value = columns[i, j]
            if value == 0.0:
                continue
            into = totals[j, group[i]]
            for r in range(n_replicates):
                into[r] += value * weights[i, r]
