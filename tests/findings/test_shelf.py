import csv
import json
from dataclasses import replace
from math import isfinite

import numpy as np
import pytest
import shapely
from shapely import box

from commonlight.findings.folder import report_content
from commonlight.findings.map_geometry import MOST_BYTES, digest_of, geometry_of, simplified
from commonlight.findings.maps import marked_list
from commonlight.findings.model import AreaMap
from commonlight.findings.palette import CATEGORIES, PAPER, SEQUENTIAL, contrast_ratio
from commonlight.findings.shelf import write_shelf

DARK_GROUND = "#0b0c0c"


@pytest.fixture
def shelf(sample_report, tmp_path):
    content = write_shelf(sample_report, tmp_path / "shelf")
    return tmp_path / "shelf", content


def map_file(root, finding):
    return json.loads((root / f"maps/{finding.id}.json").read_text())


def shapes_of(root, name):
    features = json.loads((root / name).read_text())["features"]
    assert [f["id"] for f in features] == list(range(len(features)))
    return [shapely.geometry.shape(f["geometry"]) for f in features]


def test_all_files_that_are_named_are_there_and_no_others(sample_report, shelf):
    root, content = shelf
    named = {"findings.json"}
    for finding, shown in zip(sample_report.findings, content["findings"], strict=True):
        named |= set(shown["files"].values())
        assert ("chart_narrow" in shown["files"]) is (finding.chart is not None)
        assert ("map_data" in shown["files"]) is (finding.map is not None)
        assert set(shown["detail"]) == {"place", "time"}
    named |= {str(p.relative_to(root)) for p in (root / "geometry").iterdir()}
    assert named == {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()}
    assert json.loads((root / "findings.json").read_text()) == content
    plain = report_content(sample_report)
    assert content["schema"] == plain["schema"]
    assert [f["table"] for f in content["findings"]] == [f["table"] for f in plain["findings"]]


def test_the_map_its_list_and_the_table_agree_with_the_report(sample_report, shelf):
    root, _ = shelf
    for finding in sample_report.findings:
        if finding.table is not None:
            with (root / f"tables/{finding.id}.csv").open(encoding="utf-8-sig") as file:
                rows = list(csv.DictReader(file))
            assert len(rows) == len(finding.table.rows)
        if finding.map is None:
            continue
        shown = map_file(root, finding)
        values = [v if v is not None else np.nan for v in shown["values"]]
        assert np.array_equal(np.array(values, float), finding.map.values, equal_nan=True)
        for index, (value, number) in enumerate(zip(values, shown["class"], strict=True)):
            place = next(p for p in shown["places"] if p["index"] == index)
            if not isfinite(value):
                assert number is None
                assert place["class"] == shown["no_value_label"]
                continue
            borders = shown["classes"][number]
            assert borders["from"] is None or value >= borders["from"]
            assert borders["below"] is None or value < borders["below"]
            assert place["class"] == borders["name"]
        numbered = {p["number"]: p for p in shown["places"] if p["number"]}
        for told in marked_list(finding.map):
            assert numbered[told.number]["label"] == told.label
            assert numbered[told.number]["value"] == told.value
        assert sorted(p["index"] for p in shown["places"]) == list(range(len(values)))
        assert {p["index"] for p in shown["places"] if p["marked"]} == set(finding.map.marked)


def test_withheld_places_show_no_value(sample_report, tmp_path):
    finding = next(f for f in sample_report.findings if isinstance(f.map, AreaMap))
    values = finding.map.values.copy()
    values[2] = np.nan
    picture = replace(finding.map, values=values, withheld=(2,), withheld_label="under 5")
    report = replace(
        sample_report,
        findings=(replace(finding, map=picture, cells=()),),
        headline_findings=(finding.id,),
    )
    write_shelf(report, tmp_path)
    shown = map_file(tmp_path, finding)
    assert shown["values"][2] is None
    assert shown["withheld_label"] == "Under 5"
    place = next(p for p in shown["places"] if p["index"] == 2)
    assert place["withheld"] is True
    assert place["value"] == "withheld"


def test_kinds_have_names_and_no_borders(sample_report, tmp_path):
    finding = next(f for f in sample_report.findings if isinstance(f.map, AreaMap))
    kinds = np.arange(len(finding.map.values)) % 3
    picture = replace(
        finding.map, values=kinds.astype(float), breaks=(), categories=("a", "b", "c")
    )
    report = replace(
        sample_report,
        findings=(replace(finding, map=picture, cells=()),),
        headline_findings=(finding.id,),
    )
    write_shelf(report, tmp_path)
    shown = map_file(tmp_path, finding)
    assert shown["ordered"] is False
    assert [c["name"] for c in shown["classes"]] == ["a", "b", "c"]
    assert [c["light"] for c in shown["classes"]] == list(CATEGORIES[:3])
    assert {p["value"] for p in shown["places"]} == {""}
    assert [p["class"] for p in sorted(shown["places"], key=lambda p: p["index"])] == [
        "abc"[k] for k in kinds
    ]


def test_more_stands_out_from_the_ground_on_both_themes(sample_report, shelf):
    root, _ = shelf
    finding = next(f for f in sample_report.findings if f.map is not None)
    classes = map_file(root, finding)["classes"]
    assert {c["light"] for c in classes} <= set(SEQUENTIAL)
    for theme, ground in (("light", PAPER), ("dark", DARK_GROUND)):
        contrast = [contrast_ratio(c[theme], ground) for c in classes]
        assert contrast == sorted(contrast)


def test_equal_shapes_are_written_once(sample_report, shelf):
    root, _ = shelf
    maps = [f for f in sample_report.findings if f.map is not None]
    used = {map_file(root, f)["geometry"] for f in maps}
    used |= {map_file(root, f)["ground"] for f in maps} - {None}
    assert {p.stem for p in (root / "geometry").iterdir()} == used
    areas = [f for f in maps if isinstance(f.map, AreaMap)]
    assert len({map_file(root, f)["geometry"] for f in areas}) == len(
        {digest_of(f.map.geometries, f.map.crs) for f in areas}
    )


def test_the_shapes_lie_where_the_areas_are(sample_report, shelf):
    root, _ = shelf
    finding = next(f for f in sample_report.findings if isinstance(f.map, AreaMap))
    shown = map_file(root, finding)
    shapes = shapes_of(root, shown["geometry_file"])
    west, south, east, north = shown["bounds"]
    assert west < east <= 180
    assert south < north <= 90
    assert len(shapes) == len(finding.map.geometries)
    for shape, original in zip(shapes, finding.map.geometries, strict=True):
        assert shape.geom_type == original.geom_type


def wavy_areas(side, *, corners):
    """A square of areas whose common borders have many corners, 200 m apart."""
    rng = np.random.default_rng(5)
    at = {}

    def border(a, b):
        key = (min(a, b), max(a, b))
        if key not in at:
            share = np.linspace(0, 1, corners + 2)[:, None]
            line = np.array(key[0]) * (1 - share) + np.array(key[1]) * share
            line[1:-1] += rng.normal(0, 20 / corners, (corners, 2))
            at[key] = line
        line = at[key]
        return line if a <= b else line[::-1]

    areas = []
    for i in range(side):
        for j in range(side):
            square = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
            square = [(500_000 + 200.0 * x, 5_800_000 + 200.0 * y) for x, y in square]
            ring = np.concatenate(
                [border(a, b)[:-1] for a, b in zip(square, square[1:] + square[:1], strict=True)]
            )
            areas.append(shapely.Polygon(ring))
    return areas


def picture_of(areas):
    return AreaMap(
        title="Areas",
        description="Areas.",
        geometries=tuple(areas),
        labels=tuple(str(i) for i in range(len(areas))),
        values=np.arange(len(areas), dtype=float),
        breaks=(10.0,),
        unit="areas",
        crs="EPSG:25832",
    )


def gaps_between(shapes):
    union = shapely.union_all(shapes)
    holes = sum(len(part.interiors) for part in shapely.get_parts(union))
    overlap = sum(s.area for s in shapes) - union.area
    return holes, overlap


def test_five_thousand_fine_areas_fit_and_keep_their_common_borders():
    areas = wavy_areas(71, corners=60)
    assert shapely.get_num_coordinates(areas).sum() > 1_200_000
    found = geometry_of(picture_of(areas), areas, digest="x")
    assert len(found.content) <= 3_000_000
    assert len(found.content) >= 0.3 * MOST_BYTES
    shapes = [shapely.geometry.shape(f["geometry"]) for f in json.loads(found.content)["features"]]
    holes, overlap = gaps_between(shapes)
    assert holes == 0
    assert abs(overlap) < 1e-9 * shapely.union_all(shapes).area


def test_borders_that_were_drawn_twice_are_brought_together():
    areas = wavy_areas(6, corners=20)
    rng = np.random.default_rng(2)
    rings = [shapely.get_coordinates(a)[:-1] for a in areas]
    areas = [shapely.Polygon(ring + rng.normal(0, 0.01, ring.shape)) for ring in rings]
    areas = [a if a.is_valid else a.buffer(0) for a in areas]
    assert not shapely.coverage_is_valid(np.array(areas, dtype=object))
    found = simplified(areas)
    visible = 1.0  # square metre
    union = shapely.union_all(found)
    holes = [
        shapely.Polygon(ring).area for part in shapely.get_parts(union) for ring in part.interiors
    ]
    assert sum(holes) < visible
    assert sum(shapely.area(found)) - union.area < visible


def test_an_area_inside_another_is_not_lost():
    found = simplified([box(0, 0, 1000, 1000), box(200, 200, 400, 400)])
    assert len(found) == 2
    assert found[1].area == pytest.approx(40_000)
    assert not any(shapely.is_empty(found))
