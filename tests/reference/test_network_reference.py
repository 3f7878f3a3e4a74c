"""Crimes on the streets of the GeoDaNet example, against its README and a direct calculation."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from commonlight.analysis.network.density import network_kernel_density
from commonlight.analysis.network.distances import pairs_within
from commonlight.analysis.network.near_repeat import network_knox_table
from commonlight.analysis.network.segments import segment_counts
from commonlight.analysis.network.streets import StreetNetwork

# The example is in US survey feet; the unit of the calculation is that of its coordinates.
TOLERANCE = 0.001


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "network_crimes_streets"


@pytest.fixture(scope="module")
def lines(folder: Path) -> list:
    with (folder / "streets_projected_ft.csv").open(newline="") as file:
        return [shapely.from_wkt(row["wkt"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def crimes(folder: Path) -> np.ndarray:
    with (folder / "crimes_projected_ft.csv").open(newline="") as file:
        return np.array([(float(r["x"]), float(r["y"])) for r in csv.DictReader(file)])


@pytest.fixture(scope="module")
def network(lines: list) -> StreetNetwork:
    return StreetNetwork.from_lines(lines, tolerance=TOLERANCE, split=False)


def test_the_network_is_the_one_described(network, crimes):
    # README: 287 crimes, 293 street lines, 104,414.09 feet, 220 distinct end points.
    assert len(crimes) == 287
    assert network.n_segments == 293
    assert network.length.sum() == pytest.approx(104_414.09, abs=0.005)
    assert network.n_nodes == 220


def test_distances_to_the_nearest_street(network, crimes):
    # README: mean 90.26, median 98.08, max 326.42, min 0.248 feet.
    away = network.snap(*crimes.T).distance
    assert away.mean() == pytest.approx(90.26, abs=0.005)
    assert np.median(away) == pytest.approx(98.08, abs=0.005)
    assert away.max() == pytest.approx(326.42, abs=0.005)
    # The street coordinates in the file are rounded to 0.001 feet.
    assert away.min() == pytest.approx(0.248, abs=0.0015)


def test_counts_by_segment_equal_measuring_each_crime_to_each_street(network, lines, crimes):
    away = shapely.distance(shapely.points(crimes)[:, None], np.array(lines)[None, :])
    direct = np.bincount(away.argmin(axis=1), minlength=len(lines))
    found = segment_counts(network, network.snap(*crimes.T))
    assert found.count.tolist() == direct.tolist()
    assert found.count.sum() == 287


def between_all(network: StreetNetwork) -> np.ndarray:
    n = network.n_nodes
    short = np.full((n, n), np.inf)
    for a, b, length in zip(network.start, network.end, network.length, strict=True):
        if a != b:
            short[a, b] = short[b, a] = min(short[a, b], length)
    row, column = np.nonzero(np.isfinite(short))
    return dijkstra(coo_array((short[row, column], (row, column)), shape=(n, n)))


def apart_directly(network: StreetNetwork, points) -> np.ndarray:
    """Distance of all pairs by matrices, without any search of ours."""
    between, s = between_all(network), points.segment
    a, b = points.offset, network.length[s] - points.offset
    ways = [
        u[:, None] + between[np.ix_(node_u, node_v)] + v[None, :]
        for u, node_u in ((a, network.start[s]), (b, network.end[s]))
        for v, node_v in ((a, network.start[s]), (b, network.end[s]))
    ]
    same = s[:, None] == s[None, :]
    ways.append(np.where(same, abs(a[:, None] - a[None, :]), np.inf))
    return np.min(ways, axis=0)


def test_pairs_along_streets_equal_the_matrix_of_distances(network, crimes):
    points = network.snap(*crimes.T)
    direct = apart_directly(network, points)
    first, second, apart = pairs_within(network, points, distance=3000.0)
    i, j = np.nonzero(np.triu(direct < 3000, k=1))
    assert (first.tolist(), second.tolist()) == (i.tolist(), j.tolist())
    assert apart == pytest.approx(direct[i, j])


def test_knox_counts_equal_the_matrix_of_distances(network, crimes):
    rng = np.random.default_rng(3)
    day = rng.integers(0, 365, len(crimes))  # the example has no times
    points = network.snap(*crimes.T)
    direct = apart_directly(network, points)[np.triu_indices(len(crimes), k=1)]
    late = abs(day[:, None] - day[None, :])[np.triu_indices(len(crimes), k=1)]
    found = network_knox_table(
        network,
        points,
        day,
        distance_bands=(0, 500, 1500),
        time_bands=(0, 14, 60),
        rng=rng,
        permutations=99,
        same_place_distance=None,
    )
    counted = [
        [
            ((direct >= a) & (direct < b) & (late >= c) & (late < d)).sum()
            for c, d in ((0, 14), (14, 60))
        ]
        for a, b in ((0, 500), (500, 1500))
    ]
    assert found.observed.tolist() == counted


def test_density_keeps_what_does_not_run_past_dead_ends(network, crimes):
    points = network.snap(*crimes.T)
    found = network_kernel_density(network, points, bandwidth=1000.0, piece_length=50.0)
    inside = (found.density * found.length).sum()
    assert inside == pytest.approx(287 * (1 - found.lost))
    assert 0 < found.lost < 0.25


def test_density_of_one_crime_equals_every_way_followed_by_hand(network, crimes):
    """All ways out of one crime, followed without a kernel of ours, summed by segment."""
    points = network.snap(*crimes[:1].T)
    reach, s, o = 1200.0, int(points.segment[0]), float(points.offset[0])
    indptr, ends = network.ends_at
    mass = np.zeros(network.n_segments)

    def part(a: float, b: float) -> float:
        u = np.clip(np.array([a, b]) / reach, 0, 1)
        return float(np.diff(15 / 16 * (u - 2 * u**3 / 3 + u**5 / 5))[0])

    def follow(arrived: int, gone: float, share: float) -> None:
        node = (network.start if arrived % 2 == 0 else network.end)[arrived // 2]
        others = [e for e in ends[indptr[node] : indptr[node + 1]] if e != arrived]
        for leaving in others if gone < reach else []:
            t, each = leaving // 2, share / len(others)
            mass[t] += each * part(gone, gone + network.length[t])
            follow(leaving ^ 1, gone + network.length[t], each)

    mass[s] += part(0, o) + part(0, network.length[s] - o)
    follow(2 * s, o, 1.0)
    follow(2 * s + 1, network.length[s] - o, 1.0)
    found = network_kernel_density(network, points, bandwidth=reach, piece_length=40.0)
    by_segment = np.bincount(found.segment, found.density * found.length, network.n_segments)
    assert by_segment == pytest.approx(mass, abs=2e-4)
