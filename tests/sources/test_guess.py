from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from commonlight.sources.errors import UnreadableFileError
from commonlight.sources.guess import Guess, guess_mapping
from commonlight.sources.guess_times import guess_times
from commonlight.sources.importing import check_source
from commonlight.sources.mapping_files import dump_mapping, load_mapping

DAYS = [date(2020, 1, 1) + timedelta(days=3 * k) for k in range(60)]


def guessed(path: Path, text: str, encoding: str = "utf-8") -> Guess:
    path.write_bytes(text.encode(encoding))
    return guess_mapping(path)


def table(head: str, row: str, fmt: str, sep: str = ",") -> str:
    lines = [
        row.format(day=day.strftime(fmt), k=k, kind=("Theft", "Robbery")[k % 2])
        for k, day in enumerate(DAYS)
    ]
    return "\n".join([head.replace(",", sep), *(line.replace("|", sep) for line in lines)]) + "\n"


@pytest.mark.parametrize(
    ("file", "preset"),
    [
        ("uk_west_yorkshire_street/2016-07-west-yorkshire-street.csv.gz", "police-uk"),
        ("eu_berlin_bike_theft/thefts_2022_2023.csv.gz", "berlin-bicycle-theft"),
        ("eu_berlin_crime_atlas/crimes_bzr_2012_2019.csv.gz", "berlin-crime-atlas"),
        ("uk_fixmystreet_reports/reports_lsoa_month.csv.gz", "fixmystreet-lsoa-month"),
        (
            "uk_fixmystreet_reports/reports_lsoa_year_category.csv.gz",
            "fixmystreet-lsoa-year-category",
        ),
    ],
)
def test_presets_are_recognised(shared_data: Path, file: str, preset: str) -> None:
    guess = guess_mapping(shared_data / file)
    assert guess.mapping == load_mapping(preset)
    assert preset in guess.notes[0]


@pytest.mark.parametrize(
    "file",
    [
        "uk_lancashire_asb/asb_2022.csv.gz",
        "us_chicago_assaults/assaults_2010_2019.csv.gz",
        "uk_fixmystreet_reports/reports_lad_month.csv.gz",
        "network_crimes_streets/crimes.geojson",
    ],
)
def test_a_guess_imports_the_file(shared_data: Path, tmp_path: Path, file: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(dump_mapping(guess_mapping(shared_data / file).mapping), encoding="utf-8")
    result = check_source(shared_data / file, load_mapping(path))
    assert result.accepted == result.read > 0


def test_months_written_as_days(shared_data: Path) -> None:
    guess = guess_mapping(shared_data / "uk_lancashire_asb" / "asb_2022.csv.gz")
    assert guess.mapping.time is not None
    assert guess.mapping.time.formats == ("%Y-%m-01",)


def test_projected_coordinates_need_a_system(shared_data: Path) -> None:
    guess = guess_mapping(shared_data / "us_chicago_near_repeat" / "chicago_arson.csv.gz")
    place = guess.mapping.place
    assert place is not None
    assert (place.x, place.y, place.crs) == ("X", "Y", None)
    assert any("set place.crs" in note for note in guess.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_german_file_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = table(
        "Tatzeit,Länge,Breite,Straftat",
        "{day}|13,4{k:02d}|52,5{k:02d}|Körperverl. {kind}",
        "%d.%m.%Y",
        ";",
    )
    guess = guessed(tmp_path / "a.csv", text, encoding)
    mapping = guess.mapping
    assert mapping.file.encoding == encoding.replace("-sig", "")
    assert (mapping.file.delimiter, mapping.file.decimal) == (";", ",")
    assert mapping.time is not None
    assert mapping.time.formats == ("%d.%m.%Y",)
    assert mapping.place is not None
    assert (mapping.place.x, mapping.place.y) == ("Länge", "Breite")
    assert mapping.type is not None
    assert mapping.type.column == "Straftat"
    result = check_source(tmp_path / "a.csv", mapping)
    assert (result.read, result.accepted) == (60, 60)


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz"])
def test_compressed_files(tmp_path: Path, suffix: str) -> None:
    import bz2
    import lzma

    text = table("date,lon,lat", "{day}|13.4|52.5", "%Y-%m-%d").encode()
    pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}[suffix]
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(pack(text))
    assert guess_mapping(path).mapping.time is not None


@pytest.mark.parametrize(
    ("cells", "formats", "note", "sure"),
    [
        (["31/12/2020", "05/01/2021"], ("%d/%m/%Y",), "31 occurs first", True),
        (["12/31/2020", "01/05/2021"], ("%m/%d/%Y",), "31 occurs second", True),
        (["03/04/2020", "05/06/2020"], ("%d/%m/%Y",), "cannot be told apart", False),
        (["03.04.2020", "05.06.2020"], ("%d.%m.%Y",), "points", False),
        (["03/04/2020 10:15:00 PM"] * 2, ("%m/%d/%Y %I:%M:%S %p",), "AM and PM", False),
        (["2020-01-31 10:15"] * 3, ("%Y-%m-%d %H:%M",), "", True),
        (["2020-01-31T10:15:00.000"] * 3, ("%Y-%m-%dT%H:%M:%S.%f",), "", True),
        (["2020-01"] * 3, ("%Y-%m",), "", True),
        (["20200131"] * 3, ("%Y%m%d",), "", True),
        (["2020"] * 3, ("%Y",), "", True),
        (["2020-01-31", "2020-02-01", "03.02.2020"], ("%Y-%m-%d", "%d.%m.%Y"), "points", False),
    ],
)
def test_time_formats_and_their_evidence(
    cells: list[str], formats: tuple[str, ...], note: str, sure: bool
) -> None:
    found = guess_times(cells, named=True)
    assert found is not None
    assert (found.formats, found.sure) == (formats, sure)
    assert note in found.note


@pytest.mark.parametrize("cells", [["12.5", "13.1"], ["abc"], ["10224738", "10224739"], []])
def test_numbers_are_no_times(cells: list[str]) -> None:
    assert guess_times(cells, named=False) is None


def test_swapped_degrees_are_said(tmp_path: Path) -> None:
    text = table("date,x,y", "{day}|52.5{k}|13.4{k}", "%Y-%m-%d")
    guess = guessed(tmp_path / "a.csv", text)
    assert guess.mapping.place is not None
    assert (guess.mapping.place.x, guess.mapping.place.y) == ("y", "x")
    assert any("swapped" in note for note in guess.notes)


def test_start_end_hours_and_recording(tmp_path: Path) -> None:
    head = "recorded,start_date,start_hour,end_date,end_hour,lsoa"
    text = table(head, "{day}|{day}|10|{day}|12|E0{k}", "%d.%m.%Y")
    time = guessed(tmp_path / "a.csv", text).mapping.time
    assert time is not None
    assert (time.start, time.hour, time.end, time.end_hour) == (
        "start_date",
        "start_hour",
        "end_date",
        "end_hour",
    )


def test_persons_are_dropped_and_said(tmp_path: Path) -> None:
    text = table("date,surname,lon,lat", "{day}|Smith{k}|13.4|52.5", "%Y-%m-%d")
    guess = guessed(tmp_path / "a.csv", text)
    assert guess.mapping.drop == ("surname",)
    assert any("data about persons" in note for note in guess.notes)
    assert not any("Smith" in note for note in guess.notes)
    assert check_source(tmp_path / "a.csv", guess.mapping).accepted == 60


def test_doubt_and_what_is_left_is_said(tmp_path: Path) -> None:
    guess = guessed(tmp_path / "a.csv", "a,b\n1,2\n3,4\n")
    notes = " ".join(guess.notes)
    assert "No column with a time" in notes
    assert "No column with a place" in notes
    assert "'a', 'b'" in notes


def test_excel_and_geopackage(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyogrio
    import shapely
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Date", "District", "Offence"])
    for k, day in enumerate(DAYS):
        book.active.append([day, f"D{k % 5}", ("Theft", "Arson")[k % 2]])
    book.save(tmp_path / "a.xlsx")
    mapping = guess_mapping(tmp_path / "a.xlsx").mapping
    assert mapping.time is not None
    assert mapping.time.start == "Date"
    assert mapping.place is not None
    assert mapping.place.area == "District"
    assert check_source(tmp_path / "a.xlsx", mapping).accepted == 60
    shapes = shapely.to_wkb(shapely.points([392_000.0] * 60, [5_820_000.0] * 60)).tolist()
    days = pa.array([day.isoformat() for day in DAYS])
    pyogrio.write_arrow(
        pa.table({"date": days, "geometry": pa.array(shapes, pa.binary())}),
        tmp_path / "a.gpkg",
        driver="GPKG",
        geometry_name="geometry",
        geometry_type="Point",
        crs="EPSG:25833",
    )
    mapping = guess_mapping(tmp_path / "a.gpkg").mapping
    assert mapping.place is not None
    assert mapping.place.crs == "EPSG:25833"
    assert check_source(tmp_path / "a.gpkg", mapping).accepted == 60


def test_chicago_portal_columns(tmp_path: Path) -> None:
    head = (
        "ID,Case Number,Date,Block,IUCR,Primary Type,Description,Location Description,Arrest,"
        "Domestic,Beat,District,Ward,Community Area,FBI Code,X Coordinate,Y Coordinate,Year,"
        "Updated On,Latitude,Longitude,Location"
    )
    row = (
        "{k},JA10{k},{day} 09:00:00 PM,043XX S WOOD ST,0486,BATTERY,DOMESTIC BATTERY SIMPLE,"
        "RESIDENCE,false,true,0924,009,12,61,08B,1165074,1875917,2020,02/10/2021 03:50:01 PM,"
        '41.815117,-87.669999,"(41.815117, -87.669999)"'
    )
    text = table(head, row, "%m/%d/%Y")
    guess = guessed(tmp_path / "a.csv", text)
    assert guess.mapping == load_mapping("chicago")
    result = check_source(tmp_path / "a.csv", guess.mapping)
    assert (result.read, result.accepted) == (60, 60)


@pytest.mark.parametrize("text", ["", "a,b\n"])
def test_nothing_to_guess_from(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFileError):
        guessed(tmp_path / "a.csv", text)


def test_geojson_points(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"datum": day.isoformat()},
            "geometry": {"type": "Point", "coordinates": [13.4, 52.5]},
        }
        for day in DAYS
    ]
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    mapping = guess_mapping(tmp_path / "a.geojson").mapping
    assert mapping.place is not None
    assert mapping.place.x == "__x"
    assert check_source(tmp_path / "a.geojson", mapping).accepted == 60
