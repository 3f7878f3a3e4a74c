"""The published files: marked, parsable, equal for equal seeds, with known bad rows."""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib

import numpy as np
import pytest
import shapely

from commonlight.simulate.city import simulate_city
from commonlight.simulate.files import INCIDENTS_HEADER, REJECT_KINDS, write_city


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(simulate_city(incidents=20_000, seed=1), folder, rejects_share=0.02)
    return folder


def _digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_same_seed_same_bytes_other_seed_other_bytes(folder, tmp_path):
    write_city(simulate_city(incidents=20_000, seed=1), tmp_path / "a", rejects_share=0.02)
    write_city(simulate_city(incidents=20_000, seed=2), tmp_path / "b", rejects_share=0.02)
    assert _digests(folder) == _digests(tmp_path / "a")
    other = _digests(tmp_path / "b")
    same = {name for name, digest in _digests(folder).items() if other[name] == digest}
    mappings = {"audit", "incidents", "survey", "survey-codebook", "reports", "visits"}
    assert same <= {f"{name}.toml" for name in mappings}


def test_every_file_says_that_it_is_simulated(folder):
    for path in folder.iterdir():
        text = path.read_bytes()[:600].decode()
        assert "simulated" in (path.name + text).lower(), path.name


def test_bad_rows_are_as_counted_and_good_rows_are_whole(folder):
    rows = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["rows"]
    lines = (folder / "simulated_incidents.csv").read_bytes().splitlines()
    assert len(lines) == 1 + sum(rows.values())
    assert lines[0].decode() == ",".join(INCIDENTS_HEADER)
    assert set(rows) == {"good", *REJECT_KINDS}
    cells = [line.split(b",") for line in lines[1:]]
    assert sum(len(row) == 5 for row in cells) == rows["cut_line"]
    assert sum(len(row) == 11 for row in cells) == rows["extra_cell"]
    assert sum(line.count(b'"') % 2 for line in lines) == rows["unterminated_quote"]
    assert sum(b"\xe9" in line for line in lines) == rows["bad_encoding"]
    whole = [row for row in cells if len(row) > 8]
    assert sum(row[2] == b"" for row in whole) == rows["missing_time"]
    assert sum(row[5] == b"0.0" for row in whole) == rows["zero_coordinates"]
    numbers = [row[0] for row in cells]
    assert len(numbers) - len(set(numbers)) == rows["duplicate_id"]
    assert sum(rows.values()) - rows["good"] == pytest.approx(0.02 * rows["good"], rel=0.2)


def test_without_bad_rows_the_file_holds_the_recorded_events(tmp_path):
    city = simulate_city(incidents=10_000, seed=3)
    assert write_city(city, tmp_path) == {"good": int(city.truth.recorded.sum())}
    with (tmp_path / "simulated_incidents.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    events = city.events
    assert len(rows) == events.recorded.sum()
    counts = np.bincount(events.offence[events.recorded])
    for offence, n in zip(city.planted.offences, counts, strict=True):
        assert sum(row["offence"] == offence.label for row in rows) == n
    assert {row["simulated"] for row in rows} == {"yes"}
    assert min(row["happened_from"] for row in rows) >= "2023-01-01 00:00"
    assert max(row["recorded_on"] for row in rows) <= "2026-01-14"


def test_areas_and_population_agree(folder):
    geo = json.loads((folder / "simulated_areas.geojson").read_text(encoding="utf-8"))
    with (folder / "simulated_population.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    codes = [feature["properties"]["area_code"] for feature in geo["features"]]
    assert [row["area_code"] for row in people] == codes
    for row in people:
        ages = [int(value) for name, value in row.items() if name.startswith("age_")]
        assert sum(ages) == int(row["persons"]) > 0
    shapes = np.array([shapely.from_geojson(json.dumps(f["geometry"])) for f in geo["features"]])
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert {f["properties"]["simulated"] for f in geo["features"]} == {"yes"}


def test_streets_and_reports_parse(folder):
    streets = json.loads((folder / "simulated_streets.geojson").read_text(encoding="utf-8"))
    assert len(streets["features"]) > 3_000
    with (folder / "simulated_citizen_reports.csv").open(encoding="utf-8", newline="") as file:
        reports = list(csv.DictReader(file))
    assert len(reports) == 48 * 36
    assert all(int(row["reports"]) >= 0 for row in reports)


def test_mapping_is_short_and_covers_every_type(folder):
    text = (folder / "incidents.toml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 25
    mapping = tomllib.loads(text)
    with (folder / "simulated_incidents.csv").open(encoding="latin-1", newline="") as file:
        types = {line.split(",")[1] for line in file} - {"offence"}
    assert types == set(mapping["type"]["iccs"])


def test_mapping_and_settings_are_read_by_the_rooms_that_use_them(folder):
    from commonlight.sources.mapping_files import load_mapping

    mapping = load_mapping(folder / "incidents.toml")
    assert mapping.kind == "incidents"
    assert mapping.place.crs == "EPSG:25832"
    settings = tomllib.loads((folder / "audit.toml").read_text(encoding="utf-8"))
    assert settings["audit"]["simulated"] is True
    for section in (settings["source"][0], settings["areas"], settings["population"]):
        assert (folder / section["path"]).is_file()


def test_readme_names_seed_and_what_was_planted(folder):
    text = (folder / "README.txt").read_text(encoding="utf-8")
    assert text.startswith("SIMULATED")
    for part in ("seed 1", "does not exist", "Intervention against", "near repeats"):
        assert part in text


@pytest.mark.parametrize("share", [-0.1, 0.6, float("nan")])
def test_share_of_bad_rows_is_checked(share, tmp_path):
    with pytest.raises(ValueError, match="rejects_share must be from 0 to"):
        write_city(simulate_city(incidents=10_000), tmp_path, rejects_share=share)
