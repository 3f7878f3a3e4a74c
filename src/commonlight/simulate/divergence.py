"""A city in which what is recorded and what is felt part ways, as planted.

Every area lies clear of the city's own values by a stated margin, in one of four classes.
What this does not answer: how far areas of a real city lie from its mean; most lie nearer, and
of those a survey can say less.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.city import City, simulate_city
from commonlight.simulate.perceptions import Perceptions
from commonlight.simulate.survey import Survey

__all__ = ["FELT_ITEM", "divergence_city", "equal_city", "expected_recorded"]

Float = NDArray[np.float64]

FELT_ITEM = "safe_area_dark"
"""The item whose share of concern the margin is stated for."""
_CLASSES, _MARGINS = 91, 92
_MIDDLE = 0.37


def divergence_city(
    *,
    n_areas: int = 60,
    answers_per_area: int = 100,
    seed: int = 1,
    incidents: int = 100_000,
    felt_margin: float = 0.20,
    recorded_margin: float = 0.25,
    borderline: float = 0.0,
) -> tuple[City, Survey]:
    """Make a city with planted classes of divergence, and a survey of it.

    Parameters
    ----------
    n_areas : int, optional
        Areas, 40 to 600; a quarter of them in each class.
    answers_per_area : int, optional
        Exactly so many answers in each area.
    seed : int, optional
    incidents : int, optional
        Recorded incidents to expect, over three years.
    felt_margin : float, optional
        By how much the true share of residents who feel unsafe after dark (`FELT_ITEM`) lies
        above or below the city's in every area, at least: 0.20 is 20 points.
    recorded_margin : float, optional
        By how much the true rate of recorded incidents lies above or below the city's in every
        area, at least, as a share of the city's.
    borderline : float, optional
        Share of the areas that lie at the border of what is felt instead, within a tenth of
        the margin.

    Returns
    -------
    city : City
        `city.truth.divergence` holds the classes. `write_city(city, folder,
        exactly=answers_per_area)` writes this very survey.
    survey : Survey

    Raises
    ------
    ValueError
        An argument is out of its range.

    Notes
    -----
    The margins are what 100 answers can see: with a design effect of 1.2 the standard error of
    a share of 0.37 is 0.053, and 0.20 is 3.8 times that. Feelings are moved by one shift of the
    latent answers of each area; risk by one factor for each area. There are no near repeats
    and no intervention, so that the expected number of recorded incidents is known exactly.

    Examples
    --------
    >>> city, survey = divergence_city(incidents=20_000, answers_per_area=20)
    >>> len(survey), sorted(set(city.truth.divergence))
    (1200, ['both high', 'both low', 'felt only', 'recorded only'])
    """
    _check_share("felt_margin", felt_margin, 0.3)
    _check_share("recorded_margin", recorded_margin, 0.6)
    _check_share("borderline", borderline, 1.0)
    plain = _plain_city(n_areas, seed, incidents)
    kinds = np.random.default_rng([seed, _CLASSES]).permutation(np.arange(n_areas) % 4)
    felt = np.where(np.isin(kinds, (0, 1)), 1.0, -1.0)
    recorded = np.where(np.isin(kinds, (0, 2)), 1.0, -1.0)
    rng = np.random.default_rng([seed, _MARGINS])
    people = plain.areas.population.astype(float)
    wanted = 1 + _balanced(recorded, recorded_margin, people, rng)
    adults = plain.areas.residents[:, 1:].sum(axis=1).astype(float)
    apart = _balanced(felt, felt_margin, adults, rng)
    apart = np.where(rng.random(n_areas) < borderline, 0.1 * apart, apart)
    return _asked(_with_rates(plain, wanted), _MIDDLE + apart, answers_per_area)


def equal_city(
    *, n_areas: int = 60, answers_per_area: int = 100, seed: int = 1, incidents: int = 100_000
) -> tuple[City, Survey]:
    """Make a city in which all areas are equal in what is recorded and in what is felt.

    Parameters
    ----------
    n_areas, answers_per_area, seed, incidents
        As for `divergence_city`.

    Returns
    -------
    city : City
    survey : Survey
    """
    plain = _plain_city(n_areas, seed, incidents)
    city = _with_rates(plain, np.ones(n_areas))
    return _asked(city, np.full(n_areas, _MIDDLE), answers_per_area)


def expected_recorded(city: City) -> Float:
    """Recorded incidents to expect in each area, over the whole period, delays apart.

    Parameters
    ----------
    city : City
        Without near repeats and without an intervention.

    Returns
    -------
    ndarray of shape (n_areas,)
    """
    table, share = _by_area(city)
    expected = (table / table.sum(axis=1, keepdims=True)).T @ share
    return np.asarray(expected * city.planted.incidents)


def _plain_city(n_areas: int, seed: int, incidents: int) -> City:
    return simulate_city(
        incidents=incidents, seed=seed, n_areas=n_areas, near_repeat=0.0, intervention=False
    )


def _balanced(side: Float, margin: float, weight: Float, rng: np.random.Generator) -> Float:
    """Distances from the border of at least `margin`, whose weighted mean is 0."""
    apart = side * margin * rng.uniform(1.0, 1.15, len(side))
    up, down = ((weight * np.maximum(sign * apart, 0)).sum() for sign in (1, -1))
    larger = np.where(side > 0, max(1.0, down / up), max(1.0, up / down))
    return np.asarray(apart * larger)


def _by_area(city: City) -> tuple[Float, Float]:
    """Recorded incidents of each offence by area, up to a factor, and shares of offences."""
    n, share = len(city.areas.codes), np.array([item.share for item in city.planted.offences])
    risk = np.array([np.bincount(city.sites.area, row, n) for row in city.risk])
    return np.asarray(risk * city.planted.reporting), share / share.sum()


def _with_rates(city: City, ratio: Float) -> City:
    """The city with its risk scaled so that recorded rates are `ratio` times the city's."""
    target = ratio * city.areas.population
    target = target / target.sum()
    table, share = _by_area(city)
    factor = np.ones(len(target))
    for _ in range(300):
        now = table * factor
        factor *= target / ((now / now.sum(axis=1, keepdims=True)).T @ share)
    risk = city.risk * factor[city.sites.area]
    return replace(city, risk=risk / risk.sum(axis=1, keepdims=True))


def _asked(city: City, wanted: Float, answers: int) -> tuple[City, Survey]:
    """The city with true shares of `FELT_ITEM` as wanted and its classes, and the survey."""
    happened = city.counted.happened
    perceptions = city.perceptions(happened=happened)
    low, high = np.full(len(wanted), -4.0), np.full(len(wanted), 4.0)
    for _ in range(30):
        moved = (low + high) / 2
        less = _shares(replace(perceptions, moved=moved)) < wanted
        low, high = np.where(less, moved, low), np.where(less, high, moved)
    moved = (low + high) / 2
    felt = replace(perceptions, moved=moved).felt()
    rate = expected_recorded(city) / city.areas.population
    classes = felt.divergence(rate, city.areas.population, item=FELT_ITEM)
    city = replace(city, moved=moved, planted_classes=classes)
    return city, city.survey(exactly=answers, happened=happened)


def _shares(perceptions: Perceptions) -> Float:
    """True share of residents of each area who feel unsafe after dark."""
    item = perceptions.questionnaire.item(FELT_ITEM)
    concern = np.isin(item.scale.codes, item.scale.concern)
    share: Float = perceptions.distribution(item)[:, concern].sum(axis=1)
    return share


def _check_share(name: str, value: float, most: float) -> None:
    if not 0 <= value <= most:
        raise ValueError(f"{name} must be from 0 to {most:g}; got {value}")
