from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from openpyxl import Workbook

from commonlight.sources.errors import MappingError, UnreadableFileError
from commonlight.sources.mapping import FileFormat
from commonlight.sources.readers import PIECE_ROWS, open_records

ANY = FileFormat()


def workbook(path: Path, rows: list[list[object]], *, title: str = "Data") -> Path:
    book = Workbook()
    notes = book.active
    notes.title = "Notes"
    notes.append(["not the data"])
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def geojson(path: Path, geometries: list[object], **extra: list[object]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"n": k, **{name: values[k] for name, values in extra.items()}},
            "geometry": geometry,
        }
        for k, geometry in enumerate(geometries)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_excel_typed_cells_become_text(tmp_path: Path) -> None:
    rows = [
        [],
        ["Date", "Code", "Money", "Open", "Seen"],
        [datetime(2020, 1, 31), "0101", 12.5, True, datetime(2020, 1, 31, 10, 5)],
        [],
        [date(2020, 2, 1), 101, 7.0, False, None],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    (piece,) = open_records(path, FileFormat(sheet="Data"), columns=None)
    assert piece.batch.to_pydict() == {
        "Date": ["2020-01-31", "2020-02-01"],
        "Code": ["0101", "101"],
        "Money": ["12.5", "7"],
        "Open": ["true", "false"],
        "Seen": ["2020-01-31 10:05:00", None],
    }
    assert piece.rows.tolist() == [3, 5]


def test_excel_sheet_and_column_choice(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["a", "b"], [1, 2]])
    (first,) = open_records(path, ANY, columns=None)
    assert first.batch.schema.names == ["not the data"]
    with pytest.raises(MappingError, match=r"no sheet 'Other'.*'Notes', 'Data'"):
        next(open_records(path, FileFormat(sheet="Other"), columns=None))
    with pytest.raises(MappingError, match="no column 'c'"):
        next(open_records(path, FileFormat(sheet="Data"), columns=["c"]))


def test_excel_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableFileError, match="not a readable Excel file"):
        next(open_records(path, ANY, columns=None))


def test_geojson_points_and_missing_geometry(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [13.4, 52.5]}
    several = {"type": "MultiPoint", "coordinates": [[1.0, 2.0]]}
    path = geojson(tmp_path / "a.geojson", [point, None, several], code=["01", "02", "03"])
    (piece,) = open_records(path, ANY, columns=["code", "__x", "__y"])
    assert piece.batch.to_pydict() == {
        "code": ["01", "02", "03"],
        "__x": [13.4, None, 1.0],
        "__y": [52.5, None, 2.0],
    }
    assert piece.rows.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        {"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]},
    ],
)
def test_lines_and_polygons_are_no_records(tmp_path: Path, geometry: object) -> None:
    point = {"type": "Point", "coordinates": [0, 0]}
    path = geojson(tmp_path / "a.geojson", [point, geometry])
    with pytest.raises(UnreadableFileError, match=r"feature 2 is a .*not a point"):
        next(open_records(path, ANY, columns=None))


def test_geopackage_layers(tmp_path: Path) -> None:
    import pyogrio

    path = tmp_path / "a.gpkg"
    shapes = shapely.to_wkb(shapely.points([1.0, 2.0], [3.0, 4.0]))
    table = pa.table({"code": ["01", "02"], "geometry": pa.array(shapes.tolist(), pa.binary())})
    for layer in ("one", "two"):
        pyogrio.write_arrow(
            table,
            path,
            layer=layer,
            driver="GPKG",
            geometry_name="geometry",
            geometry_type="Point",
            crs="EPSG:25833",
            append=layer == "two",
        )
    with pytest.raises(MappingError, match=r"2 layers.*'one', 'two'"):
        next(open_records(path, ANY, columns=None))
    (piece,) = open_records(path, FileFormat(layer="two"), columns=["code", "__x"])
    assert piece.batch.to_pydict() == {"code": ["01", "02"], "__x": [1.0, 2.0]}


def test_parquet_in_pieces(tmp_path: Path) -> None:
    n = PIECE_ROWS + 10
    pq.write_table(pa.table({"a": np.arange(n), "b": ["x"] * n}), tmp_path / "a.parquet")
    pieces = list(open_records(tmp_path / "a.parquet", ANY, columns=["b", "a"]))
    assert sum(piece.batch.num_rows for piece in pieces) == n
    assert np.concatenate([piece.rows for piece in pieces]).tolist() == list(range(1, n + 1))
    assert pieces[0].batch.schema.names == ["b", "a"]
    assert max(piece.batch.num_rows for piece in pieces) <= PIECE_ROWS


def test_geoparquet_points(tmp_path: Path) -> None:
    wkb = [shapely.to_wkb(shapely.Point(1, 2)), None]
    geo = {"version": "1.0.0", "primary_column": "geom", "columns": {"geom": {"encoding": "WKB"}}}
    table = pa.table({"k": ["a", "b"], "geom": pa.array(wkb, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), tmp_path / "a.parquet")
    (piece,) = open_records(tmp_path / "a.parquet", ANY, columns=None)
    assert piece.batch.to_pydict() == {"k": ["a", "b"], "__x": [1.0, None], "__y": [2.0, None]}


@pytest.mark.parametrize("name", ["a.parquet", "a.geojson", "a.gpkg"])
def test_a_file_that_is_not_what_it_claims(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("no such thing")
    with pytest.raises(UnreadableFileError, match="not a readable"):
        next(open_records(tmp_path / name, ANY, columns=None))


def test_no_records_gives_one_empty_piece(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), tmp_path / "a.parquet")
    (piece,) = open_records(tmp_path / "a.parquet", ANY, columns=None)
    assert piece.batch.num_rows == 0
