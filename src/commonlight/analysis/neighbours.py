"""Which areas or cells are neighbours of which.

Neighbours are kept as lists (compressed sparse rows) with equal weights. The module does not
say how strongly two areas influence each other, and it knows nothing of rivers, railways or
walls: two areas that share a border count as neighbours even where nobody can cross it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

__all__ = ["Neighbours"]

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Rule = Literal["queen", "rook"]


@dataclass(frozen=True)
class Neighbours:
    """Neighbour lists of ``n`` units, with equal (binary) weights.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n + 1,)
        Where each unit's list starts in `indices`.
    indices : ndarray of int32, shape (n_links,)
        Neighbours of unit ``i`` are ``indices[indptr[i]:indptr[i + 1]]``, in ascending order.

    Examples
    --------
    >>> from commonlight.analysis.neighbours import Neighbours
    >>> chain = Neighbours.from_pairs([0, 1], [1, 2], n=3)
    >>> chain.of(1).tolist(), chain.sizes.tolist()
    ([0, 2], [1, 2, 1])
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]

    def __post_init__(self) -> None:
        indptr = np.array(self.indptr, dtype=np.int64)
        indices = np.array(self.indices, dtype=np.int32)
        _check_lists(indptr, indices)
        indptr.setflags(write=False)
        indices.setflags(write=False)
        object.__setattr__(self, "indptr", indptr)
        object.__setattr__(self, "indices", indices)

    @classmethod
    def from_pairs(
        cls, first: ArrayLike, second: ArrayLike, *, n: int, symmetric: bool = True
    ) -> Neighbours:
        """Build the lists from pairs of unit numbers.

        Parameters
        ----------
        first, second : array_like of int, shape (n_pairs,)
            Unit numbers from 0 to ``n - 1``. A pair given twice counts once. A pair of a unit
            with itself makes the unit its own neighbour.
        n : int
            Number of units, also counting those without a neighbour.
        symmetric : bool
            Whether each pair also holds the other way round.

        Raises
        ------
        ValueError
            If the two have different lengths or a number is outside 0 to ``n - 1``.
        """
        a, b = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
        _check_pairs(a, b, n)
        if symmetric:
            a, b = np.concatenate([a, b]), np.concatenate([b, a])
        keys = _ascending(a * n + b)
        counts = np.bincount(keys // n, minlength=n) if keys.size else np.zeros(n, dtype=np.int64)
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(indptr, (keys % max(n, 1)).astype(np.int32))

    @classmethod
    def from_polygons(
        cls, polygons: Sequence[Any], rule: Rule = "queen", *, tolerance: float = 0.0
    ) -> Neighbours:
        """Build the lists from areas that touch.

        Parameters
        ----------
        polygons : sequence of shapely Polygon or MultiPolygon
            The areas.
        rule : {"queen", "rook"}
            ``"queen"``: areas that share at least a point. ``"rook"``: areas that share a
            piece of border. Areas that overlap are neighbours by both rules.
        tolerance : float
            For ``"queen"`` only: areas at most this far apart, in the unit of the
            coordinates, also count as touching. For boundaries that were simplified one by one.

        Raises
        ------
        ValueError
            If the rule is unknown, or the tolerance is negative or not finite, or is given
            with ``rule="rook"``.
        """
        _check_contiguity(rule, tolerance)
        shapes = np.asarray(polygons, dtype=object)
        tree = shapely.STRtree(shapes)
        if tolerance > 0:
            a, b = tree.query(shapes, predicate="dwithin", distance=tolerance)
        else:
            a, b = tree.query(shapes, predicate="intersects")
        a, b = a[a < b], b[a < b]
        if rule == "rook":
            shared = shapely.get_dimensions(shapely.intersection(shapes[a], shapes[b])) >= 1
            a, b = a[shared], b[shared]
        return cls.from_pairs(a, b, n=len(shapes))

    @property
    def n(self) -> int:
        """Number of units."""
        return len(self.indptr) - 1

    @property
    def n_links(self) -> int:
        """Number of links; each pair of neighbours has two."""
        return len(self.indices)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of neighbours of each unit, shape (n,), the unit itself included if listed."""
        return np.diff(self.indptr)

    @property
    def islands(self) -> NDArray[np.int64]:
        """Units that have no neighbour but perhaps themselves, in ascending order."""
        rows = np.repeat(np.arange(self.n), self.sizes)
        others = np.bincount(rows[rows != self.indices], minlength=self.n)
        return np.flatnonzero(others == 0)

    @property
    def includes_self(self) -> bool:
        """Whether every unit is in its own list."""
        rows = np.repeat(np.arange(self.n), self.sizes)
        return int((rows == self.indices).sum()) == self.n

    @property
    def is_symmetric(self) -> bool:
        """Whether every link also holds the other way round."""
        rows = np.repeat(np.arange(self.n, dtype=np.int64), self.sizes)
        there = rows * self.n + self.indices
        back = np.sort(self.indices.astype(np.int64) * self.n + rows)
        return bool(np.array_equal(there, back))

    def of(self, unit: int) -> NDArray[np.int32]:
        """Neighbours of one unit."""
        return self.indices[self.indptr[unit] : self.indptr[unit + 1]]

    def with_self(self) -> Neighbours:
        """Return the same lists with every unit also its own neighbour."""
        rows = np.repeat(np.arange(self.n), self.sizes)
        own = np.arange(self.n)
        return Neighbours.from_pairs(
            np.concatenate([rows, own]),
            np.concatenate([self.indices, own]),
            n=self.n,
            symmetric=False,
        )

    def to_sparse(self) -> csr_array:
        """Return the lists as a SciPy sparse array of zeros and ones, shape (n, n)."""
        from scipy.sparse import csr_array

        ones = np.ones(self.n_links)
        return csr_array((ones, self.indices, self.indptr), shape=(self.n, self.n))


def _ascending(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Different keys in ascending order; by sorting, for numpy's own hashing is slower here."""
    keys.sort()
    return keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if keys.size else keys


def _check_lists(indptr: NDArray[np.int64], indices: NDArray[np.int32]) -> None:
    if indptr.ndim != 1 or indptr.size == 0 or indptr[0] != 0 or np.any(np.diff(indptr) < 0):
        raise ValueError("indptr must be one-dimensional, start at 0 and never fall")
    if indices.ndim != 1 or indptr[-1] != indices.size:
        raise ValueError(f"indptr must end at {indices.size} links; it ends at {indptr[-1]}")
    if indices.size and not (indices.min() >= 0 and indices.max() < indptr.size - 1):
        raise ValueError(f"indices must lie in 0 to {indptr.size - 2}, the numbers of the units")


def _check_pairs(first: NDArray[np.int64], second: NDArray[np.int64], n: int) -> None:
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(
            f"first and second must be one-dimensional and equally long; got shapes "
            f"{first.shape} and {second.shape}"
        )
    both = np.concatenate([first, second])
    if both.size and not (both.min() >= 0 and both.max() < n):
        raise ValueError(
            f"unit numbers must lie in 0 to {n - 1}; got {both.min()} to {both.max()}. "
            "Give n as the number of all units"
        )


def _check_contiguity(rule: str, tolerance: float) -> None:
    if rule not in ("queen", "rook"):
        raise ValueError(f"rule must be 'queen' or 'rook'; got {rule!r}")
    if not 0 <= tolerance < np.inf:
        raise ValueError(
            f"tolerance must be finite and not negative, in the unit of the coordinates; "
            f"got {tolerance}"
        )
    if rule == "rook" and tolerance > 0:
        raise ValueError("tolerance works with rule='queen' only; leave it out for 'rook'")
