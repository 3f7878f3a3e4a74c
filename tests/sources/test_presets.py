"""Every real set that holds incidents, reports or answers loads with a preset or a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow.compute as pc
import pytest

from commonlight.evidence.offences import load_scheme
from commonlight.sources.import_result import ImportResult
from commonlight.sources.importing import check_source, import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping import Mapping, TimeColumns, TypeColumns
from commonlight.sources.mapping_files import list_presets, load_mapping

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "mappings"

# File or pattern, preset or mapping, records in the README, records accepted, observations.
SETS = [
    ("uk_west_yorkshire_street/*-street.csv.gz", "police-uk", 27176 + 28537 + 31635, 0),
    ("uk_lancashire_asb/asb_2022.csv.gz", "lancashire-asb", 56434, 0),
    ("us_chicago_assaults/assaults_2010_2019.csv.gz", "chicago-assaults", 148636, 0),
    # One burglary has no date in the file.
    ("us_chicago_near_repeat/chicago_be.csv.gz", "chicago-near-repeat-burglary", 11701, 1),
    ("us_chicago_near_repeat/chicago_be_month1.csv.gz", "chicago-near-repeat-burglary", 970, 0),
    ("us_chicago_near_repeat/chicago_arson.csv.gz", "chicago-near-repeat-arson", 522, 0),
    ("eu_berlin_bike_theft/thefts_2022_2023.csv.gz", "berlin-bicycle-theft", 29791, 0),
    ("eu_berlin_crime_atlas/crimes_bzr_2012_2019.csv.gz", "berlin-crime-atlas", 1200, 0),
    ("eu_berlin_crime_atlas/crimes_bzr_2012_2019.csv.gz", "berlin-crime-atlas-parts", 1200, 0),
    ("uk_fixmystreet_reports/reports_lsoa_month.csv.gz", "fixmystreet-lsoa-month", 31985, 0),
    (
        "uk_fixmystreet_reports/reports_lsoa_year_category.csv.gz",
        "fixmystreet-lsoa-year-category",
        19309,
        0,
    ),
    ("uk_fixmystreet_reports/reports_lad_month.csv.gz", "fixmystreet-authority-month", 58604, 0),
    ("survey_barcelona_victimisation_2020/persons.csv.gz", "barcelona-victimisation-2020", 4734, 0),
    ("survey_barcelona_victimisation_2020/incidents.csv.gz", "barcelona-told-incidents", 5148, 0),
    ("network_crimes_streets/crimes_projected_ft.csv", "geodanet-crimes", 287, 0),
    ("network_crimes_streets/crimes.geojson", "geodanet-crimes-geojson", 287, 0),
    ("area_chicago_built_environment/blocks.csv.gz", "chicago-blocks", 1641, 0),
]


def mapping_of(name: str) -> Mapping:
    return load_mapping(name if name in list_presets() else EXAMPLES / f"{name}.toml")


def classes_of(mapping: Mapping) -> object:
    scheme = mapping.type.scheme if mapping.type else None
    return load_scheme(scheme) if scheme else None


def brought(paths: Path | Sequence[Path], name: str, lake: Path) -> tuple[ImportResult, object]:
    mapping = mapping_of(name)
    result = import_source(paths, mapping, lake=lake, name="s", classes=classes_of(mapping))
    return result, Lake(lake).open("s").table()


@pytest.mark.parametrize(("file", "name", "n", "rejected"), SETS)
def test_real_sets_load(shared_data: Path, file: str, name: str, n: int, rejected: int) -> None:
    mapping = mapping_of(name)
    result = check_source(shared_data / file, mapping, classes=classes_of(mapping))
    assert (result.read, result.rejected) == (n, rejected)
    assert result.accepted + result.rejected == result.read
    if classes_of(mapping) is not None:
        assert result.unmapped_types == {}


@pytest.mark.parametrize("name", list_presets())
def test_presets_with_types_name_a_table(name: str) -> None:
    mapping = load_mapping(name)
    if mapping.kind == "incidents":
        assert classes_of(mapping) is not None


def test_crime_atlas_totals_do_not_count_twice(shared_data: Path, tmp_path: Path) -> None:
    """City totals of robbery by year (README); each record gives one row per group."""
    file = shared_data / "eu_berlin_crime_atlas" / "crimes_bzr_2012_2019.csv.gz"
    _, table = brought(file, "berlin-crime-atlas", tmp_path)
    robbery = table.filter(pc.equal(table["type"].cast("string"), "Robbery"))
    years = pc.year(robbery["start"])
    totals = [
        pc.sum(robbery.filter(pc.equal(years, year))["count"]).as_py() for year in range(2012, 2020)
    ]
    assert totals == [6283, 6088, 5583, 5318, 5046, 4165, 4202, 4395]
    assert set(table["type"].to_pylist()).isdisjoint({"Street_robbery", "Bike", "Arson", "Local"})


def test_crime_atlas_parts(shared_data: Path, tmp_path: Path) -> None:
    """City totals of bicycle theft by year (README)."""
    file = shared_data / "eu_berlin_crime_atlas" / "crimes_bzr_2012_2019.csv.gz"
    _, table = brought(file, "berlin-crime-atlas-parts", tmp_path)
    bike = table.filter(pc.equal(table["type"].cast("string"), "Bike"))
    years = pc.year(bike["start"])
    totals = [
        pc.sum(bike.filter(pc.equal(years, year))["count"]).as_py() for year in range(2012, 2020)
    ]
    assert totals == [25836, 26389, 30434, 31937, 34136, 30082, 29978, 28456]


def test_reports_are_counted(shared_data: Path, tmp_path: Path) -> None:
    """45,956 reports (README)."""
    file = shared_data / "uk_fixmystreet_reports" / "reports_lsoa_month.csv.gz"
    _, table = brought(file, "fixmystreet-lsoa-month", tmp_path)
    assert pc.sum(table["count"]).as_py() == 45_956


def test_answers_have_weights_and_strata(shared_data: Path, tmp_path: Path) -> None:
    """PES sums to 4,734 over ten districts (README)."""
    file = shared_data / "survey_barcelona_victimisation_2020" / "persons.csv.gz"
    _, table = brought(file, "barcelona-victimisation-2020", tmp_path)
    assert pc.sum(table["weight"]).as_py() == pytest.approx(4734)
    assert len(set(table["stratum"].to_pylist())) == 10


def test_berlin_types_and_attempts(shared_data: Path, tmp_path: Path) -> None:
    """28,427 bicycle thefts, 1,364 break-ins, 87 attempts; leading zeros stay (README)."""
    file = shared_data / "eu_berlin_bike_theft" / "thefts_2022_2023.csv.gz"
    _, table = brought(file, "berlin-bicycle-theft", tmp_path)
    codes = table["iccs"].to_pylist()
    assert (codes.count("0502"), codes.count("0501")) == (28_427, 1_364)
    assert table["local_attempt"].to_pylist().count("Ja") == 87
    areas = table["area"].to_pylist()
    assert areas.count("09100101") == 304


def test_records_without_a_place_are_counted(shared_data: Path) -> None:
    """1,347, 1,541 and 883 rows have neither coordinates nor an LSOA (README)."""
    paths = shared_data / "uk_west_yorkshire_street" / "*-street.csv.gz"
    result = check_source(paths, load_mapping("police-uk"), classes=load_scheme("data_police_uk"))
    assert f"{1347 + 1541 + 883} accepted records have no place" in result.notes


def test_types_that_are_no_crime_are_not_unmapped(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("d,t\n2020-01-01,NON-CRIMINAL\n2020-01-02,SPACE PIRACY\n")
    mapping = Mapping(
        kind="incidents",
        name="x",
        time=TimeColumns(start="d"),
        type=TypeColumns(column="t", scheme="chicago_primary_type"),
    )
    result = check_source(tmp_path / "a.csv", mapping, classes=classes_of(mapping))
    assert result.unmapped_types == {"SPACE PIRACY": 1}
