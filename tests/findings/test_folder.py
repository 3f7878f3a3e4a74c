import csv
import dataclasses
import json
from pathlib import Path

import pytest
import shapely

from commonlight.findings.folder import MARKER, SCHEMA, ForeignFolderError, write_folder
from commonlight.findings.model import Column, Finding, Report, SourceNote, Table

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def data(sample_report, tmp_path):
    write_folder(sample_report, tmp_path / "data")
    return tmp_path / "data"


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_same_report_same_bytes(sample_report, data, tmp_path):
    write_folder(sample_report, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(data)


def test_json_holds_the_same_numbers(sample_report, data):
    loaded = json.loads((data / "findings.json").read_text("utf-8"))
    assert loaded["schema"] == SCHEMA
    assert loaded["simulated"] is sample_report.simulated
    for finding, shown in zip(sample_report.findings, loaded["findings"], strict=True):
        assert shown["sentence"] == finding.sentence
        if finding.table is not None:
            assert [tuple(row) for row in shown["table"]["rows"]] == list(finding.table.rows)
        for name in shown["files"].values():
            assert (data / name).is_file()


def test_tables_load_back(sample_report, data):
    for finding in sample_report.findings:
        if finding.table is None:
            continue
        head, *rows = rows_of(data / f"tables/{finding.id}.csv")
        assert head == [c.name for c in finding.table.columns]
        for row, original in zip(rows, finding.table.rows, strict=True):
            for text, value in zip(row, original, strict=True):
                assert (
                    text == ""
                    if value is None
                    else (float(text) == value if isinstance(value, int | float) else text == value)
                )


def test_every_column_is_in_the_dictionary(data):
    described = {(row[0], row[1]) for row in rows_of(data / "data-dictionary.csv")[1:]}
    for path in data.rglob("*.csv"):
        if path.name != "data-dictionary.csv":
            name = path.relative_to(data).as_posix()
            assert {(name, column) for column in rows_of(path)[0]} <= described
    for path in data.rglob("*.geojson"):
        name = path.relative_to(data).as_posix()
        for feature in json.loads(path.read_text("utf-8"))["features"]:
            assert {(name, key) for key in feature["properties"]} <= described


def test_map_areas_are_where_they_belong(sample_report, data):
    from pyproj import Transformer

    for finding in sample_report.findings:
        if finding.map is None:
            continue
        shapes = getattr(finding.map, "geometries", None) or finding.map.cells
        loaded = json.loads((data / f"maps/{finding.id}.geojson").read_text("utf-8"))
        back = Transformer.from_crs("EPSG:4326", finding.map.crs, always_xy=True)
        for shape, feature in zip(shapes, loaded["features"], strict=True):
            found = shapely.geometry.shape(feature["geometry"]).centroid
            x, y = back.transform(found.x, found.y)
            assert (x, y) == pytest.approx((shape.centroid.x, shape.centroid.y), abs=1.0)


def test_formulas_are_disarmed(sample_report, tmp_path):
    table = Table(
        columns=(Column(name="place", label="Place"), Column(name="n", label="n", numeric=True)),
        rows=(("=HYPERLINK(1)", -5), ("@x", 1.5), ("+1", None), ("-a", 2)),
        caption="c",
    )
    first = dataclasses.replace(sample_report.findings[0], table=table)
    report = dataclasses.replace(sample_report, findings=(first, *sample_report.findings[1:]))
    write_folder(report, tmp_path / "data")
    assert rows_of(tmp_path / f"data/tables/{first.id}.csv")[1:] == [
        ["'=HYPERLINK(1)", "-5"],
        ["'@x", "1.5"],
        ["'+1", ""],
        ["'-a", "2"],
    ]


def test_a_folder_of_another_maker_is_left_alone(sample_report, tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(ForeignFolderError, match="not written by Commonlight"):
        write_folder(sample_report, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_our_folder_is_replaced_whole(sample_report, data):
    (data / "old.csv").write_text("stale")
    write_folder(sample_report, data)
    assert not (data / "old.csv").exists()
    assert (data / MARKER).is_file()
    assert [p.name for p in data.parent.iterdir()] == ["data"]


def test_a_failure_keeps_the_old_folder(sample_report, data):
    before = contents(data)
    bad = dataclasses.replace(sample_report.findings[0], id="../escape")
    report = dataclasses.replace(sample_report, findings=(bad, *sample_report.findings[1:]))
    with pytest.raises(ValueError, match="names files"):
        write_folder(report, data)
    assert contents(data) == before
    assert [p.name for p in data.parent.iterdir()] == ["data"]


def test_readme_says_what_it_must(sample_report, data):
    text = (data / "README.txt").read_text("utf-8")
    assert text.startswith("Simulated city")
    assert "police records alone" in text
    assert "Cite as" in text
    for source in sample_report.sources:
        assert source.licence in text


def test_the_reference_page_lists_every_field():
    page = (DOCS / "reference/report-folder.md").read_text("utf-8")
    for model in (Report, Finding, SourceNote):
        for field in dataclasses.fields(model):
            assert f"`{field.name}`" in page
