"""Counts against a population: rates with intervals, and areas against the city.

A rate says how often something was recorded for every so many residents. It is nobody's risk:
where visitors, shops or bars outnumber residents, the residents are the wrong denominator, and
a town centre tops every list. An area above the city's rate is not thereby badly policed,
dangerous or to blame; the test says only that chance is a poor explanation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonlight.analysis.multiple_testing import benjamini_hochberg

__all__ = [
    "MINIMUM_COUNT",
    "MINIMUM_POPULATION",
    "RateFunnel",
    "Rates",
    "SmoothedRates",
    "rate_funnel",
    "rates",
    "smoothed_rates",
]

MINIMUM_COUNT = 10
"""Below this count the exact 95 % interval reaches from under half to over 1.8 times the rate."""
MINIMUM_POPULATION = 100
"""Below this population one more event moves the rate by 10 per 1,000 or more."""
MINIMUM_EXPECTED = 5.0
"""Areas with a smaller expected count say nothing about over-dispersion."""
FEWEST_AREAS = 6
"""With fewer areas over-dispersion cannot be told from areas that differ; 1 is used."""
WINSORISED = 0.1
"""Share of the areas at each end, but at least one, that is pulled in before over-dispersion is
estimated."""

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Rates:
    """Rates of areas with their intervals; every area keeps its place.

    Attributes
    ----------
    estimate, ci_lower, ci_upper : ndarray of float, shape (n,)
        Rate per `per` residents and its interval. NaN where the population is missing or zero.
    too_small : ndarray of bool, shape (n,)
        Areas where a reader should be told "too few to say": a count below `minimum_count`, a
        population below `minimum_population`, or none known.
    no_population : ndarray of bool, shape (n,)
        Areas whose population is missing or zero.
    overall : float
        Rate of all areas with a population together; NaN if there is none.
    per : float
        The number of residents that the rates refer to.
    confidence_level : float
        Level of the intervals.
    dispersion : float
        How many times wider than Poisson the variance was taken to be.
    """

    estimate: Floats
    ci_lower: Floats
    ci_upper: Floats
    too_small: Mask
    no_population: Mask
    overall: float
    per: float
    confidence_level: float
    dispersion: float


def rates(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    per: float = 1000.0,
    confidence_level: float = 0.95,
    minimum_count: float = MINIMUM_COUNT,
    minimum_population: float = MINIMUM_POPULATION,
    dispersion: float = 1.0,
) -> Rates:
    """Rates per so many residents with exact Poisson intervals.

    Parameters
    ----------
    counts : array_like of float, shape (n,)
        Events in each area; 0 or more.
    population : array_like of float, shape (n,)
        Residents, or another number at risk. NaN or 0 where none is known.
    per : float
        Residents that a rate refers to, such as 1,000 or 100,000.
    confidence_level : float
        Level of the intervals, between 0 and 1.
    minimum_count, minimum_population : float
        Areas below either are marked in `too_small`. Their rates stay in the result.
    dispersion : float
        Variance of the counts over their mean; 1 for Poisson counts. Recorded events usually
        have more: `rate_funnel` estimates it.

    Returns
    -------
    Rates

    Raises
    ------
    ValueError
        If shapes differ, a count is missing or negative, a population is negative or infinite,
        or an option is out of its range.

    Notes
    -----
    With k events the interval of the expected count is
    ``[gamma(alpha / 2; k), gamma(1 - alpha / 2; k + 1)]``, quantiles of the gamma distribution
    (Garwood [1]_). It holds its level exactly or better for Poisson counts. With dispersion
    ``phi`` above 1 the interval of ``k / phi`` events is taken and stretched by ``phi``; this
    is an approximation.

    The assumption that fails most often: that events come one by one and independently.
    Repeats and series make the true interval wider than the Poisson one.

    References
    ----------
    .. [1] Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28,
       437-442. doi:10.1093/biomet/28.3-4.437

    Examples
    --------
    >>> from commonlight.analysis.rates import rates
    >>> found = rates([100, 10, 3], [20000, 2000, 0])
    >>> found.estimate.tolist(), found.too_small.tolist()
    ([5.0, 5.0, nan], [False, False, True])
    >>> found.ci_lower.round(2).tolist(), found.ci_upper.round(2).tolist()
    ([4.07, 2.4, nan], [6.08, 9.2, nan])
    """
    k, n = _counts_and_population(counts, population)
    _check_options(per, confidence_level, dispersion)
    lower, upper = _interval(k, confidence_level, dispersion)
    usable = n > 0
    scale = np.divide(per, n, out=np.full(n.shape, np.nan), where=usable)
    return Rates(
        estimate=k * scale,
        ci_lower=lower * scale,
        ci_upper=upper * scale,
        too_small=~usable | (k < minimum_count) | (n < minimum_population),
        no_population=~usable,
        overall=float(_city_rate(k, n, usable) * per),
        per=float(per),
        confidence_level=float(confidence_level),
        dispersion=float(dispersion),
    )


@dataclass(frozen=True)
class RateFunnel:
    """Areas compared with the rate of the whole city.

    Attributes
    ----------
    expected : ndarray of float, shape (n,)
        Events if the area had the city's rate; NaN where the population is unknown.
    ratio : ndarray of float, shape (n,)
        Observed over expected.
    ci_lower, ci_upper : ndarray of float, shape (n,)
        Interval of the ratio, with the estimated dispersion.
    p_value : ndarray of float, shape (n,)
        Two-sided, for "this area has the city's rate"; NaN for areas not tested.
    adjusted_p : ndarray of float, shape (n,)
        The same after control of the false discovery rate over all areas tested.
    above, below : ndarray of bool, shape (n,)
        Areas whose adjusted p-value is at most `level`, by direction.
    too_small : ndarray of bool, shape (n,)
        Areas not tested: no population, one below `minimum_population`, or both the observed
        and the expected count below `minimum_count`.
    city_rate : float
        Rate of all areas with a population together, per `per` residents.
    dispersion : float
        Variance over mean that the test used, at least 1.
    n_tested : int
        Number of areas tested.
    per, level : float
        As given.
    """

    expected: Floats
    ratio: Floats
    ci_lower: Floats
    ci_upper: Floats
    p_value: Floats
    adjusted_p: Floats
    above: Mask
    below: Mask
    too_small: Mask
    city_rate: float
    dispersion: float
    n_tested: int
    per: float
    level: float


def rate_funnel(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    per: float = 1000.0,
    level: float = 0.05,
    minimum_count: float = 5,
    minimum_population: float = MINIMUM_POPULATION,
    dispersion: float | None = None,
) -> RateFunnel:
    """Test which areas lie above or below the city's rate.

    Parameters
    ----------
    counts : array_like of float, shape (n,)
        Events in each area; 0 or more.
    population : array_like of float, shape (n,)
        Residents, or another number at risk. NaN or 0 where none is known.
    per : float
        Residents that the city's rate refers to.
    level : float
        False discovery rate: the share of areas named that may differ by chance alone. The
        intervals of the ratios have the level ``1 - level``.
    minimum_count : float
        Areas where neither the observed nor the expected count reaches this are not tested.
    minimum_population : float
        Areas with fewer residents are not tested.
    dispersion : float, optional
        Variance of the counts over their mean, at least 1. Estimated if left out.

    Returns
    -------
    RateFunnel

    Raises
    ------
    ValueError
        As for `rates`; also if no area has a population or no event is in one that has.

    Notes
    -----
    With ``z_i = 2 (sqrt(O_i) - sqrt(E_i))`` the dispersion is the mean of the squared
    winsorised z [1]_ [2]_: the outer tenth at each end, one area at least, is pulled in, so
    that the areas looked for do not hide themselves. Two corrections are ours: the mean is
    divided by what winsorising takes from a normal variance, and by ``(I - 3) / I``, one area
    for the city's rate and two because the dispersion is itself estimated (as the variance of
    t exceeds that of the normal distribution). It is never below 1, and 1 with fewer than six
    areas.

    The p-value is twice the smaller tail of a count with mean ``E_i`` and variance
    ``phi E_i``: Poisson for ``phi = 1``, else negative binomial, whose longer tail keeps the
    level better than a normal or a stretched Poisson one.

    The assumption that fails most often: that over-dispersion is the same factor for small and
    large areas. Where rates truly vary from area to area, large areas stand out by their size,
    and with thousands of events each nearly every area differs; then read the ratio, not p.

    References
    ----------
    .. [1] Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance.
       Statistics in Medicine 24, 1185-1202. doi:10.1002/sim.1970
    .. [2] Spiegelhalter, D., Sherlaw-Johnson, C., Bardsley, M., Blunt, I., Wood, C. & Grigg, O.
       (2012). Statistical methods for healthcare regulation: rating, screening and
       surveillance. Journal of the Royal Statistical Society A 175, 1-47.
       doi:10.1111/j.1467-985X.2011.01010.x

    Examples
    --------
    >>> from commonlight.analysis.rates import rate_funnel
    >>> found = rate_funnel([50, 48, 52, 49, 51, 150], [10000] * 6, dispersion=1.0)
    >>> found.above.tolist()
    [False, False, False, False, False, True]
    """
    k, n = _counts_and_population(counts, population)
    _check_options(per, 1 - level, 1.0 if dispersion is None else dispersion)
    usable = n > 0
    city = _city_rate(k, n, usable)
    if not city > 0:
        raise ValueError(
            "the city's rate must be positive; no event lies in an area with a known population. "
            "Check that the codes of areas and population match"
        )
    expected = np.where(usable, n * city, np.nan)
    phi = _dispersion(k, expected) if dispersion is None else float(dispersion)
    tested = usable & (n >= minimum_population) & (np.fmax(k, expected) >= minimum_count)
    p_value = np.where(tested, _two_sided(k, expected, phi), np.nan)
    adjusted = benjamini_hochberg(p_value).adjusted
    lower, upper = _interval(k, 1 - level, phi)
    found = tested & (np.nan_to_num(adjusted, nan=1.0) <= level)
    return RateFunnel(
        expected=expected,
        ratio=k / expected,
        ci_lower=lower / expected,
        ci_upper=upper / expected,
        p_value=p_value,
        adjusted_p=adjusted,
        above=found & (k > expected),
        below=found & (k < expected),
        too_small=~tested,
        city_rate=float(city * per),
        dispersion=phi,
        n_tested=int(tested.sum()),
        per=float(per),
        level=float(level),
    )


@dataclass(frozen=True)
class SmoothedRates:
    """Rates drawn towards the city's rate, the more the smaller the area.

    Attributes
    ----------
    estimate : ndarray of float, shape (n,)
        Smoothed rate per `per` residents; the city's rate where the population is unknown.
    weight : ndarray of float, shape (n,)
        Share of the area's own rate in the estimate; 0 where the population is unknown.
    city_rate : float
        Rate of all areas with a population together, per `per` residents.
    per : float
        The number of residents that the rates refer to.
    """

    estimate: Floats
    weight: Floats
    city_rate: float
    per: float


def smoothed_rates(
    counts: ArrayLike, population: ArrayLike, *, per: float = 1000.0
) -> SmoothedRates:
    """Smooth rates by global empirical Bayes, for maps that small areas would dominate.

    Parameters
    ----------
    counts : array_like of float, shape (n,)
        Events in each area; 0 or more.
    population : array_like of float, shape (n,)
        Residents, or another number at risk. NaN or 0 where none is known.
    per : float
        Residents that a rate refers to.

    Returns
    -------
    SmoothedRates
        Estimates without intervals: they are for drawing, not for deciding.

    Raises
    ------
    ValueError
        As for `rates`; also if no area has a population.

    Notes
    -----
    With the city's rate ``m`` and area rates ``r_i`` the estimate is ``m + w_i (r_i - m)`` with
    ``w_i = A / (A + m / n_i)`` and ``A = sum n_i (r_i - m)^2 / sum n_i - m / mean(n)``, not
    below 0 (Marshall [1]_, global). If areas differ no more than chance would make them, all
    get the city's rate.

    The assumption that fails most often: that all areas are alike but for chance and a common
    spread. A small area that truly stands out is drawn in with the rest.

    References
    ----------
    .. [1] Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes
       estimators. Applied Statistics 40, 283-294. doi:10.2307/2347593

    Examples
    --------
    >>> from commonlight.analysis.rates import smoothed_rates
    >>> found = smoothed_rates([40, 160, 4], [10000, 10000, 100])
    >>> found.estimate.round(1).tolist()
    [4.2, 15.9, 18.4]
    """
    k, n = _counts_and_population(counts, population)
    _check_options(per, 0.95, 1.0)
    usable = n > 0
    if not usable.any():
        raise ValueError("at least one area must have a population; none has")
    city = _city_rate(k, n, usable)
    own = np.divide(k, n, out=np.full(n.shape, city), where=usable)
    size = np.where(usable, n, 0.0)
    spread = float((size * (own - city) ** 2).sum() / size.sum() - city / n[usable].mean())
    chance = np.divide(city, n, out=np.full(n.shape, np.inf), where=usable)
    spread = max(spread, 0.0)
    weight = np.divide(spread, spread + chance, out=np.zeros(n.shape), where=spread + chance > 0)
    return SmoothedRates(
        (city + weight * (own - city)) * per, weight, float(city * per), float(per)
    )


def _counts_and_population(counts: ArrayLike, population: ArrayLike) -> tuple[Floats, Floats]:
    k = np.array(counts, dtype=np.float64)
    n = np.array(population, dtype=np.float64)
    if k.ndim != 1 or k.shape != n.shape:
        raise ValueError(
            f"counts and population must be one-dimensional and equally long; got shapes "
            f"{k.shape} and {n.shape}"
        )
    _refuse(~((k >= 0) & np.isfinite(k)), k, "counts must be finite and not negative")
    _refuse(
        (n < 0) | np.isinf(n), n, "population must be finite and not negative, or NaN if unknown"
    )
    return k, n


def _refuse(wrong: Mask, values: Floats, rule: str) -> None:
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"{rule}; area {i} has {values[i]}")


def _check_options(per: float, confidence_level: float, dispersion: float) -> None:
    if not 0 < per < np.inf:
        raise ValueError(f"per must be positive and finite, in residents; got {per}")
    if not 0 < confidence_level < 1:
        raise ValueError(f"the confidence level must lie between 0 and 1; got {confidence_level}")
    if not 1 <= dispersion < np.inf:
        raise ValueError(f"dispersion must be finite and at least 1; got {dispersion}")


def _city_rate(k: Floats, n: Floats, usable: Mask) -> float:
    return float(k[usable].sum() / n[usable].sum()) if usable.any() else float("nan")


def _interval(k: Floats, confidence_level: float, dispersion: float) -> tuple[Floats, Floats]:
    """Interval of the expected count (Garwood 1936), stretched by the dispersion."""
    from scipy.special import gammaincinv

    tail = (1 - confidence_level) / 2
    effective = k / dispersion
    lower = np.where(k > 0, gammaincinv(np.where(k > 0, effective, 1.0), tail), 0.0)
    upper = np.asarray(gammaincinv(effective + 1, 1 - tail), dtype=np.float64)
    return lower * dispersion, upper * dispersion


def _two_sided(k: Floats, expected: Floats, dispersion: float) -> Floats:
    """Twice the smaller tail: Poisson, or negative binomial with variance `dispersion` x mean."""
    from scipy.special import betainc, gammainc, gammaincc

    some = np.where(k > 0, k, 1.0)
    if dispersion > 1:
        size, stop = expected / (dispersion - 1), 1 / dispersion
        at_least, at_most = betainc(some, size, 1 - stop), betainc(size, k + 1, stop)
    else:
        at_least, at_most = gammainc(some, expected), gammaincc(k + 1, expected)
    at_least = np.where(k > 0, at_least, 1.0)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(at_least, at_most)))


def _dispersion(k: Floats, expected: Floats) -> float:
    """Mean squared winsorised z, freed of what winsorising takes away; at least 1."""
    from scipy.stats import norm

    large = np.nan_to_num(expected) >= MINIMUM_EXPECTED
    z = np.sort(2 * (np.sqrt(k[large]) - np.sqrt(expected[large])))
    if len(z) < FEWEST_AREAS:
        return 1.0
    pulled = max(1, int(WINSORISED * len(z)))
    z = np.clip(z, z[pulled], z[len(z) - 1 - pulled])
    share = pulled / len(z)
    cut = norm.ppf(1 - share)
    kept = 1 - 2 * share - 2 * cut * norm.pdf(cut) + 2 * share * cut**2
    return max(1.0, float((z**2).sum() / (len(z) - 3) / kept))
