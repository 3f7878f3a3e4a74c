"""Sheets, Parquet and geographic files go through the same checks as text."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonlight.sources.errors import MappingError, PersonDataError, UnreadableFileError
from commonlight.sources.file_names import file_format_of
from commonlight.sources.importing import import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping import FileFormat, Mapping, PlaceColumns, TimeColumns, TypeColumns
from commonlight.sources.source_files import find_files


def mapping(**changes):
    parts = {
        "kind": "incidents",
        "name": "typed",
        "time": TimeColumns(start="when", formats=("%d.%m.%Y",)),
        "place": PlaceColumns(x="x", y="y", crs="EPSG:25833", area="area"),
        "type": TypeColumns(column="kind"),
        "file": FileFormat(decimal=","),
    }
    return Mapping(**(parts | changes))


def bring(path, made, tmp_path):
    result = import_source(path, made, lake=tmp_path / "lake", name="s")
    assert result.accepted + result.rejected == result.read
    return result, Lake(tmp_path / "lake").open("s")


def test_a_sheet_mixes_true_dates_and_text(tmp_path):
    book = openpyxl.Workbook()
    rows = [
        ["when", "x", "y", "area", "kind"],
        [datetime(2020, 5, 1), 392000.5, 5820000, "01100101", "theft"],
        ["02.05.2020", "392000,5", "5820000", "01100101", "theft"],
        ["soon", 392000.5, 5820000, "01100101", "theft"],
        [datetime(2020, 5, 4, 13, 30), 0, 0, None, "theft"],
    ]
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "f.xlsx")
    result, version = bring(tmp_path / "f.xlsx", mapping(), tmp_path)
    table = version.table().to_pylist()
    assert [(r["row"], r["start"], r["x"]) for r in table] == [
        (2, datetime(2020, 5, 1), 392000.5),
        (3, datetime(2020, 5, 2), 392000.5),
    ]
    assert result.reasons == {"time in no known format": 1, "coordinates are (0, 0)": 1}
    assert table[0]["area"] == "01100101"


def test_parquet_with_types_of_its_own(tmp_path):
    table = pa.table(
        {
            "when": pa.array([datetime(2020, 5, 1, 10, 30), None]),
            "x": [392000.123456789, 1.0],
            "y": [5820000.5, 2.0],
            "area": pa.array(["01", "02"]).dictionary_encode(),
            "kind": ["theft", "theft"],
        }
    )
    pq.write_table(table, tmp_path / "f.parquet")
    result, version = bring(tmp_path / "f.parquet", mapping(), tmp_path)
    row = version.table().to_pylist()[0]
    assert (row["start"], row["x"], row["area"]) == (
        datetime(2020, 5, 1, 10, 30),
        392000.123456789,
        "01",
    )
    assert result.reasons == {"no time": 1}
    assert version.manifest["sources"][0]["format"] == "parquet"


def test_geojson_points(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"when": "2020-05-01", "area": "01", "kind": "theft"},
        "geometry": {"type": "Point", "coordinates": [13.4, 52.5]},
    }
    empty = feature | {"geometry": None, "properties": {"when": "2020-05-02"}}
    collection = {"type": "FeatureCollection", "features": [feature, empty]}
    (tmp_path / "f.geojson").write_text(json.dumps(collection))
    made = mapping(
        time=TimeColumns(start="when"),
        place=PlaceColumns(x="__x", y="__y", crs="EPSG:4326", area="area"),
    )
    result, version = bring(tmp_path / "f.geojson", made, tmp_path)
    assert result.reasons == {"no place": 1}
    row = version.table().to_pylist()[0]
    assert (row["x"], row["y"]) == pytest.approx((391000, 5818000), abs=2000)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.csv.gz", "csv"), ("a.TSV", "csv"), ("a.xlsx", "excel"), ("a.gpkg", "geopackage")],
)
def test_format_from_the_name(tmp_path, name, kind):
    assert file_format_of(tmp_path / name) == kind


def test_unknown_formats_and_empty_folders(tmp_path):
    with pytest.raises(MappingError, match="cannot tell the format"):
        file_format_of(tmp_path / "a.dat")
    assert file_format_of(tmp_path / "a.dat", "csv") == "csv"
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableFileError, match="holds no file"):
        find_files(tmp_path / "empty")
    with pytest.raises(UnreadableFileError, match="no files were named"):
        find_files([])


def test_persons_further_down_a_parquet_file_stop_the_import_too(tmp_path: Path) -> None:
    """An unmapped remark that looks harmless for 70,000 records and then holds e-mails."""
    n = 140_000
    remark = ["x" * 30] * (n // 2) + [f"person{i}@example.org" for i in range(n // 2)]
    table = pa.table({"month": ["2020-01"] * n, "area": ["E1"] * n, "remark": remark})
    pq.write_table(table, tmp_path / "f.parquet")
    mapping = Mapping(
        kind="incidents",
        name="p",
        time=TimeColumns(start="month"),
        place=PlaceColumns(area="area"),
    )
    with pytest.raises(PersonDataError) as stopped:
        import_source(tmp_path / "f.parquet", mapping, lake=tmp_path / "lake", name="p")
    assert stopped.value.columns == ("remark",)
    assert not list((tmp_path / "lake").rglob("*.parquet"))
    kept = import_source(
        tmp_path / "f.parquet", mapping, lake=tmp_path / "lake", name="p", drop=("remark",)
    )
    assert kept.accepted == n
