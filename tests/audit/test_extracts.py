"""Extracts: what is withheld cannot be worked out, and records carry what was agreed alone."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from itertools import product

import numpy as np
import pytest
import shapely

from commonlight.analysis.disclosure.attack import attack
from commonlight.audit.extracts import (
    ALL,
    Extract,
    ExtractError,
    extract_counts,
    extract_records,
    key_of,
    sums_of,
    write_extract,
)
from commonlight.audit.layers import AreaLayer
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.sources.importing import import_source
from commonlight.sources.lake import Lake
from commonlight.sources.mapping import Mapping, PlaceColumns, TimeColumns, TypeColumns
from commonlight.sources.streets import StreetLines

CRS = "EPSG:25832"


@pytest.fixture
def version_of(tmp_path):
    """A version of rows of (time, easting, northing, ward, type)."""

    def run(rows, **changes):
        path = tmp_path / "file.csv"
        lines = [",".join(map(str, (k, *row))) for k, row in enumerate(rows)]
        path.write_text("\n".join(["id,at,x,y,ward,type", *lines]) + "\n")
        parts = {
            "kind": "incidents",
            "name": "test",
            "id": "id",
            "time": TimeColumns(start="at"),
            "place": PlaceColumns(x="x", y="y", crs=CRS, area="ward", required=False),
            "type": TypeColumns(column="type", iccs={"theft": "0502", "damage": "0504"}),
            "keep": {"use": "ward"},
        }
        import_source(path, Mapping(**(parts | changes)), lake=tmp_path / "lake", name="s", crs=CRS)
        return Lake(tmp_path / "lake").open("s")

    return run


def rows_of(counts):
    """One row for each incident counted by (ward, month, type)."""
    return [
        (f"2024-{month:02d}-05 10:30", 500_000 + 10 * k, 5_800_000, ward, kind)
        for (ward, month, kind), n in counts.items()
        for k in range(n)
    ]


def random_counts(seed, wards=6, months=4, mean=4.0):
    rng = np.random.default_rng(seed)
    kinds = ("theft", "damage", "fire")
    return {
        (f"W{w}", m, kind): int(rng.poisson(mean * rng.gamma(0.8)))
        for w, m, kind in product(range(wards), range(1, months + 1), kinds)
    }


def shown(extract: Extract):
    names = extract.table.column_names
    rows = [dict(zip(names, row, strict=True)) for row in extract.rows()]
    return {(r["area"], r["period"], r["type"]): r["count"] for r in rows}


def truth_of(counts):
    """Each count and each total."""
    truth = {}
    for (ward, month, kind), n in counts.items():
        own = (ward, f"2024-{month:02d}", kind)
        alone = [tuple(v if k == j else ALL for k, v in enumerate(own)) for j in range(3)]
        for key in (own, *alone, (ALL, ALL, ALL)):
            truth[key] = truth.get(key, 0) + n
    return {key: n for key, n in truth.items() if n}


@pytest.mark.parametrize("seed", range(6))
def test_no_withheld_count_can_be_worked_out(version_of, seed):
    counts = random_counts(seed)
    extract = extract_counts(version_of(rows_of(counts)))
    told, truth = shown(extract), truth_of(counts)
    assert set(told) == set(truth)
    published = {key: int(value) for key, value in told.items() if value.isdecimal()}
    assert all(truth[key] == n for key, n in published.items())
    assert all(n >= 5 for n in published.values())
    hidden = {key: value for key, value in told.items() if not value.isdecimal()}
    assert extract.withheld == len(hidden) > 0
    marks = {key_of(k): (1, 4) if v == "under 5" else (1, None) for k, v in hidden.items()}
    found = attack({key_of(k): n for k, n in published.items()}, sums_of(truth), marks=marks)
    for key, value in hidden.items():
        low, high = found[key_of(key)]
        assert low <= truth[key] <= (high if high is not None else truth[key])
        if truth[key] < 5:
            assert low == 1
            assert high is None or high >= 4, (key, value)
        else:
            assert low != high


def test_brute_force_over_all_small_tables_leaves_every_withheld_count_open(version_of):
    """Every table of whole numbers that agrees with the extract: none is the only one."""
    pairs = list(product("AB", ("theft", "fire")))
    counts = {(w, 1, k): n for (w, k), n in zip(pairs, (9, 2, 7, 3), strict=True)}
    extract = extract_counts(version_of(rows_of(counts)))
    told, truth = shown(extract), truth_of(counts)
    cells = [key for key in truth if ALL not in key]
    possible = {key: set() for key in truth}
    for values in product(range(1, 22), repeat=len(cells)):
        table = dict(zip(cells, values, strict=True))
        totals = dict(table)
        for key, n in table.items():
            alone = [tuple(v if k == j else ALL for k, v in enumerate(key)) for j in range(3)]
            for total in (*alone, (ALL, ALL, ALL)):
                totals[total] = totals.get(total, 0) + n
        if all(_fits(told[key], totals[key]) for key in truth):
            for key in truth:
                possible[key].add(totals[key])
    for key, value in told.items():
        assert truth[key] in possible[key]
        if not value.isdecimal():
            assert len(possible[key]) > 1, key
        if truth[key] < 5:
            assert {1, 2, 3, 4} <= possible[key]


def _fits(value, count):
    if value.isdecimal():
        return int(value) == count
    return 1 <= count <= 4 if value == "under 5" else count >= 1


def test_the_minimum_of_the_agreement_holds(version_of):
    counts = random_counts(3, mean=12)
    extract = extract_counts(version_of(rows_of(counts)), rules=PublicationRules(minimum_count=10))
    numbers = [int(v) for v in shown(extract).values() if v.isdecimal()]
    assert min(numbers) >= 10
    assert "under 10" in set(shown(extract).values())
    assert "under 10" in extract.notes[1]


def test_rounded_counts_need_a_secret_and_are_multiples(version_of, tmp_path):
    version = version_of(rows_of(random_counts(1)))
    secret = tmp_path / "secret.txt"
    secret.write_text("a long random text for tests")
    rules = PublicationRules(method="round", base=5, key_file=secret)
    extract = extract_counts(version, rules=rules)
    assert all(int(v) % 5 == 0 for v in shown(extract).values())
    assert shown(extract) == shown(extract_counts(version, rules=rules))


@pytest.mark.parametrize(
    ("detail", "period"),
    [("year", "2024"), ("month", "2024-03"), ("week", "2024-W10"), ("day", "2024-03-05")],
)
def test_times_are_cut_to_the_agreed_detail(version_of, detail, period):
    version = version_of([("2024-03-05 10:30", 500_010, 5_800_010, "A", "theft")] * 9)
    extract = extract_counts(version, time_detail=detail)
    assert shown(extract)[("A", period, "theft")] == "9"
    records = extract_records(version, fields=["type"], time_detail=detail)
    assert {row[0] for row in records.rows()} == {period}
    hours = extract_records(version, fields=[], time_detail="hour")
    assert {row[0] for row in hours.rows()} == {"2024-03-05T10:00"}


def test_a_time_known_less_closely_is_not_told_more_closely(version_of):
    version = version_of(
        [("2024-03", 500_010, 5_800_010, "A", "theft")] * 9,
        time=TimeColumns(start="at", formats=("%Y-%m",)),
    )
    assert ("A", "not known", "theft") in shown(extract_counts(version, time_detail="day"))
    assert ("A", "2024-03", "theft") in shown(extract_counts(version, time_detail="month"))


def test_points_are_counted_in_the_areas_given(version_of):
    rows = [("2024-03-05 10:30", 500_000 + 600 * k, 5_800_000, "", "theft") for k in range(20)]
    squares = tuple(
        shapely.box(500_000 + 6000 * i - 1, 5_799_000, 500_000 + 6000 * (i + 1) - 1, 5_801_000)
        for i in range(2)
    )
    areas = AreaLayer(
        name="wards", noun="wards", codes=("A", "B"), labels=("A", "B"), polygons=squares, crs=CRS
    )
    version = version_of(rows)
    told = shown(extract_counts(version, areas=areas))
    assert told[("A", "2024-03", "theft")] == "10"
    assert told[("B", "2024-03", "theft")] == "10"
    city = extract_counts(version, place_detail="city", fields=())
    assert city.table.column_names == ["period", "count"]
    assert list(city.rows()) == [("2024-03", "20"), (ALL, "20")]


def test_records_carry_the_agreed_fields_alone_and_not_their_order(version_of):
    rows = [
        (f"2024-03-{28 - k:02d} 10:30", 500_010 + k, 5_800_010, "W1", "theft") for k in range(20)
    ]
    version = version_of(rows)
    extract = extract_records(version, fields=["type"], place_detail="cell", time_detail="month")
    assert extract.table.column_names == ["period", "longitude", "latitude", "type"]
    assert len(set(extract.rows())) == 1
    points = extract_records(version, fields=["incident_id"], time_detail="day")
    days = [row[0] for row in points.rows()]
    assert days == sorted(days)
    assert len({row[1] for row in points.rows()}) == 20
    assert "not for publication" in points.notes[0]


def test_the_day_of_recording_goes_where_days_are_not_agreed(version_of, tmp_path):
    rows = [("2024-03-05 10:30", 500_010, 5_800_010, "2024-03-07", "theft")] * 5
    version = version_of(rows, place=PlaceColumns(x="x", y="y", crs=CRS), recorded="ward", keep={})
    monthly = extract_records(version, fields=["recorded"], time_detail="month")
    daily = extract_records(version, fields=["recorded"], time_detail="day")
    assert "recorded" not in monthly.columns
    assert "recorded" in daily.columns


def test_records_by_street_name_the_nearest_one(version_of):
    rows = [
        ("2024-03-05 10:30", 500_010, 5_800_010, "", "theft"),
        ("2024-03-05 10:30", 500_010, 5_800_900, "", "theft"),
    ]
    line = shapely.LineString([(500_000, 5_800_000), (500_100, 5_800_000)])
    streets = StreetLines(lines=(line,), ids=("S1",), crs=CRS)
    version = version_of(rows)
    extract = extract_records(version, fields=[], place_detail="street", streets=streets)
    assert sorted(row[1] or "" for row in extract.rows()) == ["", "S1"]
    with pytest.raises(ExtractError, match="need the lines"):
        extract_records(version, fields=[], place_detail="street")
    with pytest.raises(ExtractError, match="read the streets with target_crs"):
        extract_records(
            version,
            fields=[],
            place_detail="street",
            streets=StreetLines(lines=(line,), ids=("S1",), crs="EPSG:25833"),
        )


def test_a_type_that_is_called_all_is_no_total(version_of):
    version = version_of([("2024-03-05 10:30", 500_010, 5_800_010, "A", "all")] * 9)
    assert shown(extract_counts(version))[("A", "2024-03", "all (as recorded)")] == "9"


def test_what_was_asked_wrongly_is_said(version_of):
    version = version_of([("2024-03-05 10:30", 500_010, 5_800_010, "A", "theft")] * 9)
    with pytest.raises(ExtractError, match="take records"):
        extract_counts(version, place_detail="cell")
    with pytest.raises(ExtractError, match="take counts by area"):
        extract_records(version, fields=[], place_detail="area")
    with pytest.raises(ExtractError, match="no field 'local_name'"):
        extract_records(version, fields=["local_name"])
    with pytest.raises(ExtractError, match="time_detail must be one of"):
        extract_counts(version, time_detail="minute")
    with pytest.raises(ExtractError, match="cell_size must be positive"):
        extract_records(version, fields=[], place_detail="cell", cell_size=float("nan"))


def test_too_many_counts_are_refused_with_the_next_step(version_of):
    start = datetime(2000, 1, 1)
    rows = [
        (f"{start + timedelta(hours=5 * k):%Y-%m-%d %H:%M}", 500_010, 5_800_010, "A", "theft")
        for k in range(20_100)
    ]
    with pytest.raises(ExtractError, match="choose longer periods"):
        extract_counts(version_of(rows), time_detail="hour")


def test_the_file_holds_no_formulas(version_of, tmp_path):
    rows = [
        ("2024-03-05 10:30", 500_010, 5_800_010, "A", kind)
        for kind in ("=1+1", "@x", "+a")
        for _ in "12345"
    ]
    extract = extract_counts(version_of(rows))
    write_extract(extract, tmp_path / "e.csv")
    with (tmp_path / "e.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert (tmp_path / "e.csv").read_bytes().startswith(b"\xef\xbb\xbf")
