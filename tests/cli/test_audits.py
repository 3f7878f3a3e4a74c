from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]


@pytest.fixture
def short(city: Path, tmp_path: Path) -> Path:
    """The city's configuration without the printed report, beside a copy of its files."""
    shutil.copytree(city, tmp_path / "city")
    path = tmp_path / "city" / "short.toml"
    text = (city / "audit.toml").read_text().replace('["html", "pdf", "data"]', '["html", "data"]')
    path.write_text(text)
    return path


def test_an_audit_says_what_it_read_found_and_wrote(cli: Cli, short: Path, tmp_path: Path) -> None:
    said = cli("audit", short, "--out", tmp_path)
    assert said.code == 0
    assert said.err == ""
    sums = next(line for line in said.out.splitlines() if line.startswith("Recorded incidents"))
    read, accepted, rejected = (
        int(word.replace(",", "")) for word in sums.split() if word[0].isdigit()
    )
    assert read == accepted + rejected
    assert rejected > 100
    assert 1 <= sum(line.startswith("- ") for line in said.out.splitlines()) <= 6
    for name in ("internal/report.html", "internal/data", "public/report.html", "public/data"):
        assert (tmp_path / name).exists()
        assert f"Wrote {tmp_path / name}" in said.out
    assert (tmp_path / "lake").is_dir()


def test_json_is_one_document(cli: Cli, short: Path, tmp_path: Path) -> None:
    said = cli("audit", short, "--out", tmp_path / "a", "--lake", tmp_path / "b", "--json")
    assert said.code == 0
    assert said.err == ""
    source = said.json["sources"][0]
    assert source["read"] == source["accepted"] + source["rejected"]
    assert sum(source["reasons"].values()) == source["rejected"]
    assert said.json["simulated"] is True
    # Police, survey, reports of residents and visits bear witness.
    assert said.json["one_sided"] is False
    assert (tmp_path / "b").is_dir()


def test_an_audit_of_police_records_alone_is_one_sided(
    cli: Cli, short: Path, tmp_path: Path
) -> None:
    text = short.read_text()
    first, *_, last = text.split("[[source]]")
    path = short.parent / "police.toml"
    police = text.split("[[source]]")[1]
    rest = last[last.index("[residents]") :]
    path.write_text(f"{first}[[source]]{police}{rest}")
    said = cli("audit", path, "--out", tmp_path, "--json")
    assert said.code == 0
    assert said.json["one_sided"] is True


def test_without_out_the_report_lies_beside_the_configuration(cli: Cli, short: Path) -> None:
    assert cli("audit", short).code == 0
    assert (short.parent / "out" / "short" / "internal" / "report.html").is_file()


def test_one_version_alone(cli: Cli, short: Path, tmp_path: Path) -> None:
    assert cli("audit", short, "--out", tmp_path, "--only", "public").code == 0
    assert (tmp_path / "public" / "report.html").is_file()
    assert not (tmp_path / "internal").exists()
    said = cli("audit", short, "--out", tmp_path, "--only", "secret")
    assert said.code == 7
    assert "only may be internal or public; got 'secret'" in said.line


def test_a_configuration_that_cannot_be_used(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "audit.toml"
    path.write_text('[audit]\ncitty = "Testham"\n')
    said = cli("audit", path)
    assert said.code == 3
    assert "did you mean 'city'?" in said.line
    assert str(path) in said.line


def test_a_source_that_is_not_there(cli: Cli, short: Path, tmp_path: Path) -> None:
    path = short.parent / "gone.toml"
    path.write_text(short.read_text().replace("simulated_incidents.csv", "gone.csv"))
    said = cli("audit", path, "--out", tmp_path)
    assert said.code == 3
    assert "gone.csv is not there" in said.line


def test_a_source_about_persons_stops_the_audit(cli: Cli, short: Path, tmp_path: Path) -> None:
    file = short.parent / "named.csv"
    file.write_text(
        "victim name,date of birth,happened_from,easting,northing\n"
        + "Anna Muster,1.2.1980,2024-01-01 10:00,390000,6096000\n" * 30
    )
    mapping = short.parent / "named_mapping.toml"
    mapping.write_text(
        'kind = "incidents"\nname = "x"\n[time]\nstart = "happened_from"\n'
        'formats = ["%Y-%m-%d %H:%M"]\n[place]\nx = "easting"\ny = "northing"\n'
        'crs = "EPSG:25832"\n[keep]\nname = "victim name"\n'
    )
    path = short.parent / "persons.toml"
    path.write_text(
        short.read_text()
        .replace("simulated_incidents.csv", file.name)
        .replace('"incidents.toml"', f'"{mapping.name}"')
        .replace('place_kind = "place_kind"\n', "")
    )
    said = cli("audit", path, "--out", tmp_path)
    assert said.code == 4
    assert "victim name" in said.line
    assert "Muster" not in said.err
    assert not (tmp_path / "internal").exists()
