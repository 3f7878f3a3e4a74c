"""Files as offices send them: guessed, refused with a reason, or read right."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from pathlib import Path

import geopandas
import pytest
from openpyxl import Workbook

from commonlight.sources.errors import MappingError, UnreadableFileError
from commonlight.sources.guess import guess_mapping
from commonlight.sources.importing import check_source, import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping import FileFormat, Mapping, PlaceColumns, TimeColumns
from commonlight.sources.mapping_files import dump_mapping, load_mapping


def table(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def sheets(path: Path, **pages: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in pages.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def taken(path: Path, tmp_path: Path) -> tuple[Mapping, str, list[dict[str, object]], object]:
    """The guessed mapping, its notes, and what an import with it gives."""
    guess = guess_mapping(path)
    (tmp_path / "m.toml").write_text(dump_mapping(guess.mapping), encoding="utf-8")
    mapping = load_mapping(tmp_path / "m.toml")
    assert mapping == guess.mapping
    result = import_source(path, mapping, lake=tmp_path / "lake", name="x")
    assert result.accepted + result.rejected == result.read
    rows = Lake(tmp_path / "lake").open("x").table().to_pylist()
    return mapping, " ".join(guess.notes), rows, result


def recorded(n: int) -> list[list[object]]:
    return [
        [f"A{k}", datetime(2024, 1 + k % 12, 1 + k % 28, k % 24, 5), 13.4 + k / 1e4, 52.5,
         f"Bezirk {k % 3}" if k % 5 == 0 else None]
        for k in range(n)
    ]  # fmt: skip


NAMES = ["Aktenzeichen", "Tatzeit", "Längengrad", "Breitengrad", "Stadtteil"]


def test_a_sheet_with_a_title_above_the_names(tmp_path):
    rows = [["Auswertung 2024"], ["Stand", "05.01.2025"], [], NAMES, *recorded(60)]
    path = sheets(tmp_path / "a.xlsx", Daten=rows)
    mapping, notes, read, result = taken(path, tmp_path)
    assert (mapping.place.x, mapping.place.y, mapping.id) == (*NAMES[2:4], NAMES[0])
    assert "row 4 has the names of the columns" in notes
    assert "'Stadtteil' is empty in 80% of the rows" in notes
    assert (result.read, result.accepted, read[0]["row"]) == (60, 60, 5)
    assert any("row 4" in note for note in result.notes)


def test_the_sheet_with_the_records_is_found(tmp_path):
    path = sheets(tmp_path / "a.xlsx", Hinweise=[["Titel"], ["Text"]], Daten=[NAMES, *recorded(30)])
    mapping, notes, read, _ = taken(path, tmp_path)
    assert mapping.file.sheet == "Daten"
    assert "'Daten' was taken" in notes
    assert len(read) == 30
    plain = Mapping(kind="incidents", name="x", time=TimeColumns(start="Titel"))
    assert any("others are 'Daten'" in note for note in check_source(path, plain).notes)


def test_a_sheet_with_the_time_of_day_in_a_column_of_its_own(tmp_path):
    rows = [[date(2024, 1, 1 + k), time(14, 35), 13.4 + k / 1e3, 52.5] for k in range(20)]
    path = sheets(tmp_path / "a.xlsx", Daten=[["Datum", "Uhrzeit", *NAMES[2:4]], *rows])
    mapping, _, read, _ = taken(path, tmp_path)
    assert mapping.time.hour == "Uhrzeit"
    assert read[0]["start"] == read[0]["end"] == datetime(2024, 1, 1, 14, 35)
    assert read[0]["time_kind"] == "instant"


def test_times_of_day_beside_hours_and_nonsense(tmp_path):
    clocks = ["14:35", "7", "7:05:09", "24:00", "10:60", "", "abends"]
    path = table(tmp_path / "a.csv", "d,h", [f"2024-01-01,{clock}" for clock in clocks])
    mapping = Mapping(kind="incidents", name="x", time=TimeColumns(start="d", hour="h"))
    result = import_source(path, mapping, lake=tmp_path / "lake", name="x")
    version = Lake(tmp_path / "lake").open("x")
    read = [(row["start"].time(), row["time_kind"]) for row in version.table().to_pylist()]
    assert read == [
        (time(14, 35), "instant"), (time(7), "hour"), (time(7, 5, 9), "instant"), (time(0), "day")
    ]  # fmt: skip
    assert result.reasons == {"hour outside 0-23": 3}
    assert [row["row"] for row in version.rejected().to_pylist()] == [5, 6, 8]


def test_thousands_set_apart(tmp_path):
    pairs = [
        "392.123,45;5.820.141,00",
        "392 124,45;5 820 141",
        "392125,45;5820141",
        "392.126;5820141",
    ]
    path = table(tmp_path / "a.csv", "d;x;y", [f"2024-01-01;{pair}" for pair in pairs])
    mapping = Mapping(
        kind="incidents",
        name="x",
        file=FileFormat(decimal=","),
        time=TimeColumns(start="d"),
        place=PlaceColumns(x="x", y="y", crs="EPSG:25833"),
    )
    result = import_source(path, mapping, lake=tmp_path / "lake", name="x")
    read = Lake(tmp_path / "lake").open("x").table().to_pylist()
    assert [row["x"] for row in read] == pytest.approx([392123.45, 392124.45, 392125.45])
    assert result.reasons == {"coordinate is not a number": 1}


def test_points_of_geoparquet_are_in_the_system_it_states(tmp_path):
    points = geopandas.points_from_xy([13.4 + k / 1e3 for k in range(30)], [52.5] * 30, crs=4326)
    when = [f"2024-01-{1 + k % 28:02d}" for k in range(30)]
    frame = geopandas.GeoDataFrame({"when": when}, geometry=points).to_crs(25833)
    frame.to_parquet(tmp_path / "a.parquet")
    mapping, _, read, _ = taken(tmp_path / "a.parquet", tmp_path)
    assert mapping.place.crs == "EPSG:25833"
    assert read[0]["x"] == pytest.approx(frame.geometry.x[0])
    frame.to_crs(4326).to_parquet(tmp_path / "b.parquet")
    assert guess_mapping(tmp_path / "b.parquet").mapping.place.crs == "EPSG:4326"


def test_line_breaks_in_cells_are_found(tmp_path):
    rows = [f'2024-01-{1 + k % 28:02d},"two\nlines",13.4{k},52.5' for k in range(50)]
    path = table(tmp_path / "a.csv", "date,note,lon,lat", rows)
    mapping, notes, read, _ = taken(path, tmp_path)
    assert mapping.file.multiline
    assert "multiline = true" in notes
    assert len(read) == 50


def test_counts_with_a_few_faults_are_counts(tmp_path):
    rows = [f"2024-{1 + k % 12:02d},W{k % 9},theft,{-3 if k == 7 else k % 5}" for k in range(100)]
    path = table(tmp_path / "a.csv", "month,ward,offence,count", rows)
    mapping, _, read, result = taken(path, tmp_path)
    assert mapping.count == "count"
    assert result.reasons == {"count is negative": 1}
    assert sum(row["count"] for row in read) == sum(k % 5 for k in range(100)) - 7 % 5


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("date,location", "2024-01-{0:02d},'(52.5{0}, 13.4{0})'", "two coordinates in one cell"),
        ("Datum,lon,lat", "{0}. Januar 2024,13.4{0},52.5", "'Datum' is named like a time"),
        ("date,type,type,lon,lat", "2024-01-{0:02d},a,b,13.4{0},52.5", "Several columns are named"),
        ("date,id,lon,lat", "2024-01-{0:02d},7,13.4{0},52.5", "Not taken, and so not kept: 'id'"),
    ],
)
def test_what_is_unsure_is_said(tmp_path, header, row, said):
    rows = [row.format(k).replace("'(", '"(').replace(")'", ')"') for k in range(10, 28)]
    _, notes, _, _ = taken(table(tmp_path / "a.csv", header, rows), tmp_path)
    assert said in notes
    assert "Januar" not in notes


def test_repeated_identifiers_are_said(tmp_path):
    rows = [f"2024-01-{1 + k % 28:02d},{k if k % 9 else 3},13.4{k},52.5" for k in range(90)]
    _, notes, _, _ = taken(table(tmp_path / "a.csv", "date,id,lon,lat", rows), tmp_path)
    assert "'id' was not taken as identifier: 10 of 90 values repeat" in notes


def test_english_months_in_words(tmp_path):
    rows = [f"{1 + k % 28:02d} {'Jan' if k % 2 else 'Feb'} 2024,13.4{k},52.5" for k in range(40)]
    mapping, _, _, result = taken(table(tmp_path / "a.csv", "date,lon,lat", rows), tmp_path)
    assert mapping.time.formats == ("%d %b %Y",)
    assert result.accepted == 40


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"PK\x03\x04rest", "a ZIP archive"),
        ("a.csv", b"<!DOCTYPE html><html>", "a web page"),
        ("a.csv", b"%PDF-1.7\n", "a PDF"),
        ("a.csv", b"id,date\n", "no records below its header"),
        ("a.csv", b"Theft 2024\n\nid;date;lon\n1;2024-01-01;13.4\n2;2024-01-02;13.5\n",
         "above the names of its columns"),
        ("a.csv", b"1,2024-01-01,13.41\n2,2024-01-02,13.42\n", "seems to be a record"),
        ("a.csv.gz", b"id,date\n1,2\n", "fetch the file again"),
        ("a.xlsx", b"id,date\n1,2\n", "not a readable Excel file"),
        ("a.zip", b"PK\x03\x04rest", "unpack it"),
        ("a.csv.zip", b"PK\x03\x04rest", "unpack it"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_line(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError, match=said) as stopped:
        guess_mapping(tmp_path / name)
    assert name in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_an_import_says_so_too(tmp_path):
    mapping = Mapping(kind="incidents", name="x", time=TimeColumns(start="date"))
    with zipfile.ZipFile(tmp_path / "a.csv", "w") as packed:
        packed.writestr("b.csv", "date\n2024-01-01\n")
    with pytest.raises(UnreadableFileError, match="a ZIP archive"):
        check_source(tmp_path / "a.csv", mapping)
    table(tmp_path / "b.csv", "Eva Lee,2024-01-01", ["Tom Ray,2024-01-02"])
    with pytest.raises(UnreadableFileError, match="seems to be a record") as stopped:
        check_source(tmp_path / "b.csv", mapping)
    assert "Eva Lee" not in str(stopped.value)


def test_an_unnamed_system_is_said_with_the_file_and_plain_numbers(tmp_path):
    path = table(tmp_path / "a.csv", "date,x,y", ["2024-01-01,391513,5820134"])
    mapping = Mapping(
        kind="incidents",
        name="x",
        time=TimeColumns(start="date"),
        place=PlaceColumns(x="x", y="y"),
    )
    with pytest.raises(MappingError, match=r"^a.csv: .*\(391513, 5820134\). Set place.crs"):
        check_source(path, mapping)


def test_what_a_mapping_lacks_is_said(tmp_path):
    path = table(tmp_path / "a.csv", "date,type", ["2024-01-01,theft"])
    notes = check_source(path, Mapping(kind="incidents", name="x")).notes
    assert any("no column with a time" in note for note in notes)
    assert any("no column with a place" in note for note in notes)


def test_a_folder_that_may_not_be_opened_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(UnreadableFileError, match="may not be opened"):
        guess_mapping(tmp_path)


def test_a_readme_beside_the_tables_is_no_table(tmp_path):
    for month in ("01", "02"):
        table(tmp_path / f"{month}.csv", "date,lon,lat", [f"2024-{month}-05,13.4,52.5"])
    for stray in ("README.txt", "Liesmich.txt", "~$01.xlsx", ".hidden.csv"):
        (tmp_path / stray).write_text("not a table\n")
    mapping = Mapping(kind="incidents", name="x", time=TimeColumns(start="date"))
    assert check_source(tmp_path, mapping).accepted == 2
    table(tmp_path / "03.csv", "day,lon,lat", ["2024-03-05,13.4,52.5"])
    with pytest.raises(MappingError, match=r"03.csv has other columns than 01.csv: more 'day'"):
        check_source(tmp_path, mapping)
