"""Whole imports: every record accounted for, each rejected one with its reason."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.sources import bytestream, repeats
from commonlight.sources.errors import (
    LakeError,
    MappingError,
    PersonDataError,
    UnreadableFileError,
)
from commonlight.sources.importing import check_source, import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping import (
    FileFormat,
    Mapping,
    PlaceColumns,
    TimeColumns,
    TypeColumns,
)
from commonlight.sources.schemas import SCHEMAS

HEADER = "id,from,to,lon,lat,area,type"
GOOD = "A{0},2020-05-01 10:00,2020-05-01 12:00,13.4{0:02d},52.5,01,theft"


def mapping(**changes):
    parts = {
        "kind": "incidents",
        "name": "test",
        "id": "id",
        "time": TimeColumns(start="from", end="to"),
        "place": PlaceColumns(x="lon", y="lat", crs="EPSG:4326", area="area"),
        "type": TypeColumns(column="type", iccs={"theft": "0502"}),
    }
    return Mapping(**(parts | changes))


@pytest.fixture
def importer(tmp_path):
    """Import lines under the header; the result and its version."""

    def run(lines, made=None, *, header=HEADER, **options):
        path = tmp_path / "file.csv"
        data = "\n".join([header, *lines]) + "\n"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        result = import_source(path, made or mapping(), lake=tmp_path / "lake", name="s", **options)
        assert result.accepted + result.rejected == result.read
        assert sum(result.reasons.values()) == result.rejected
        return result, Lake(tmp_path / "lake").open("s")

    return run


def reasons(version):
    table = version.rejected()
    return dict(zip(table["row"].to_pylist(), table["reason"].to_pylist(), strict=True))


def test_a_good_record_arrives_whole(importer):
    result, version = importer([GOOD.format(1)])
    assert (result.read, result.accepted, result.rejected, result.observations) == (1, 1, 0, 1)
    row = version.table().to_pylist()[0]
    assert row["file"] == "file.csv"
    assert row["row"] == 2
    assert row["incident_id"] == "A1"
    assert (row["start"], row["end"]) == (datetime(2020, 5, 1, 10), datetime(2020, 5, 1, 12))
    assert row["time_kind"] == "interval"
    assert (row["area"], row["type"], row["iccs"], row["count"]) == ("01", "theft", "0502", 1)
    assert version.manifest["place"]["metric_crs"] == "EPSG:25833"
    assert version.schema.equals(SCHEMAS["incidents"], check_metadata=True)
    assert version.table().schema.equals(SCHEMAS["incidents"])
    assert next(version.batches()).schema.equals(SCHEMAS["incidents"])
    version.verify()


def test_coordinates_are_transformed_as_pyproj_does(importer):
    from pyproj import Transformer

    _, version = importer([GOOD.format(7)])
    row = version.table().to_pylist()[0]
    change = Transformer.from_crs("EPSG:4326", "EPSG:25833", always_xy=True)
    assert (row["x"], row["y"]) == pytest.approx(change.transform(13.407, 52.5), abs=1e-4)


@pytest.mark.parametrize(
    ("line", "reason", "column", "value"),
    [
        ("A,,,13.4,52.5,,x", "no time", "from", None),
        ("A,soon,,13.4,52.5,,x", "time in no known format", "from",
         "(text of 4 characters, not kept)"),
        ("A,Eva Lee,,13.4,52.5,,x", "time in no known format", "from",
         "(text of 7 characters, not kept)"),
        ("A,2020-02-30,,13.4,52.5,,x", "impossible date or time", "from", "2020-02-30"),
        ("A,2020-05-02,2020-05-01,13.4,52.5,,x", "end before start", "from, to",
         "2020-05-02, 2020-05-01"),
        ("A,2020-05-02,,,,,x", "no place", "lon, lat, area", None),
        ("A,2020-05-02,,13.4,,,x", "only one coordinate", "lon, lat", "13.4, "),
        ("A,2020-05-02,,1x,52.5,,x", "coordinate is not a number", "lon", "1x"),
        ("A,2020-05-02,,13.4,inf,,x", "coordinate is not finite", "lat", "inf"),
        ("A,2020-05-02,,0,0.0,,x", "coordinates are (0, 0)", "lon, lat", "0, 0.0"),
        ("A,2020-05-02,,13.4,99,,x", "coordinates outside the valid range", "lon, lat", "13.4, 99"),
        ("A,2020-05-02,,52.5,13.4,,x", "coordinates outside the valid range", "lon, lat",
         "52.5, 13.4"),
        ("A,2020-05-02", "wrong number of cells", None, "2 cells, the header has 7"),
        ('A,2020-05-02,"', "quote not closed", "to", None),
        ("A,2020-\0-02,,13.4,52.5,,x", "NUL byte", "from", "2020-\\x00-02"),
    ],
)  # fmt: skip
def test_reasons(importer, line, reason, column, value):
    result, version = importer([GOOD.format(1), line, GOOD.format(2)])
    assert result.reasons == {reason: 1}
    assert version.rejected().to_pylist() == [
        {"file": "file.csv", "row": 3, "column": column, "value": value, "reason": reason}
    ]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("eva@example.org,2020-05-02,,13.4,52.5,01,x", "id"),
        ("call +49 171 2345678,2020-05-02,,13.4,52.5,01,x", "id"),
    ],
)
def test_one_contact_among_many_records_is_rejected_and_not_shown(importer, line, column):
    lines = [GOOD.format(k) for k in range(300)]
    result, version = importer([*lines, line])
    assert result.reasons == {"e-mail address or phone number in a cell": 1}
    (row,) = version.rejected().to_pylist()
    assert (row["row"], row["column"], row["value"]) == (302, column, None)
    kept = b"".join(path.read_bytes() for path in version.path.iterdir())
    assert b"eva@example" not in kept
    assert b"2345678" not in kept


def test_the_first_reason_counts(importer):
    result, _ = importer([GOOD.format(1), "A,2020-02-30,,0,0,,x"])
    assert result.reasons == {"impossible date or time": 1}


def test_values_of_columns_that_are_not_mapped_are_never_kept(importer):
    header = HEADER + ",remark"
    lines = [GOOD.format(1) + ",fine", 'A2,2020-05-01,,13.4,52.5,01,theft,"Mr Smith', "A3,\0,Smith"]
    lines.append("A4,2020-05-01,,13.4,52.5,01,theft,Mr\0Smith")
    _, version = importer(lines, header=header)
    assert version.rejected().num_rows == 3
    assert "Smith" not in str(version.rejected().to_pylist())
    assert "remark" not in version.table().column_names


def test_study_area(importer):
    area = shapely.box(380_000, 5_800_000, 400_000, 5_830_000)
    lines = [GOOD.format(1), "B,2020-05-01,,13.9,52.5,,theft"]
    result, version = importer(lines, study_area=area, crs="EPSG:25833")
    assert reasons(version) == {3: "outside the study area"}
    assert result.accepted == 1


def test_bare_study_area_needs_a_system(importer):
    with pytest.raises(MappingError, match="give crs"):
        importer([GOOD.format(1)], study_area=shapely.box(0, 0, 1, 1))


def test_geographic_target_is_refused(importer):
    with pytest.raises(MappingError, match="projected system in metres"):
        importer([GOOD.format(1)], crs="EPSG:4326")


def test_duplicates_are_found_across_pieces_and_named(importer, monkeypatch):
    monkeypatch.setattr(bytestream, "BLOCK_BYTES", 200)
    lines = [GOOD.format(i % 50) for i in range(120)]
    result, version = importer(lines)
    assert result.accepted == 50
    assert result.reasons == {"duplicate identifier": 70}
    rejected = version.rejected().to_pylist()
    assert rejected[0]["reason"] == "duplicate identifier of line 2 of file.csv"
    assert (rejected[0]["row"], rejected[0]["column"], rejected[0]["value"]) == (52, "id", "A0")


def test_wrongly_suspected_identifiers_are_accepted(importer, monkeypatch):
    """With a filter that suspects everything, the answer stays exact."""
    from commonlight.sources.duplicates import SeenIdentifiers

    monkeypatch.setattr(repeats, "SLICE_ROWS", 7)
    monkeypatch.setattr(
        SeenIdentifiers, "suspects", lambda _self, _column, rows: np.ones(len(rows), dtype=bool)
    )
    result, version = importer([GOOD.format(i % 20) for i in range(30)])
    assert (result.accepted, result.rejected) == (20, 10)
    assert sorted(version.table()["row"].to_pylist()) == list(range(2, 22))
    assert reasons(version)[22] == "duplicate identifier of line 2 of file.csv"


def test_a_rejected_record_does_not_claim_its_identifier(importer):
    lines = ["A1,2020-02-30,,13.4,52.5,,theft", GOOD.format(1)]
    result, _ = importer(lines)
    assert result.reasons == {"impossible date or time": 1}


def test_empty_identifiers_and_kept_duplicates(importer):
    line = GOOD.format(1).replace("A1", "")
    assert importer([line, line])[0].accepted == 2
    assert importer([GOOD.format(1)] * 2, mapping(duplicates="keep"))[0].accepted == 2


def test_identifiers_with_doubled_quotes_are_compared_as_text(importer):
    rest = GOOD.format(1).split(",", 1)[1]
    result, _ = importer(['"a""b",' + rest, 'a"b,' + rest])
    assert result.reasons == {"duplicate identifier": 1}


def test_hours_in_columns_of_their_own(importer):
    made = mapping(
        time=TimeColumns(start="d1", hour="h1", end="d2", end_hour="h2", formats=("%d.%m.%Y",)),
        place=None,
        id=None,
        type=TypeColumns(constant="theft"),
    )
    lines = [
        "01.05.2020,10,02.05.2020,3",
        "01.05.2020,10,01.05.2020,10",
        "01.05.2020,10,01.05.2020,24",
        "01.05.2020,24,01.05.2020,24",
        "01.05.2020,10,01.05.2020,9",
        "01.05.2020,,,",
        "01.05.2020,7,,",
    ]
    result, version = importer(lines, made, header="d1,h1,d2,h2")
    rows = version.table(["start", "end", "time_kind"]).to_pylist()
    assert rows == [
        {
            "start": datetime(2020, 5, 1, 10),
            "end": datetime(2020, 5, 2, 3),
            "time_kind": "interval",
        },
        {"start": datetime(2020, 5, 1, 10), "end": datetime(2020, 5, 1, 11), "time_kind": "hour"},
        {"start": datetime(2020, 5, 1, 10), "end": datetime(2020, 5, 2), "time_kind": "interval"},
        {"start": datetime(2020, 5, 1), "end": datetime(2020, 5, 2), "time_kind": "day"},
        {"start": datetime(2020, 5, 1, 7), "end": datetime(2020, 5, 1, 8), "time_kind": "hour"},
    ]
    assert reasons(version) == {5: "hour outside 0-23", 6: "end before start"}
    assert result.unmapped_types == {"theft": 5}


def test_dates_reach_to_their_end(importer):
    made = mapping(id=None, place=None, type=None)
    _, version = importer(["2020-05-01,2020-05-03", "2020-05,", "2020-05-01,2020-05-01"], made,
                          header="from,to")  # fmt: skip
    rows = version.table(["start", "end", "time_kind"]).to_pylist()
    assert [row["end"].date() for row in rows] == [
        date(2020, 5, 4),
        date(2020, 6, 1),
        date(2020, 5, 2),
    ]
    assert [row["time_kind"] for row in rows] == ["interval", "month", "day"]


def test_decimal_comma_semicolon_encoding_and_missing_marks(tmp_path):
    made = mapping(
        id=None,
        time=TimeColumns(start="Datum", formats=("%d.%m.%Y",)),
        place=PlaceColumns(x="X", y="Y", crs="EPSG:25833", area="PLR"),
        type=TypeColumns(column="Straße"),
        file=FileFormat(encoding="cp1252", decimal=",", missing=("", "-", "k.A.")),
    )
    path = tmp_path / "f.csv"
    path.write_bytes(
        "Datum;X;Y;PLR;Straße\n01.02.2020;392000,5;5820000,25;01100101;Müll\n"
        "02.02.2020;-;k.A.;01100102; x \n".encode("cp1252")
    )
    import_source(path, made, lake=tmp_path / "lake", name="s")
    rows = Lake(tmp_path / "lake").open("s").table().to_pylist()
    assert (rows[0]["x"], rows[0]["y"], rows[0]["area"]) == (392000.5, 5820000.25, "01100101")
    assert (rows[0]["type"], rows[1]["type"], rows[1]["x"]) == ("Müll", "x", None)


@pytest.mark.parametrize(
    ("count", "reason"),
    [("", "no count"), ("-1", "count is negative"), ("1.5", "count is not a whole number"),
     ("many", "not a number"), ("99999999999", "count is too large")],
)  # fmt: skip
def test_counts(importer, count, reason):
    made = Mapping(
        kind="reports", name="r", time=TimeColumns(start="m"), count="n",
        place=PlaceColumns(area="a"), type=TypeColumns(constant="litter"),
    )  # fmt: skip
    result, version = importer(["2020-01,E1,0", "2020-01,E1,7", f"2020-02,E1,{count}"], made,
                               header="m,a,n")  # fmt: skip
    assert version.table()["count"].to_pylist() == [0, 7]
    assert result.reasons == {reason: 1}


def test_wide_counts_become_one_observation_each(importer):
    made = Mapping(
        kind="incidents", name="w", time=TimeColumns(start="Year"), place=PlaceColumns(area="Code"),
        wide={"Robbery": "robbery", "Bike": "bicycle theft"},
        type=TypeColumns(iccs={"robbery": "0401"}),
    )  # fmt: skip
    lines = ["2012,010111,60,153", "2013,010111,0,", "2014,010111,-1,2", "2015,010111,,"]
    result, version = importer(lines, made, header="Year,Code,Robbery,Bike")
    rows = version.table(["row", "type", "iccs", "count"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        (2, "robbery", "0401", 60),
        (2, "bicycle theft", None, 153),
        (3, "robbery", "0401", 0),
    ]
    assert (result.read, result.accepted, result.rejected, result.observations) == (4, 2, 2, 3)
    assert result.unmapped_types == {"bicycle theft": 1}
    assert result.reasons == {"count is negative": 1, "no count": 1}


def test_answers_keep_weights_strata_and_columns(importer):
    made = Mapping(
        kind="answers", name="a", id="NUMQ", weight="PES", stratum="D", cluster="C",
        place=PlaceColumns(area="D"), keep={"fear": "FEAR"},
    )  # fmt: skip
    result, version = importer(["1,1.25,8,c1,often", "2,-1,8,c1,", "3,x,8,c1,"], made,
                               header="NUMQ,PES,D,C,FEAR")  # fmt: skip
    row = version.table().to_pylist()[0]
    assert (row["weight"], row["stratum"], row["local_fear"], row["start"]) == (
        1.25,
        "8",
        "often",
        None,
    )
    assert result.reasons == {"weight is negative": 1, "not a number": 1}


def test_visits_have_items_and_values(importer):
    made = Mapping(kind="visits", name="v", time=TimeColumns(start="d"), item="what", value="mark",
                   place=PlaceColumns(area="a"))  # fmt: skip
    _, version = importer(["2020-01-01,E1,lighting,3"], made, header="d,a,what,mark")
    row = version.table().to_pylist()[0]
    assert (row["item"], row["value"]) == ("lighting", 3.0)


def test_classes_are_asked_and_the_mapping_wins(importer):
    class Classes:
        def code(self, label):
            return {"theft": "wrong", "robbery": "0401"}.get(label)

    lines = [GOOD.format(1), GOOD.format(2).replace("theft", "robbery"),
             GOOD.format(3).replace("theft", "other")]  # fmt: skip
    result, version = importer(lines, classes=Classes())
    assert version.table()["iccs"].to_pylist() == ["0502", "0401", None]
    assert result.unmapped_types == {"other": 1}


def test_persons_stop_the_import_and_nothing_is_kept(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("month,area,Victim name,Date of birth\n2020-01,E1,Ann Lee,1980-02-03\n")
    made = Mapping(kind="incidents", name="p", time=TimeColumns(start="month"),
                   place=PlaceColumns(area="area"))  # fmt: skip
    with pytest.raises(PersonDataError) as stopped:
        import_source(path, made, lake=tmp_path / "lake", name="p")
    assert set(stopped.value.columns) == {"Victim name", "Date of birth"}
    assert "Ann Lee" not in str(stopped.value)
    assert Lake(tmp_path / "lake").versions("p") == ()
    assert not list((tmp_path / "lake").rglob("*.parquet"))
    result = import_source(path, made, lake=tmp_path / "lake", name="p",
                           drop=("Victim name", "Date of birth"))  # fmt: skip
    assert result.accepted == 1


def test_persons_further_down_the_file_stop_the_import_too(tmp_path):
    """The first 1 MiB looks harmless; later the remark holds e-mail addresses."""
    lines = [f"2020-01,E1,{'x' * 60}" for _ in range(20_000)]
    lines += [f"2020-01,E1,person{i}@example.org" for i in range(300_000)]
    (tmp_path / "f.csv").write_text("month,area,remark\n" + "\n".join(lines))
    made = Mapping(
        kind="incidents",
        name="p",
        time=TimeColumns(start="month"),
        place=PlaceColumns(area="area"),
    )
    with pytest.raises(PersonDataError) as stopped:
        import_source(tmp_path / "f.csv", made, lake=tmp_path / "lake", name="p")
    assert stopped.value.columns == ("remark",)
    assert not list((tmp_path / "lake").rglob("*.parquet"))


def test_a_folder_of_months_is_one_version(tmp_path):
    for month in ("2020-01", "2020-02"):
        folder = tmp_path / "data" / month
        folder.mkdir(parents=True)
        (folder / "x-street.csv.gz").write_bytes(
            gzip.compress(f"{HEADER}\n{GOOD.format(1)}\nbad\n".encode())
        )
    made = mapping(duplicates="keep")
    result = import_source(tmp_path / "data", made, lake=tmp_path / "lake", name="s")
    assert [(f["name"], f["read"], f["accepted"], f["rejected"]) for f in result.files] == [
        ("2020-01/x-street.csv.gz", 2, 1, 1),
        ("2020-02/x-street.csv.gz", 2, 1, 1),
    ]
    assert result.read == 4
    (tmp_path / "data" / "2020-02" / "y-outcomes.csv").write_text("id,outcome\n1,2\n")
    with pytest.raises(MappingError, match=r"y-outcomes.csv has other columns.*'outcome'.*street"):
        import_source(tmp_path / "data", made, lake=tmp_path / "lake", name="s")
    pattern = tmp_path / "data" / "*" / "*-street.csv.gz"
    assert import_source(pattern, made, lake=tmp_path / "lake", name="s").is_new is False


def test_duplicates_across_files_name_the_file(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"{HEADER}\n{GOOD.format(1)}\n")
    result = import_source([tmp_path / "a.csv", tmp_path / "b.csv"], mapping(),
                           lake=tmp_path / "lake", name="s")  # fmt: skip
    assert [f["rejected"] for f in result.files] == [0, 1]
    rejected = Lake(tmp_path / "lake").open("s").rejected().to_pylist()
    assert rejected[0]["file"] == "b.csv"
    assert rejected[0]["reason"] == "duplicate identifier of line 2 of a.csv"


def test_the_same_import_again_gives_the_same_content_and_no_new_version(importer, tmp_path):
    first, _ = importer([GOOD.format(i) for i in range(9)])
    again, _ = importer([GOOD.format(i) for i in range(9)])
    assert (first.is_new, again.is_new) == (True, False)
    assert again.version == first.version
    assert "same files" in again.notes[-1]
    changed, _ = importer([GOOD.format(i) for i in range(8)])
    lake = Lake(tmp_path / "lake")
    assert lake.versions("s") == (first.version, changed.version)
    assert lake.open("s", first.version).table().num_rows == 9
    assert lake.open("s").table().num_rows == 8


def test_check_keeps_nothing(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(f"{HEADER}\n{GOOD.format(1)}\nx\n")
    result = check_source(path, mapping())
    assert (result.read, result.accepted, result.rejected, result.version) == (2, 1, 1, None)
    assert [p.name for p in tmp_path.iterdir()] == ["file.csv"]


def test_manifest_says_what_was_done(importer):
    result, version = importer([GOOD.format(1), "x"], mapping(publisher="P", licence="L"))
    manifest = json.loads(result.manifest_path.read_text())
    assert manifest == version.manifest
    assert (manifest["read"], manifest["accepted"], manifest["rejected"]) == (2, 1, 1)
    assert manifest["reasons"] == {"wrong number of cells": 1}
    assert manifest["period"] == ["2020-05-01 10:00:00", "2020-05-01 12:00:00"]
    assert manifest["mapping"]["time"]["start"] == "from"
    assert (manifest["publisher"], manifest["licence"]) == ("P", "L")
    assert len(manifest["sources"][0]["sha256"]) == 64


def test_three_date_formats_and_two_per_cent_bad_coordinates(importer):
    """50,000 rows: every bad coordinate is rejected with its reason, nothing else is."""
    rng = np.random.default_rng(20261121)
    formats = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y %I:%M %p")
    days = np.datetime64("2020-01-01") + rng.integers(0, 366, 50_000)
    bad = rng.random(50_000) < 0.02
    lines = []
    for i, day in enumerate(days.tolist()):
        lon = ("0" if i % 2 else "east") if bad[i] else "13.4"
        lat = "0" if bad[i] else "52.5"
        lines.append(f"{i},{day.strftime(formats[i % 3])},,{lon},{lat},,theft")
    made = mapping(time=TimeColumns(start="from", formats=formats))
    result, version = importer(lines, made)
    zero = int(bad[1::2].sum())
    assert (result.read, result.rejected) == (50_000, int(bad.sum()))
    assert result.reasons == {
        "coordinate is not a number": int(bad.sum()) - zero,
        "coordinates are (0, 0)": zero,
    }
    start = version.table()["start"].to_numpy().astype("datetime64[D]")
    assert np.array_equal(start, days[~bad].astype("datetime64[D]"))


def test_header_only_is_an_import_of_nothing(importer):
    result, version = importer([])
    assert (result.read, result.observations) == (0, 0)
    assert version.table().num_rows == 0
    assert "has a header and no record" in result.notes[-1]


def test_progress_is_told(importer):
    calls = []
    importer([GOOD.format(1)], progress=lambda *call: calls.append(call))
    assert calls[-1][0] == calls[-1][1]
    assert calls[-1][2] == 1


@pytest.mark.parametrize(
    ("made", "options", "words"),
    [
        (mapping(id="ID"), {}, "has no column 'ID'; its columns are 'id'"),
        (mapping(), {"drop": ("id",)}, "both mapped and dropped"),
        (mapping(), {"drop": ("ID",)}, "has no column 'ID' to drop"),
        (mapping(kind="areas"), {}, "kind must be"),
        (mapping(duplicates="maybe"), {}, "duplicates must be"),
        (mapping(place=PlaceColumns(x="lon")), {}, "both x and y"),
        (mapping(wide={"a": "b"}, count="c"), {}, "wide gives type and count"),
    ],
)
def test_mappings_that_do_not_fit(importer, made, options, words):
    with pytest.raises(MappingError, match=words):
        importer([GOOD.format(1)], made, **options)


def test_missing_files_and_bad_names(tmp_path):
    with pytest.raises(UnreadableFileError, match="there is no file"):
        import_source(tmp_path / "no.csv", mapping(), lake=tmp_path / "lake", name="s")
    (tmp_path / "f.csv").write_text(HEADER)
    with pytest.raises(LakeError, match="name of a source"):
        import_source(tmp_path / "f.csv", mapping(), lake=tmp_path / "lake", name="../s")


CORRUPTIONS = [b"", b"\0", b"\xff", b'"', b",", b"\n", b"\r\n", b"x" * 40, b'"\n', b",,,"]


@given(
    n=st.integers(3, 40),
    places=st.lists(
        st.tuples(st.integers(0, 10**6), st.sampled_from(CORRUPTIONS), st.integers(0, 6)),
        max_size=6,
    ),
    piece=st.integers(20, 400),
)  # fmt: skip
@settings(max_examples=60)
def test_no_corruption_loses_an_uncorrupted_line(n, places, piece, tmp_path_factory):
    folder = tmp_path_factory.mktemp("import")
    # The first three lines stay, since the coordinate system is judged by the first piece.
    lines = [GOOD.format(i).encode() for i in range(n + 3)]
    untouched = set(range(n + 3))
    for where, what, cut in places:
        i = 3 + where % n
        at = where % len(lines[i]) if lines[i] else 0
        lines[i] = lines[i][:at] + what + lines[i][at + cut :]
        untouched.discard(i)
    (folder / "f.csv").write_bytes(HEADER.encode() + b"\n" + b"\n".join(lines) + b"\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bytestream, "BLOCK_BYTES", piece)
        made = mapping(duplicates="keep")
        result = import_source(folder / "f.csv", made, lake=folder / "lake", name="s")
    assert result.accepted + result.rejected == result.read
    version = Lake(folder / "lake").open("s")
    assert version.table().num_rows == result.accepted
    assert version.rejected().num_rows == result.rejected
    assert {f"A{i}" for i in untouched} <= set(version.table()["incident_id"].to_pylist())
