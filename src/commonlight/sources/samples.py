"""A bounded sample of points, the same for the same rows whatever the size of the pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["PointSample"]


def _scattered(rows: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A fixed pseudo-random number for each row (the finalizer of splitmix64)."""
    h = rows.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return h ^ (h >> np.uint64(31))


class PointSample:
    """Keeps each point with the same chance, and at most `size` of them.

    Parameters
    ----------
    size : int
        Most points to keep. When there are more, every other one is let go, chosen by
        a fixed scattering of the row numbers.
    """

    def __init__(self, size: int = 200_000) -> None:
        self._size = size
        self._limit = 64
        self._seen = 0
        self._key = np.empty(0, dtype=np.uint64)
        self._xy = np.empty((2, 0))

    def add(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Offer points; those that are not finite are passed over."""
        fine = np.isfinite(x) & np.isfinite(y)
        key = _scattered(np.arange(self._seen, self._seen + len(x)))
        self._seen += len(x)
        keep = fine & self._within(key)
        self._key = np.append(self._key, key[keep])
        self._xy = np.hstack((self._xy, np.vstack((x[keep], y[keep]))))
        while len(self._key) > self._size:
            self._limit -= 1
            keep = self._within(self._key)
            self._key, self._xy = self._key[keep], self._xy[:, keep]

    def _within(self, key: NDArray[np.uint64]) -> NDArray[np.bool_]:
        if self._limit == 64:
            return np.ones(len(key), dtype=np.bool_)
        return np.asarray(key < np.uint64(1 << self._limit))

    @property
    def points(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The points kept."""
        return self._xy[0], self._xy[1]
