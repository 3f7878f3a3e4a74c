"""What residents see and hear: light, litter, damage, and the news.

Light, litter and vandalism belong to street segments, news to areas and months. None of it
depends on the incidents that happen, and incidents do not depend on it. What this does not
answer: whether better light prevents crime; here it changes feelings only, by construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.areas import Areas
from commonlight.simulate.streets import ORIGIN, LandUse, StreetPlan

__all__ = ["THEMES", "RareEvent", "Surroundings", "draw_surroundings"]

Float = NDArray[np.float64]

#: What a news item is about.
THEMES = ("home", "street", "vehicle")
_LIGHT, _DISORDER, _NEWS = 71, 72, 73
_UNLIT = (LandUse.GREEN, LandUse.INDUSTRY, LandUse.WATER)


@dataclass(frozen=True)
class RareEvent:
    """One event that the news wrote much about: theme, area and month (from 0)."""

    theme: str
    area: int
    month: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """Light, disorder and news.

    `lux` (n_segments,) is the mean light on the ground at night; `lit` says whether a segment
    has lamps that work. `litter` and `vandalism` (n_segments,) are 0 for none, 1 for usual.
    `news` (3, n_areas, n_months) is how much residents of an area hear of each of `THEMES`;
    1 is usual. `rare` are the events behind its peaks.
    """

    lux: Float
    lit: NDArray[np.bool_]
    litter: Float
    vandalism: Float
    news: Float
    rare: tuple[RareEvent, ...]

    @property
    def dark(self) -> Float:
        """1 where there is no light, 0.05 at 15 lux, for each segment."""
        return np.asarray(np.exp(-self.lux / 5.0))


def draw_surroundings(
    plan: StreetPlan,
    areas: Areas,
    *,
    segment_area: NDArray[np.int64],
    months: int,
    seed: int,
) -> Surroundings:
    """Draw light, litter, vandalism and news.

    Parameters
    ----------
    plan : StreetPlan
    areas : Areas
    segment_area : ndarray of int, shape (n_segments,)
        The area that each segment belongs to.
    months : int
        Months of the period.
    seed : int

    Returns
    -------
    Surroundings
    """
    light = np.random.default_rng([seed, _LIGHT])
    lux, lit = _light(plan, light)
    disorder = np.random.default_rng([seed, _DISORDER])
    litter, vandalism = _disorder(plan, areas, segment_area, disorder)
    news, rare = _news(areas, months, np.random.default_rng([seed, _NEWS]))
    return Surroundings(lux=lux, lit=lit, litter=litter, vandalism=vandalism, news=news, rare=rare)


def _light(plan: StreetPlan, rng: np.random.Generator) -> tuple[Float, NDArray[np.bool_]]:
    """Arterials are brightest; lanes by parks and works, and whole corners, have no lamps."""
    usual = np.array([{"arterial": 15.0, "bridge": 12.0}.get(road, 8.0) for road in plan.road])
    lux = usual * rng.lognormal(0.0, 0.25, len(usual))
    edge = np.isin(plan.land_use[plan.left], _UNLIT) & np.isin(plan.land_use[plan.right], _UNLIT)
    beside = np.isin(plan.land_use[plan.left], _UNLIT) ^ np.isin(plan.land_use[plan.right], _UNLIT)
    chance = np.where(edge, 0.75, np.where(beside, 0.20, 0.02)) * (usual < 12)
    unlit = (rng.random(len(lux)) < chance) | _in_spots(plan, 18, 190.0, rng)
    return np.where(unlit, rng.uniform(0.0, 0.8, len(lux)), lux), ~unlit


def _in_spots(
    plan: StreetPlan, n: int, radius: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Side streets whose middle lies in one of `n` circles around random segments."""
    middle = (plan.start + plan.end) / 2
    centre = middle[rng.choice(len(middle), n, replace=False)]
    near = np.zeros(len(middle), dtype=bool)
    for spot in centre:
        near |= np.hypot(*(middle - spot).T) < radius
    return np.asarray(near & (np.array(plan.road) == "street"))


def _disorder(
    plan: StreetPlan, areas: Areas, segment_area: NDArray[np.int64], rng: np.random.Generator
) -> tuple[Float, Float]:
    """Litter and vandalism share a smooth field, deprivation, and chance."""
    middle = (plan.start + plan.end) / 2 - ORIGIN
    field = _smooth(middle, rng)
    poor = areas.deprivation[segment_area] - 0.5
    busy = np.isin(plan.land_use[plan.left], (LandUse.CENTRE, LandUse.NIGHTLIFE, LandUse.STATION))
    found = []
    for share, deprived in ((0.30, 0.8), (0.25, 1.0)):
        log = share * field + deprived * poor + 0.4 * busy + rng.normal(0, 0.35, len(field))
        level = np.exp(log) * rng.gamma(3.0, 1 / 3.0, len(field))
        found.append(np.minimum(level / level.mean(), 5.0))
    return found[0], found[1]


def _smooth(xy: Float, rng: np.random.Generator) -> Float:
    wave = rng.normal(0, 1 / 1500, (6, 2))
    field = np.cos(xy @ wave.T * np.pi + rng.uniform(0, 6.3, 6)).sum(axis=1)
    return np.asarray((field - field.mean()) / field.std())


def _news(
    areas: Areas, months: int, rng: np.random.Generator
) -> tuple[Float, tuple[RareEvent, ...]]:
    """About three rare events a year; each fills the news and fades within months."""
    n = len(areas.codes)
    news = 1.0 + rng.normal(0, 0.12, (len(THEMES), 1, months)) + rng.normal(0, 0.05, (3, n, 1))
    when = np.flatnonzero(rng.random(months) < 0.25)
    rare = tuple(
        RareEvent(THEMES[int(rng.integers(len(THEMES)))], int(rng.integers(n)), int(month))
        for month in when
    )
    for event in rare:
        heard = np.full(n, 0.5)
        heard[list(areas.neighbours[event.area])] = 1.0
        heard[event.area] = 2.5
        fade = 0.5 ** np.arange(months - event.month)
        news[THEMES.index(event.theme), :, event.month :] += heard[:, None] * fade
    return np.asarray(np.maximum(news, 0.1)), rare
