"""A preview is the import of the first records, and shows nothing about persons."""

from __future__ import annotations

import json

import pytest

from commonlight.sources.importing import check_source, import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping import FileFormat, Mapping, PlaceColumns, TimeColumns, TypeColumns
from commonlight.sources.preview import HIDDEN, MOST_POINTS, preview_source

HEADER = "id,at,lon,lat,type"
GOOD = "A{0},2020-05-01 10:00,13.4{0:04d},52.5,theft"
BAD = ["B1,2020-13-01 10:00,13.41,52.5,theft", "B2,2020-05-01 10:00,13.41,,theft"]


def mapping(**changes):
    parts = {
        "kind": "incidents",
        "name": "test",
        "id": "id",
        "time": TimeColumns(start="at"),
        "place": PlaceColumns(x="lon", y="lat", crs="EPSG:4326"),
        "type": TypeColumns(column="type", iccs={"theft": "0502"}),
    }
    return Mapping(**(parts | changes))


@pytest.fixture
def write(tmp_path):
    def run(lines, *, header=HEADER, name="file.csv"):
        path = tmp_path / name
        path.write_text("\n".join([header, *lines]) + "\n")
        return path

    return run


def test_a_preview_agrees_with_the_import_of_the_same_records(write, tmp_path):
    lines = [GOOD.format(i) for i in range(40)] + BAD + [GOOD.format(3)]
    path = write(lines)
    seen = preview_source(path, mapping(), rows=5)
    result = import_source(path, mapping(), lake=tmp_path / "lake", name="s")
    version = Lake(tmp_path / "lake").open("s")
    assert (seen.read, seen.accepted, seen.rejected) == (result.read, 40, 3)
    assert seen.reasons == result.reasons
    assert seen.crs_note == result.crs_note
    assert seen.whole
    rejected = version.rejected().to_pylist()
    assert [(r.row, r.column, r.value, r.reason) for r in seen.rejects] == [
        (r["row"], r["column"], r["value"] or "", r["reason"]) for r in rejected
    ]
    assert seen.raw_rows == tuple(tuple(line.split(",")) for line in lines[:5])
    table = version.table().to_pylist()
    for row, original in zip(seen.checked_rows, table[:5], strict=True):
        told = dict(zip(seen.columns, row, strict=True))
        assert told["incident_id"] == original["incident_id"]
        assert told["start"] == str(original["start"])
        assert told["iccs"] == "0502"
    assert "recorded" not in seen.columns
    assert seen.points[0] == pytest.approx((13.4, 52.5), abs=1e-5)
    assert json.loads(json.dumps(seen.to_json()))["header"] == HEADER.split(",")


def test_only_the_first_records_are_read(write):
    path = write([GOOD.format(i) for i in range(3000)] + BAD)
    seen = preview_source(path, mapping(), sample=1000)
    assert (seen.read, seen.accepted, seen.rejected) == (1000, 1000, 0)
    assert not seen.whole
    assert len(seen.points) == MOST_POINTS
    assert len(seen.raw_rows) == 20


def test_files_share_the_sample(write):
    paths = [write([GOOD.format(1000 * k + i) for i in range(50)], name=f"{k}.csv") for k in (1, 2)]
    seen = preview_source(paths, mapping(), sample=60, rows=10)
    assert seen.read == 60
    assert seen.files == ("1.csv", "2.csv")


def test_types_without_a_class_are_counted(write):
    path = write([GOOD.format(1), GOOD.format(2).replace("theft", "graffiti")])
    assert preview_source(path, mapping()).unmapped_types == {"graffiti": 1}


def test_columns_about_persons_are_named_and_never_shown(write):
    lines = [f"{GOOD.format(i)},Anna Schmidt{i % 3},a{i}@example.org" for i in range(30)]
    path = write(lines, header=f"{HEADER},suspect_name,note")
    for chosen in (None, mapping(), mapping(keep={"who": "suspect_name"})):
        seen = preview_source(path, chosen)
        assert "suspect_name" in [name for name, _ in seen.person_columns]
        assert "Anna" not in json.dumps(seen.to_json())
        assert "@example" not in json.dumps(seen.to_json())
        assert HIDDEN in seen.raw_rows[0]
    assert "'suspect_name' is mapped and looks like data about persons" in seen.problem
    dropped = preview_source(path, mapping(), drop=("suspect_name", "note"))
    assert dropped.person_columns == ()
    assert "Anna" not in json.dumps(dropped.to_json())
    assert dropped.accepted == 30


def test_a_single_contact_in_a_cell_is_hidden(write):
    lines = [GOOD.format(i) for i in range(1500)]
    lines[3] = lines[3].replace("theft", "ask jo@example.org")
    seen = preview_source(write(lines), mapping())
    assert "'type' is mapped and looks like data about persons" in seen.problem
    assert "jo@example.org" not in json.dumps(seen.to_json())


def test_a_mapping_that_does_not_fit_is_a_problem_beside_the_raw_rows(write):
    path = write([GOOD.format(1)])
    seen = preview_source(path, mapping(time=TimeColumns(start="when")))
    assert "has no column 'when'" in seen.problem
    assert seen.raw_rows[0][0] == "A1"
    assert seen.read == 0
    with pytest.raises(Exception, match="has no column 'when'"):
        check_source(path, mapping(time=TimeColumns(start="when")))


def test_without_a_mapping_the_file_is_shown_as_it_stands(write):
    seen = preview_source(write([GOOD.format(1)]), None)
    assert seen.header == tuple(HEADER.split(","))
    assert seen.problem == ""
    assert seen.read == 0


def test_a_sheet_or_geographic_file_previews_too(tmp_path):
    features = [
        {
            "type": "Feature",
            "properties": {"id": f"A{i}", "at": "2020-05-01 10:00", "type": "theft"},
            "geometry": {"type": "Point", "coordinates": [13.4 + i / 1000, 52.5]},
        }
        for i in range(30)
    ]
    path = tmp_path / "points.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    seen = preview_source(
        path,
        mapping(
            file=FileFormat(format="geojson"),
            place=PlaceColumns(x="__x", y="__y", crs="EPSG:4326"),
        ),
        rows=5,
        sample=10,
    )
    assert (seen.problem, seen.read, seen.accepted) == ("", 10, 10)
    assert len(seen.points) == 10


def test_a_sample_holds_the_rows_shown(write):
    with pytest.raises(ValueError, match="sample must be at least rows"):
        preview_source(write([GOOD.format(1)]), mapping(), rows=20, sample=10)
