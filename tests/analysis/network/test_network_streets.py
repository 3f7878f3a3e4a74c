"""The street network: joining, cutting, snapping, counting."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point

from commonlight.analysis.network.segments import segment_counts
from commonlight.analysis.network.streets import StreetNetwork


def grid(n: int, step: float = 100.0) -> StreetNetwork:
    lines = [
        LineString([(i * step, j * step), ((i + di) * step, (j + dj) * step)])
        for i in range(n)
        for j in range(n)
        for di, dj in ((1, 0), (0, 1))
        if i + di < n and j + dj < n
    ]
    return StreetNetwork.from_lines(lines)


def test_a_grid_has_the_nodes_and_degrees_of_a_grid():
    network = grid(4)
    assert (network.n_segments, network.n_nodes) == (24, 16)
    assert sorted(network.degree.tolist()) == [2] * 4 + [3] * 8 + [4] * 4
    assert set(network.component.tolist()) == {0}


def test_ends_within_the_tolerance_meet_and_others_do_not():
    lines = [LineString([(0, 0), (10, 0)]), LineString([(10.3, 0), (20, 0)])]
    assert StreetNetwork.from_lines(lines, tolerance=0.5).n_nodes == 3
    assert StreetNetwork.from_lines(lines, tolerance=0.2).n_nodes == 4


def test_a_line_is_cut_where_another_ends_on_it_and_not_where_one_crosses():
    lines = [
        LineString([(0, 0), (100, 0)]),
        LineString([(30, 0), (30, 50)]),
        LineString([(60, -20), (60, 20)]),
    ]
    network = StreetNetwork.from_lines(lines)
    assert network.source.tolist() == [0, 0, 1, 2]
    assert network.length.tolist() == [30, 70, 50, 40]
    assert len(set(network.component.tolist())) == 2
    assert StreetNetwork.from_lines(lines, split=False).n_segments == 3


def test_parts_of_a_multi_line_are_segments_and_short_ones_are_left_out():
    lines = [MultiLineString([[(0, 0), (5, 0)], [(9, 0), (9.1, 0)], [(20, 0), (29, 0)]])]
    network = StreetNetwork.from_lines(lines)
    assert network.length.tolist() == [5, 9]
    assert network.source.tolist() == [0, 0]


def test_length_is_kept_by_cutting():
    rng = np.random.default_rng(5)
    lines = [LineString(rng.uniform(0, 1000, (3, 2))) for _ in range(40)]
    lines += [
        LineString([line.interpolate(0.4, normalized=True), (0, k)])
        for k, line in enumerate(lines[:20])
    ]
    network = StreetNetwork.from_lines(lines)
    assert network.n_segments > 60
    assert network.length.sum() == pytest.approx(sum(line.length for line in lines))


@given(st.lists(st.tuples(st.floats(-50, 350), st.floats(-50, 350)), min_size=1, max_size=20))
def test_snapping_finds_the_nearest_street(places):
    network = grid(4)
    x, y = np.array(places).T
    points = network.snap(x, y)
    for i, (px, py) in enumerate(places):
        all_ = [line.distance(Point(px, py)) for line in network.lines]
        assert points.distance[i] == pytest.approx(min(all_), abs=1e-9)
        on = network.lines[points.segment[i]].interpolate(points.offset[i])
        assert on.distance(Point(px, py)) == pytest.approx(min(all_), abs=1e-6)


def test_a_point_at_a_crossing_goes_to_the_first_of_the_streets():
    network = grid(3)
    at = network.snap([100.0], [100.0])
    touching = [k for k, line in enumerate(network.lines) if line.distance(Point(100, 100)) == 0]
    assert at.segment[0] == min(touching)


def test_far_and_missing_points_lie_on_no_street():
    points = grid(3).snap([0, 0, np.nan], [10, 5000, 0], max_distance=50)
    assert points.segment.tolist()[1:] == [-1, -1]
    assert points.n_unplaced == 2
    assert points.distance[1] == pytest.approx(4800)
    assert np.isnan(points.distance[2])


def test_counts_add_up_and_are_per_kilometre():
    network = grid(4)
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 300, (2, 500))
    points = network.snap(x, y, max_distance=40)
    found = segment_counts(network, points)
    assert found.count.sum() == found.n_placed == 500 - found.n_unplaced
    assert found.per_km == pytest.approx(found.count * 10)
    slow = [sum(points.segment == s) for s in range(network.n_segments)]
    assert found.count.tolist() == slow


def test_the_share_at_crossings_leaves_dead_ends_out():
    network = StreetNetwork.from_lines(
        [LineString([(0, 0), (100, 0)]), LineString([(100, 0), (200, 0)])]
    )
    found = segment_counts(network, network.snap([0, 50, 99, 101], [0, 0, 0, 0]))
    assert found.share_at_crossings == 0.5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: StreetNetwork.from_lines([]), "no line is longer"),
        (lambda: StreetNetwork.from_lines([shapely.box(0, 0, 1, 1)]), "line 1 of 1 is no line"),
        (lambda: StreetNetwork.from_lines([LineString([(0, 0), (np.nan, 1)])]), "missing coord"),
        (lambda: grid(3).snap([1], [1, 2]), "equally long; got 1 and 2"),
        (lambda: grid(3).snap([1], [1], max_distance=np.nan), "max_distance must be positive"),
        (
            lambda: segment_counts(grid(3), grid(3).snap([1], [1]), weights=[np.nan]),
            "weights must be 0 or more",
        ),
        (lambda: StreetNetwork.from_lines([LineString([(0, 0), (9, 9)])], tolerance=0), "toler"),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(ValueError, match=words):
        call()
