"""Areas and neighbours beside geopandas and the published Columbus links."""

from __future__ import annotations

import csv
import gzip
import json

import numpy as np
import pytest
import shapely

from commonlight.analysis.assign import AreaIndex
from commonlight.analysis.neighbours import Neighbours


def read_areas(path):
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in features]
    return shapes, [f["properties"] for f in features]


def read_points(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [(r["longitude"], r["latitude"]) for r in csv.DictReader(file)]
    return np.array(rows, dtype=float).T


def joined(polygons, x, y):
    import geopandas

    left = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y))
    right = geopandas.GeoDataFrame(geometry=list(polygons))
    found = geopandas.sjoin(left, right, predicate="within", how="inner")
    out = np.full(len(left), -1)
    out[found.index.to_numpy()] = found["index_right"].to_numpy()
    return out


def test_lancashire_wards(shared_data):
    """Counts by ward and "all incidents fall inside one of the 271 wards" (README)."""
    polygons, names = read_areas(shared_data / "uk_lancashire_asb/wards_2022.geojson")
    x, y = read_points(shared_data / "uk_lancashire_asb/asb_2022.csv.gz")
    assigned = AreaIndex(polygons).assign(x, y)
    assert (assigned >= 0).all()
    counts = np.bincount(assigned, minlength=len(polygons))
    busiest = [(names[i]["ward_name"], counts[i]) for i in np.argsort(-counts)[:5]]
    assert busiest == [
        ("City Centre", 2005),
        ("Talbot", 1572),
        ("Bloomfield", 1372),
        ("Claremont", 1361),
        ("Blackburn Central", 1119),
    ]


def test_chicago_districts(shared_data):
    """90 incidents lie outside every polygon; 98.43 % match the recorded district (README)."""
    folder = shared_data / "us_chicago_assaults"
    polygons, names = read_areas(folder / "police_districts_2018.geojson")
    x, y = read_points(folder / "assaults_2010_2019.csv.gz")
    assigned = AreaIndex(polygons).assign(x, y)
    assert (assigned == -1).sum() == 90
    with gzip.open(folder / "assaults_2010_2019.csv.gz", "rt", encoding="utf-8") as file:
        recorded = np.array([int(float(r["district"])) for r in csv.DictReader(file)])
    district = np.array([int(n["district"]) for n in names] + [-1])
    assert np.mean(district[assigned] == recorded) == pytest.approx(0.9843, abs=5e-5)


@pytest.mark.parametrize("name", ["wards", "districts"])
def test_agrees_with_geopandas_on_real_areas(shared_data, name):
    if name == "wards":
        folder = shared_data / "uk_lancashire_asb"
        polygons, _ = read_areas(folder / "wards_2022.geojson")
        x, y = read_points(folder / "asb_2022.csv.gz")
    else:
        folder = shared_data / "us_chicago_assaults"
        polygons, _ = read_areas(folder / "police_districts_2018.geojson")
        x, y = read_points(folder / "assaults_2010_2019.csv.gz")
    rng = np.random.default_rng(1)
    x = x + rng.normal(0, 1e-5, x.size)  # off the rounding lattice, so off the borders
    np.testing.assert_array_equal(AreaIndex(polygons).assign(x, y), joined(polygons, x, y))


def test_columbus_queen_links_are_the_published_ones(shared_data):
    """columbus.gal: 49 areas, 236 links (Anselin 1988; libpysal examples)."""
    folder = shared_data / "area_columbus_crime"
    polygons, names = read_areas(folder / "columbus_planar.geojson")
    lines = (folder / "columbus.gal").read_text(encoding="ascii").split("\n")
    published = {}
    for head, links in zip(lines[1::2], lines[2::2], strict=False):
        published[int(head.split()[0])] = sorted(int(v) for v in links.split())
    found = Neighbours.from_polygons(polygons)
    number = [int(n["POLYID"]) for n in names]
    ours = {number[i]: sorted(number[j] for j in found.of(i)) for i in range(found.n)}
    assert ours == published
    assert found.n_links == 236
    assert found.is_symmetric
    assert found.islands.size == 0


def test_rook_links_are_those_of_libpysal(shared_data):
    import geopandas
    from libpysal.weights import Rook

    path = shared_data / "area_columbus_crime/columbus_planar.geojson"
    polygons, _ = read_areas(path)
    reference = Rook.from_dataframe(geopandas.GeoDataFrame(geometry=polygons), use_index=False)
    found = Neighbours.from_polygons(polygons, "rook")
    assert {i: sorted(reference.neighbors[i]) for i in range(49)} == {
        i: found.of(i).tolist() for i in range(49)
    }
