"""Points to areas: the index says what a slow, obvious crossing test says, bit for bit."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from commonlight.analysis.assign import AreaIndex, count_by, overlapping_areas


def inside_slowly(polygon, x, y):
    """Cross every edge of every ring, in exact arithmetic."""
    if not (np.isfinite(x) and np.isfinite(y)):
        return False
    px, py = Fraction(float(x)), Fraction(float(y))
    inside = False
    for part in shapely.get_parts(polygon):
        for ring in shapely.get_rings(part):
            vertices = [tuple(map(Fraction, v)) for v in shapely.get_coordinates(ring).tolist()]
            for start, end in pairwise(vertices):
                (ax, ay), (bx, by) = sorted([start, end], key=lambda v: v[1])
                if ay <= py < by and px < ax + (bx - ax) * (py - ay) / (by - ay):
                    inside = not inside
    return inside


def assign_slowly(polygons, x, y):
    return np.array(
        [
            next((i for i, p in enumerate(polygons) if inside_slowly(p, a, b)), -1)
            for a, b in zip(x, y, strict=True)
        ]
    )


def star(rng, centre, radius, n):
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    reach = radius * rng.uniform(0.4, 1.0, n)
    return centre + np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None]


def ringed(rng, centre, radius, n):
    """A star with a jagged hole."""
    return Polygon(star(rng, centre, radius, n), [star(rng, centre, radius * 0.35, max(4, n // 3))])


def cells(rng, n, low, size):
    """A coverage of n cells that share their vertices."""
    points = shapely.MultiPoint(low + rng.random((n, 2)) * size)
    frame = box(*low, *(low + size))
    parts = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    return [c for c in shapely.intersection(parts, frame) if c.geom_type == "Polygon"]


PLACES = {
    "small": (np.array([0.0, 0.0]), 1.0),
    "projected": (np.array([431_000.0, 5_812_000.0]), 20_000.0),
    "degrees": (np.array([-87.9, 41.6]), 0.4),
    "far": (np.array([1e15, -1e15]), 64.0),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seed", [1, 2])
def test_agrees_with_the_slow_version(place, seed):
    low, size = PLACES[place]
    rng = np.random.default_rng(seed)
    polygons = [ringed(rng, low + rng.random(2) * size, size * 0.2, 24) for _ in range(7)]
    x, y = (low + rng.uniform(-0.1, 1.1, (300, 2)) * size).T
    vertices = shapely.get_coordinates(polygons)
    middles = (vertices[1:] + vertices[:-1]) / 2
    x, y = np.hstack([[x, y], vertices.T, middles.T])
    np.testing.assert_array_equal(AreaIndex(polygons).assign(x, y), assign_slowly(polygons, x, y))


@settings(max_examples=60)
@given(
    rings=st.lists(
        st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=3, max_size=9),
        min_size=1,
        max_size=4,
    ),
    shift=st.sampled_from([0.0, 1 / 3, 5_812_000.1]),
)
def test_any_ring_on_a_lattice_agrees_with_the_slow_version(rings, shift):
    """Degenerate, self-crossing, touching and overlapping rings; points on every corner."""
    polygons = [Polygon(np.array(ring) + shift) for ring in rings]
    x, y = (np.indices((19, 19)).reshape(2, -1) / 2.0 - 0.5) + shift
    np.testing.assert_array_equal(AreaIndex(polygons).assign(x, y), assign_slowly(polygons, x, y))


@settings(max_examples=60)
@given(data=st.data())
def test_points_a_hair_from_an_edge_agree_with_the_slow_version(data):
    number = st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-100)
    corners = data.draw(st.lists(st.tuples(number, number), min_size=3, max_size=6))
    polygon = Polygon(corners)
    (ax, ay), (bx, by) = corners[0], corners[1]
    t = data.draw(st.floats(0, 1))
    x0, y0 = ax + t * (bx - ax), ay + t * (by - ay)
    x = np.array([np.nextafter(x0, np.inf), x0, np.nextafter(x0, -np.inf)] * 3)
    y = np.repeat([np.nextafter(y0, np.inf), y0, np.nextafter(y0, -np.inf)], 3)
    np.testing.assert_array_equal(AreaIndex([polygon]).assign(x, y), assign_slowly([polygon], x, y))


@pytest.mark.parametrize("place", ["small", "projected", "degrees"])
def test_agrees_with_shapely_away_from_boundaries(place):
    low, size = PLACES[place]
    rng = np.random.default_rng(3)
    polygons = cells(rng, 300, low, size)
    x, y = (low + rng.uniform(-0.1, 1.1, (100_000, 2)) * size).T
    point, polygon = shapely.STRtree(polygons).query(shapely.points(x, y), predicate="within")
    expected = np.full(x.size, -1)
    expected[point] = polygon
    np.testing.assert_array_equal(AreaIndex(polygons).assign(x, y), expected)


def test_every_point_of_a_coverage_lies_in_exactly_one_area():
    low, size = PLACES["projected"]
    rng = np.random.default_rng(4)
    polygons = cells(rng, 60, low, size)
    vertices = shapely.get_coordinates(polygons)
    edge = box(*low, *(low + size)).exterior
    inner = vertices[shapely.distance(shapely.points(vertices), edge) > 1.0]
    inner = np.vstack([inner, low + rng.random((2000, 2)) * size])
    owners = sum((AreaIndex([p]).assign(*inner.T) == 0).astype(int) for p in polygons)
    np.testing.assert_array_equal(owners, 1)


def test_boundary_of_a_square():
    """Western and southern side inside, eastern and northern side outside."""
    index = AreaIndex([box(0, 0, 2, 2)])
    x, y = [0, 1, 0, 2, 1, 2, 0, 2], [1, 0, 0, 1, 2, 2, 2, 0]
    assert index.assign(x, y).tolist() == [0, 0, 0, -1, -1, -1, -1, -1]


def test_holes_parts_and_islands_in_holes():
    ring = box(0, 0, 10, 10).difference(box(2, 2, 8, 8))
    both = MultiPolygon([ring, box(4, 4, 6, 6)])
    index = AreaIndex([both, box(2, 2, 4, 4)])
    assert index.assign([1, 3, 5, 7, 11], [1, 3, 5, 7, 5]).tolist() == [0, 1, 0, -1, -1]


def test_overlaps_go_to_the_first_and_are_reported():
    polygons = [box(0, 0, 10, 10), box(5, 0, 15, 10), box(20, 0, 30, 10), box(15, 0, 20, 10)]
    assert AreaIndex(polygons).assign([7, 12], [5, 5]).tolist() == [0, 1]
    assert AreaIndex(polygons[::-1]).assign([7, 12], [5, 5]).tolist() == [2, 2]
    found = overlapping_areas(polygons)
    assert (found.first.tolist(), found.second.tolist(), found.area.tolist()) == ([0], [1], [50.0])
    assert len(overlapping_areas(polygons, minimum_area=50.0).area) == 0


def test_many_overlapping_areas_stay_exact_with_a_coarser_raster(monkeypatch):
    monkeypatch.setattr("commonlight.analysis.assign.MOST_ENTRIES", 200)
    monkeypatch.setattr("commonlight.analysis.assign.MOST_VISITS", 2_000)
    rng = np.random.default_rng(5)
    polygons = [ringed(rng, rng.random(2) * 10, 6.0, 20) for _ in range(15)]
    x, y = rng.uniform(-2, 12, (2, 400))
    np.testing.assert_array_equal(AreaIndex(polygons).assign(x, y), assign_slowly(polygons, x, y))


def test_missing_and_infinite_coordinates_lie_nowhere():
    odd = [np.nan, np.inf, -np.inf, 1e308, -1e308, 0.5]
    index = AreaIndex([box(0, 0, 1, 1)])
    assert index.assign(odd, [0.5] * 6).tolist() == [-1] * 5 + [0]
    assert index.assign([0.5] * 6, odd).tolist() == [-1] * 5 + [0]


def test_nothing_in_nothing_out():
    assert AreaIndex([]).assign([1.0], [2.0]).tolist() == [-1]
    assert AreaIndex([]).count([1.0], [2.0]).tolist() == []
    assert AreaIndex([box(0, 0, 1, 1)]).assign([], []).dtype == np.int32
    empty = AreaIndex([Polygon(), box(0, 0, 1, 1), MultiPolygon()])
    assert empty.assign([0.5], [0.5]).tolist() == [1]
    assert empty.count([0.5], [0.5]).tolist() == [0, 1, 0]


def test_degenerate_areas_hold_nothing():
    flat = Polygon([(0, 0), (4, 0), (2, 0)])
    spike = Polygon([(0, 0), (4, 4), (2, 2)])
    point = Polygon([(1, 1), (1, 1), (1, 1)])
    index = AreaIndex([flat, spike, point])
    assert index.assign([1, 2, 1, 3], [0, 2, 1, 3]).tolist() == [-1] * 4


def test_threads_and_blocks_do_not_change_the_answer(monkeypatch):
    rng = np.random.default_rng(6)
    index = AreaIndex(cells(rng, 50, np.zeros(2), 100.0))
    x, y = rng.uniform(-5, 105, (2, 20_000))
    once = index.assign(x, y)
    monkeypatch.setattr("commonlight.analysis.assign.BLOCK", 999)
    np.testing.assert_array_equal(index.assign(x, y, threads=1), once)
    np.testing.assert_array_equal(index.assign(x, y, threads=3), once)


def test_order_of_points_does_not_matter_and_input_is_not_changed():
    rng = np.random.default_rng(7)
    polygons = cells(rng, 30, np.zeros(2), 10.0)
    index = AreaIndex(polygons)
    x, y = rng.uniform(-1, 11, (2, 5_000))
    kept = x.copy(), y.copy()
    order = rng.permutation(5_000)
    np.testing.assert_array_equal(index.assign(x[order], y[order]), index.assign(x, y)[order])
    np.testing.assert_array_equal([x, y], kept)


def test_counts_and_weights():
    index = AreaIndex([box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1)])
    x, y = [0.5, 0.6, 1.5, 9.0], [0.5] * 4
    assert index.count(x, y).tolist() == [2, 1, 0]
    assert index.count(x, y, weights=[0.5, 0.25, 2.0, 7.0]).tolist() == [0.75, 2.0, 0.0]
    assert count_by(np.array([-1, 2, 2]), 3).tolist() == [0, 0, 2]


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: AreaIndex([shapely.Point(0, 0)]), TypeError, "area 0 must be a Polygon"),
        (lambda: AreaIndex([box(0, 0, 1, 1), None]), TypeError, "area 1 .* got NoneType"),
        (lambda: AreaIndex([box(0, 0, 1, 1e200)]), ValueError, "area 0 has a vertex"),
        (lambda: AreaIndex([box(0, 0, 1, 1)]).assign([1], [1, 2]), ValueError, "equally long"),
        (lambda: AreaIndex([]).assign([[1]], [[1]]), ValueError, "one-dimensional"),
        (lambda: AreaIndex([]).assign([1], [1], threads=0), ValueError, "at least 1"),
        (lambda: AreaIndex([]).count([1], [1], weights=[1, 2]), ValueError, "one per point"),
        (lambda: overlapping_areas([], minimum_area=np.nan), ValueError, "minimum_area"),
    ],
)
def test_bad_input_is_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()
