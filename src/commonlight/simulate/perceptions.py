"""What residents of each area live through and feel: the truth behind the survey.

Answers follow an ordered probit: a latent value, normal with variance 1 around a mean that
depends on area, street, sex, age and harm suffered, is cut at the limits of the codes. So the
true share of every answer among residents is a sum over streets and groups, without chance.
What this does not answer: why people feel as they do; the effects are planted, not estimated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.areas import Areas
from commonlight.simulate.background import Sites
from commonlight.simulate.questionnaire import Item, Questionnaire
from commonlight.simulate.surroundings import THEMES, Surroundings
from commonlight.simulate.truth import Felt, Offence

__all__ = ["Perceptions", "perceive"]

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_AREA_EFFECT = 75
_CRIME_LIMIT = 1.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Perceptions:
    """The model of answers in one year.

    `segment` (S,) are the segments with homes, `area` (S,) theirs, `share` (S,) their share of
    the area's homes. `adults` (n_areas, 2, 4) counts residents by sex and age group. `harm`
    maps each kind, and ``any``, to the chance (n_areas, 2, 4) of being harmed in 12 months.
    `moved` (n_areas,) is a planted shift of all feelings of an area towards concern.
    """

    year: int
    questionnaire: Questionnaire
    segment: Int
    area: Int
    share: Float
    adults: Int
    crime: dict[str, Float]
    news: dict[str, Float]
    street: dict[str, Float]
    deprivation: Float
    unexplained: dict[str, Float]
    harm: dict[str, Float]
    incidents: dict[str, Float]
    moved: Float

    def place(self, item: Item) -> Float:
        """Shift of an item's latent answers on each street with homes, (S,)."""
        e, area = item.effects, self.area
        where = e.get("crime", 0) * self.crime[item.theme] + e.get("news", 0) * (
            self.news[item.theme] - 1
        )
        where = where + e.get("deprivation", 0) * (self.deprivation - 0.5)
        where = where + self.unexplained[item.column] + (self.moved if item.fear else 0.0)
        street = sum(e.get(name, 0.0) * value for name, value in self.street.items())
        return np.asarray(where[area] + street)

    def group(self, item: Item) -> Float:
        """Shift of an item's latent answers by sex and age, (2, 4), mean 0 in the city."""
        woman = np.array([[item.effects.get("woman", 0.0)], [0.0]])
        shift = woman + np.array(item.age)
        n = self.adults.sum(axis=0)
        return np.asarray(shift - (shift * n).sum() / n.sum())

    def distribution(self, item: Item, *, old: bool = False) -> Float:
        """True share of each code among the adults of each area, (n_areas, n_codes).

        Parameters
        ----------
        item : Item
        old : bool, optional
            With the wording of the wave before.
        """
        from scipy.special import ndtr

        cells = self.adults / self.adults.sum(axis=(1, 2), keepdims=True)
        harmed = self.harm[item.harmed]
        place = self.place(item) + (item.old_shift if old else 0.0)
        below = np.zeros((len(self.adults), len(item.scale.codes) + 1))
        below[:, -1] = 1.0
        for sex, age in np.ndindex(cells.shape[1:]):
            for victim in (0, 1):
                chance = harmed[:, sex, age] if victim else 1 - harmed[:, sex, age]
                weight = (cells[:, sex, age] * chance)[self.area] * self.share
                mean = place + self.group(item)[sex, age] + victim * item.effects.get("victim", 0)
                for code, limit in enumerate(item.thresholds):
                    part = np.bincount(self.area, weight * ndtr(limit - mean), len(self.adults))
                    below[:, code + 1] += part
        return np.diff(below, axis=1)

    def felt(self) -> Felt:
        """True values of every item among the adults of each area."""
        means, concern = {}, {}
        for item in self.questionnaire.items:
            share = self.distribution(item)
            means[item.column] = share @ np.array(item.scale.codes, dtype=float)
            concern[item.column] = share[:, np.isin(item.scale.codes, item.scale.concern)].sum(1)
        adults = self.adults.sum(axis=(1, 2)).astype(float)
        cells = self.adults / adults[:, None, None]
        victims = {kind: (chance * cells).sum(axis=(1, 2)) for kind, chance in self.harm.items()}
        return Felt(
            year=self.year,
            means=means,
            concern=concern,
            victims=victims,
            incidents=self.incidents,
            adults=adults,
        )


def perceive(
    *,
    questionnaire: Questionnaire,
    offences: tuple[Offence, ...],
    areas: Areas,
    women: Int,
    sites: Sites,
    surroundings: Surroundings,
    happened: Int,
    first_year: int,
    year: int,
    seed: int,
    moved: Float | None = None,
) -> Perceptions:
    """What residents live through and feel in the autumn of a year.

    Parameters
    ----------
    questionnaire : Questionnaire
    offences : tuple of Offence
    areas : Areas
    women : ndarray of int, shape (n_areas, 5)
        Women among the residents, by age group.
    sites : Sites
    surroundings : Surroundings
    happened : ndarray of int, shape (n_offences, n_areas, n_months)
        Events that happened, recorded or not.
    first_year, year : int
        First year of `happened`; year of the survey.
    seed : int
    moved : ndarray of shape (n_areas,), optional
        Planted shift of all feelings towards concern, in standard deviations.

    Returns
    -------
    Perceptions
    """
    segment, area, share = _streets(sites, len(areas.codes))
    adults = np.stack([women, areas.residents - women], axis=1)[:, :, 1:]
    window = _last_year(first_year, year, happened.shape[2])
    recent = happened[:, :, window].sum(axis=2) * 12.0 / (window.stop - window.start)
    harm, incidents = _harmed(questionnaire, offences, recent, adults)
    return Perceptions(
        year=year,
        questionnaire=questionnaire,
        segment=segment,
        area=area,
        share=share,
        adults=adults,
        crime=_crime(offences, recent, areas.population),
        news=_news(surroundings, window),
        street=_street(surroundings, segment, sites),
        deprivation=areas.deprivation,
        unexplained=_unexplained(questionnaire, len(areas.codes), seed),
        harm=harm,
        incidents=incidents,
        moved=np.zeros(len(areas.codes)) if moved is None else np.asarray(moved, dtype=float),
    )


def _streets(sites: Sites, n_areas: int) -> tuple[Int, Int, Float]:
    """Streets with homes, split where they part two areas, and their share of the homes."""
    home = sites.homes > 0
    key = sites.segment[home] * n_areas + sites.area[home]
    found, row = np.unique(key, return_inverse=True)
    homes = np.bincount(row, sites.homes[home])
    area = found % n_areas
    return found // n_areas, area, homes / np.bincount(area, homes, n_areas)[area]


def _last_year(first_year: int, year: int, months: int) -> slice:
    """The months from October before to September of `year`, as far as the city has them."""
    stop = 12 * (year - first_year) + 9
    if not 0 < stop <= months:
        raise ValueError(
            f"year must be from {first_year} to {first_year + months // 12 - 1}, the years of the "
            f"city; got {year}"
        )
    return slice(max(stop - 12, 0), stop)


def _harmed(
    questionnaire: Questionnaire, offences: tuple[Offence, ...], recent: Float, adults: Int
) -> tuple[dict[str, Float], dict[str, Float]]:
    """Chance of being harmed by kind (n_areas, 2, 4), and the events behind it.

    Events that harm residents fall on those of the area and, for the part that is not local,
    on all adults of the city alike; each falls on somebody at random, so counts are Poisson.
    """
    people = adults.sum(axis=(1, 2))
    chance: dict[str, Float] = {}
    incidents = {kind: np.zeros(len(adults)) for kind in questionnaire.risk}
    for offence, events in zip(offences, recent, strict=True):
        harm = questionnaire.harm.get(offence.label)
        if harm is not None:
            mine = harm.residents * events
            away = (1 - harm.local) * mine.sum() * people / people.sum()
            incidents[harm.kind] += harm.local * mine + away
    for kind, relative in questionnaire.risk.items():
        mean = (adults * relative).sum(axis=(1, 2)) / people
        rate = (incidents[kind] / people / mean)[:, None, None] * relative
        chance[kind] = -np.expm1(-rate)
    chance["any"] = 1 - np.prod([1 - chance[kind] for kind in questionnaire.risk], axis=0)
    return chance, incidents


def _crime(offences: tuple[Offence, ...], recent: Float, population: Int) -> dict[str, Float]:
    """Log of each area's true rate against the city's, by theme, centred on residents."""
    found = {}
    for theme in (*THEMES, "all"):
        chosen = [theme in (item.theme, "all") for item in offences]
        events = recent[np.array(chosen)].sum(axis=0)
        ratio = events / population / (events.sum() / population.sum())
        log = np.clip(np.log((ratio + 0.25) / 1.25), -_CRIME_LIMIT, _CRIME_LIMIT)
        found[theme] = log - log @ population / population.sum()
    return found


def _news(surroundings: Surroundings, window: slice) -> dict[str, Float]:
    """What was heard in the last three months of the window, by theme."""
    last = surroundings.news[:, :, max(window.stop - 3, 0) : window.stop].mean(axis=2)
    found = {theme: last[i] for i, theme in enumerate(THEMES)}
    return {**found, "all": last.mean(axis=0)}


def _street(surroundings: Surroundings, segment: Int, sites: Sites) -> dict[str, Float]:
    """Darkness, litter and vandalism of each street with homes, against the mean home's."""
    homes = np.bincount(sites.segment, sites.homes, len(surroundings.lux))
    found: dict[str, Any] = {}
    for name in ("dark", "litter", "vandalism"):
        value = getattr(surroundings, name)
        found[name] = (value - value @ homes / homes.sum())[segment]
    return found


def _unexplained(questionnaire: Questionnaire, n_areas: int, seed: int) -> dict[str, Float]:
    """What makes areas differ and is not in the model: shared by a construct, and its own."""
    rng = np.random.default_rng([seed, _AREA_EFFECT])
    constructs = sorted({item.construct for item in questionnaire.items})
    shared = {name: rng.standard_normal(n_areas) for name in constructs}
    return {
        item.column: item.effects.get("area", 0.0)
        * (0.8 * shared[item.construct] + 0.6 * rng.standard_normal(n_areas))
        for item in questionnaire.items
    }
