"""The linear system of published counts as arrays, and what follows from it at once.

Helpers of `protect`; `attack` reads the relations on its own, so that one can check the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from commonlight.analysis.disclosure.cells import Relation
from commonlight.analysis.disclosure.domains import Key

__all__ = ["UNKNOWN", "Ints", "Mask", "System", "build_system"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
UNKNOWN = -1


@dataclass(frozen=True)
class System:
    """Counts and sums as arrays; one column per count, printed or not.

    Attributes
    ----------
    keys : tuple of keys
        What each column counts, sorted, so that cells of one area stand side by side.
    truth : ndarray of int, shape (n,)
        The counts; -1 for a hidden one that does not follow from the printed ones.
    printed : ndarray of bool, shape (n,)
        Counts that are in a table. The others are known only through sums.
    exact, bounds : csr_array of float, shape (n_relations, n)
        Rows that are zero in every possible world, and rows that are at least zero.
    level : ndarray of int, shape (n,)
        0 for a count that is never a total, else one more than its highest part. Cells of a
        higher level are suppressed only if those below do not help.
    """

    keys: tuple[Key, ...]
    truth: Ints
    printed: Mask
    exact: sparse.csr_array
    bounds: sparse.csr_array
    level: Ints


def build_system(counts: Mapping[Key, int], found: Iterable[Relation]) -> System:
    """Number the counts and write the relations as rows.

    Parameters
    ----------
    counts : mapping of key to int
        Printed counts.
    found : iterable of Relation
        Sums and bounds between them; their keys need not all be printed.

    Returns
    -------
    System
        Counts that are not printed and follow from sums are filled in, the others `UNKNOWN`.
    """
    found = tuple(found)
    every = {key for r in found for key in (*r.totals, *r.parts)} | set(counts)
    place = {key: i for i, key in enumerate(sorted(every, key=sorted))}
    truth = np.full(len(place), UNKNOWN, dtype=np.int64)
    for key, count in counts.items():
        truth[place[key]] = count
    printed = truth != UNKNOWN
    exact = _rows([r for r in found if r.exact], place)
    bounds = _rows([r for r in found if not r.exact], place)
    _solve_unknown(exact, truth)
    return System(tuple(place), truth, printed, exact, bounds, _levels(exact, bounds))


def _rows(found: list[Relation], place: Mapping[Key, int]) -> sparse.csr_array:
    columns = [place[key] for r in found for key in (*r.totals, *r.parts)]
    values = np.concatenate(
        [np.repeat([1.0, -1.0], [len(r.totals), len(r.parts)]) for r in found] or [np.empty(0)]
    )
    ends = np.cumsum([0] + [len(r.totals) + len(r.parts) for r in found])
    shape = (len(found), len(place))
    return sparse.csr_array((values, np.array(columns, dtype=np.int64), ends), shape=shape)


def _solve_unknown(exact: sparse.csr_array, truth: Ints) -> None:
    """Fill hidden counts that the printed ones give away: one unknown in a sum, or a zero sum."""
    signs = exact.copy()
    while True:
        unknown = truth == UNKNOWN
        left = np.rint(exact @ np.where(unknown, 0, truth)).astype(np.int64)
        positive = _count(signs, unknown, 1.0)
        negative = _count(signs, unknown, -1.0)
        alone = positive + negative == 1
        empty = (left == 0) & ((positive == 0) | (negative == 0))
        rows = np.flatnonzero((alone | empty) & (positive + negative > 0))
        if not len(rows):
            return
        for row in rows:
            part = slice(exact.indptr[row], exact.indptr[row + 1])
            for column, sign in zip(exact.indices[part], exact.data[part], strict=True):
                if unknown[column]:
                    truth[column] = 0 if empty[row] else -int(sign) * left[row]


def _count(exact: sparse.csr_array, mask: Mask, sign: float) -> Ints:
    one = sparse.csr_array(
        ((exact.data == sign).astype(np.float64), exact.indices, exact.indptr), shape=exact.shape
    )
    return np.rint(one @ mask.astype(np.float64)).astype(np.int64)


def _levels(exact: sparse.csr_array, bounds: sparse.csr_array) -> Ints:
    rows = sparse.vstack([exact, bounds], format="csr")
    level = np.zeros(rows.shape[1], dtype=np.int64)
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    total = rows.data > 0
    for _ in range(rows.shape[1]):
        highest = np.zeros(rows.shape[0], dtype=np.int64)
        np.maximum.at(highest, row[~total], level[rows.indices[~total]])
        raised = level.copy()
        np.maximum.at(raised, rows.indices[total], highest[row[total]] + 1)
        if (raised == level).all():
            break
        level = raised
    return level
