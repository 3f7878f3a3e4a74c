from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commonlight.sources.mapping_files import list_presets, load_mapping

Cli = Callable[..., Any]

PERSONS = (
    "name,date of birth,at,x,y\n"
    + "Erika Mustermann,12.08.1964,2024-01-01 10:00,500000,5500000\n" * 40
)
PERSONS_MAPPING = """
kind = "incidents"
name = "x"
time = { start = "at", formats = ["%Y-%m-%d %H:%M"] }
place = { x = "x", y = "y", crs = "EPSG:25832" }
"""


@pytest.fixture
def incidents(city: Path) -> Path:
    return city / "simulated_incidents.csv"


@pytest.fixture
def mapping(city: Path) -> Path:
    return city / "incidents.toml"


# guess


def test_a_guess_says_what_was_taken_for_what(cli: Cli, incidents: Path) -> None:
    said = cli("sources", "guess", incidents)
    assert said.code == 0
    notes = [line for line in said.out.splitlines() if line.startswith("# ")]
    assert any("'happened_from'" in note for note in notes)
    assert any("'easting' and 'northing'" in note for note in notes)
    assert 'start = "happened_from"' in said.out
    assert 'column = "offence"' in said.out


def test_a_guess_is_written_and_read_again(cli: Cli, incidents: Path, tmp_path: Path) -> None:
    path = tmp_path / "guess.toml"
    said = cli("sources", "guess", incidents, "--write", path)
    assert said.code == 0
    assert f"--mapping {path}" in said.out
    assert load_mapping(path).time.start == "happened_from"
    again = cli("sources", "guess", incidents, "--write", path)
    assert again.code == 2
    assert "may hold corrections" in again.line


def test_a_guess_as_json(cli: Cli, incidents: Path) -> None:
    said = cli("sources", "guess", incidents, "--json")
    assert "happened_from" in said.json["mapping"]
    assert said.json["notes"]
    assert said.json["written"] is None


def test_a_guess_at_a_file_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    said = cli("sources", "guess", tmp_path / "gone.csv")
    assert said.code == 5
    assert "gone.csv" in said.line


# check and import


def test_a_check_accounts_for_every_row_and_keeps_nothing(
    cli: Cli,
    city: Path,
    incidents: Path,
    mapping: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    said = cli("sources", "check", incidents, "-m", mapping)
    assert said.code == 0
    rows = json.loads((city / "truth.json").read_text())["rows"]
    # Without the city's areas nothing can lie outside them.
    good = rows["good"] + rows["outside_study_area"]
    read = sum(rows.values())
    first = said.out.splitlines()[0]
    assert first == f"{read:,} records read = {good:,} accepted + {read - good:,} rejected"
    reasons = [line.split()[0] for line in said.out.splitlines() if line.startswith("    ")]
    counts = [int(word.replace(",", "")) for word in reasons if word[0].isdigit()]
    assert sum(counts) == read - good
    assert list(tmp_path.iterdir()) == []


def test_a_check_as_json(cli: Cli, incidents: Path, mapping: Path) -> None:
    said = cli("sources", "check", incidents, "-m", mapping, "--json")
    assert said.code == 0
    assert said.err == ""
    assert said.json["read"] == said.json["accepted"] + said.json["rejected"]
    assert sum(said.json["reasons"].values()) == said.json["rejected"]


def test_an_import_makes_a_version_that_is_listed(
    cli: Cli, incidents: Path, mapping: Path, tmp_path: Path
) -> None:
    said = cli("sources", "import", incidents, "-m", mapping, "--lake", tmp_path / "lake")
    assert said.code == 0
    version = said.out.split("Kept as version ")[1].strip()
    listed = cli("sources", "list", "--lake", tmp_path / "lake", "--json").json
    assert [(row["name"], row["version"]) for row in listed] == [("simulated_incidents", version)]
    assert listed[0]["read"] == listed[0]["accepted"] + listed[0]["rejected"]
    assert listed[0]["from"] == "2023-01-01"
    table = cli("sources", "list", "--lake", tmp_path / "lake").out
    assert version in table


def test_an_import_as_json(cli: Cli, incidents: Path, mapping: Path, tmp_path: Path) -> None:
    said = cli(
        "sources", "import", incidents, "-m", mapping, "--lake", tmp_path, "--name", "a", "--json"
    )
    assert said.json["version"]
    assert said.err == ""


def test_an_empty_lake_is_said_to_be_empty(cli: Cli, tmp_path: Path) -> None:
    assert "holds no data set yet" in cli("sources", "list", "--lake", tmp_path).out
    assert cli("sources", "list", "--lake", tmp_path, "--json").json == []


@pytest.mark.parametrize("command", ["check", "import"])
def test_a_file_about_persons_is_refused_and_nothing_kept(
    command: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "named.csv").write_text(PERSONS)
    (tmp_path / "m.toml").write_text(PERSONS_MAPPING)
    said = cli("sources", command, "named.csv", "-m", "m.toml")
    assert said.code == 4
    assert "name (cells look like first and last names)" in said.line
    assert "date of birth" in said.line
    assert "Mustermann" not in said.err
    kept = [path for path in tmp_path.rglob("*") if path.suffix == ".parquet"]
    assert kept == []
    dropped = cli(
        "sources", command, "named.csv", "-m", "m.toml", "--drop", "name", "--drop", "date of birth"
    )
    assert dropped.code == 0


def test_a_file_that_is_not_there(cli: Cli, mapping: Path, tmp_path: Path) -> None:
    said = cli("sources", "check", tmp_path / "gone.csv", "-m", mapping)
    assert said.code == 5
    assert "gone.csv" in said.line


def test_a_mapping_that_is_not_there_or_does_not_fit(
    cli: Cli, incidents: Path, tmp_path: Path
) -> None:
    said = cli("sources", "check", incidents, "-m", "no-such-preset")
    assert said.code == 3
    assert "no-such-preset" in said.line
    said = cli("sources", "check", incidents, "-m", "chicago")
    assert said.code == 3
    assert "simulated_incidents.csv" in said.line


# rejected and presets


def test_rejected_rows_are_listed_with_their_reason(cli: Cli, lake: Path, tmp_path: Path) -> None:
    rows = cli("sources", "rejected", "crime", "--lake", lake, "--json").json
    listed = cli("sources", "list", "--lake", lake, "--json").json
    assert len(rows) == listed[0]["rejected"]
    assert all(row["reason"] for row in rows)
    out = tmp_path / "rejected.csv"
    assert cli("sources", "rejected", "crime", "--lake", lake, "--out", out).code == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file, delimiter=_delimiter(out)))) == len(rows)
    assert "more; --out rejected.csv" in cli("sources", "rejected", "crime", "--lake", lake).out


def _delimiter(path: Path) -> str:
    first = path.read_text(encoding="utf-8-sig").splitlines()[0]
    return ";" if ";" in first else ","


def test_rejected_rows_of_an_unknown_name(cli: Cli, lake: Path) -> None:
    said = cli("sources", "rejected", "gone", "--lake", lake)
    assert said.code == 6
    assert "gone" in said.line


def test_presets_are_listed(cli: Cli) -> None:
    table = cli("sources", "presets").out
    assert all(name in table for name in list_presets())
    assert set(cli("sources", "presets", "--json").json) == set(list_presets())
