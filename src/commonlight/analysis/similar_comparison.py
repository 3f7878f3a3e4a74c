"""An area's rate beside the rates of the areas most similar to it.

An area above its similar ones is not thereby badly run, and one that is not above them may still
have a problem. Which areas are similar is for `similar_areas` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.multiple_testing import benjamini_hochberg
from commonlight.analysis.similar_areas import SimilarAreas

__all__ = ["MINIMUM_SIMILAR", "SimilarComparison", "compare_with_similar"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Verdict = Literal["above", "below", "alike", "cannot tell"]

MINIMUM_SIMILAR = 4
"""With fewer similar areas the interval is several times wider than the areas themselves vary."""
MINIMUM_EXPECTED = 5.0
"""With fewer events expected and seen, a rate says too little to be compared."""


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
    >>> from commonlight.analysis.similar_areas import most_similar
    >>> from commonlight.analysis.similar_comparison import compare_with_similar
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
    adjusted = benjamini_hochberg(p_value).adjusted
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


def _verdict(told: bool, adjusted: float, higher: bool, level: float) -> Verdict:
    if not told:
        return "cannot tell"
    if adjusted > level:
        return "alike"
    return "above" if higher else "below"
