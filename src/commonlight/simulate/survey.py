"""A survey of the simulated city: strata, streets, households, and who does not answer.

In each stratum streets are drawn in proportion to their adults, on each street households, in
each household one adult. So one's chance falls with the number of adults one lives with, and
with the size of the stratum where all strata get equally many answers. Those who take part are
older, trust the police more and live in better-off areas. What this does not answer: how real
interviewers and panels fail; there are no lies, no order effects, and no mode effects other
than more refusals online.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.perceptions import Perceptions
from commonlight.simulate.questionnaire import Item, TakingPart

__all__ = ["Survey", "draw_survey"]

Float = NDArray[np.float64]
Int = NDArray[np.int64]

HOUSEHOLDS_PER_STREET = 10
EXPECTED_RESPONSE = 0.50
_SAMPLE, _PERSON, _ANSWERS = range(3)
_FIELDWORK_DAYS = 56


@dataclass(frozen=True, kw_only=True, eq=False)
class Survey:
    """Answers of n persons, one position each; nothing links a person to an incident.

    Attributes
    ----------
    year, old_wording
        Year of the field work, and whether one item has its old wording.
    area, stratum, cluster : ndarray of int, shape (n,)
        Area of residence; sampling stratum; street drawn (numbered as drawn).
    strata : tuple of str
        Names of the strata.
    stratum_streets : ndarray of int, shape (n_strata,)
        Streets that could have been drawn in each stratum.
    design_weight : ndarray of float, shape (n,)
        Inverse of the chance of being asked: what the frame alone says.
    weight : ndarray of float, shape (n,)
        Design weight raked to adults by area, and to adults by sex and age of the city.
    sex, age, adults_at_home : ndarray of int, shape (n,)
        Index of `SEXES`, index of `ADULT_AGES`, adults in the household (1 to 4).
    telephone : ndarray of bool, shape (n,)
        Telephone instead of web.
    day : ndarray of datetime64[D], shape (n,)
    codes : dict of str to ndarray of int, shape (n,)
        Answers as written, "does not know" and the like included.
    values : dict of str to ndarray of float, shape (n,)
        The same with missing answers as NaN; victimisation is 1 or 0.
    asked, answered : ndarray of int, shape (n_areas,)
        Persons asked and persons who took part.
    """

    year: int
    old_wording: bool
    perceptions: Perceptions
    area: Int
    stratum: Int
    cluster: Int
    strata: tuple[str, ...]
    stratum_streets: Int
    design_weight: Float
    weight: Float
    sex: Int
    age: Int
    adults_at_home: Int
    telephone: NDArray[np.bool_]
    day: NDArray[np.datetime64]
    codes: dict[str, Int]
    values: dict[str, Float]
    asked: Int
    answered: Int

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True, eq=False)
class _Persons:
    """Persons drawn: where they live and who they are."""

    street: Int
    cluster: Int
    stratum: Int
    area: Int
    sex: Int
    age: Int
    home: Int
    weight: Float
    fear: Float
    trust: Float

    def take(self, rows: NDArray) -> _Persons:
        return _Persons(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def draw_survey(
    perceptions: Perceptions,
    *,
    answers: int,
    strata: NDArray[np.int64],
    names: tuple[str, ...],
    seed: int,
    old_wording: bool = False,
    nonresponse: float = 1.0,
    item_nonresponse: float = 1.0,
    exactly: int | None = None,
) -> Survey:
    """Ask a sample of residents.

    Parameters
    ----------
    perceptions : Perceptions
    answers : int
        Answers to expect; the number itself is random.
    strata : ndarray of int, shape (n_areas,)
        Stratum of each area. Every stratum is asked equally many persons.
    names : tuple of str
        Names of the strata.
    seed : int
    old_wording : bool, optional
        Ask the item that has an old wording with that one.
    nonresponse, item_nonresponse : float, optional
        Strength of unequal taking part (0: everybody takes part), and of missing answers.
    exactly : int, optional
        Keep so many answers of each stratum, drawn from more that took part.

    Returns
    -------
    Survey
    """
    if not 1 <= answers <= 1_000_000:
        raise ValueError(f"answers must be from 1 to 1,000,000; got {answers}")
    for name, value in (("nonresponse", nonresponse), ("item_nonresponse", item_nonresponse)):
        if not 0 <= value <= 3:
            raise ValueError(f"{name} must be from 0 (none) to 3; got {value}")
    if exactly is not None and exactly < 1:
        raise ValueError(f"exactly must be 1 or more answers in each stratum; got {exactly}")
    rate = EXPECTED_RESPONSE if nonresponse > 0 else 1.0
    wanted = answers / rate
    if exactly is not None:
        wanted = (1.8 * exactly + 20) * len(names) / rate
    streams = [np.random.default_rng([seed, 76, perceptions.year, k]) for k in range(3)]
    drawn, streets = _sample(perceptions, strata, len(names), wanted, streams[_SAMPLE])
    asked = np.bincount(drawn.area, minlength=len(strata))
    part = perceptions.questionnaire.taking_part
    persons = drawn.take(_takes_part(drawn, part, perceptions, nonresponse, streams[_PERSON]))
    answered = np.bincount(persons.area, minlength=len(strata))
    if exactly is not None:
        persons = _quota(persons, exactly, streams[_PERSON])
    return _answered(
        perceptions,
        persons,
        streams,
        names=names,
        streets=streets,
        old_wording=old_wording,
        missing=item_nonresponse,
        asked=asked,
        answered=answered,
    )


def _answered(
    perceptions: Perceptions,
    persons: _Persons,
    streams: list[np.random.Generator],
    *,
    names: tuple[str, ...],
    streets: Int,
    old_wording: bool,
    missing: float,
    asked: Int,
    answered: Int,
) -> Survey:
    """The answers of those who take part, and their weights."""
    part, rng = perceptions.questionnaire.taking_part, streams[_ANSWERS]
    telephone = streams[_PERSON].random(len(persons.area)) < part.telephone[persons.age]
    start = np.datetime64(date(perceptions.year, 10, 1))
    day = start + streams[_PERSON].integers(0, _FIELDWORK_DAYS, len(persons.area))
    victim = _victims(perceptions, persons, rng)
    codes, values = _victim_answers(perceptions, victim, rng, missing)
    for item in perceptions.questionnaire.items:
        codes[item.column], values[item.column] = _item_answers(
            perceptions, item, persons, victim, telephone, rng, old_wording, missing
        )
    return Survey(
        year=perceptions.year,
        old_wording=old_wording,
        perceptions=perceptions,
        area=persons.area,
        stratum=persons.stratum,
        cluster=persons.cluster,
        strata=names,
        stratum_streets=streets,
        design_weight=persons.weight,
        weight=_raked(perceptions, persons),
        sex=persons.sex,
        age=persons.age,
        adults_at_home=persons.home,
        telephone=telephone,
        day=day,
        codes=codes,
        values=values,
        asked=asked,
        answered=answered,
    )


def _sample(
    perceptions: Perceptions,
    strata: Int,
    n_strata: int,
    wanted: float,
    rng: np.random.Generator,
) -> tuple[_Persons, Int]:
    """Streets in proportion to adults, households on them, one adult in each."""
    people = perceptions.adults.sum(axis=(1, 2))
    size = perceptions.share * people[perceptions.area]
    of_stratum = strata[perceptions.area]
    n = max(2, round(wanted / n_strata / HOUSEHOLDS_PER_STREET))
    rows, number, stratum, weight = [], [], [], []
    for h in range(n_strata):
        streets = rng.permutation(np.flatnonzero(of_stratum == h))
        edge = np.cumsum(size[streets])
        at = (rng.random() + np.arange(n)) * edge[-1] / n
        chosen = streets[np.searchsorted(edge, at)]
        rows.append(np.repeat(chosen, HOUSEHOLDS_PER_STREET))
        # A street drawn twice is one cluster with twice as many households.
        number.append(np.repeat(np.unique(chosen, return_inverse=True)[1], HOUSEHOLDS_PER_STREET))
        stratum.append(np.full(n * HOUSEHOLDS_PER_STREET, h))
        weight.append(np.full(n * HOUSEHOLDS_PER_STREET, edge[-1] / (n * HOUSEHOLDS_PER_STREET)))
    street, group = np.concatenate(rows), np.concatenate(stratum)
    cluster = _numbered(group, np.concatenate(number))
    persons = _people(perceptions, street, cluster, group, np.concatenate(weight), rng)
    return persons, np.bincount(of_stratum, minlength=n_strata)


def _numbered(group: Int, number: Int) -> Int:
    """One number for each pair of stratum and street."""
    return np.asarray(np.unique(group * (number.max() + 1) + number, return_inverse=True)[1])


def _people(
    perceptions: Perceptions,
    street: Int,
    cluster: Int,
    stratum: Int,
    weight: Float,
    rng: np.random.Generator,
) -> _Persons:
    """One adult of a random household for each row; living with others makes one less likely."""
    sizes = perceptions.questionnaire.taking_part.adults
    alone = sizes / np.arange(1, 5)
    area = perceptions.area[street]
    cells = perceptions.adults / perceptions.adults.sum(axis=(1, 2), keepdims=True)
    chance = (cells[:, :, :, None] * alone[None, None]).reshape(len(cells), -1)
    per_adult = chance.sum(axis=1)
    kind = _choose(np.cumsum(chance / per_adult[:, None], axis=1), area, rng)
    sex, age, home = np.unravel_index(kind, (*cells.shape[1:], 4))
    trust = rng.standard_normal(len(area))
    fear = -0.3 * trust + np.sqrt(1 - 0.09) * rng.standard_normal(len(area))
    final = weight * per_adult[area] * (home + 1)
    return _Persons(street, cluster, stratum, area, sex, age, home + 1, final, fear, trust)


def _choose(edges: Float, row: Int, rng: np.random.Generator) -> Int:
    """An index for each row, with the cumulative chances of `edges[row]`."""
    draw = rng.random(len(row))
    return np.asarray((draw[:, None] >= edges[row, :-1]).sum(axis=1))


def _takes_part(
    persons: _Persons,
    part: TakingPart,
    perceptions: Perceptions,
    strength: float,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    poor = perceptions.deprivation[persons.area] - 0.5
    logit = part.base + strength * (
        part.age[persons.age] + part.trust * persons.trust + part.deprivation * poor
    )
    draw = rng.random(len(logit))
    return np.asarray(draw < 1 / (1 + np.exp(-logit))) | (strength == 0)


def _quota(persons: _Persons, n: int, rng: np.random.Generator) -> _Persons:
    """So many of each stratum, whole streets at random, with weights for the same adults."""
    place = rng.permutation(int(persons.cluster.max()) + 1)[persons.cluster]
    order = np.lexsort((rng.random(len(place)), place, persons.stratum))
    counts = np.bincount(persons.stratum)
    if counts.min() < n:
        raise ValueError(f"only {counts.min()} persons took part in one stratum; {n} are wanted")
    rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = persons.take(np.sort(order[rank < n]))
    kept.weight[:] *= (counts / n)[kept.stratum]
    return kept


def _raked(perceptions: Perceptions, persons: _Persons) -> Float:
    """Weights that meet the adults of each area, and of each sex and age in the city."""
    people = perceptions.adults
    cell = persons.sex * people.shape[2] + persons.age
    margins = (
        (persons.area, people.sum(axis=(1, 2)).astype(float)),
        (cell, people.sum(axis=0).ravel().astype(float)),
    )
    weight = persons.weight.copy()
    for _ in range(50):
        for codes, target in margins:
            total = np.bincount(codes, weight, len(target))
            weight *= (target / np.where(total > 0, total, 1.0))[codes]
    return weight


def _victims(
    perceptions: Perceptions, persons: _Persons, rng: np.random.Generator
) -> dict[str, NDArray[np.bool_]]:
    """Who was harmed in 12 months, drawn from the chances of the area, sex and age."""
    found = {}
    for kind in perceptions.questionnaire.risk:
        chance = perceptions.harm[kind][persons.area, persons.sex, persons.age]
        found[kind] = rng.random(len(chance)) < chance
    return {**found, "any": np.any(list(found.values()), axis=0)}


def _victim_answers(
    perceptions: Perceptions,
    victim: dict[str, NDArray[np.bool_]],
    rng: np.random.Generator,
    missing: float,
) -> tuple[dict[str, Int], dict[str, Float]]:
    """1 yes, 2 no, 9 no answer."""
    codes, values = {}, {}
    for asked in perceptions.questionnaire.victims:
        yes = victim[asked.kind]
        silent = rng.random(len(yes)) < 0.004 * missing * (asked.kind != "any")
        codes[asked.column] = np.where(silent, 9, np.where(yes, 1, 2))
        values[asked.column] = np.where(silent, np.nan, yes.astype(float))
    return codes, values


def _item_answers(
    perceptions: Perceptions,
    item: Item,
    persons: _Persons,
    victim: dict[str, NDArray[np.bool_]],
    telephone: NDArray[np.bool_],
    rng: np.random.Generator,
    old: bool,
    missing: float,
) -> tuple[Int, Float]:
    """Codes as written, and values with NaN for what is missing."""
    fear, trust = item.effects.get("fear", 0.0), item.effects.get("trust", 0.0)
    shared = fear**2 + trust**2 - 0.6 * fear * trust
    latent = (
        perceptions.place(item)[persons.street] + perceptions.group(item)[persons.sex, persons.age]
    )
    latent += item.effects.get("victim", 0.0) * victim[item.harmed]
    latent += fear * persons.fear + trust * persons.trust + (item.old_shift if old else 0.0)
    latent += np.sqrt(1 - shared) * rng.standard_normal(len(latent))
    value = np.array(item.scale.codes)[np.searchsorted(item.thresholds, latent)]
    draw, owner = rng.random(len(value)), rng.random(len(value)) < item.asked_of
    silent = missing * item.silent * np.where(telephone, 0.5, 1.2)
    unknown = missing * item.unknown * (1 + (persons.age == 3)) + silent
    code = np.where(draw < silent, item.scale.unknown + 1, value)
    code = np.where((draw >= silent) & (draw < unknown), item.scale.unknown, code)
    code = np.where(owner, code, item.scale.unknown - 1)
    gone = (draw < unknown) | ~owner
    return code, np.where(gone, np.nan, value.astype(float))
