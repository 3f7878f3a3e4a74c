"""Distances along streets against scipy's graph search and a direct calculation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely import LineString

from commonlight.analysis.network.distances import node_distances, pairs_within
from commonlight.analysis.network.streets import StreetNetwork


@pytest.fixture(scope="module")
def tangle() -> StreetNetwork:
    """Streets between random crossings, with double streets, a loop and an island."""
    rng = np.random.default_rng(3)
    at = rng.uniform(0, 1000, (40, 2))
    ways = {tuple(sorted(pair)) for pair in rng.integers(0, 40, (90, 2)).tolist()}
    lines = [LineString([at[a], at[b]]) for a, b in sorted(ways) if a != b]
    lines.append(LineString([at[0], at[0] + 80, at[1]]))
    lines.append(LineString([at[2], at[2] + [60, 0], at[2] + [60, 60], at[2]]))
    lines.append(LineString([(5000, 5000), (5200, 5000)]))
    return StreetNetwork.from_lines(lines, split=False)


def graph(network: StreetNetwork) -> np.ndarray:
    shape = (network.n_nodes, network.n_nodes)
    short = np.full(shape, np.inf)
    for a, b, length in zip(network.start, network.end, network.length, strict=True):
        if a != b:
            short[a, b] = short[b, a] = min(short[a, b], length)
    row, column = np.nonzero(np.isfinite(short))
    return dijkstra(coo_array((short[row, column], (row, column)), shape=shape))


def test_node_distances_equal_scipy(tangle):
    expected = graph(tangle)
    for node in range(0, tangle.n_nodes, 5):
        assert node_distances(tangle, node) == pytest.approx(expected[node])
    cut = node_distances(tangle, 3, limit=400)
    assert np.isinf(cut[expected[3] >= 400]).all()
    assert cut[expected[3] < 400] == pytest.approx(expected[3][expected[3] < 400])


def direct(network, points, limit):
    """All pairs from the matrix of node distances, one by one."""
    between, found = graph(network), {}
    n = points.segment.size
    for i in range(n):
        for j in range(i + 1, n):
            s, t = points.segment[i], points.segment[j]
            if s < 0 or t < 0:
                continue
            ways = [
                a + between[u, v] + b
                for a, u in (
                    (points.offset[i], network.start[s]),
                    (network.length[s] - points.offset[i], network.end[s]),
                )
                for b, v in (
                    (points.offset[j], network.start[t]),
                    (network.length[t] - points.offset[j], network.end[t]),
                )
            ]
            if s == t:
                ways.append(abs(points.offset[i] - points.offset[j]))
            if min(ways) < limit:
                found[i, j] = min(ways)
    return found


@pytest.mark.parametrize("limit", [30.0, 250.0, 1e6])
def test_pairs_equal_a_direct_calculation(tangle, limit):
    rng = np.random.default_rng(8)
    x, y = rng.uniform(0, 1000, (2, 150))
    x[:3], y[:3] = 5100, 5000
    x[3] = np.nan
    points = tangle.snap(x, y, max_distance=60)
    expected = direct(tangle, points, limit)
    first, second, apart = pairs_within(tangle, points, distance=limit)
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == sorted(expected)
    assert apart == pytest.approx([expected[key] for key in sorted(expected)])


def test_no_points_no_pairs(tangle):
    assert len(pairs_within(tangle, tangle.snap([], []), distance=100)[0]) == 0


@pytest.mark.parametrize("distance", [0, np.nan, np.inf])
def test_bad_distance(tangle, distance):
    with pytest.raises(ValueError, match="distance must be positive and finite, in metres"):
        pairs_within(tangle, tangle.snap([0], [0]), distance=distance)
