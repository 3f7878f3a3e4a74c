from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commonlight.cli.first_run import compiled_before, keep_compiled, tell_first_run
from commonlight.sources.scan_kernel import scan_lines

ASK = "from commonlight.cli.first_run import tell_first_run; tell_first_run()"


def test_a_first_run_says_that_it_compiles(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert done.stderr.startswith("First run: loops are compiled for this machine, once.")


@pytest.fixture
def read_only_install(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The package's folder cannot be written; other folders can, where their mode allows."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    package = Path(scan_lines.py_func.__code__.co_filename).parents[1]

    def access(path: Path, mode: int) -> bool:
        return Path(path) != package and bool(Path(path).stat().st_mode & 0o200)

    monkeypatch.setattr("os.access", access)
    # What the code sets is taken back after the test, too.
    monkeypatch.setenv("NUMBA_CACHE_DIR", "x")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    return monkeypatch


def test_a_read_only_install_keeps_loops_in_the_cache_folder(
    read_only_install: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read_only_install.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    keep_compiled()
    assert os.environ["NUMBA_CACHE_DIR"] == str(tmp_path / "cache" / "commonlight")
    assert (tmp_path / "cache" / "commonlight").is_dir()


def test_where_nothing_can_be_written_a_folder_of_the_users_own_is_taken(
    read_only_install: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder can be made below a file")
    read_only_install.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    read_only_install.setattr("tempfile.tempdir", str(tmp_path))
    keep_compiled()
    own = Path(os.environ["NUMBA_CACHE_DIR"])
    assert own.parent == tmp_path
    assert own.stat().st_mode & 0o777 == 0o700
    own.chmod(0o777)  # others could plant compiled loops there
    read_only_install.delenv("NUMBA_CACHE_DIR")
    keep_compiled()
    assert Path(os.environ["NUMBA_CACHE_DIR"]) != own


def test_a_folder_that_is_named_goes_first(read_only_install: pytest.MonkeyPatch) -> None:
    read_only_install.setenv("NUMBA_CACHE_DIR", "named")
    keep_compiled()
    assert os.environ["NUMBA_CACHE_DIR"] == "named"


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
