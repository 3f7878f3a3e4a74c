"""Where boxes and arrows stand: layers from left to right, few crossings, room for every word.

The way of Sugiyama, Tagawa and Toda (1981): circles are opened by turning arrows round, each box
stands one layer after all that lead to it, long arrows pass through the layers between, and the
order within a layer follows the middle of the neighbours. The same theory gives the same picture.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commonlight.web.design.theory.domain.graph import Graph

__all__ = ["Layout", "Route", "layout"]

SWEEPS = 8
APART = 22.0
"""The least space between two boxes of a layer."""
PASSAGE = 6.0
"""The height of a place where a long arrow passes through a layer."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Route:
    """The points that an arrow goes through, from its start to its tip, and where its badge is."""

    points: tuple[Point, ...]
    badge: Point


@dataclass(frozen=True)
class Layout:
    """The layer, and the left upper corner of each box; the route of each arrow; the whole size."""

    layers: tuple[tuple[str, ...], ...]
    corner: Mapping[str, Point]
    routes: Mapping[str, Route]
    width: float
    height: float


def layout(
    graph: Graph, heights: Mapping[str, float], *, width: float, gap: float, margin: float = 16.0
) -> Layout:
    """Place everything; `heights` are those of the boxes, which all have the same width."""
    if not graph.boxes:
        return Layout((), {}, {}, 2 * margin, 2 * margin)
    turned = _turned(graph)
    rank = _ranks(graph, turned)
    chains, layers = _chains(graph, turned, rank)
    order = _ordered(layers, chains)
    size = defaultdict(lambda: PASSAGE, heights)
    middle = _middles(order, chains, size)
    top = min(middle[one] - size[one] / 2 for layer in order for one in layer)
    shift = margin - top
    middle = {one: y + shift for one, y in middle.items()}
    left = {
        one: margin + place * (width + gap) for place, layer in enumerate(order) for one in layer
    }
    routes = _routes(graph, turned, chains, left, middle, width, gap)
    bottom = max(middle[one] + size[one] / 2 for layer in order for one in layer)
    return Layout(
        tuple(tuple(one for one in layer if one in graph.box) for layer in order),
        {one.uid: (left[one.uid], middle[one.uid] - size[one.uid] / 2) for one in graph.boxes},
        routes,
        2 * margin + len(order) * width + (len(order) - 1) * gap,
        bottom + margin,
    )


def _turned(graph: Graph) -> set[str]:
    """The arrows that lead back to where one came from, in the order of the numbers."""
    state: dict[str, int] = {}
    found: set[str] = set()
    for start in graph.box:
        if start in state:
            continue
        state[start] = 1
        waiting = [(start, iter(graph.out.get(start, ())))]
        while waiting:
            here, arrows = waiting[-1]
            arrow = next(arrows, None)
            if arrow is None:
                state[here] = 2
                waiting.pop()
            elif state.get(arrow.target) == 1:
                found.add(arrow.uid)
            elif arrow.target not in state:
                state[arrow.target] = 1
                waiting.append((arrow.target, iter(graph.out.get(arrow.target, ()))))
    return found


def _ends(graph: Graph, turned: set[str]) -> dict[str, tuple[str, str]]:
    """Start and end of each arrow as the layers see it; an arrow onto itself has none."""
    return {
        one.uid: (one.target, one.source) if one.uid in turned else (one.source, one.target)
        for one in graph.arrows
        if one.source != one.target
    }


def _ranks(graph: Graph, turned: set[str]) -> dict[str, int]:
    """The layer of each box: after all that lead to it, and near to what it leads to."""
    into, out = defaultdict(list), defaultdict(list)
    for start, end in _ends(graph, turned).values():
        into[end].append(start)
        out[start].append(end)
    missing = {one: len(into[one]) for one in graph.box}
    ready = [one for one in graph.box if not missing[one]]
    rank = dict.fromkeys(graph.box, 0)
    done = []
    while ready:
        here = ready.pop(0)
        done.append(here)
        for there in out[here]:
            rank[there] = max(rank[there], rank[here] + 1)
            missing[there] -= 1
            if not missing[there]:
                ready.append(there)
    for one in reversed(done):
        if out[one] and not into[one]:
            rank[one] = min(rank[there] for there in out[one]) - 1
    return rank


def _chains(
    graph: Graph, turned: set[str], rank: Mapping[str, int]
) -> tuple[dict[str, list[str]], list[list[str]]]:
    """The way of each arrow through the layers, and what stands in each layer."""
    layers: list[list[str]] = [[] for _ in range(max(rank.values()) + 1)]
    for one in graph.box:
        layers[rank[one]].append(one)
    chains = {}
    for uid, (start, end) in _ends(graph, turned).items():
        between = [f"{uid}/{place}" for place in range(rank[start] + 1, rank[end])]
        for place, one in enumerate(between, start=rank[start] + 1):
            layers[place].append(one)
        chains[uid] = [start, *between, end]
    return chains, layers


def _ordered(layers: list[list[str]], chains: Mapping[str, list[str]]) -> list[list[str]]:
    """The layers with fewer crossings: each one goes to the middle of its neighbours."""
    before, after = _neighbours(chains.values())
    best, fewest = [list(one) for one in layers], _crossings(layers, after)
    now = [list(one) for one in layers]
    for sweep in range(SWEEPS):
        if not fewest:
            break
        down = sweep % 2 == 0
        places = range(1, len(now)) if down else range(len(now) - 2, -1, -1)
        for place in places:
            fixed = {one: at for at, one in enumerate(now[place - 1 if down else place + 1])}
            near = before if down else after
            own = {one: at for at, one in enumerate(now[place])}
            now[place].sort(key=lambda one: (_middle(near[one], fixed, own[one]), own[one]))
        found = _crossings(now, after)
        if found < fewest:
            best, fewest = [list(one) for one in now], found
    return best


def _middle(near: Iterable[str], fixed: Mapping[str, int], own: int) -> float:
    places = [fixed[one] for one in near if one in fixed]
    return sum(places) / len(places) if places else float(own)


def _neighbours(
    chains: Iterable[list[str]],
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before, after = defaultdict(list), defaultdict(list)
    for chain in chains:
        for here, there in itertools.pairwise(chain):
            after[here].append(there)
            before[there].append(here)
    return before, after


def _crossings(layers: list[list[str]], after: Mapping[str, list[str]]) -> int:
    """How often two arrows cross between neighbouring layers."""
    total = 0
    for layer, following in itertools.pairwise(layers):
        place = {one: at for at, one in enumerate(following)}
        seen: list[int] = []
        for one in layer:
            ends = sorted(place[there] for there in after.get(one, ()))
            total += sum(1 for end in ends for other in seen if other > end)
            seen += ends
    return total


def _middles(
    order: list[list[str]], chains: Mapping[str, list[str]], size: Mapping[str, float]
) -> dict[str, float]:
    """How high each one stands: near its neighbours, in its order, nothing over another."""
    before, after = _neighbours(chains.values())
    middle = {}
    for layer in order:
        y = 0.0
        for one in layer:
            middle[one] = y + size[one] / 2
            y += size[one] + APART
    for sweep in range(SWEEPS):
        near = before if sweep % 2 == 0 else after
        for layer in order if sweep % 2 == 0 else reversed(order):
            wanted = {one: _wanted(near.get(one), middle, middle[one]) for one in layer}
            middle.update(_settled(layer, wanted, size))
    return middle


def _wanted(near: list[str] | None, middle: Mapping[str, float], own: float) -> float:
    return sum(middle[one] for one in near) / len(near) if near else own


def _settled(
    layer: list[str], wanted: Mapping[str, float], size: Mapping[str, float]
) -> dict[str, float]:
    """The places nearest to those wanted, in order and apart: neighbours that press move as one."""
    groups: list[list[float]] = []
    offsets: list[float] = []
    for at, one in enumerate(layer):
        if at:
            offsets.append(offsets[-1] + (size[layer[at - 1]] + size[one]) / 2 + APART)
        else:
            offsets.append(0.0)
        groups.append([wanted[one] - offsets[at], 1.0])
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            value, weight = groups.pop()
            first = groups[-1]
            first[0] = (first[0] * first[1] + value * weight) / (first[1] + weight)
            first[1] += weight
    starts = [value for value, weight in groups for _ in range(int(weight))]
    return {
        one: start + offsets[at] for at, (one, start) in enumerate(zip(layer, starts, strict=True))
    }


def _routes(
    graph: Graph,
    turned: set[str],
    chains: Mapping[str, list[str]],
    left: Mapping[str, float],
    middle: Mapping[str, float],
    width: float,
    gap: float,
) -> dict[str, Route]:
    """The points of each arrow; the badges keep apart from each other."""
    taken: list[Point] = []
    found = {}
    ports = _ports(chains, middle)
    for uid, chain in chains.items():
        points = []
        for at, one in enumerate(chain):
            if at:
                points.append((left[one], middle[one] + ports.get((uid, one, "in"), 0.0)))
            if at < len(chain) - 1:
                points.append((left[one] + width, middle[one] + ports.get((uid, one, "out"), 0.0)))
        badge = _badge(points[0], points[1], taken)
        taken.append(badge)
        found[uid] = Route(tuple(reversed(points) if uid in turned else points), badge)
    for arrow in graph.arrows:
        if arrow.uid not in found:
            x, y = left[arrow.source] + width, middle[arrow.source]
            found[arrow.uid] = Route(((x, y - 6), (x + gap / 3, y), (x, y + 6)), (x + gap / 3, y))
    return found


def _ports(
    chains: Mapping[str, list[str]], middle: Mapping[str, float]
) -> dict[tuple[str, str, str], float]:
    """Arrows of one box leave and reach it a little apart, in the order of their other ends."""
    ends: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for uid, chain in chains.items():
        ends[chain[0], "out"].append((middle[chain[1]], uid))
        ends[chain[-1], "in"].append((middle[chain[-2]], uid))
    found = {}
    for (one, side), arrows in ends.items():
        step = min(10.0, 30.0 / len(arrows))
        for at, (_, uid) in enumerate(sorted(arrows)):
            found[uid, one, side] = (at - (len(arrows) - 1) / 2) * step
    return found


def _badge(start: Point, end: Point, taken: list[Point]) -> Point:
    """A place on the first part of an arrow where no other badge is."""
    best, free = start, -1.0
    for share in (0.5, 0.36, 0.64, 0.25, 0.75):
        bend = share * share * (3 - 2 * share)
        x = start[0] + share * (end[0] - start[0])
        y = start[1] + bend * (end[1] - start[1])
        room = min(((x - a) ** 2 + (y - b) ** 2 for a, b in taken), default=1e9)
        if room >= 27**2:
            return x, y
        if room > free:
            best, free = (x, y), room
    return best
