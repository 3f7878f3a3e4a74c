"""The walk over a folder while others write in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from commonlight.web.portability import manifest
from commonlight.web.portability.manifest import files_below


def test_a_draft_that_is_done_meanwhile_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("kept/a.csv", ".draft/b.csv"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("x")

    def scan(folder: Any) -> Any:
        if Path(folder).name == ".draft":
            Path(folder).rename(tmp_path.parent / "done")
        return scandir(folder)

    scandir = os.scandir
    monkeypatch.setattr(manifest.os, "scandir", scan)
    assert files_below(tmp_path) == ["kept/a.csv"]


def test_a_folder_that_was_never_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files_below(tmp_path / "nowhere")
