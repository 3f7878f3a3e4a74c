"""Site observations: two observers look at chosen streets, by day and after dark.

What this does not answer: how observers differ in truth; here they err at random, alike
everywhere, and none is stricter in a poorer area.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonlight.simulate.streets import StreetPlan
from commonlight.simulate.surroundings import Surroundings

__all__ = ["LOOKED_AT", "Visits", "draw_visits"]

Float = NDArray[np.float64]
Int = NDArray[np.int64]

#: What observers rate from 0 to 4; the first one after dark only.
LOOKED_AT = ("Light at night", "Litter", "Graffiti and damage")
STREETS_PER_AREA = 5
_VISITS = 84
_ERROR = 0.6


@dataclass(frozen=True, kw_only=True, eq=False)
class Visits:
    """Ratings, one row each: which street was looked at when, by whom, and what was seen.

    `item` indexes `LOOKED_AT`; `minute` counts from the first day of the period; `team` is 0 or
    1; `rating` is 0 (none, or dark) to 4 (much, or bright); `truth` is what is really there on
    the same scale, before it is rounded.
    """

    visit: Int
    segment: Int
    area: Int
    minute: Int
    team: Int
    item: Int
    rating: Int
    truth: Float
    x: Float
    y: Float

    def __len__(self) -> int:
        return len(self.rating)


def draw_visits(
    plan: StreetPlan,
    surroundings: Surroundings,
    *,
    segment_area: Int,
    n_areas: int,
    first: int,
    seed: int,
) -> Visits:
    """Choose streets in each area and rate them.

    Parameters
    ----------
    plan : StreetPlan
    surroundings : Surroundings
    segment_area : ndarray of int, shape (n_segments,)
    n_areas : int
    first : int
        Day of the first visit, counted from the first day of the period.
    seed : int

    Returns
    -------
    Visits
    """
    rng = np.random.default_rng([seed, _VISITS])
    chosen = np.concatenate([_some(np.flatnonzero(segment_area == a), rng) for a in range(n_areas)])
    segment, night, team = (
        part.ravel() for part in np.meshgrid(chosen, (0, 1), (0, 1), indexing="ij")
    )
    day = first + rng.integers(0, 28, len(segment))
    clock = np.where(night, 20 * 60, 10 * 60) + 5 * rng.integers(0, 36, len(segment))
    visit, item = (
        part.ravel()
        for part in np.meshgrid(np.arange(len(segment)), np.arange(len(LOOKED_AT)), indexing="ij")
    )
    seen = (item > 0) | (night[visit] == 1)
    visit, item = visit[seen], item[seen]
    truth = _scaled(surroundings)[item, segment[visit]]
    rating = np.clip(np.round(truth + rng.normal(0, _ERROR, len(truth))), 0, 4).astype(np.int64)
    middle = np.round((plan.start + plan.end) / 2, 1)[segment[visit]]
    return Visits(
        visit=visit,
        segment=segment[visit],
        area=segment_area[segment[visit]],
        minute=(1440 * day + clock)[visit],
        team=team[visit],
        item=item,
        rating=rating,
        truth=truth,
        x=middle[:, 0],
        y=middle[:, 1],
    )


def _some(segments: Int, rng: np.random.Generator) -> Int:
    return rng.permutation(segments)[:STREETS_PER_AREA]


def _scaled(surroundings: Surroundings) -> Float:
    """What is there, on the scale of the ratings: 0 to 4."""
    light = 4 * (1 - surroundings.dark)
    disorder = (surroundings.litter, surroundings.vandalism)
    return np.array([light, *(4 * (1 - np.exp(-0.6 * value)) for value in disorder)])
