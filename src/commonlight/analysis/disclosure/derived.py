"""Which counts a printed rate, share or ratio leaves possible.

A rate beside a known population is the count in other clothes. This module does not answer which
numbers are known outside the publication: take a population or total as known unless it is
secret.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

__all__ = ["GivesAway", "gives_away", "interval_gives_away", "printed_as", "safe_decimals"]


@dataclass(frozen=True)
class GivesAway:
    """What a printed number says of the count behind it.

    Attributes
    ----------
    low, high : int
        Smallest and largest count that would have been printed as this number. All counts
        between are possible too.
    n_possible : int
        How many counts that are.
    safe : bool
        True if the number tells no more than the mark of a small count: every count from 1 to
        ``minimum_count - 1`` is possible.
    decides_small : bool
        True if it tells that the count is below `minimum_count`, and above zero.
    """

    low: int
    high: int
    n_possible: int
    safe: bool
    decides_small: bool


def gives_away(
    printed: float | str,
    known: int,
    *,
    per: float = 100.0,
    decimals: int = 0,
    minimum_count: int = 5,
    at_most: int | None = None,
) -> GivesAway:
    """Which counts are possible behind a printed rate, share or per cent.

    Parameters
    ----------
    printed : float or str
        The number as printed, rounded to `decimals`.
    known : int
        What the count was divided by, above 0: residents, answers, the total.
    per : float
        What it was multiplied with: 100 for per cent, 1,000 for a rate per 1,000 residents,
        1 for a ratio.
    decimals : int
        Decimals it was rounded to; negative for tens or hundreds.
    minimum_count : int
        Counts below are small.
    at_most : int, optional
        The largest count that is possible otherwise, such as `known` for a share. Counts of
        incidents may exceed the number of residents, so no limit by default.

    Returns
    -------
    GivesAway

    Raises
    ------
    ValueError
        If `known` is not positive, or no count would be printed as this number.

    Notes
    -----
    The counts k with ``|per k / known - printed| <= 10**-decimals / 2``. Both ends count, so
    the answer holds for every way of rounding halves. It is worked out in fractions.

    The assumption that fails most often: that `known` is what readers have. One who has only a
    rounded or older population can exclude less.

    Examples
    --------
    >>> from commonlight.analysis.disclosure.derived import gives_away
    >>> found = gives_away(1.2, 2500, per=1000, decimals=1)
    >>> found.low, found.high, found.safe
    (3, 3, False)
    >>> found = gives_away("0", 2500, decimals=0)
    >>> found.low, found.high, found.safe
    (0, 12, True)
    """
    _check(known, per, minimum_count)
    value, half = Fraction(str(printed)), Fraction(1, 2) / Fraction(10) ** decimals
    unit = Fraction(str(per)) / known
    low = max(0, math.ceil((value - half) / unit))
    high = math.floor((value + half) / unit)
    if at_most is not None:
        high = min(high, at_most)
    if low > high:
        raise ValueError(
            f"no count out of {known:,} gives {printed} per {per:g} with {decimals} decimals; "
            "check the population and the decimals"
        )
    return GivesAway(
        low,
        high,
        high - low + 1,
        safe=low <= 1 and high >= minimum_count - 1,
        decides_small=low >= 1 and high < minimum_count,
    )


def safe_decimals(
    known: int,
    *,
    per: float = 100.0,
    minimum_count: int = 5,
    counts: Iterable[int] | None = None,
    most: int = 6,
) -> int | None:
    """Most decimals at which no small count is told from another.

    Parameters
    ----------
    known : int
        What counts are divided by.
    per : float
        What they are multiplied with.
    minimum_count : int
        Counts from 1 up to one less are small.
    counts : iterable of int, optional
        Small counts to protect; all of them if left out.
    most : int
        Where to begin.

    Returns
    -------
    int or None
        Decimals, negative for tens; None if not even hundreds are safe. Then the derived number
        of a suppressed cell must go as well.

    Examples
    --------
    >>> from commonlight.analysis.disclosure.derived import safe_decimals
    >>> safe_decimals(2500), safe_decimals(40) is None
    (0, False)
    """
    _check(known, per, minimum_count)
    small = range(1, minimum_count) if counts is None else tuple(counts)
    for decimals in range(most, -3, -1):
        if all(
            gives_away(
                str(printed_as(k, known, per=per, decimals=decimals)),
                known,
                per=per,
                decimals=decimals,
                minimum_count=minimum_count,
            ).safe
            for k in small
        ):
            return decimals
    return None


def printed_as(count: int, known: int, *, per: float = 100.0, decimals: int = 0) -> float:
    """Round a rate or share as a table would, halves to the even digit.

    Parameters
    ----------
    count, known : int
        The count, and what it is divided by.
    per : float
        What it is multiplied with.
    decimals : int
        Decimals kept.

    Returns
    -------
    float

    Examples
    --------
    >>> from commonlight.analysis.disclosure.derived import printed_as
    >>> printed_as(3, 2500, per=1000, decimals=1)
    1.2
    """
    _check(known, per, 2)
    return float(round(Fraction(str(per)) * count / known, decimals))


def interval_gives_away(
    ci_lower: float,
    ci_upper: float,
    known: int,
    *,
    per: float = 1000.0,
    decimals: int = 1,
    confidence_level: float = 0.95,
    at_most: int = 10_000,
) -> tuple[int, ...]:
    """Which counts are possible behind a printed exact Poisson interval of a rate.

    Parameters
    ----------
    ci_lower, ci_upper : float
        The interval as printed, from `analysis.rates.rates` or another exact Poisson interval.
    known : int
        Residents.
    per : float
        Residents that the rate refers to.
    decimals : int
        Decimals it was rounded to.
    confidence_level : float
        Level of the interval.
    at_most : int
        Largest count that is tried.

    Returns
    -------
    tuple of int
        The counts whose interval would be printed like that. An interval nearly always tells
        the count: it goes where its rate goes.

    Examples
    --------
    >>> from commonlight.analysis.disclosure.derived import interval_gives_away
    >>> interval_gives_away(0.2, 3.5, 2500)
    (3,)
    """
    from scipy.special import gammaincinv

    _check(known, per, 2)
    k = np.arange(at_most + 1)
    tail = (1 - confidence_level) / 2
    lower = np.where(k > 0, gammaincinv(np.maximum(k, 1), tail), 0.0) * per / known
    upper = gammaincinv(k + 1, 1 - tail) * per / known
    half = 0.5 * 10.0**-decimals * (1 + 1e-9)
    fits = (np.abs(lower - ci_lower) <= half) & (np.abs(upper - ci_upper) <= half)
    return tuple(int(n) for n in np.flatnonzero(fits))


def _check(known: int, per: float, minimum_count: int) -> None:
    if not known > 0:
        raise ValueError(f"what the count is divided by must be above 0; got {known}")
    if not 0 < per < math.inf:
        raise ValueError(f"per must be positive and finite; got {per}")
    if not minimum_count >= 2:
        raise ValueError(f"minimum_count must be 2 or more; got {minimum_count}")
