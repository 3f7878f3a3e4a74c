"""Addresses and the background risk of each offence at each address.

Risk is the product of the kind of address, the deprivation of its area, and two gamma
variables, one per street segment and one per address, so that few places carry much of the
risk. Offences of one theme share the gamma variables. What this does not answer: why a place
is risky; the simulation only says that it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from commonlight.simulate.areas import Areas
from commonlight.simulate.streets import LandUse, StreetPlan
from commonlight.simulate.truth import Offence

__all__ = ["Sites", "background_risk", "build_sites"]

_SETBACK = 8.0
_FRONTAGE = {"centre": 14, "nightlife": 14, "station": 22, "dense": 18, "loose": 27, "industry": 60}
_HOMES = {
    "centre": 3.0,
    "nightlife": 3.0,
    "station": 3.0,
    "dense": 4.0,
    "loose": 1.6,
    "industry": 3.0,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Sites:
    """Addresses: position (metres), segment, block, area, kind, and how many homes."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    segment: NDArray[np.int64]
    block: NDArray[np.int64]
    area: NDArray[np.int64]
    kind: NDArray[np.int64]
    homes: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.x)


def build_sites(
    plan: StreetPlan,
    areas: Areas,
    *,
    kinds: dict[str, list[float]],
    rng: np.random.Generator,
) -> Sites:
    """Set addresses along both sides of the streets.

    Parameters
    ----------
    plan : StreetPlan
    areas : Areas
    kinds : dict
        For each land use with addresses, the shares of the kinds of address.
    rng : numpy.random.Generator

    Returns
    -------
    Sites
        About 40,000 addresses, each 8 m off its street and inside its own block.
    """
    sides = [_side(plan, side) for side in (plan.left, plan.right)]
    x, y, segment, block = (np.concatenate(c) for c in zip(*sides, strict=True))
    ok = shapely.contains_xy(plan.blocks[block], x, y)
    x, y, segment, block = x[ok], y[ok], segment[ok], block[ok]
    use = plan.land_use[block]
    kind = _kinds(use, kinds, rng)
    homes = np.array([_HOMES.get(name, 1.0) for name in LandUse.NAMES])[use] * (kind == 0)
    area = areas.block_area[block]
    return Sites(x=x, y=y, segment=segment, block=block, area=area, kind=kind, homes=homes)


def background_risk(
    sites: Sites,
    offences: Sequence[Offence],
    deprivation: NDArray[np.float64],
    *,
    heterogeneity: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Share of each offence's background events that each address expects.

    Parameters
    ----------
    sites : Sites
    offences : sequence of Offence
    deprivation : ndarray of shape (n_areas,)
        From 0 to 1.
    heterogeneity : float
        Variance of the gamma variable of a street segment (half of it for an address);
        0 makes addresses of one kind and area equal.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_offences, n_sites)
        Each row sums to 1.

    Notes
    -----
    ``risk = kind x exp(b (deprivation - 1/2)) x G_segment x G_address`` with gamma variables
    of mean 1. The assumption that fails most often: risk of an address does not change with
    time other than by season, trend and repeats.
    """
    n_segments = int(sites.segment.max()) + 1
    themes = sorted({offence.theme for offence in offences})
    hot = {theme: _gamma(n_segments, heterogeneity, rng)[sites.segment] for theme in themes}
    hot = {theme: g * _gamma(len(sites), heterogeneity / 2, rng) for theme, g in hot.items()}
    risk = np.empty((len(offences), len(sites)))
    for row, offence in zip(risk, offences, strict=True):
        row[:] = np.array(offence.risk)[sites.kind] * hot[offence.theme]
        row *= np.exp(offence.deprivation * (deprivation[sites.area] - 0.5))
        row /= row.sum()
    return risk


def _gamma(n: int, variance: float, rng: np.random.Generator) -> NDArray[np.float64]:
    draw = rng.gamma(1 / max(variance, 1e-9), max(variance, 1e-9), n)
    return draw if variance > 0 else np.ones(n)


def _side(plan: StreetPlan, block: NDArray[np.int64]) -> tuple[NDArray, ...]:
    """Addresses of every segment on the side of one of its two blocks."""
    gap = np.array([_FRONTAGE.get(name, 0) for name in LandUse.NAMES])[plan.land_use[block]]
    open_ = (gap > 0) & (plan.length >= 25)
    n = np.where(open_, np.floor(0.76 * plan.length / np.maximum(gap, 1)) + 1, 0).astype(int)
    segment = np.repeat(np.arange(len(n)), n)
    place = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    along = 0.12 + 0.76 * (place + 0.5) / n[segment]
    start, way = plan.start[segment], (plan.end - plan.start)[segment]
    point = start + along[:, None] * way
    normal = np.c_[-way[:, 1], way[:, 0]] / np.hypot(*way.T)[:, None]
    towards = np.sign(((plan.centre[block[segment]] - point) * normal).sum(axis=1))
    point += _SETBACK * (normal * towards[:, None])
    return np.round(point[:, 0], 1), np.round(point[:, 1], 1), segment, block[segment]


def _kinds(
    use: NDArray[np.int64], kinds: dict[str, list[float]], rng: np.random.Generator
) -> NDArray[np.int64]:
    draw = rng.random(len(use))
    kind = np.zeros(len(use), dtype=np.int64)
    for code, name in enumerate(LandUse.NAMES):
        if name in kinds:
            here = use == code
            edges = np.cumsum(kinds[name])
            kind[here] = np.searchsorted(edges / edges[-1], draw[here], side="right")
    return kind
