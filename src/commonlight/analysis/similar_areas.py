"""The areas most similar to an area.

Similar means: close in the variables given, and in nothing else. The variables should describe
what a place is (residents, housing, centrality), not what happens there; whoever puts the
outcome among them compares an area with areas chosen to have the same outcome. It compares no
rates; see `similar_comparison`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FURTHEST", "SimilarAreas", "most_similar"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Scale = Literal["robust", "standard"]
Metric = Literal["euclidean", "mahalanobis"]

FURTHEST = 1.0
"""Beyond one typical spread per variable an area is not called similar. Two areas taken at random
are about 1.4 apart."""
MAD_TO_SPREAD = 1.4826
IQR_TO_SPREAD = 1 / 1.349
"""Factors that turn both into the standard deviation of a normal distribution."""


@dataclass(frozen=True, eq=False)
class SimilarAreas:
    """The most similar areas of each area, nearest first.

    Attributes
    ----------
    neighbours : ndarray of int, shape (n, k)
        Numbers of the most similar areas; -1 where there is none.
    distance : ndarray of float, shape (n, k)
        How far each is, in typical spreads per variable (root mean square); NaN where none.
    similar : ndarray of bool, shape (n, k)
        Whether it is at most `furthest` away.
    alone : ndarray of bool, shape (n,)
        Areas that were compared and have no really similar area.
    missing : ndarray of bool, shape (n,)
        Areas with a missing variable: compared with none, and similar to none.
    variables : tuple of str
        Variables used.
    weights : ndarray of float, shape (n_used,)
        Their weights, with mean 1.
    centre, spread : ndarray of float, shape (n_used,)
        What was subtracted and divided by.
    constant : tuple of str
        Variables left out because they are the same in all areas.
    scale, metric : str
        As given.
    furthest : float
        As given.
    """

    neighbours: Codes
    distance: Floats
    similar: Mask
    alone: Mask
    missing: Mask
    variables: tuple[str, ...]
    weights: Floats
    centre: Floats
    spread: Floats
    constant: tuple[str, ...]
    scale: str
    metric: str
    furthest: float

    def of(self, area: int) -> Codes:
        """Areas really similar to one area, nearest first."""
        return np.asarray(self.neighbours[area][self.similar[area]])


def most_similar(
    values: ArrayLike,
    *,
    variables: Sequence[str],
    n: int = 10,
    weights: ArrayLike | None = None,
    scale: Scale = "robust",
    metric: Metric = "euclidean",
    furthest: float = FURTHEST,
) -> SimilarAreas:
    """Find the most similar areas of each area.

    Parameters
    ----------
    values : array_like of float, shape (n_areas, n_variables)
        What describes the areas; NaN where unknown.
    variables : sequence of str
        Names of the columns.
    n : int
        How many similar areas to find for each.
    weights : array_like of float, shape (n_variables,), optional
        How much each variable counts in the squared distance; all the same if left out. For the
        Euclidean distance only.
    scale : {"robust", "standard"}
        Divide by the median absolute deviation (or, where that is zero, the interquartile range
        or the standard deviation), or by the standard deviation.
    metric : {"euclidean", "mahalanobis"}
        Whether variables that go together count once (Mahalanobis) or each (Euclidean).
    furthest : float
        Largest distance that is called similar, in typical spreads per variable.

    Returns
    -------
    SimilarAreas
        Of areas equally far the one with the lower number comes first.

    Raises
    ------
    ValueError
        If shapes or names do not fit, a value is infinite, all variables are constant, weights
        are negative or given with Mahalanobis distance, or an option is out of its range.

    Notes
    -----
    ``d_ij^2 = sum_k w_k (z_ik - z_jk)^2 / sum_k w_k`` with ``z`` the scaled variables, or
    ``d_ij^2 = (z_i - z_j)' S^-1 (z_i - z_j) / p`` with ``S`` their covariance [1]_.

    The assumption that fails most often: that the variables at hand are those that matter.

    References
    ----------
    .. [1] Mahalanobis, P. C. (1936). On the generalised distance in statistics. Proceedings of
       the National Institute of Sciences of India 2, 49-55.

    Examples
    --------
    >>> from commonlight.analysis.similar_areas import most_similar
    >>> found = most_similar(
    ...     [[1, 20], [2, 22], [9, 80], [1, 21], [8, 78]], variables=["flats", "centrality"], n=2
    ... )
    >>> found.neighbours[0].tolist(), found.similar[0].tolist()
    ([3, 1], [True, True])
    """
    x = _table(values, variables)
    _check_options(n, scale, metric, furthest)
    missing = np.asarray(np.isnan(x).any(axis=1))
    whole = x[~missing]
    spread = _spread(whole, scale)
    used = spread > 0
    if not used.any():
        raise ValueError(
            "no variable differs between areas; give at least one that does, known for two areas"
        )
    w = _weights(weights, x.shape[1], metric)[used]
    if not w.sum() > 0:
        raise ValueError("the weights of all variables that differ between areas are zero")
    w = w / w.mean()
    centre = _centre(whole[:, used], scale)
    z = (whole[:, used] - centre) / spread[used]
    places = np.flatnonzero(~missing)
    nearest, distance = _nearest(_transformed(z, w, metric), n)
    neighbours, far = _spread_out(places, nearest, distance, len(x), n)
    similar = far <= furthest
    return SimilarAreas(
        neighbours=neighbours,
        distance=far,
        similar=similar,
        alone=~missing & ~similar.any(axis=1),
        missing=missing,
        variables=tuple(np.array(variables)[used].tolist()),
        weights=w,
        centre=centre,
        spread=spread[used],
        constant=tuple(np.array(variables)[~used].tolist()),
        scale=scale,
        metric=metric,
        furthest=float(furthest),
    )


def _table(values: ArrayLike, variables: Sequence[str]) -> Floats:
    x = np.array(values, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != len(variables) or np.isinf(x).any():
        raise ValueError(
            f"values must be finite, one row per area and one column for each of the "
            f"{len(variables)} variables named; got shape {x.shape}"
        )
    if len(set(variables)) != len(variables):
        raise ValueError(f"each variable must be named once; got {', '.join(variables)}")
    return x


def _check_options(n: int, scale: str, metric: str, furthest: float) -> None:
    if n < 1:
        raise ValueError(f"n must be 1 or more similar areas; got {n}")
    if scale not in ("robust", "standard"):
        raise ValueError(f"scale must be 'robust' or 'standard'; got {scale!r}")
    if metric not in ("euclidean", "mahalanobis"):
        raise ValueError(f"metric must be 'euclidean' or 'mahalanobis'; got {metric!r}")
    if not furthest > 0:
        raise ValueError(f"furthest must be positive, in typical spreads; got {furthest}")


def _weights(weights: ArrayLike | None, n_variables: int, metric: str) -> Floats:
    if weights is None:
        return np.ones(n_variables)
    if metric == "mahalanobis":
        raise ValueError("weights cannot be combined with metric='mahalanobis'; leave one out")
    w = np.array(weights, dtype=np.float64)
    if w.shape != (n_variables,) or not np.all((w >= 0) & np.isfinite(w)):
        raise ValueError(f"weights must be {n_variables} finite numbers, not negative; got {w}")
    return w


def _spread(whole: Floats, scale: str) -> Floats:
    """Spread of each variable; 0 where it is constant or known for fewer than two areas."""
    if len(whole) < 2:
        return np.zeros(whole.shape[1])
    usual = np.asarray(whole.std(axis=0, ddof=1))
    usual[np.ptp(whole, axis=0) == 0] = 0.0
    if scale == "standard":
        return usual
    away = np.median(np.abs(whole - np.median(whole, axis=0)), axis=0) * MAD_TO_SPREAD
    low, high = np.quantile(whole, [0.25, 0.75], axis=0)
    middle = (high - low) * IQR_TO_SPREAD
    return np.where(away > 0, away, np.where(middle > 0, middle, usual))


def _centre(whole: Floats, scale: str) -> Floats:
    return np.asarray(np.median(whole, axis=0) if scale == "robust" else whole.mean(axis=0))


def _transformed(z: Floats, w: Floats, metric: str) -> Floats:
    """Coordinates whose plain distance is the one asked for."""
    if metric == "euclidean":
        return np.asarray(z * np.sqrt(w / w.sum()))
    covariance = np.atleast_2d(np.cov(z, rowvar=False))
    if len(z) <= z.shape[1] or np.linalg.cond(covariance) > 1e12:
        raise ValueError(
            "Mahalanobis distance needs more areas than variables, and no variable that repeats "
            "others; leave variables out or use metric='euclidean'"
        )
    root = np.linalg.cholesky(np.linalg.inv(covariance))
    return np.asarray(z @ root / np.sqrt(z.shape[1]))


def _nearest(points: Floats, n: int) -> tuple[Codes, Floats]:
    """Numbers and distances of the nearest others, ties by number."""
    size = min(n, len(points) - 1)
    nearest = np.empty((len(points), size), dtype=np.int64)
    distance = np.empty((len(points), size))
    for i, point in enumerate(points):
        away = np.sqrt(((points - point) ** 2).sum(axis=1))
        away[i] = np.inf
        nearest[i] = np.argsort(away, kind="stable")[:size]
        distance[i] = away[nearest[i]]
    return nearest, distance


def _spread_out(
    places: Codes, nearest: Codes, distance: Floats, n_areas: int, n: int
) -> tuple[Codes, Floats]:
    """The same for all areas, with -1 and NaN where there is none."""
    neighbours = np.full((n_areas, n), -1, dtype=np.int64)
    far = np.full((n_areas, n), np.nan)
    size = nearest.shape[1]
    neighbours[places, :size] = places[nearest]
    far[places, :size] = distance
    return neighbours, far
