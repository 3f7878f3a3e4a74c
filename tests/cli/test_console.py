from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from commonlight.cli.console import as_json, print_table, progress


@dataclass(frozen=True)
class Thing:
    values: np.ndarray
    day: date
    path: Path


def test_results_become_plain_json() -> None:
    thing = Thing(np.array([1.5, np.nan, np.inf]), date(2024, 2, 29), Path("a/b"))
    assert as_json({1: thing, "n": np.int64(3)}) == {
        "1": {"values": [1.5, None, None], "day": "2024-02-29", "path": "a/b"},
        "n": 3,
    }


def test_tables_line_up(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["name", "n"], [["a", 1], ["longer", 12345]])
    assert capsys.readouterr().out.splitlines() == [
        "name         n",
        "------  ------",
        "a            1",
        "longer  12,345",
    ]


def test_progress_is_silent_when_stderr_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress(quiet=False) as show:
        show("Working", 1, 2)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == ""
