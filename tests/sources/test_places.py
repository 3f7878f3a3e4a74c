"""Coordinates against pyproj, and the points that are refused."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from commonlight.sources.errors import MappingError
from commonlight.sources.places import PlaceRule
from commonlight.sources.rejects import COORDINATE_RANGE, COORDINATE_ZERO, OUTSIDE_STUDY_AREA

LON, LAT = np.array([13.30, 13.41, 13.52]), np.array([52.45, 52.52, 52.55])


def test_the_same_as_pyproj():
    rule = PlaceRule.decide("EPSG:4326", LON, LAT, metric="EPSG:25833")
    x, y, reason = rule.apply(LON, LAT)
    expected = Transformer.from_crs("EPSG:4326", "EPSG:25833", always_xy=True).transform(LON, LAT)
    assert np.array_equal(x, expected[0])
    assert np.array_equal(y, expected[1])
    assert not reason.any()


def test_metric_system_is_chosen_and_said():
    rule = PlaceRule.decide(None, LON, LAT, metric=None)
    assert rule.metric_crs == "EPSG:25833"
    assert "EPSG:25833" in rule.note


def test_metres_stay_as_they_are():
    x, y = np.array([392000.5]), np.array([5820000.25])
    rule = PlaceRule.decide("EPSG:25833", x, y, metric="EPSG:25833")
    assert rule.apply(x, y)[:2] == (x, y)


def test_swapped_axes_are_turned():
    rule = PlaceRule.decide("EPSG:25833", np.array([5820000.0]), np.array([392000.0]), metric=None)
    assert rule.swapped
    x, y, _ = rule.apply(np.array([5820000.0]), np.array([392000.0]))
    assert (x[0], y[0]) == pytest.approx((392000, 5820000), abs=1e-3)


def test_swapped_degrees_are_told_by_the_study_area():
    area = SimpleNamespace(polygons=(shapely.box(13.0, 52.3, 13.8, 52.7),), crs="EPSG:4326")
    rule = PlaceRule.decide("EPSG:4326", LAT, LON, metric="EPSG:25833", study_area=area)
    assert rule.swapped
    assert not rule.apply(LAT, LON)[2].any()


def test_refused_points():
    area = SimpleNamespace(polygons=(shapely.box(13.0, 52.3, 13.8, 52.7),), crs="EPSG:4326")
    rule = PlaceRule.decide("EPSG:4326", LON, LAT, metric="EPSG:25833", study_area=area)
    x = np.array([0.0, 13.4, 190.0, 52.5, 14.0, 13.4])
    y = np.array([0.0, 91.0, 52.5, 13.4, 52.5, 52.5])
    expected = [COORDINATE_ZERO, *[COORDINATE_RANGE] * 3, OUTSIDE_STUDY_AREA, 0]
    assert rule.apply(x, y)[2].tolist() == expected


def test_a_target_in_degrees_is_refused():
    with pytest.raises(MappingError, match="projected system in metres"):
        PlaceRule.decide("EPSG:4326", LON, LAT, metric="EPSG:4326")


def test_swapped_degrees_are_found_by_the_study_area():
    """In degrees both readings are places on earth; the study area tells them apart."""
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(13.3, 13.5, 50), rng.uniform(52.4, 52.6, 50)
    area = shapely.box(370_000, 5_800_000, 415_000, 5_840_000)
    named = PlaceRule.decide("EPSG:4326", lon, lat, metric="EPSG:25833", study_area=area)
    turned = PlaceRule.decide("EPSG:4326", lat, lon, metric="EPSG:25833", study_area=area)
    assert (named.swapped, turned.swapped) == (False, True)
    np.testing.assert_allclose(named.apply(lon, lat)[0], turned.apply(lat, lon)[0])
