from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from commonlight.sources.areas import read_areas
from commonlight.sources.errors import MappingError, UnreadableFileError
from commonlight.sources.mapping import FileFormat
from commonlight.sources.population import Population, join_report, read_population


def test_lancashire_joins_both_ways(shared_data: Path) -> None:
    """245 of 285 codes match the 271 wards; 26 wards have none; sum 1,515,487 (README)."""
    folder = shared_data / "uk_lancashire_asb"
    counted = read_population(
        folder / "ward_population_mid2020.csv", area="gss_code", count="population"
    )
    areas = read_areas(folder / "wards_2022.geojson", code="ward_code")
    report = join_report(counted, areas.codes)
    assert counted.counts.sum() == 1_515_487
    assert len(counted.codes) == 285
    assert len(report.matched) == 245
    assert len(report.only_in_areas) == 26
    assert len(report.only_in_population) == 40
    assert set(report.matched) | set(report.only_in_areas) == set(areas.codes)


def test_berlin_keeps_suppressed_counts_apart(shared_data: Path) -> None:
    """Sum 3,821,881; five areas have suppressed counts, two of them all (README)."""
    path = shared_data / "eu_berlin_bike_theft" / "population_plr_2022_06_30.csv"
    ages = ["unter6", "6-15", "15-18", "18-27", "27-45", "45-55", "55-65", "65undmehr"]
    counted = read_population(
        path, area="PLR-ID", count="Gesamt", groups={age: age for age in ages}
    )
    assert np.nansum(counted.counts) == 3_821_881
    assert np.isnan(counted.counts).sum() == 2
    hidden = np.isnan(np.column_stack([counted.groups[age] for age in ages])).any(axis=1)
    assert hidden.sum() == 5
    assert counted.codes[0] == "01100101"
    assert "2 counts are suppressed" in counted.notes[0]


def test_west_yorkshire_sum(shared_data: Path) -> None:
    """2,226,058 persons in 1,388 areas (README)."""
    path = shared_data / "uk_west_yorkshire_street" / "lsoa_population_census_2011.csv.gz"
    counted = read_population(path, area="lsoa_code", count="persons")
    assert (len(counted.codes), counted.counts.sum()) == (1388, 2_226_058)


def test_excel_and_marks_of_suppression(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Code", "All"], ["0101", 12], ["0102", "–"], ["0103", None], ["0104", "x"]):
        book.active.append(row)
    book.save(tmp_path / "p.xlsx")
    counted = read_population(tmp_path / "p.xlsx", area="Code", count="All")
    assert counted.codes == ("0101", "0102", "0103", "0104")
    np.testing.assert_array_equal(counted.counts, [12, np.nan, np.nan, np.nan])
    assert join_report(counted, counted.codes).suppressed == ("0102", "0103", "0104")


def test_attributes_of_areas(shared_data: Path) -> None:
    path = shared_data / "eu_berlin_bike_theft" / "lor_planungsraeume_2021.geojson"
    assert len(read_population(path, area="PLR_ID", count="GROESSE_M2").codes) == 542


def test_separators_of_thousands(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a;n\nX;1 234,5\n", encoding="cp1252")
    file = FileFormat(decimal=",", encoding="cp1252")
    assert read_population(path, area="a", count="n", file=file).counts[0] == 1234.5
    path.write_text('a,n\nX,"1,234"\n')
    assert read_population(path, area="a", count="n").counts[0] == 1234


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,n\nX,1\nX,2\n", "records 1 and 2 have the same code 'X'"),
        ("a,n\n,1\n", "record 1 has no code"),
        ("a,n\nX,-3\n", "area X must be a number of persons.*got '-3'"),
        ("a,n\nX,nan\n", "area X must be a number"),
        ("a,n\nX,many\n", "got 'many'"),
        ("a,m\nX,1\n", "no column 'n'"),
    ],
)
def test_bad_populations(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text)
    with pytest.raises(MappingError, match=message):
        read_population(path, area="a", count="n")


def test_a_ragged_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,n\nX,1,2\n")
    with pytest.raises(UnreadableFileError, match="record 2 has 3 cells"):
        read_population(path, area="a", count="n")


def test_nothing_is_lost_in_a_join() -> None:
    counted = Population(("A", "B", "C"), np.array([1.0, np.nan, 3.0]))
    report = join_report(counted, ["C", "B", "D"])
    assert report.matched == ("C", "B")
    assert report.only_in_population == ("A",)
    assert report.only_in_areas == ("D",)
    assert report.suppressed == ("B",)
