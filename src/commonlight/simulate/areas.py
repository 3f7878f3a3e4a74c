"""Areas and residents of the simulated city.

Areas are unions of blocks on one side of the river, so that they cover the city without gaps
or overlaps. All names are descriptions and end in "(sim)"; none is the name of a real place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from commonlight.simulate.streets import ORIGIN, LandUse, StreetPlan

__all__ = ["AGE_GROUPS", "Areas", "draw_areas", "settle_residents"]

AGE_GROUPS = ("age_0_17", "age_18_24", "age_25_44", "age_45_64", "age_65_plus")
_BOROUGHS = ("Inner City", "East", "North", "West", "South")
_PLACES = (
    "Weavers", "Millers", "Harbour", "Orchard", "Chapel", "Rope Walk", "Gasworks", "Meadow",
    "Tannery", "Brewery", "Ferry", "Lock", "Quarry", "Heron", "Linden", "Poplar", "Willow",
    "Fountain", "Foundry", "Bastion", "Granary", "Observatory", "Hospital", "Barracks",
    "Stadium", "Windmill", "Signal", "Lantern", "Copper", "Salt", "Market", "Theatre",
    "Minster", "Customs", "Guildhall", "Arcade", "Nursery", "Paddock", "Hazel", "Larch",
    "Plover", "Curlew", "Beacon", "Cooper", "Saddler", "Glazier", "Potter", "Chandler",
    "Thatcher", "Fuller", "Warren", "Spinney", "Rookery", "Causeway", "Terrace", "Parade",
    "Crescent", "Gable", "Cobble", "Timber",
)  # fmt: skip
_KINDS = ("Quarter", "Side", "Gardens", "Hill", "Field", "Green")


@dataclass(frozen=True, kw_only=True, eq=False)
class Areas:
    """The areas of the city and what is known of each.

    `block_area` (n_blocks,) is the area of each block; `deprivation` (n,) runs from 0 to 1;
    `residents` (n, 5) counts persons by `AGE_GROUPS`; `neighbours` holds, for each area, the
    indices of those that share a border.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    parents: tuple[str, ...]
    parent_names: tuple[str, ...]
    polygons: NDArray[np.object_]
    block_area: NDArray[np.int64]
    deprivation: NDArray[np.float64]
    residents: NDArray[np.int64]
    neighbours: tuple[tuple[int, ...], ...]

    @property
    def population(self) -> NDArray[np.int64]:
        """Residents of each area, all ages."""
        return np.asarray(self.residents.sum(axis=1))


def draw_areas(plan: StreetPlan, *, n_areas: int, rng: np.random.Generator) -> Areas:
    """Group the blocks into areas; residents are still zero.

    Parameters
    ----------
    plan : StreetPlan
    n_areas : int
        Number of areas, 40 to 600.
    rng : numpy.random.Generator

    Returns
    -------
    Areas
    """
    if not 40 <= n_areas <= 600:
        raise ValueError(f"n_areas must be from 40 to 600; got {n_areas}")
    block_area = _grouped(plan, n_areas, rng)
    polygons = np.array(
        [shapely.coverage_union_all(plan.blocks[block_area == i]) for i in range(n_areas)]
    )
    centre = np.array([(p.centroid.x, p.centroid.y) for p in polygons]) - ORIGIN
    borough = _borough(centre)
    order = np.lexsort((np.arctan2(centre[:, 1], centre[:, 0]), borough))
    rank = np.argsort(order)
    polygons, centre, borough = polygons[order], centre[order], borough[order]
    return Areas(
        codes=tuple(f"SIM{i + 1:0{len(str(n_areas))}d}" for i in range(n_areas)),
        names=_names(n_areas, rng),
        parents=tuple(f"SIM-{_BOROUGHS[b][0]}" for b in borough),
        parent_names=tuple(f"{_BOROUGHS[b]} (sim)" for b in borough),
        polygons=polygons,
        block_area=rank[block_area],
        deprivation=_deprivation(centre, rng),
        residents=np.zeros((n_areas, len(AGE_GROUPS)), dtype=np.int64),
        neighbours=_neighbours(polygons),
    )


def settle_residents(
    areas: Areas, homes: NDArray[np.float64], *, population: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Residents by area and age group: in proportion to homes, older and richer outside.

    Parameters
    ----------
    areas : Areas
    homes : ndarray of shape (n_areas,)
        Homes in each area (an address in a dense street counts for several).
    population : int
        Residents of the whole city; the table sums to it exactly.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_areas, 5)
    """
    total = rng.multinomial(population, homes / homes.sum())
    share = np.tile([0.165, 0.09, 0.295, 0.255, 0.195], (len(homes), 1))
    share *= np.exp(np.outer(areas.deprivation - 0.5, [0.25, 0.5, 0.2, -0.1, -0.5]))
    share *= rng.gamma(80.0, 1 / 80.0, share.shape)
    share /= share.sum(axis=1, keepdims=True)
    return np.array([rng.multinomial(n, p) for n, p in zip(total, share, strict=True)])


def _grouped(plan: StreetPlan, n_areas: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Compact groups of lived-in blocks on each bank; all others join the nearest group."""
    from scipy.cluster.vq import kmeans2
    from scipy.spatial import KDTree

    built = _lived_in(plan)
    north = plan.bank > 0
    n_north = round(n_areas * float((built & north).sum() / built.sum()))
    group = np.full(len(plan.centre), -1)
    for bank, k, first in ((north, n_north, 0), (~north, n_areas - n_north, n_north)):
        chosen = np.flatnonzero(built & bank)
        start = plan.centre[rng.choice(chosen, k, replace=False)]
        found, label = kmeans2(plan.centre[chosen], start, iter=30, minit="matrix")
        group[chosen] = first + label
        other = np.flatnonzero(~built & bank)
        nearest = KDTree(found).query(plan.centre[other])[1]
        group[other] = first + nearest
    return _connected(group, plan)


def _lived_in(plan: StreetPlan) -> NDArray[np.bool_]:
    empty = (LandUse.WATER, LandUse.GREEN, LandUse.INDUSTRY)
    return np.asarray(~np.isin(plan.land_use, empty))


def _connected(group: NDArray[np.int64], plan: StreetPlan) -> NDArray[np.int64]:
    """Give blocks cut off from the rest of their group to the group they touch most."""
    tree, weight = shapely.STRtree(plan.blocks), 0.001 + _lived_in(plan).astype(np.float64)
    a, b = tree.query(plan.blocks, predicate="touches")
    for _ in range(5):
        for i in range(int(group.max()) + 1):
            members, inside = np.flatnonzero(group == i), (group[a] == i) & (group[b] == i)
            part = _main_part(members, a[inside], b[inside], weight)
            for block in np.setdiff1d(members, part):
                around = group[b[a == block]]
                around = around[around != i]
                if around.size:
                    group[block] = np.bincount(around).argmax()
    return group


def _main_part(
    members: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> NDArray[np.int64]:
    """The connected part with the most lived-in blocks; `a` and `b` touch, both are members."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    i, j = np.searchsorted(members, a), np.searchsorted(members, b)
    graph = coo_array((np.ones(len(i)), (i, j)), shape=(len(members), len(members)))
    label = connected_components(graph, directed=False)[1]
    return np.asarray(members[label == np.bincount(label, weight[members]).argmax()])


def _borough(centre: NDArray[np.float64]) -> NDArray[np.int64]:
    angle = np.arctan2(centre[:, 1], centre[:, 0])
    sector = 1 + np.floor(((angle + np.pi / 4) % (2 * np.pi)) / (np.pi / 2)).astype(int)
    return np.where(np.hypot(*centre.T) < 1500, 0, sector)


def _names(n: int, rng: np.random.Generator) -> tuple[str, ...]:
    if n > len(_PLACES):
        return _many_names(n, rng)
    place = rng.permutation(len(_PLACES))[:n]
    kind = rng.integers(0, len(_KINDS), n)
    return tuple(f"{_PLACES[p]} {_KINDS[k]} (sim)" for p, k in zip(place, kind, strict=True))


def _many_names(n: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Every place with every kind, in the upper and the lower part."""
    sizes = (len(_PLACES), len(_KINDS), 2)
    place, kind, part = np.unravel_index(rng.permutation(int(np.prod(sizes)))[:n], sizes)
    return tuple(
        f"{('Upper', 'Lower')[u]} {_PLACES[p]} {_KINDS[k]} (sim)"
        for p, k, u in zip(place, kind, part, strict=True)
    )


def _deprivation(centre: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A smooth field with noise, as ranks from 0 (least) to 1 (most deprived)."""
    wave = rng.normal(0, 1 / 2500, (4, 2))
    field = np.cos(centre @ wave.T * np.pi + rng.uniform(0, 6.3, 4)).sum(axis=1)
    rank = np.argsort(np.argsort(field + rng.normal(0, 0.4, len(centre))))
    return np.asarray(rank / (len(centre) - 1))


def _neighbours(polygons: NDArray[np.object_]) -> tuple[tuple[int, ...], ...]:
    a, b = shapely.STRtree(polygons).query(polygons, predicate="touches")
    return tuple(tuple(sorted(int(j) for j in b[a == i])) for i in range(len(polygons)))
