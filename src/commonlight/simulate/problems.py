"""Problems in the streets, and the residents who report them or do not.

Problems are there whether anybody speaks of them or not. Whether a resident reports one
depends on age, on trust, and on how well-off the area is; a few residents report much. One
problem may be reported several times. What this does not answer: why some people report; and
nothing in the published file tells who did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.areas import Areas
from commonlight.simulate.streets import LandUse, StreetPlan
from commonlight.simulate.surroundings import Surroundings

__all__ = ["CATEGORIES", "CHANNELS", "Problems", "Reports", "draw_problems", "draw_reports"]

Float = NDArray[np.float64]
Int = NDArray[np.int64]

CATEGORIES = (
    "Litter and rubbish",
    "Graffiti and damage",
    "Street light not working",
    "Noise at night",
)
CHANNELS = ("app", "web", "telephone")
#: Problems in a usual street a year, by category.
_YEARLY = (0.35, 0.22, 0.12, 0.10)
_PROBLEMS, _REPORTS, _HEAVY = 81, 82, 83
_HEAVY_USERS, _HEAVY_REACH = 14, 350.0
_MISPLACED = 15.0
_AGE = (0.5, 1.1, 1.3, 0.9)
_CHANNEL = (0.55, 0.25, 0.20)


@dataclass(frozen=True, kw_only=True, eq=False)
class Problems:
    """Everything that is wrong in the streets, reported or not; n problems.

    `category` indexes `CATEGORIES`; `day` counts from the first day of the period; `x` and `y`
    are metres; `segment` and `area` are where it is.
    """

    category: Int
    segment: Int
    area: Int
    day: Float
    x: Float
    y: Float

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, kw_only=True, eq=False)
class Reports:
    """Reports in order of time, and what no publisher knows about them.

    Attributes
    ----------
    problem : ndarray of int, shape (m,)
        The problem that each report speaks of.
    category, channel, area : ndarray of int, shape (m,)
    minute : ndarray of int, shape (m,)
        Minutes from the first day of the period.
    x, y : ndarray of float, shape (m,)
        Where the report puts it, metres: some steps away from the problem.
    heavy : ndarray of bool, shape (m,)
        Made by one of the few who report much.
    propensity : ndarray of float, shape (n_areas,)
        Reports to expect of a problem in a usual street of each area, heavy users apart.
    """

    problem: Int
    category: Int
    channel: Int
    area: Int
    minute: Int
    x: Float
    y: Float
    heavy: NDArray[np.bool_]
    propensity: Float

    def __len__(self) -> int:
        return len(self.problem)


def draw_problems(
    plan: StreetPlan,
    surroundings: Surroundings,
    *,
    segment_area: Int,
    days: int,
    seed: int,
) -> Problems:
    """Draw problems on streets, the more the more litter, damage or lamps there are.

    Parameters
    ----------
    plan : StreetPlan
    surroundings : Surroundings
    segment_area : ndarray of int, shape (n_segments,)
    days : int
        Length of the period.
    seed : int

    Returns
    -------
    Problems
    """
    rng = np.random.default_rng([seed, _PROBLEMS])
    busy = (LandUse.CENTRE, LandUse.NIGHTLIFE, LandUse.STATION)
    lively = np.isin(plan.land_use[plan.left], busy) | np.isin(plan.land_use[plan.right], busy)
    lamps = surroundings.lit.astype(float)
    rates = (surroundings.litter, surroundings.vandalism, lamps, 0.4 + 4.0 * lively)
    n = rng.poisson(np.outer(_YEARLY, np.ones(len(lamps))) * np.array(rates) * days / 365.25)
    category, segment = (np.repeat(part.ravel(), n.ravel()) for part in np.indices(n.shape))
    along = rng.random(len(segment))[:, None]
    xy = plan.start[segment] + along * (plan.end - plan.start)[segment]
    return Problems(
        category=category,
        segment=segment,
        area=segment_area[segment],
        day=rng.uniform(0, days, len(segment)),
        x=np.round(xy[:, 0], 1),
        y=np.round(xy[:, 1], 1),
    )


def draw_reports(
    problems: Problems,
    areas: Areas,
    *,
    trust: Float,
    adults: Int,
    homes: Float,
    days: int,
    seed: int,
) -> Reports:
    """Draw who reports what.

    Parameters
    ----------
    problems : Problems
    areas : Areas
    trust : ndarray of float, shape (n_areas,)
        Mean trust of residents, in standard deviations of areas from the city's.
    adults : ndarray of int, shape (n_areas, 4)
        Adults by age group.
    homes : ndarray of float, shape (n_segments,)
        Homes on each street segment.
    days : int
        Length of the period.
    seed : int

    Returns
    -------
    Reports
        Reports that were made within the period.
    """
    rng = np.random.default_rng([seed, _REPORTS])
    propensity = _propensity(areas, trust, adults)
    seen = (homes[problems.segment] + 8.0) / (homes.mean() + 8.0)
    n = rng.poisson(propensity[problems.area] * np.sqrt(seen))
    usual = np.repeat(np.arange(len(problems)), n)
    much = _by_heavy_users(problems, adults.sum(axis=1) * propensity, seed)
    problem = np.concatenate([usual, much])
    heavy = np.arange(len(problem)) >= len(usual)
    later = rng.exponential(np.where(heavy, 4.0, 12.0))
    minute = np.floor(1440 * (problems.day[problem] + later)).astype(np.int64)
    shift = rng.normal(0, _MISPLACED, (2, len(problem)))
    wrong = rng.random(len(problem)) < 0.03
    other = rng.integers(0, len(CATEGORIES), len(problem))
    channel = rng.choice(len(CHANNELS), len(problem), p=_CHANNEL)
    order = np.lexsort((problem, minute))
    kept = order[minute[order] < 1440 * days]
    return Reports(
        problem=problem[kept],
        category=np.where(wrong, other, problems.category[problem])[kept],
        channel=channel[kept],
        area=problems.area[problem][kept],
        minute=minute[kept],
        x=np.round(problems.x[problem] + shift[0], 1)[kept],
        y=np.round(problems.y[problem] + shift[1], 1)[kept],
        heavy=heavy[kept],
        propensity=propensity,
    )


def _propensity(areas: Areas, trust: Float, adults: Int) -> Float:
    """Fewer reports where people are poorer, trust less, or are very young or very old."""
    age = adults @ np.array(_AGE) / adults.sum(axis=1)
    return np.asarray(0.75 * age * np.exp(-1.4 * (areas.deprivation - 0.5) + 0.15 * trust))


def _by_heavy_users(problems: Problems, chance: Float, seed: int) -> Int:
    """Problems reported by the few, each one to four times, within reach of where they live."""
    rng = np.random.default_rng([seed, _HEAVY])
    found = []
    for _ in range(_HEAVY_USERS):
        here = np.flatnonzero(problems.area == rng.choice(len(chance), p=chance / chance.sum()))
        home = rng.random()
        if here.size:
            at = here[int(home * here.size)]
            away = np.hypot(problems.x - problems.x[at], problems.y - problems.y[at])
            near = np.flatnonzero(away < _HEAVY_REACH)
            near = near[rng.random(near.size) < 0.6]
            found.append(np.repeat(near, rng.integers(1, 5, near.size)))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
