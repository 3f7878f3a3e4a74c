from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from commonlight.sources.crs import choose_metric_crs, resolve_crs
from commonlight.sources.errors import MappingError

RNG = np.random.default_rng(20261121)
LON, LAT = RNG.uniform(-3.0, -2.2, 200), RNG.uniform(53.6, 54.1, 200)
LANCASHIRE = (-3.2, 53.4, -2.0, 54.3)


@pytest.mark.parametrize(
    ("place", "lon", "lat", "crs"),
    [
        ("London", -0.13, 51.51, "EPSG:27700"),
        ("Dover", 1.31, 51.13, "EPSG:27700"),
        ("Lerwick", -1.15, 60.15, "EPSG:27700"),
        ("Stornoway", -6.39, 58.21, "EPSG:27700"),
        ("Lowestoft", 1.75, 52.47, "EPSG:27700"),
        ("Dublin", -6.26, 53.35, "EPSG:25829"),
        ("Belfast", -5.93, 54.60, "EPSG:25830"),
        ("Calais", 1.86, 50.95, "EPSG:25831"),
        ("Dieppe", 1.08, 49.92, "EPSG:25831"),
        ("Berlin", 13.40, 52.52, "EPSG:25833"),
        ("Barcelona", 2.17, 41.39, "EPSG:25831"),
        ("Riga", 24.11, 56.95, "EPSG:25835"),
        ("Bergen", 5.32, 60.39, "EPSG:25832"),
        ("Nicosia", 33.38, 35.17, "EPSG:25836"),
        ("Tunis", 10.18, 36.80, "EPSG:32632"),
        ("Chicago", -87.63, 41.88, "EPSG:32616"),
        ("Sydney", 151.21, -33.87, "EPSG:32756"),
    ],
)
def test_metric_system_by_place(place: str, lon: float, lat: float, crs: str) -> None:
    assert choose_metric_crs(lon, lat).crs == crs, place


def test_metric_system_is_decided_by_the_median() -> None:
    lon, lat = np.append(LON, [0.0, 150.0, np.nan]), np.append(LAT, [0.0, 10.0, 1.0])
    assert str(choose_metric_crs(lon, lat)) == "EPSG:27700"


def test_no_point_has_no_system() -> None:
    with pytest.raises(MappingError, match="no point"):
        choose_metric_crs(np.nan, np.nan)


@pytest.mark.parametrize("zone", range(1, 61))
def test_metric_zone_contains_the_place(zone: int) -> None:
    lon = -183 + 6 * zone
    assert choose_metric_crs(lon, -20.0).crs == f"EPSG:{32700 + zone}"


def test_degrees_as_named() -> None:
    decision = resolve_crs("EPSG:4326", LON, LAT)
    assert (decision.crs, decision.swapped) == ("EPSG:4326", False)
    assert "longitude" in decision.reason
    assert decision.accuracy_m is not None


@pytest.mark.parametrize("text", ["EPSG:4326", "4326", "WGS 84", "OGC:CRS84", None])
def test_degrees_swapped_are_found_with_a_study_area(text: str | None) -> None:
    assert resolve_crs(text, LAT, LON, study_area=LANCASHIRE).swapped
    assert not resolve_crs(text, LON, LAT, study_area=LANCASHIRE).swapped


def test_swapped_degrees_beyond_ninety_need_no_study_area() -> None:
    assert resolve_crs("EPSG:4326", np.full(5, 41.8), np.linspace(-98, -97, 5)).swapped


def test_doubt_is_said() -> None:
    assert "would be on earth as well" in resolve_crs("EPSG:4326", LON, LAT).reason


@pytest.mark.parametrize("code", ["EPSG:25833", "EPSG:26971", "EPSG:31468", "EPSG:2154"])
def test_projected_axes_swapped_or_not(code: str) -> None:
    area = Transformer.from_crs("EPSG:4326", code, always_xy=True)
    from pyproj import CRS

    use = CRS.from_user_input(code).area_of_use
    lon = RNG.uniform(use.west + 0.3, use.east - 0.3, 50)
    lat = RNG.uniform(use.south + 0.3, use.north - 0.3, 50)
    x, y = area.transform(lon, lat)
    assert not resolve_crs(code, x, y).swapped
    assert resolve_crs(code, y, x).swapped


def test_us_feet() -> None:
    decision = resolve_crs("ESRI:102649", np.array([727_913.0]), np.array([875_721.0]))
    assert decision.crs == "ESRI:102649"


def test_wkt_and_proj_text() -> None:
    from pyproj import CRS

    x, y = np.array([392_000.0]), np.array([5_820_000.0])
    assert resolve_crs(CRS.from_epsg(25833).to_wkt(), x, y).crs == "EPSG:25833"
    assert not resolve_crs("+proj=utm +zone=33 +ellps=GRS80 +units=m", x, y).swapped


def test_few_bad_points_do_not_decide() -> None:
    x = np.concatenate([LON, [0.0, np.nan, 500.0, np.inf]])
    y = np.concatenate([LAT, [0.0, 53.0, 99.0, 53.0]])
    assert not resolve_crs("EPSG:4326", x, y, study_area=LANCASHIRE).swapped


def test_missing_grid_is_said() -> None:
    decision = resolve_crs("EPSG:4326", LON, LAT, target="EPSG:27700")
    if decision.accuracy_m != 1.0:
        assert "grid that is not installed" in decision.reason


@pytest.mark.parametrize(
    ("text", "x", "y", "message"),
    [
        ("EPSG:27700", LON, LAT, "looks like degrees"),
        ("EPSG:4326", LON * 1e5, LAT * 1e5, "counts in degrees"),
        (None, LON * 1e5, LAT * 1e5, "no coordinate system is named"),
        ("Lambert 99", LON, LAT, "not known"),
        ("EPSG:25833", np.full(3, -9e6), np.full(3, 1e6), "area of use"),
        ("planar", LON, LAT, "no place on earth"),
    ],
)
def test_refusals_name_the_next_step(
    text: str | None, x: np.ndarray, y: np.ndarray, message: str
) -> None:
    with pytest.raises(MappingError, match=message):
        resolve_crs(text, x, y)


def test_inputs_stay_as_they_are() -> None:
    x, y = LON.copy(), LAT.copy()
    resolve_crs("EPSG:4326", x, y)
    np.testing.assert_array_equal(x, LON)
    np.testing.assert_array_equal(y, LAT)


def test_no_coordinates_is_no_error() -> None:
    assert not resolve_crs("EPSG:4326", np.array([]), np.array([])).swapped
