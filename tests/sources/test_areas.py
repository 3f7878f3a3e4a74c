from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from commonlight.sources.areas import read_areas
from commonlight.sources.errors import MappingError, UnreadableFileError

SQUARE = [[13.0, 52.0], [13.1, 52.0], [13.1, 52.1], [13.0, 52.1], [13.0, 52.0]]
NEXT = [[13.1, 52.0], [13.2, 52.0], [13.2, 52.1], [13.1, 52.1], [13.1, 52.0]]
WIDE = [[13.05, 52.0], [13.2, 52.0], [13.2, 52.1], [13.05, 52.1], [13.05, 52.0]]
BOW = [[13.1, 52.0], [13.2, 52.1], [13.2, 52.0], [13.1, 52.1], [13.1, 52.0]]


def written(path: Path, *features: tuple[object, list[list[float]]], **extra: object) -> Path:
    content = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"Area {code}", **extra},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for code, ring in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": content}))
    return path


@pytest.mark.parametrize(
    ("path", "code", "n", "crs"),
    [
        ("uk_lancashire_asb/wards_2022.geojson", "ward_code", 271, "EPSG:27700"),
        ("uk_lancashire_asb/districts_2022.geojson", "objectid", 14, "EPSG:27700"),
        ("eu_berlin_bike_theft/lor_planungsraeume_2021.geojson", "PLR_ID", 542, "EPSG:25833"),
        ("eu_berlin_bike_theft/lor_bezirksregionen_2021.geojson", "BZR_ID", 143, "EPSG:25833"),
        (
            "eu_berlin_crime_atlas/lor_bezirksregionen_pre2021.geojson",
            "SCHLUESSEL",
            138,
            "EPSG:25833",
        ),
        ("survey_barcelona_victimisation_2020/barris.geojson", "BARRI", 73, "EPSG:25831"),
        ("survey_barcelona_victimisation_2020/districtes.geojson", "DISTRICTE", 10, "EPSG:25831"),
        # 25 rows, of which three are parts of district 31.
        ("us_chicago_assaults/police_districts_2018.geojson", "district", 23, "EPSG:32616"),
    ],
)
def test_real_areas(shared_data: Path, path: str, code: str, n: int, crs: str) -> None:
    areas = read_areas(shared_data / path, code=code)
    assert (len(areas.codes), areas.crs) == (n, crs)
    assert all(polygon.is_valid for polygon in areas.polygons)


def test_leading_zeros_stay(shared_data: Path) -> None:
    path = shared_data / "survey_barcelona_victimisation_2020" / "barris.geojson"
    areas = read_areas(path, code="BARRI", name="NOM", parent="DISTRICTE")
    assert areas.codes[0] == "01"
    assert areas.names is not None
    assert areas.names[0] == "el Raval"
    assert areas.parents is not None
    assert areas.parents[0] == "1"


def test_sizes_agree_with_the_publisher(shared_data: Path) -> None:
    """The file states each area's size; simplification changes single areas by little."""
    path = shared_data / "eu_berlin_bike_theft" / "lor_planungsraeume_2021.geojson"
    areas = read_areas(path, code="PLR_ID")
    stated = [f["properties"]["GROESSE_M2"] for f in json.loads(path.read_text())["features"]]
    sizes = shapely.area(np.asarray(areas.polygons))
    assert np.median(np.abs(sizes / stated - 1)) < 0.002
    assert sizes.sum() == pytest.approx(sum(stated), rel=1e-3)


def test_planar_areas(shared_data: Path) -> None:
    path = shared_data / "area_columbus_crime" / "columbus_planar.geojson"
    areas = read_areas(path, code="POLYID", crs="planar")
    assert (len(areas.codes), areas.crs, areas.codes[0]) == (49, "planar", "1")
    assert areas.polygons[0].bounds[0] > 5


def test_parts_of_an_area_are_joined_and_two_areas_refused(tmp_path: Path) -> None:
    joined = read_areas(written(tmp_path / "a.geojson", (7, SQUARE), (7, NEXT)), code="code")
    assert joined.codes == ("7",)
    assert any("joined" in note for note in joined.notes)
    csv = tmp_path / "a.csv"
    rows = [f'7,{n},"{shapely.Polygon(r).wkt}"' for n, r in (("A", SQUARE), ("B", NEXT))]
    csv.write_text("\n".join(["code,name,wkt", *rows]))
    with pytest.raises(MappingError, match="features 1 and 2 have the same code '7'"):
        read_areas(csv, code="code", crs="EPSG:4326")


def test_csv_with_wkt(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'code;wkt\n0101;"{shapely.Polygon(SQUARE).wkt}"\n', encoding="utf-8-sig")
    areas = read_areas(path, code="code", crs="EPSG:4326")
    assert (areas.codes, areas.crs) == (("0101",), "EPSG:25833")


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "parquet"])
def test_other_formats_agree_with_geojson(tmp_path: Path, suffix: str) -> None:
    import geopandas

    path = written(tmp_path / "a.geojson", ("01", SQUARE), ("02", NEXT))
    frame = geopandas.read_file(path).to_crs("EPSG:25833")
    other = tmp_path / f"b.{suffix}"
    frame.to_parquet(other) if suffix == "parquet" else frame.to_file(other)
    expected, found = read_areas(path, code="code"), read_areas(other, code="code")
    assert (found.codes, found.crs) == (expected.codes, "EPSG:25833")
    assert (
        shapely.equals_exact(
            np.asarray(found.polygons), np.asarray(expected.polygons), tolerance=1e-3
        ).all()
        or shapely.area(
            shapely.symmetric_difference(np.asarray(found.polygons), np.asarray(expected.polygons))
        ).max()
        < 1
    )


def test_swapped_axes_are_turned(tmp_path: Path) -> None:
    swapped = [[52.0 + 45, 13.0], [52.1 + 45, 13.0], [52.1 + 45, 13.1], [52.0 + 45, 13.0]]
    turned = [[y, x] for x, y in swapped]
    areas = read_areas(written(tmp_path / "a.geojson", ("1", turned)), code="code")
    assert any("swapped" in note for note in areas.notes)


def test_crossed_lines_are_repaired_with_a_note(tmp_path: Path) -> None:
    areas = read_areas(written(tmp_path / "a.geojson", ("1", SQUARE), ("2", BOW)), code="code")
    assert areas.polygons[1].is_valid
    assert "outlines repaired where lines crossed: 2" in areas.notes


def test_overlaps_and_gaps_are_reported(tmp_path: Path) -> None:
    areas = read_areas(written(tmp_path / "a.geojson", ("1", SQUARE), ("2", WIDE)), code="code")
    assert any("1 pairs of areas overlap: 1 and 2" in note for note in areas.notes)
    ring = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6), (3, 6)]])
    half = shapely.box(0, 0, 4.5, 9)
    path = tmp_path / "b.csv"
    parts = (shapely.intersection(ring, half), shapely.difference(ring, half))
    path.write_text("code,wkt\n" + "".join(f'{k},"{p.wkt}"\n' for k, p in enumerate(parts)))
    notes = read_areas(path, code="code", crs="planar").notes
    assert any("1 gaps" in note for note in notes)


def test_neighbours_do_not_overlap(tmp_path: Path) -> None:
    areas = read_areas(written(tmp_path / "a.geojson", ("1", SQUARE), ("2", NEXT)), code="code")
    assert not any("overlap" in note for note in areas.notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,wkt\n1,\n", "feature 1 .code 1. has no outline"),
        ('code,wkt\n1,"LINESTRING (0 0, 1 1)"\n', "is a LineString"),
        ('code,wkt\n,"POLYGON ((0 0, 1 0, 1 1, 0 0))"\n', "no code"),
        ("code,wkt\n1,nonsense\n", "record 1 holds no shape"),
        ("code,shape\n1,x\n", "no column with the shapes"),
        ("code,wkt\n", "no area"),
        ('other,wkt\n1,"POLYGON ((0 0, 1 0, 1 1, 0 0))"\n', "no column 'code'"),
    ],
)
def test_bad_areas(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises((MappingError, UnreadableFileError), match=message):
        read_areas(path, code="code", crs="EPSG:4326")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="there is no file"):
        read_areas(tmp_path / "none.geojson", code="code")
