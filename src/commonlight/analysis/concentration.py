"""Concentration: how few places hold how many of the events.

It does not answer why places differ, and the numbers depend on the size of the places: only
results for the same kind of place may be compared. Events that could not be placed are not
seen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Concentration", "PlaceShare", "concentration", "expected_gini_at_random", "gini"]


@dataclass(frozen=True, kw_only=True)
class PlaceShare:
    """The fewest places that hold at least a share of the events.

    Attributes
    ----------
    share_of_events : float
        The share asked for, 0 to 1.
    n_places : int
        The fewest places that hold it; 0 where not available.
    share_of_places : float
        The same over all places, 0 to 1.
    share_expected_at_random : float
        Mean share of places if each event fell on any place with equal chance.
    random_lower, random_upper : float
        The middle 95 % of the random draws.
    """

    share_of_events: float
    n_places: int
    share_of_places: float
    share_expected_at_random: float
    random_lower: float
    random_upper: float


@dataclass(frozen=True, kw_only=True)
class Concentration:
    """Lorenz curve, Gini coefficients and shares of places.

    Attributes
    ----------
    n_places, n_events : int
        Places (with and without events) and events.
    lorenz_x, lorenz_y : ndarray, shape (n_places + 1,)
        Cumulative share of places, from the place with fewest events, and of events.
    gini : float
        Plain Gini coefficient; 0 if all places are equal, ``1 - 1 / n_places`` at most.
    gini_adjusted : float
        Generalised for fewer events than places: 0 if the events are spread as evenly as
        whole events can be.
    gini_expected_at_random : float
        Expectation of `gini` if each event fell on any place with equal chance.
    gini_excess : float
        ``(gini - expected) / (largest - expected)``: 0 in expectation for events at random,
        1 if all events are in one place; may be slightly negative. The same for the plain
        and the adjusted coefficient.
    p_value : float
        Share of random draws at least as concentrated, one-sided.
    place_shares : tuple of PlaceShare
        One for each share asked for.
    available : bool
        False where there is no event.
    reason : str
        Why not; empty where available.
    """

    n_places: int
    n_events: int
    lorenz_x: np.ndarray
    lorenz_y: np.ndarray
    gini: float
    gini_adjusted: float
    gini_expected_at_random: float
    gini_excess: float
    p_value: float
    place_shares: tuple[PlaceShare, ...]
    available: bool
    reason: str


def concentration(
    counts: ArrayLike,
    *,
    rng: np.random.Generator,
    shares: Sequence[float] = (0.25, 0.5),
    simulations: int = 199,
) -> Concentration:
    """Measure how concentrated events are in places, beside events spread at random.

    Parameters
    ----------
    counts : array_like of int, shape (n,)
        Events at each place; places without events must be in it as zeros.
    rng : numpy.random.Generator
        Source of the random draws.
    shares : sequence of float
        Shares of events, each above 0 and at most 1.
    simulations : int
        Number of random draws, at least 19.

    Returns
    -------
    Concentration
        With ``available=False`` where there is no event.

    Raises
    ------
    ValueError
        For fewer than two places, counts that are not whole or negative, or bad shares.

    Notes
    -----
    With events ``y_(1) <= ... <= y_(n)`` as shares of all ``c`` events the plain Gini is
    ``G = (2 sum(i y_(i)) - n - 1) / n`` and the generalised one
    ``max(1/c, 1/n) (2 sum(i y_(i)) - n - 1) - max(n/c, 1) + 1`` [1]_. The expectation at
    random is exact: ``(n - 1) / (2c) E|N_1 - N_2|`` for a multinomial with equal chances.
    The assumption that fails most often is that all places could hold as many events:
    places of unequal size are concentrated for that reason alone.

    References
    ----------
    .. [1] W. Bernasco and W. Steenbeek (2017), More places than crimes: Implications for
       evaluating the law of crime concentration at place, Journal of Quantitative
       Criminology 33, 451-467. doi:10.1007/s10940-016-9324-7
    .. [2] D. Weisburd (2015), The law of crime concentration and the criminology of place,
       Criminology 53, 133-157. doi:10.1111/1745-9125.12070

    Examples
    --------
    >>> import numpy as np
    >>> result = concentration([10, 8, 2, 0, 0, 0, 0, 0, 0, 0], rng=np.random.default_rng(1))
    >>> round(result.gini, 2), result.place_shares[1].n_places
    (0.78, 1)
    """
    events = _whole_counts(counts)
    wanted = tuple(float(share) for share in shares)
    if not all(0 < share <= 1 for share in wanted):
        raise ValueError(f"shares must be above 0 and at most 1; got {wanted}")
    if simulations < 19:
        raise ValueError(f"simulations must be at least 19; got {simulations}")
    n_places, n_events = events.size, int(events.sum())
    if n_events == 0:
        return _not_available(n_places, wanted)
    ordered = np.sort(events)
    random_gini, random_places = _random_draws(n_places, n_events, wanted, simulations, rng)
    plain, expected = gini(events), expected_gini_at_random(n_places, n_events)
    widen = max(n_places / n_events, 1.0)
    room = 1.0 - 1.0 / n_places - expected
    return Concentration(
        n_places=n_places,
        n_events=n_events,
        lorenz_x=np.arange(n_places + 1) / n_places,
        lorenz_y=np.concatenate([[0.0], np.cumsum(ordered) / n_events]),
        gini=plain,
        gini_adjusted=widen * (plain - 1.0) + 1.0,
        gini_expected_at_random=expected,
        gini_excess=(plain - expected) / room if room > 1e-12 else float("nan"),
        p_value=float(1 + np.count_nonzero(random_gini >= plain - 1e-12)) / (simulations + 1),
        place_shares=tuple(
            _place_share(share, _fewest_places(ordered[::-1], share), drawn, n_places)
            for share, drawn in zip(wanted, random_places.T, strict=True)
        ),
        available=True,
        reason="",
    )


def gini(counts: ArrayLike) -> float:
    """Plain Gini coefficient of events over places.

    Parameters
    ----------
    counts : array_like of int, shape (n,)
        Events at each place, not all zero.

    Returns
    -------
    float
        0 to ``1 - 1/n``.

    Examples
    --------
    >>> gini([1, 1, 1, 1])
    0.0
    """
    events = np.sort(_whole_counts(counts))
    if events.sum() == 0:
        raise ValueError("the Gini coefficient needs at least one event; all counts are zero")
    n = events.size
    rank = np.arange(1, n + 1)
    return (2 * int(rank @ events) - (n + 1) * int(events.sum())) / (n * int(events.sum()))


def expected_gini_at_random(n_places: int, n_events: int) -> float:
    """Exact expectation of the plain Gini if each event falls on any place equally.

    Parameters
    ----------
    n_places, n_events : int
        At least 2 places and 1 event.

    Returns
    -------
    float

    Notes
    -----
    The events on two places number ``S ~ Binomial(c, 2/n)``, and their difference given
    ``S`` in {2m - 1, 2m} has mean ``2m C(2m, m) / 4**m``.

    Examples
    --------
    >>> expected_gini_at_random(2, 1)
    0.5
    """
    from scipy.special import betainc, gammaln

    if n_places < 2 or n_events < 1:
        raise ValueError(f"needs 2 places and 1 event; got {n_places} and {n_events}")
    share, spread = 2.0 / n_places, 12.0 * np.sqrt(2.0 * n_events / n_places) + 40.0
    centre = n_events * share
    low = int(max(1, np.floor(centre - spread)))
    high = int(min(n_events, np.ceil(centre + spread)))
    total = np.arange(low - 1, high + 1, dtype=np.float64)
    at_most = np.ones(total.size)
    inside = total < n_events
    at_most[inside] = 1.0 - betainc(total[inside] + 1.0, n_events - total[inside], share)
    chance = np.diff(at_most)
    half = (total[1:] + 1) // 2
    mean_log = np.log(2 * half) + gammaln(2 * half + 1) - 2 * gammaln(half + 1)
    mean = np.exp(mean_log - half * np.log(4.0))
    return float((n_places - 1) / (2.0 * n_events) * (chance @ mean))


def _whole_counts(counts: ArrayLike) -> np.ndarray:
    values = np.asarray(counts)
    if values.ndim != 1 or values.size < 2:
        raise ValueError(f"counts must be one row of at least 2 places; got shape {values.shape}")
    number = values.astype(np.float64)
    if not np.all(np.isfinite(number) & (number >= 0) & (number == np.floor(number))):
        raise ValueError("counts must be whole numbers of events, zero or more, for each place")
    return number.astype(np.int64)


def _fewest_places(descending: np.ndarray, share: float) -> int:
    """Fewest places that hold at least `share` of the events."""
    needed = share * float(descending.sum()) * (1.0 - 1e-12)
    return int(np.searchsorted(np.cumsum(descending), needed, side="left")) + 1


def _random_draws(
    n_places: int,
    n_events: int,
    shares: tuple[float, ...],
    simulations: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Gini and places needed for each share, in draws of events at random."""
    coefficient = np.empty(simulations)
    places = np.empty((simulations, len(shares)))
    for k in range(simulations):
        value, repeats = _counts_of_counts(_draw(n_places, n_events, rng))
        above = np.cumsum(repeats[::-1])[::-1] - repeats
        weighted = (repeats * value * (2 * (n_places - above) - repeats + 1)).sum()
        coefficient[k] = (weighted - (n_places + 1) * n_events) / (n_places * n_events)
        places[k] = [_places_from_groups(value, repeats, s * n_events) for s in shares]
    return coefficient, places


def _draw(n_places: int, n_events: int, rng: np.random.Generator) -> np.ndarray:
    """Events on each place, each event on any place with equal chance."""
    if n_events <= 20 * n_places:
        return np.bincount(rng.integers(0, n_places, n_events), minlength=n_places)
    return rng.multinomial(n_events, np.full(n_places, 1.0 / n_places))


def _counts_of_counts(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct counts in rising order and how many places have each."""
    repeats = np.bincount(counts)
    value = np.flatnonzero(repeats)
    return value, repeats[value]


def _places_from_groups(value: np.ndarray, repeats: np.ndarray, needed: float) -> int:
    """Fewest places that hold `needed` events, from groups of places with equal counts."""
    needed *= 1.0 - 1e-12
    value, repeats = value[::-1], repeats[::-1]
    held = np.cumsum(value * repeats)
    group = int(np.searchsorted(held, needed, side="left"))
    before = int(held[group - 1]) if group else 0
    return int(repeats[:group].sum()) + int(np.ceil((needed - before) / value[group]))


def _place_share(share: float, n: int, drawn: np.ndarray, n_places: int) -> PlaceShare:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return PlaceShare(
        share_of_events=share,
        n_places=n,
        share_of_places=n / n_places,
        share_expected_at_random=float(drawn.mean()) / n_places,
        random_lower=float(low) / n_places,
        random_upper=float(high) / n_places,
    )


def _not_available(n_places: int, shares: tuple[float, ...]) -> Concentration:
    nan = float("nan")
    return Concentration(
        n_places=n_places,
        n_events=0,
        lorenz_x=np.arange(n_places + 1) / n_places,
        lorenz_y=np.full(n_places + 1, nan),
        gini=nan,
        gini_adjusted=nan,
        gini_expected_at_random=nan,
        gini_excess=nan,
        p_value=nan,
        place_shares=tuple(
            PlaceShare(
                share_of_events=share,
                n_places=0,
                share_of_places=nan,
                share_expected_at_random=nan,
                random_lower=nan,
                random_upper=nan,
            )
            for share in shares
        ),
        available=False,
        reason="there is no event in these places",
    )
