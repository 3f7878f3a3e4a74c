"""The Knox table along streets: against the table of straight lines, and counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import LineString

from commonlight.analysis.near_repeat import knox_table, knox_table_of_pairs
from commonlight.analysis.network.distances import pairs_within
from commonlight.analysis.network.near_repeat import network_knox_table
from commonlight.analysis.network.streets import StreetNetwork

BANDS = {"distance_bands": (0, 100, 250, np.inf), "time_bands": (0, 7, 28, np.inf)}


def test_on_one_straight_street_it_is_the_ordinary_table():
    rng = np.random.default_rng(1)
    x, day = rng.uniform(0, 5000, 300), rng.integers(0, 200, 300)
    x[:40] = x[40:80]
    street = StreetNetwork.from_lines([LineString([(0, 0), (5000, 0)])])
    along = network_knox_table(
        street, street.snap(x, np.zeros(300)), day, rng=np.random.default_rng(7), **BANDS
    )
    straight = knox_table(x, np.zeros(300), day, rng=np.random.default_rng(7), **BANDS)
    assert along.observed.tolist() == straight.observed.tolist()
    assert along.n_pairs.tolist() == straight.n_pairs.tolist()
    # Other permutations of the same times: the expectation is the same up to chance.
    error = 5 * straight.null_sd / np.sqrt(999) + 1e-9
    assert (abs(along.expected - straight.expected) < 2 * error).all()
    assert along.metric == "network"


def test_counts_equal_counting_one_by_one_on_a_grid():
    rng = np.random.default_rng(2)
    lines = [LineString([(0, 100 * k), (400, 100 * k)]) for k in range(5)]
    lines += [
        LineString([(100 * k, 100 * j), (100 * k, 100 * j + 100)])
        for k in range(5)
        for j in range(4)
    ]
    network = StreetNetwork.from_lines(lines)
    x, y = rng.uniform(0, 400, (2, 80))
    day = rng.integers(0, 60, 80)
    points = network.snap(x, y)
    found = network_knox_table(network, points, day, rng=rng, permutations=19, **BANDS)
    first, second, apart = pairs_within(network, points, distance=1e9)
    assert len(first) == 80 * 79 // 2
    expected = np.zeros((4, 3), dtype=int)
    rows, columns = (1.0, 100.0, 250.0), (7, 28)
    for i, j, d in zip(first, second, apart, strict=True):
        row = sum(d >= edge for edge in rows)
        expected[row, sum(abs(day[i] - day[j]) >= edge for edge in columns)] += 1
    assert found.observed.tolist() == expected.tolist()


def test_points_on_no_street_are_left_out():
    street = StreetNetwork.from_lines([LineString([(0, 0), (500, 0)])])
    points = street.snap([10, 20, 30], [0, 900, 0], max_distance=50)
    found = network_knox_table(
        street, points, [1, 1, 2], rng=np.random.default_rng(1), permutations=9, **BANDS
    )
    assert found.n_points == 2
    assert found.observed.sum() == 1


@pytest.mark.slow
def test_level_when_times_follow_nothing():
    rng = np.random.default_rng(5)
    lines = [LineString([(0, 200 * k), (2000, 200 * k)]) for k in range(11)]
    lines += [LineString([(200 * k, 0), (200 * k, 2000)]) for k in range(11)]
    network = StreetNetwork.from_lines(lines, split=False)
    small = 0
    for _ in range(200):
        x, y = rng.uniform(0, 2000, (2, 80))
        found = network_knox_table(
            network,
            network.snap(x, y),
            rng.integers(0, 100, 80),
            rng=rng,
            permutations=99,
            distance_bands=(0, 200),
            time_bands=(0, 14),
            same_place_distance=None,
        )
        small += found.p_value[0, 0] <= 0.05
    # 200 tests at 5 %: 10 expected, standard deviation 3.1.
    assert small <= 20


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"second": [0]}, "names the same twice"),
        ({"second": [5]}, "pairs must name incidents from 0 to 2"),
        ({"apart": [np.nan]}, "not missing"),
        ({"apart": [1.0, 2.0]}, "equally long; got 1, 1, 2"),
        ({"permutations": 0}, "permutations must be at least 1"),
    ],
)
def test_bad_pairs(change, words):
    given = {"first": [0], "second": [1], "apart": [10.0], "day": [1, 2, 3]} | change
    with pytest.raises(ValueError, match=words):
        knox_table_of_pairs(rng=np.random.default_rng(1), metric="network", **given, **BANDS)


def test_day_of_another_length():
    street = StreetNetwork.from_lines([LineString([(0, 0), (500, 0)])])
    with pytest.raises(ValueError, match=r"one entry per point \(1\); got 2"):
        network_knox_table(
            street, street.snap([1], [1]), [1, 2], rng=np.random.default_rng(1), **BANDS
        )
