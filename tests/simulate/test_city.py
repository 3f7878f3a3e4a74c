"""The city itself: its plan, its areas, its people, its arguments."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from commonlight.simulate.city import simulate_city
from commonlight.simulate.streets import LandUse


def test_areas_cover_the_city_without_gaps_or_overlaps(city):
    areas = city.areas.polygons
    assert shapely.is_valid(areas).all()
    assert shapely.coverage_is_valid(areas)
    whole = shapely.coverage_union_all(city.plan.blocks)
    assert shapely.area(areas).sum() == pytest.approx(whole.area, rel=1e-9)
    assert len(shapely.get_rings(whole)) == 1


def test_every_area_is_one_piece_and_has_residents(city):
    assert set(shapely.get_type_id(city.areas.polygons)) == {3}
    assert city.areas.population.min() > 0
    assert city.areas.population.sum() == 300_000
    assert (city.areas.residents >= 0).all()


@pytest.mark.parametrize("seed", range(3, 11))
def test_every_seed_gives_a_sound_city(seed):
    city = simulate_city(incidents=10_000, seed=seed, n_areas=40 + 2 * seed)
    assert shapely.coverage_is_valid(city.areas.polygons)
    assert city.areas.population.min() > 0
    assert len(city.sites) > 20_000
    assert {"arterial", "bridge", "quay", "street"} == set(city.plan.road)


@pytest.mark.parametrize(("seed", "n_areas"), [(1, 120), (2, 500), (3, 600)])
def test_many_areas_are_sound_too(seed, n_areas):
    areas = simulate_city(incidents=10_000, seed=seed, n_areas=n_areas).areas
    assert len(areas.codes) == len(set(areas.names)) == n_areas
    assert {len(code) for code in areas.codes} == {6}
    assert shapely.coverage_is_valid(areas.polygons)
    assert set(shapely.get_type_id(areas.polygons)) == {3}
    assert areas.population.min() > 0
    assert min(len(others) for others in areas.neighbours) > 0


def test_addresses_lie_in_their_area_and_never_in_the_water(city):
    sites = city.sites
    inside = shapely.contains_xy(city.areas.polygons[sites.area], sites.x, sites.y)
    assert inside.all()
    assert (city.plan.land_use[sites.block] != LandUse.WATER).all()


def test_streets_have_their_lengths_and_hang_together(city):
    plan = city.plan
    assert plan.length == pytest.approx(np.hypot(*(plan.end - plan.start).T), abs=0.01)
    assert (plan.length > 0).all()
    lines = shapely.linestrings(np.stack([plan.start, plan.end], axis=1))
    assert shapely.buffer(shapely.multilinestrings([lines]), 0.5)[0].geom_type == "Polygon"


def test_risk_shares_sum_to_one_and_keep_out_of_unsuitable_places(city):
    assert city.risk.sum(axis=1) == pytest.approx(1)
    assert (city.risk >= 0).all()
    burglary = city.risk[0]
    assert burglary[city.sites.kind != 0].sum() == 0


def test_few_segments_carry_half_of_the_incidents(city):
    """Weisburd (2015) found 50 % of crime on 4 to 6 % of segments in large cities, and 2 to 4 %
    in small ones (doi:10.1111/1745-9125.12070); the city lies near that band, 2 to 9 %."""
    events = city.events
    segment = city.sites.segment[events.site[events.recorded]]
    counts = np.sort(np.bincount(segment, minlength=len(city.plan.length)))[::-1]
    half = np.searchsorted(np.cumsum(counts), counts.sum() / 2) / len(counts)
    assert 0.02 < half < 0.09


def test_all_names_are_marked_and_none_is_a_real_area(city, shared_data):
    assert all(name.endswith("(sim)") for name in city.areas.names + city.areas.parent_names)
    assert len(set(city.areas.names)) == len(city.areas.names)
    real = set()
    for path in shared_data.glob("*/*.geojson"):
        if path.stat().st_size < 5_000_000:
            for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
                real |= {str(value).lower() for value in feature["properties"].values()}
    many = simulate_city(incidents=10_000, seed=1, n_areas=600).areas.names
    names = {name.removesuffix(" (sim)").lower() for name in city.areas.names + many}
    assert not real & names
    assert "lindhafen" not in real


def test_coordinates_lie_in_the_open_sea(city):
    """A box of open water in the German Bight, some 60 km from the nearest land."""
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(city.crs, 4326, always_xy=True).transform(
        city.sites.x, city.sites.y
    )
    assert 7.1 < lon.min() < lon.max() < 7.5
    assert 54.9 < lat.min() < lat.max() < 55.1


def test_publishing_moves_points_to_fewer_places():
    places = {}
    for publish in ("address", "street", "snap_points"):
        city = simulate_city(incidents=10_000, seed=1, publish=publish)
        places[publish] = len(np.unique(city.published_xy, axis=0))
    assert places["address"] > 3 * places["street"] > 9 * places["snap_points"] / 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"incidents": 10}, "incidents must be from"),
        ({"years": 0}, "years must be from"),
        ({"population": 1}, "population must be from"),
        ({"near_repeat": float("nan")}, "near_repeat must be from"),
        ({"publish": "exact"}, "publish must be one of"),
        ({"n_areas": 5}, "n_areas must be from"),
    ],
)
def test_bad_arguments_are_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        simulate_city(**wrong)
