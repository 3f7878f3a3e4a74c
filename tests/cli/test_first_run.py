from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commonlight.cli.first_run import compiled_before, tell_first_run
from commonlight.sources.scan_kernel import scan_lines

ASK = "from commonlight.cli.first_run import tell_first_run; tell_first_run()"


def test_a_first_run_says_that_it_compiles(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert done.stderr.startswith("First run: loops are compiled for this machine, once.")


def test_a_later_run_says_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "scan_kernel.scan_lines-52.py311.nbi").write_bytes(b"")
    kept = scan_lines.stats._replace(cache_path=str(tmp_path))
    monkeypatch.setattr("commonlight.sources.scan_kernel.scan_lines", _Kept(kept))
    assert compiled_before()
    tell_first_run()
    assert capsys.readouterr().err == ""


class _Kept:
    """A compiled loop with other statistics."""

    def __init__(self, stats: object) -> None:
        self.stats = stats
