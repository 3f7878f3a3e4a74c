"""Rings around treated areas: apart from each other, and together all that is in reach."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.analysis.rings import buffer_rings

squares = st.lists(
    st.tuples(st.integers(0, 1500), st.integers(0, 1500), st.integers(20, 400)),
    min_size=1,
    max_size=6,
)
CLOSE = 1e-4
SHARE = 1e-6
"""What overlays in floating point may leave over: square metres, or a share of the area."""


def apart(places):
    """Squares of those places that do not overlap an earlier one."""
    kept: list = []
    for x, y, size in places:
        box = shapely.box(x, y, x + size, y + size * 0.7)
        if all(box.intersection(other).area == 0 for other in kept):
            kept.append(box)
    return kept


@settings(max_examples=30)
@given(places=squares, widths=st.lists(st.integers(30, 200), min_size=1, max_size=3))
def test_rings_are_disjoint_and_together_the_buffer_less_the_targets(places, widths):
    targets = apart(places)
    found = buffer_rings(targets, widths=widths)
    rings = np.array(found.polygons, dtype=object)
    assert len(rings) == len(targets) * len(widths)
    treated = shapely.union_all(targets)
    reach = shapely.union_all(shapely.buffer(targets, sum(widths), quad_segs=32))
    close = SHARE * reach.area
    assert shapely.union_all(rings).symmetric_difference(reach - treated).area < close
    assert found.area_m2.sum() == pytest.approx((reach - treated).area, abs=close)
    np.testing.assert_allclose(found.area_m2, shapely.area(rings))
    assert shapely.area(shapely.intersection(rings, treated)).max() < close
    for i in range(len(rings)):
        assert shapely.area(shapely.intersection(rings[i], rings[i + 1 :])).sum() < close
    assert np.all((found.share_kept >= 0) & (found.share_kept <= 1))


@settings(max_examples=15)
@given(places=squares, seed=st.integers(0, 999))
def test_every_place_belongs_to_the_nearest_target_and_its_distance(places, seed):
    targets = np.array(apart(places), dtype=object)
    widths = np.array([60.0, 90.0, 150.0])
    found = buffer_rings(targets, widths=widths)
    rng = np.random.default_rng(seed)
    points = shapely.points(rng.uniform(-300, 2200, (200, 2)))
    distance = shapely.distance(points[:, None], targets[None, :])
    nearest = np.sort(distance, axis=1)
    for i, point in enumerate(points):
        inside = [k for k, ring in enumerate(found.polygons) if ring.contains(point)]
        assert len(inside) <= 1
        shortest = nearest[i, 0]
        second = nearest[i, 1] if len(targets) > 1 else np.inf
        borders = np.abs(shortest - np.r_[0, np.cumsum(widths)]).min() < 0.2
        if borders or second - shortest < 4:
            continue
        if shortest == 0 or shortest > widths.sum():
            assert not inside
        else:
            (k,) = inside
            assert found.target[k] == int(np.argmin(distance[i]))
            assert found.inner_m[k] <= shortest <= found.outer_m[k]


def test_areas_of_one_square_are_those_of_the_formula():
    found = buffer_rings([shapely.box(0, 0, 100, 100)], widths=[50, 100])
    exact = [400 * 50 + np.pi * 50**2, 400 * 100 + np.pi * (150**2 - 50**2)]
    np.testing.assert_allclose(found.area_m2, exact, rtol=5e-4)
    assert found.inner_m.tolist() == [0, 50]
    assert found.outer_m.tolist() == [50, 150]
    assert found.share_kept.tolist() == pytest.approx([1, 1])
    assert found.around(0) == found.polygons


def test_two_equal_neighbours_share_evenly():
    targets = [shapely.box(0, 0, 100, 100), shapely.box(160, 0, 260, 100)]
    found = buffer_rings(targets, widths=[100])
    assert found.area_m2[0] == pytest.approx(found.area_m2[1], rel=0.01)
    assert found.polygons[0].bounds[2] <= 130 + 5
    assert found.share_kept.max() < 0.95


def test_touching_targets_have_no_ring_between_them():
    targets = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)]
    found = buffer_rings(targets, widths=[50])
    both = buffer_rings([shapely.union_all(targets)], widths=[50])
    assert found.area_m2.sum() == pytest.approx(both.area_m2.sum())


def test_a_target_inside_anothers_ring_is_left_out_of_it():
    targets = [shapely.box(0, 0, 400, 400), shapely.box(450, 180, 470, 200)]
    found = buffer_rings(targets, widths=[100, 100])
    for ring in found.polygons:
        assert ring.intersection(targets[1]).area < CLOSE
    assert found.target.tolist() == [0, 0, 1, 1]
    assert found.ring.tolist() == [1, 2, 1, 2]


def test_the_outline_and_places_to_avoid_are_cut_out():
    target = shapely.box(0, 0, 100, 100)
    river = shapely.box(-500, 120, 500, 140)
    outline = shapely.box(-80, -500, 500, 500)
    found = buffer_rings([target], widths=[60, 60], outline=outline, avoid=[river])
    whole = buffer_rings([target], widths=[60, 60])
    for ring, full in zip(found.polygons, whole.polygons, strict=True):
        expected = full.intersection(outline).difference(river)
        assert ring.symmetric_difference(expected).area < CLOSE
        assert outline.buffer(1e-6).contains(ring)
        assert ring.intersection(river).area < CLOSE
    np.testing.assert_allclose(found.share_kept, found.area_m2 / whole.area_m2)


def test_a_ring_with_nothing_left_keeps_its_place():
    target = shapely.box(0, 0, 100, 100)
    found = buffer_rings([target], widths=[50], outline=target)
    assert found.polygons[0].is_empty
    assert found.area_m2.tolist() == [0]
    assert found.share_kept.tolist() == [0]


def test_multipolygons_and_holes():
    court = shapely.box(0, 0, 300, 300).difference(shapely.box(100, 100, 200, 200))
    parts = shapely.union_all([shapely.box(600, 0, 650, 50), shapely.box(800, 0, 850, 50)])
    found = buffer_rings([court, parts], widths=[40])
    inside = found.polygons[0].intersection(shapely.box(100, 100, 200, 200)).area
    assert inside == pytest.approx(100**2 - 20**2)
    assert found.polygons[1].geom_type == "MultiPolygon"


@pytest.mark.parametrize(
    ("targets", "options", "message"),
    [
        ([], {}, "at least one treated area"),
        ([shapely.Point(0, 0)], {}, "treated area 0 must be a polygon"),
        ([shapely.Polygon()], {}, "treated area 0 must be a polygon"),
        ([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], {}, "is not valid: Self-inters"),
        (
            [shapely.box(0, 0, 10, 10), shapely.box(5, 5, 15, 15)],
            {},
            "treated areas 0 and 1 overlap by 25 square units",
        ),
        ([shapely.box(0, 0, 1, 1)], {"widths": [50, np.nan]}, "widths must be positive"),
        ([shapely.box(0, 0, 1, 1)], {"widths": []}, "widths must be positive"),
        ([shapely.box(0, 0, 1, 1)], {"widths": [0]}, "widths must be positive"),
        ([shapely.box(0, 0, 1, 1)], {"outline": shapely.Point(0, 0)}, "outline must be"),
    ],
)
def test_bad_input(targets, options, message):
    with pytest.raises(ValueError, match=message):
        buffer_rings(targets, **({"widths": [50]} | options))
