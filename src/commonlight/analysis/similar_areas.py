"""The areas most similar to an area, and its rate beside theirs.

Similar means: close in the variables given, and in nothing else. The variables should describe
what a place is (residents, housing, centrality), not what happens there; whoever puts the
outcome among them compares an area with areas chosen to have the same outcome. An area above its
similar ones is not thereby badly run, and one that is not above them may still have a problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "FURTHEST",
    "MINIMUM_SIMILAR",
    "SimilarAreas",
    "SimilarComparison",
    "compare_with_similar",
    "most_similar",
]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Scale = Literal["robust", "standard"]
Metric = Literal["euclidean", "mahalanobis"]
Verdict = Literal["above", "below", "alike", "cannot tell"]

FURTHEST = 1.0
"""Beyond one typical spread per variable an area is not called similar. Two areas taken at random
are about 1.4 apart."""
MINIMUM_SIMILAR = 4
"""With fewer similar areas the interval is several times wider than the areas themselves vary."""
MINIMUM_EXPECTED = 5.0
"""With fewer events expected and seen, a rate says too little to be compared."""
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


@dataclass(frozen=True, eq=False)
class SimilarComparison:
    """Each area's rate beside the rates of its similar areas.

    Attributes
    ----------
    rate : ndarray of float, shape (n,)
        The area's own rate per `per` residents; NaN where the population is unknown.
    expected, ci_lower, ci_upper : ndarray of float, shape (n,)
        Middle of the similar areas' rates, and the interval in which the rate of one more such
        area would be seen; NaN where it cannot be told.
    p_value, adjusted_p : ndarray of float, shape (n,)
        Two-sided, for "one more area like these"; and after control of the false discovery
        rate over all areas compared. NaN where not compared.
    n_similar : ndarray of int, shape (n,)
        Similar areas that could be used.
    verdict : tuple of str, length n
        "above", "below", "alike" or "cannot tell".
    reason : tuple of str, length n
        Why it cannot be told; empty where it can.
    per, level : float
        As given.
    """

    rate: Floats
    expected: Floats
    ci_lower: Floats
    ci_upper: Floats
    p_value: Floats
    adjusted_p: Floats
    n_similar: Codes
    verdict: tuple[Verdict, ...]
    reason: tuple[str, ...]
    per: float
    level: float


def compare_with_similar(
    counts: ArrayLike,
    population: ArrayLike,
    similar: SimilarAreas,
    *,
    per: float = 1000.0,
    level: float = 0.05,
    dispersion: float = 1.0,
    minimum_similar: int = MINIMUM_SIMILAR,
) -> SimilarComparison:
    """Compare each area's rate with those of its most similar areas.

    Parameters
    ----------
    counts : array_like of float, shape (n,)
        Events in each area; 0 or more.
    population : array_like of float, shape (n,)
        Residents, or another number at risk; NaN or 0 where unknown.
    similar : SimilarAreas
        Most similar areas. Only those that are really similar are used.
    per : float
        Residents that a rate refers to.
    level : float
        False discovery rate of the verdicts; intervals have the level ``1 - level``.
    dispersion : float
        Variance of an area's count over its mean, beyond true differences between areas; at
        least 1. `rates.rate_funnel` estimates one that holds both.
    minimum_similar : int
        With fewer similar areas nothing is told; at least 2.

    Returns
    -------
    SimilarComparison

    Raises
    ------
    ValueError
        If lengths differ, a count is missing or negative, a population is negative or infinite,
        or an option is out of its range.

    Notes
    -----
    Rates are taken as ``s = sqrt((count + 3/8) / population)`` with chance variance
    ``dispersion / (4 population)`` [1]_. With ``k`` similar areas of mean ``m`` and variance
    ``V`` (each area counts once) the area compared has the variance
    ``max(V + v - v_k, v) + V / k``: what the similar areas vary by, with their own chance
    ``v_k`` replaced by the area's ``v``. The interval takes Student's t with ``k - 1`` degrees
    of freedom, so that few similar areas give a wide one, and is squared back to rates. True
    differences between similar areas are in ``V``: nothing has to be assumed of them.

    The assumption that fails most often: that the area, were it like the others, would be one
    more draw from them. Areas that are similar are also often neighbours and share a cause.

    References
    ----------
    .. [1] Anscombe, F. J. (1948). The transformation of Poisson, binomial and negative-binomial
       data. Biometrika 35, 246-254. doi:10.1093/biomet/35.3-4.246

    Examples
    --------
    >>> from commonlight.analysis.similar_areas import compare_with_similar, most_similar
    >>> around = most_similar([[i % 3 / 10] for i in range(12)], variables=["flats"], n=8)
    >>> counts = [40, 44, 36, 47, 41, 39, 45, 38, 150, 42, 44, 37]
    >>> found = compare_with_similar(counts, [5000] * 12, around)
    >>> found.verdict[8], found.verdict[0]
    ('above', 'alike')
    """
    k, population_ = _counts(counts, population, len(similar.missing))
    _check_comparison(per, level, dispersion, minimum_similar)
    known = population_ > 0
    size = np.where(known, population_, 1.0)
    root, chance = np.sqrt((k + 0.375) / size), dispersion / (4 * size)
    rows = [_against(i, similar, known, root, chance, level) for i in range(len(k))]
    expected, lower, upper, p_value, used = (np.array(column) for column in zip(*rows, strict=True))
    reasons = tuple(
        _why_not(i, similar, known, int(used[i]), minimum_similar, k[i], expected[i] * size[i])
        for i in range(len(k))
    )
    told = np.array([not reason for reason in reasons], dtype=bool)
    expected, lower, upper, p_value = (
        np.where(told, column, np.nan) for column in (expected, lower, upper, p_value)
    )
    adjusted = _adjust(p_value, told)
    rate = np.where(known, k / size, np.nan)
    return SimilarComparison(
        rate=rate * per,
        expected=expected * per,
        ci_lower=lower * per,
        ci_upper=upper * per,
        p_value=p_value,
        adjusted_p=adjusted,
        n_similar=used.astype(np.int64),
        verdict=tuple(
            _verdict(bool(t), float(a), bool(s > e), level)
            for t, a, s, e in zip(told, adjusted, rate, expected, strict=True)
        ),
        reason=reasons,
        per=float(per),
        level=float(level),
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


def _counts(counts: ArrayLike, population: ArrayLike, n: int) -> tuple[Floats, Floats]:
    k = np.array(counts, dtype=np.float64)
    people = np.array(population, dtype=np.float64)
    if k.shape != (n,) or people.shape != (n,):
        raise ValueError(
            f"counts and population must have one number for each of the {n} areas; got shapes "
            f"{k.shape} and {people.shape}"
        )
    if not np.all((k >= 0) & np.isfinite(k)):
        raise ValueError("counts must be finite and not negative")
    if np.any((people < 0) | np.isinf(people)):
        raise ValueError("population must be finite and not negative, or NaN if unknown")
    return k, people


def _check_comparison(per: float, level: float, dispersion: float, minimum: int) -> None:
    if not 0 < per < np.inf:
        raise ValueError(f"per must be positive and finite, in residents; got {per}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1; got {level}")
    if not 1 <= dispersion < np.inf:
        raise ValueError(f"dispersion must be finite and at least 1; got {dispersion}")
    if minimum < 2:
        raise ValueError(f"minimum_similar must be 2 or more, to see them vary; got {minimum}")


def _against(
    area: int, similar: SimilarAreas, known: Mask, root: Floats, chance: Floats, level: float
) -> tuple[float, float, float, float, int]:
    """Expected rate, interval, p-value and number of similar areas used."""
    from scipy.special import stdtr, stdtrit

    others = similar.of(area)
    others = others[known[others]]
    k = len(others)
    if k < 2 or not known[area]:
        return (float("nan"),) * 4 + (k,)
    middle, spread = float(root[others].mean()), float(root[others].var(ddof=1))
    own, theirs = float(chance[area]), float(chance[others].mean())
    error = np.sqrt(max(spread + own - theirs, own) + spread / k)
    p_value = 2 * float(stdtr(k - 1, -abs(root[area] - middle) / error))
    half = float(stdtrit(k - 1, 1 - level / 2)) * error
    return middle**2, max(middle - half, 0.0) ** 2, (middle + half) ** 2, p_value, k


def _why_not(
    area: int,
    similar: SimilarAreas,
    known: Mask,
    used: int,
    minimum: int,
    count: float,
    expected: float,
) -> str:
    if similar.missing[area]:
        return "a variable that describes the area is missing"
    if not known[area]:
        return "the area's population is unknown"
    if used < minimum:
        return f"{used} really similar areas with a known population; at least {minimum} are needed"
    if max(count, expected) < MINIMUM_EXPECTED:
        return f"fewer than {MINIMUM_EXPECTED:g} events, seen and expected"
    return ""


def _adjust(p_value: Floats, told: Mask) -> Floats:
    from scipy.stats import false_discovery_control

    out = np.full(p_value.shape, np.nan)
    if told.any():
        out[told] = false_discovery_control(p_value[told], method="bh")
    return out


def _verdict(told: bool, adjusted: float, higher: bool, level: float) -> Verdict:
    if not told:
        return "cannot tell"
    if adjusted > level:
        return "alike"
    return "above" if higher else "below"
