"""Density along streets: mass, the line, and a walk that draws its way at each crossing."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import LineString

from commonlight.analysis.network.density import network_kernel_density
from commonlight.analysis.network.streets import NetworkPoints, StreetNetwork


def grid(n: int, step: float = 100.0) -> StreetNetwork:
    lines = [
        LineString([(i * step, j * step), ((i + di) * step, (j + dj) * step)])
        for i in range(n)
        for j in range(n)
        for di, dj in ((1, 0), (0, 1))
        if i + di < n and j + dj < n
    ]
    return StreetNetwork.from_lines(lines)


def test_on_a_single_line_it_is_the_quartic_kernel():
    network = StreetNetwork.from_lines([LineString([(0, 0), (2000, 0)])])
    found = network_kernel_density(
        network, network.snap([990.0], [0.0]), bandwidth=300, piece_length=1.0
    )
    u = (found.middle - 990) / 300
    # Silverman (1986), Density Estimation, table 3.1: biweight kernel 15/16 (1 - u^2)^2.
    expected = np.where(abs(u) < 1, 15 / 16 * (1 - u**2) ** 2 / 300, 0)
    assert found.density == pytest.approx(expected, abs=2e-8)
    assert found.lost == pytest.approx(0, abs=1e-12)


def test_nothing_is_lost_or_added_at_crossings():
    network = grid(9)
    rng = np.random.default_rng(2)
    x, y = rng.uniform(350, 450, (2, 30))
    weights = rng.uniform(0, 3, 30)
    found = network_kernel_density(
        network, network.snap(x, y), bandwidth=280, piece_length=7, weights=weights
    )
    assert (found.density * found.length).sum() == pytest.approx(weights.sum(), rel=1e-9)
    assert found.by_segment(network.n_segments) @ network.length == pytest.approx(weights.sum())


def test_half_of_it_is_lost_at_a_dead_end():
    network = StreetNetwork.from_lines([LineString([(0, 0), (1000, 0)])])
    found = network_kernel_density(network, network.snap([0.0], [0.0]), bandwidth=100)
    assert found.lost == pytest.approx(0.5)


def walk(network: StreetNetwork, segment: int, offset: float, reach: float, rng) -> int:
    """Where one draw from the kernel ends: the segment, or -1 past a dead end."""
    # The quartic kernel is a Beta(3, 3) over [-1, 1]: see its density.
    way = (2 * rng.beta(3, 3) - 1) * reach
    forward, left = way > 0, abs(way)
    room = network.length[segment] - offset if forward else offset
    indptr, ends = network.ends_at
    while left > room:
        left -= room
        arrived = 2 * segment + int(forward)
        node = network.end[segment] if forward else network.start[segment]
        others = [e for e in ends[indptr[node] : indptr[node + 1]] if e != arrived]
        if not others:
            return -1
        leaving = others[rng.integers(len(others))]
        segment, forward = leaving // 2, leaving % 2 == 0
        room = network.length[segment]
    return int(segment)


def test_equals_walks_that_choose_a_street_at_each_crossing():
    rng = np.random.default_rng(11)
    at = rng.uniform(0, 500, (14, 2))
    ways = {tuple(sorted(p)) for p in rng.integers(0, 14, (30, 2)).tolist()}
    lines = [LineString([at[a], at[b]]) for a, b in sorted(ways) if a != b]
    network = StreetNetwork.from_lines(lines, split=False)
    points = NetworkPoints(
        segment=np.array([2, 7]), offset=np.array([20.0, 50.0]), distance=np.zeros(2)
    )
    found = network_kernel_density(network, points, bandwidth=600, piece_length=10)
    mass = np.bincount(found.segment, found.density * found.length, network.n_segments)
    draws = 20_000
    ended = np.array(
        [
            walk(network, int(s), float(o), 600.0, rng)
            for s, o in zip(points.segment, points.offset, strict=True)
            for _ in range(draws)
        ]
    )
    share = np.bincount(ended[ended >= 0], minlength=network.n_segments) / draws
    error = np.sqrt(np.maximum(share, 1e-4) / draws)
    assert (abs(mass - share) < 4.5 * error + 1e-3).all()
    assert found.lost * 2 == pytest.approx((ended < 0).sum() / draws, abs=0.01)


def test_points_on_no_street_count_for_nothing():
    network = grid(4)
    points = network.snap([150, 9000], [100, 9000], max_distance=50)
    found = network_kernel_density(network, points, bandwidth=90)
    assert found.n_points == 1
    assert (found.density * found.length).sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bandwidth": np.nan}, "bandwidth must be positive and finite, in metres; got nan"),
        ({"piece_length": 0}, "piece_length must be positive"),
        ({"weights": [1, 2]}, r"one entry per point \(1\); got 2"),
        ({"weights": [-1]}, "weights must be 0 or more"),
    ],
)
def test_bad_input(change, words):
    network = grid(3)
    with pytest.raises(ValueError, match=words):
        network_kernel_density(network, network.snap([0], [0]), **({"bandwidth": 100} | change))
