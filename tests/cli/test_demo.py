"""The first command that a newcomer runs, as it is run: in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def demo(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from commonlight.cli import main; main()", "demo"]
    return subprocess.run(
        [*command, "--out", str(folder), "--incidents", "10000", *more],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_demo_makes_a_city_and_its_report(tmp_path: Path) -> None:
    done = demo(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "is a simulated city" in done.stdout.splitlines()[0]
    for name in ("report.html", "report.pdf", "data/findings.json"):
        assert (tmp_path / "public" / name).stat().st_size > 1000
    assert (tmp_path / "internal" / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "city" / "truth.json").is_file()
    # No bars and no colours where stderr is no terminal.
    assert "%" not in done.stderr
    assert "\x1b" not in done.stderr + done.stdout


@pytest.mark.slow
def test_json_is_one_document_and_counts_what_was_planted(tmp_path: Path) -> None:
    done = demo(tmp_path, "--json", "--seed", "2")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    planted = json.loads((tmp_path / "city" / "truth.json").read_text())["rows"]
    crime = told["sources"][0]
    assert crime["accepted"] == planted["good"]
    assert crime["rejected"] == sum(planted.values()) - planted["good"]
    assert told["simulated"] is True
