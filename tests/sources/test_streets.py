from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from commonlight.sources.errors import SourceError
from commonlight.sources.streets import read_streets

FOOT = 1200 / 3937
"""A US survey foot in metres."""


def written(tmp_path: Path, *wkt: str) -> Path:
    path = tmp_path / "s.csv"
    lines = [f'{k},"{text}"' for k, text in enumerate(wkt, start=7)]
    path.write_text("\n".join(["id,wkt", *lines]) + "\n", encoding="utf-8")
    return path


def test_real_streets_in_two_systems(shared_data: Path) -> None:
    """293 lines of 104,414.09 US survey feet together (README)."""
    folder = shared_data / "network_crimes_streets"
    feet = read_streets(folder / "streets_projected_ft.csv", crs="planar")
    assert len(feet.lines) == 293
    assert sum(line.length for line in feet.lines) == pytest.approx(104_414.09, abs=0.01)
    degrees = read_streets(folder / "streets.geojson")
    projected = read_streets(
        folder / "streets_projected_ft.csv", crs="ESRI:102649", target_crs=degrees.crs
    )
    assert degrees.ids == projected.ids
    assert degrees.ids[:2] == ("1", "2")
    total = sum(line.length for line in degrees.lines)
    # UTM shrinks lengths by up to 0.04 % near its middle.
    assert total == pytest.approx(104_414.09 * FOOT, rel=5e-4)
    apart = [a.hausdorff_distance(b) for a, b in zip(degrees.lines, projected.lines, strict=True)]
    assert max(apart) < 1.5


def test_parts_become_lines_and_points_without_length_go(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "MULTILINESTRING ((0 0, 1 0), (5 5, 6 6))",
        "LINESTRING (1 1, 1 1)",
        "LINESTRING Z (0 0 3, 0 2 3)",
    )
    streets = read_streets(path, crs="planar")
    assert streets.ids == ("7", "7", "9")
    assert [line.length for line in streets.lines] == pytest.approx([1, 2**0.5, 2])
    assert not any(shapely.has_z(line) for line in streets.lines)
    notes = " ".join(streets.notes)
    assert "cut into 4 lines" in notes
    assert "1 lines of no length were left out" in notes


def test_lines_without_identifier_are_numbered(tmp_path: Path) -> None:
    geometry = {"type": "LineString", "coordinates": [[2.1, 41.3], [2.2, 41.4]]}
    feature = {"type": "Feature", "properties": {"name": "Carrer"}, "geometry": geometry}
    path = tmp_path / "s.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature] * 2}))
    streets = read_streets(path)
    assert (streets.ids, streets.crs) == (("1", "2"), "EPSG:25831")
    assert read_streets(path, identifier="name").ids == ("Carrer", "Carrer")


def test_a_geopackage(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyogrio

    shapes = shapely.to_wkb(
        shapely.linestrings([[[430_000, 4_580_000], [430_100, 4_580_000]]])
    ).tolist()
    table = pa.table({"osm_id": ["way/1"], "geometry": pa.array(shapes, pa.binary())})
    pyogrio.write_arrow(
        table,
        tmp_path / "s.gpkg",
        driver="GPKG",
        geometry_name="geometry",
        geometry_type="LineString",
        crs="EPSG:25831",
    )
    streets = read_streets(tmp_path / "s.gpkg", target_crs="EPSG:25831")
    assert streets.ids == ("way/1",)
    assert streets.lines[0].length == pytest.approx(100)


@pytest.mark.parametrize(
    ("wkt", "options", "parts"),
    [
        ("POINT (1 1)", {"crs": "planar"}, ["feature 1 (id 7)", "Point", "street line"]),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", {"crs": "planar"}, ["Polygon", "areas"]),
        ("LINESTRING EMPTY", {"crs": "planar"}, ["feature 1", "no line"]),
        ("nonsense", {}, ["record 1", "WKT"]),
        ("LINESTRING (1 1, 1 1)", {"crs": "planar"}, ["zero length"]),
        ("LINESTRING (0 0, 1 1)", {"identifier": "x"}, ["no column 'x'", "'id'"]),
        ("LINESTRING (2 41, 2 42)", {"target_crs": "EPSG:4326"}, ["in metres", "degree"]),
        ("LINESTRING (2 41, 2 42)", {"target_crs": "EPSG:1"}, ["'EPSG:1' is not known"]),
        ("LINESTRING (500000 4500000, 1 1)", {}, ["coordinate"]),
    ],
)
def test_bad_streets(tmp_path: Path, wkt: str, options: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(SourceError) as caught:
        read_streets(written(tmp_path, wkt), **options)
    for part in parts:
        assert part in str(caught.value)


def test_missing_and_empty_files(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no file"):
        read_streets(tmp_path / "none.geojson")
    (tmp_path / "s.csv").write_text("id,shape\n1,x\n")
    with pytest.raises(SourceError, match="shapes of streets"):
        read_streets(tmp_path / "s.csv")
    (tmp_path / "s.csv").write_text("id,wkt\n")
    with pytest.raises(SourceError, match="holds no street"):
        read_streets(tmp_path / "s.csv")
