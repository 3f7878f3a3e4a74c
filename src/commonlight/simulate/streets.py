"""Streets, blocks and a river for a city that does not exist.

Blocks are the cells of a Voronoi diagram and streets are the edges between them, so that the
blocks cover the city without gaps. Pairs of seeds on either side of a line make the line an
edge: so the arterials, the ring road and the river banks come about. Planned quarters are
staggered lattices. What this does not answer: how real streets grow, or how traffic flows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["ORIGIN", "LandUse", "StreetPlan", "lay_streets"]

Float = NDArray[np.float64]
Int = NDArray[np.int64]

#: Centre of the city in EPSG:25832, metres: open water in the North Sea, on purpose.
ORIGIN = (392_000.0, 6_096_000.0)
RADIUS = 4_900.0
RIVER_WIDTH = 95.0
_FREE, _QUARTER, _RING, _ARTERIAL, _BANK, _WATER = range(6)


class LandUse:
    """Names of the uses of a block, in the order of their codes."""

    NAMES = ("water", "green", "centre", "nightlife", "station", "dense", "loose", "industry")
    WATER, GREEN, CENTRE, NIGHTLIFE, STATION, DENSE, LOOSE, INDUSTRY = range(8)


@dataclass(frozen=True, kw_only=True, eq=False)
class StreetPlan:
    """Blocks and street segments of the city.

    `blocks` are polygons in metres, `centre` (n, 2) their seeds, `land_use` their use and
    `bank` the side of the river, +1 or -1. Segments run from `start` to `end`, both (m, 2),
    with `length` in metres; `left` and `right` are the blocks beside them.
    """

    blocks: NDArray[np.object_]
    centre: Float
    land_use: Int
    bank: Int
    start: Float
    end: Float
    length: Float
    road: tuple[str, ...]
    left: Int
    right: Int


@dataclass(frozen=True, eq=False)
class _Seeds:
    xy: Float
    rank: Int
    line: Int
    side: Int


def lay_streets(*, rng: np.random.Generator) -> StreetPlan:
    """Lay out the blocks and streets of the city.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness; the same state gives the same city.

    Returns
    -------
    StreetPlan
        About 2,400 blocks and 6,000 street segments, in metres of EPSG:25832.
    """
    from scipy.spatial import Voronoi

    lines = _lines(rng)
    seeds = _relaxed(_all_seeds(lines, rng), rounds=3)
    diagram = Voronoi(seeds.xy)
    vertices = np.round(diagram.vertices + ORIGIN, 2)
    inside = _inside_limit(seeds.xy, 1.0)
    number = np.where(inside, np.cumsum(inside) - 1, -1)
    regions = [diagram.regions[i] for i in diagram.point_region[inside]]
    blocks = np.array([shapely.Polygon(vertices[_ordered(vertices, r)]) for r in regions])
    use = _land_use(seeds.xy[inside], seeds.rank[inside], rng)
    pairs = diagram.ridge_points.astype(np.int64)
    ends = np.asarray(diagram.ridge_vertices)
    return _plan(seeds, blocks, use, inside, number, pairs, ends, vertices, lines, rng)


def _ordered(vertices: Float, region: list[int]) -> list[int]:
    """The region's vertices without neighbours that fell together when rounded to 1 cm."""
    xy = vertices[region]
    keep = np.any(xy != np.roll(xy, 1, axis=0), axis=1)
    return [vertex for vertex, kept in zip(region, keep, strict=True) if kept]


def _lines(rng: np.random.Generator) -> list[Float]:
    """River, ring road and radial arterials as polylines around (0, 0), in metres."""
    x = np.linspace(-RADIUS * 1.5, RADIUS * 1.5, 400)
    phase = rng.uniform(0, 2 * np.pi, 2)
    river = 420 * np.sin(x / 2300 + phase[0]) + 130 * np.sin(x / 900 + phase[1])
    river -= 560 + np.interp(0.0, x, river)
    angle = np.linspace(0, 2 * np.pi, 200)
    ring_radius = 1450 + 120 * np.sin(2 * angle + phase[0]) + 60 * np.sin(5 * angle)
    lines = [np.c_[x, river], _polar(ring_radius, angle)]
    spokes = np.linspace(0, 2 * np.pi, 8)[:-1] + rng.normal(0, 0.10, 7)
    r = np.linspace(120, RADIUS * 1.45, 150)
    for spoke in spokes:
        bend, start = rng.normal(0, 0.10), rng.uniform(0, 6)
        lines.append(_polar(r, spoke + bend * np.sin(r / 1500 + start)))
    return lines


def _polar(radius: Float, angle: Float) -> Float:
    return np.asarray(np.c_[radius * np.cos(angle), radius * np.sin(angle)])


def _spacing(xy: Float) -> Float:
    """Distance between block centres, metres: small blocks in the centre."""
    return np.asarray(82 + 0.034 * np.hypot(xy[:, 0], xy[:, 1]))


def _inside_limit(xy: Float, factor: float) -> NDArray[np.bool_]:
    angle = np.arctan2(xy[:, 1], xy[:, 0])
    limit = RADIUS * (1 + 0.10 * np.sin(2 * angle + 0.6) + 0.06 * np.sin(5 * angle + 2.0))
    return np.asarray(np.hypot(xy[:, 0], xy[:, 1]) < limit * factor)


def _walk(line: Float, step: float | None) -> tuple[Float, Float]:
    """Points along a line at steps (None: 0.85 of the local spacing) and their normals."""
    along = np.r_[0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))]
    stops, at = [], 30.0
    while at < along[-1]:
        stops.append(at)
        here = np.array([[np.interp(at, along, line[:, i]) for i in (0, 1)]])
        at += step or 0.85 * float(_spacing(here)[0])
    xy = np.c_[np.interp(stops, along, line[:, 0]), np.interp(stops, along, line[:, 1])]
    ahead = np.gradient(xy, axis=0)
    normal = np.c_[-ahead[:, 1], ahead[:, 0]] / np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    return xy, normal


def _line_seeds(lines: list[Float]) -> _Seeds:
    """Pairs of seeds beside every line; along the river also a chain of water cells."""
    parts = []
    for number, line in enumerate(lines):
        river = number == 0
        xy, normal = _walk(line, 85.0 if river else None)
        half = np.full(len(xy), RIVER_WIDTH) if river else 0.42 * _spacing(xy)
        rank = (_BANK, _RING, _ARTERIAL)[min(number, 2)]
        offset = normal * half[:, None]
        parts += [(xy + side * offset, rank, number, side) for side in (-1, 1)]
        if river:
            parts.append((xy, _WATER, number, 0))
    return _Seeds(
        np.concatenate([xy for xy, *_ in parts]),
        *(np.concatenate([np.full(len(p[0]), p[i]) for p in parts]) for i in (1, 2, 3)),
    )


def _quarter_seeds(rng: np.random.Generator) -> Float:
    """Planned quarters: staggered lattices of blocks, each turned its own way."""
    parts = []
    for _ in range(14):
        centre = _polar(rng.uniform(1300, 4300, 1), rng.uniform(0, 2 * np.pi, 1))
        long = 1.35 * float(_spacing(centre)[0])
        row, column = np.mgrid[-8:9, -6:7]
        lattice = np.c_[((column + 0.5 * (row % 2)) * long).ravel(), (row * 0.55 * long).ravel()]
        lattice = lattice[np.hypot(*lattice.T) < rng.uniform(500, 800)]
        turn = rng.uniform(0, np.pi)
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        parts.append(lattice @ rotation + centre + rng.normal(0, 4.0, lattice.shape))
    return np.concatenate(parts)


def _free_seeds(rng: np.random.Generator) -> Float:
    """Seeds everywhere, denser towards the centre, and a fringe beyond the city limit."""
    xy = rng.uniform(-RADIUS * 1.45, RADIUS * 1.45, (24_000, 2))
    area = (2.9 * RADIUS) ** 2 / len(xy)
    return xy[rng.random(len(xy)) < 2.2 * area / (0.87 * _spacing(xy) ** 2)]


def _all_seeds(lines: list[Float], rng: np.random.Generator) -> _Seeds:
    """Seeds of all ranks; one that stands too close to a more important one gives way."""
    line, quarter, free = _line_seeds(lines), _quarter_seeds(rng), _free_seeds(rng)
    rest = len(quarter) + len(free)
    rank = np.r_[line.rank, np.full(len(quarter), _QUARTER), np.full(len(free), _FREE)]
    xy = np.r_[line.xy, quarter, free]
    order = np.argsort(-rank, kind="stable")
    keep = order[_thinned(xy[order], rank[order])]
    number, side = np.r_[line.line, np.full(rest, -1)], np.r_[line.side, np.zeros(rest, int)]
    return _Seeds(xy[keep], rank[keep], number[keep], side[keep])


def _thinned(xy: Float, rank: Int) -> Int:
    """Walk through the seeds by rank and drop those too close to one kept before."""
    from scipy.spatial import KDTree

    reach = 0.68 * _spacing(xy)
    kept = np.ones(len(xy), dtype=bool)
    near = KDTree(xy).query_ball_point(xy, reach)
    for i, others in enumerate(near):
        kept[i] = not any(kept[j] and j < i and rank[j] > rank[i] for j in others) and not any(
            kept[j] and j < i and rank[i] < _RING for j in others
        )
    return np.flatnonzero(kept)


def _relaxed(seeds: _Seeds, *, rounds: int) -> _Seeds:
    """Move free seeds towards the middle of their cells (Lloyd's rule)."""
    from scipy.spatial import Voronoi

    xy = seeds.xy.copy()
    free = np.flatnonzero((seeds.rank == _FREE) & _inside_limit(xy, 1.15))
    for _ in range(rounds):
        diagram = Voronoi(xy)
        for i in free:
            corners = diagram.vertices[diagram.regions[diagram.point_region[i]]]
            xy[i] = 0.5 * xy[i] + 0.5 * corners.mean(axis=0)
    return _Seeds(xy, seeds.rank, seeds.line, seeds.side)


def _land_use(xy: Float, rank: Int, rng: np.random.Generator) -> Int:
    """Use of each block from its distance to the centre, its direction and smooth noise."""
    r, angle = np.hypot(*xy.T), np.arctan2(xy[:, 1], xy[:, 0])
    wave = rng.normal(0, 1 / 1400, (7, 2))
    noise = np.cos(xy @ wave.T * np.pi + rng.uniform(0, 6.3, 7)).mean(axis=1)
    use = np.where(r < 1900 + 900 * noise, LandUse.DENSE, LandUse.LOOSE)
    use[(noise > 0.46 - r / 16_000) & (r > 650)] = LandUse.GREEN
    use[(np.abs(angle - 0.25) < 0.30) & (r > 1900) & (noise < 0.30)] = LandUse.INDUSTRY
    use[(np.abs(angle + 2.2) < 0.20) & (r > 2700) & (noise < 0.25)] = LandUse.INDUSTRY
    use[r < 620] = LandUse.CENTRE
    use[np.hypot(*(xy - [330, -260]).T) < 190] = LandUse.NIGHTLIFE
    use[np.hypot(*(xy - [-420, 760]).T) < 170] = LandUse.STATION
    use[np.hypot(*(xy - [-1900, -1500]).T) < 220] = LandUse.CENTRE
    use[rank == _WATER] = LandUse.WATER
    return np.asarray(use, dtype=np.int64)


def _plan(
    seeds: _Seeds,
    blocks: NDArray[np.object_],
    use: Int,
    inside: NDArray[np.bool_],
    number: Int,
    pairs: Int,
    ends: Int,
    vertices: Float,
    lines: list[Float],
    rng: np.random.Generator,
) -> StreetPlan:
    """Choose which edges between blocks are streets, and of which kind."""
    use_of = np.full(len(inside), LandUse.GREEN)
    use_of[inside] = use
    a, b = pairs.T
    same_line = (seeds.line[a] == seeds.line[b]) & (seeds.side[a] * seeds.side[b] == -1)
    major = same_line & (seeds.rank[a] >= _RING) & (seeds.rank[a] <= _ARTERIAL)
    water = (use_of[a] == LandUse.WATER).astype(int) + (use_of[b] == LandUse.WATER)
    bridge = _bridges(lines, vertices, ends, water == 2)
    both_green = (use_of[a] == LandUse.GREEN) & (use_of[b] == LandUse.GREEN)
    both_works = (use_of[a] == LandUse.INDUSTRY) & (use_of[b] == LandUse.INDUSTRY)
    missing = both_green | (both_works & (rng.random(len(a)) < 0.5))
    street = inside[a] & inside[b] & (ends >= 0).all(axis=1)
    street &= (~missing & (water < 2)) | (major & (water == 0)) | bridge
    street &= np.any(vertices[ends[:, 0]] != vertices[ends[:, 1]], axis=1)
    street &= _largest_component(ends, street)
    road = np.where(major, "arterial", np.where(water == 1, "quay", "street"))
    road = np.where(bridge, "bridge", road)
    start, end = vertices[ends[street, 0]], vertices[ends[street, 1]]
    river = seeds.xy[seeds.rank == _WATER]
    bank = np.sign(seeds.xy[inside, 1] - _height(river, seeds.xy[inside, 0])).astype(int)
    return StreetPlan(
        blocks=blocks,
        centre=seeds.xy[inside] + ORIGIN,
        land_use=_without_cut_off(use, number[a[street]], number[b[street]]),
        bank=np.where(bank == 0, 1, bank),
        start=start,
        end=end,
        length=np.round(np.hypot(*(end - start).T), 2),
        road=tuple(road[street].tolist()),
        left=number[a[street]],
        right=number[b[street]],
    )


def _without_cut_off(use: Int, left: Int, right: Int) -> Int:
    """Blocks that no street reaches, other than water, are green."""
    reached = np.isin(np.arange(len(use)), np.r_[left, right])
    return np.where(reached | (use == LandUse.WATER), use, LandUse.GREEN)


def _height(river: Float, x: Float) -> Float:
    order = np.argsort(river[:, 0])
    return np.asarray(np.interp(x, river[order, 0], river[order, 1]))


def _bridges(
    lines: list[Float], vertices: Float, ends: Int, across: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The edges across the river nearest to where each other line crosses it."""
    chosen = np.zeros(len(ends), dtype=bool)
    candidates = np.flatnonzero(across)
    middle = vertices[ends[candidates]].mean(axis=1) - ORIGIN
    river = shapely.LineString(lines[0])
    for line in lines[1:]:
        crossings = shapely.intersection(river, shapely.LineString(line))
        for point in shapely.get_coordinates(crossings):
            distance = np.hypot(*(middle - point).T)
            if distance.min() < 150:
                chosen[candidates[np.argmin(distance)]] = True
    return chosen


def _largest_component(ends: Int, street: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Streets that can be reached from most others."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    a, b = ends[street].T
    n = int(ends.max()) + 1
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    largest = np.argmax(np.bincount(label[a]))
    return np.asarray((ends >= 0).all(axis=1) & (label[ends[:, 0]] == largest))
