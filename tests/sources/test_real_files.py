"""The real sets: every row their README counts is read, and none is lost."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow.compute as pc
import pytest

from commonlight.sources.importing import import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping import Mapping, PlaceColumns, TimeColumns, TypeColumns
from commonlight.sources.mapping_files import load_mapping

LANCASHIRE = Mapping(
    kind="incidents",
    name="Anti-social behaviour",
    time=TimeColumns(start="month", formats=("%Y-%m-%d",)),
    place=PlaceColumns(x="longitude", y="latitude", crs="EPSG:4326", area="lsoa_code"),
    type=TypeColumns(constant="Anti-social behaviour"),
)
CHICAGO = Mapping(
    kind="incidents",
    name="Assaults",
    time=TimeColumns(start="date", formats=("%Y-%m-%d %H:%M",)),
    place=PlaceColumns(x="longitude", y="latitude", crs="EPSG:4326", area="district"),
    type=TypeColumns(constant="Aggravated assault"),
)


def bring(paths, mapping, tmp_path):
    result = import_source(paths, mapping, lake=tmp_path, name="s")
    assert result.accepted + result.rejected == result.read
    version = Lake(tmp_path).open("s")
    version.verify()
    return result, version


def test_west_yorkshire(shared_data, tmp_path):
    """27,176, 28,537 and 31,635 rows; 1,347, 1,541 and 883 of them without a place (README)."""
    folder = shared_data / "uk_west_yorkshire_street"
    result, version = bring(folder / "*-street.csv.gz", load_mapping("police-uk"), tmp_path)
    assert [file["read"] for file in result.files] == [27176, 28537, 31635]
    assert result.rejected == 0
    table = version.table()
    located = pc.is_valid(table["x"]).to_numpy()
    files = np.asarray(table["file"].to_pylist())
    without = [int((~located[files == name]).sum()) for name in sorted(set(files))]
    assert without == [1347, 1541, 883]
    nameless = table["incident_id"].null_count
    assert nameless == 7429 + 5955 + 5442
    assert version.manifest["place"]["metric_crs"] == "EPSG:27700"
    assert result.precision.piled_up


def test_lancashire(shared_data, tmp_path):
    """56,434 rows (README)."""
    result, _ = bring(shared_data / "uk_lancashire_asb" / "asb_2022.csv.gz", LANCASHIRE, tmp_path)
    assert (result.read, result.accepted) == (56434, 56434)


def test_chicago(shared_data, tmp_path):
    """148,636 rows, nothing missing; counts by year (README)."""
    path = shared_data / "us_chicago_assaults" / "assaults_2010_2019.csv.gz"
    result, version = bring(path, CHICAGO, tmp_path)
    assert (result.read, result.accepted) == (148636, 148636)
    start = version.table()["start"]
    assert pc.min(start).as_py() == datetime(2010, 1, 1, 0, 5)
    assert pc.max(start).as_py() == datetime(2019, 12, 31, 23, 54)
    years = pc.value_counts(pc.year(start)).to_pylist()
    by_year = {row["values"]: row["counts"] for row in years}
    expected = [17324, 15920, 15103, 12950, 12943, 13284, 15329, 15022, 15433, 15328]
    assert [by_year[year] for year in range(2010, 2020)] == expected


def test_berlin(shared_data, tmp_path):
    """29,791 rows, 2,994 with start and end in the same hour; median window 9 h (README)."""
    path = shared_data / "eu_berlin_bike_theft" / "thefts_2022_2023.csv.gz"
    result, version = bring(path, load_mapping("berlin-bicycle-theft"), tmp_path)
    assert (result.read, result.accepted) == (29791, 29791)
    table = version.table()
    kinds = pc.value_counts(table["time_kind"].cast("string")).to_pylist()
    assert {k["values"]: k["counts"] for k in kinds} == {"interval": 26797, "hour": 2994}
    seconds = pc.subtract(table["end"], table["start"]).cast("int64").to_numpy()
    assert np.median(seconds) == 9 * 3600
    assert seconds.max() == 72 * 3600
    assert "01100414" in table["area"].to_pylist()


def test_berlin_crime_atlas_is_wide(shared_data, tmp_path):
    """1,200 rows; Robbery of 2012 in the city 6,283 (README)."""
    path = shared_data / "eu_berlin_crime_atlas" / "crimes_bzr_2012_2019.csv.gz"
    result, version = bring(path, load_mapping("berlin-crime-atlas"), tmp_path)
    assert (result.read, result.accepted) == (1200, 1200)
    table = version.table()
    labels = {label for label in table["type"].to_pylist() if "obbery" in label}
    year = pc.equal(pc.year(table["start"]), 2012)
    sums = {
        label: pc.sum(
            table.filter(pc.and_(year, pc.equal(table["type"].cast("string"), label)))["count"]
        )
        for label in labels
    }
    assert 6283 in [total.as_py() for total in sums.values()]


@pytest.mark.parametrize(
    ("file", "preset"),
    [
        ("reports_lsoa_month.csv.gz", "fixmystreet-lsoa-month"),
        ("reports_lsoa_year_category.csv.gz", "fixmystreet-lsoa-year-category"),
    ],
)
def test_reports(shared_data, tmp_path, file, preset):
    path = shared_data / "uk_fixmystreet_reports" / file
    import gzip

    lines = gzip.decompress(path.read_bytes()).count(b"\n") - 1
    result, _ = bring(path, load_mapping(preset), tmp_path)
    assert (result.read, result.rejected) == (lines, 0)
