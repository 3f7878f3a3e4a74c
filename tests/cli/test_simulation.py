from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_the_files_and_the_truth_are_written(city: Path) -> None:
    truth = json.loads((city / "truth.json").read_text())
    assert truth["SIMULATED"] is True
    rows = truth["rows"]
    lines = (city / "simulated_incidents.csv").read_bytes().splitlines()
    assert len(lines) == 1 + sum(rows.values())
    assert 0.01 < 1 - rows["good"] / sum(rows.values()) < 0.03


def test_the_same_seed_gives_the_same_files(cli: Cli, city: Path, tmp_path: Path) -> None:
    said = cli("simulate", tmp_path, "--incidents", 10_000, "--bad-rows", 0.02)
    assert said.code == 0
    assert said.err == ""
    assert digests(tmp_path) == digests(city)
    assert len(said.out.splitlines()) == len(digests(city))


def test_json_names_the_files(cli: Cli, tmp_path: Path) -> None:
    said = cli("simulate", tmp_path, "--incidents", 10_000, "--seed", 3, "--json")
    assert said.json["seed"] == 3
    assert all(Path(name).is_file() for name in said.json["files"])


def test_too_few_incidents_are_a_wrong_command(cli: Cli, tmp_path: Path) -> None:
    said = cli("simulate", tmp_path, "--incidents", 5)
    assert said.code == 2
    assert "10000" in said.line
