"""Files get their name when they are whole, and imports into one source take turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commonlight.sources.errors import LakeBusyError
from commonlight.web.data.methods import tables
from commonlight.web.data.methods.keeping import put_file


def test_a_file_that_could_not_be_written_whole_is_not_there(tmp_path: Path) -> None:
    def stop(aside: Path) -> None:
        aside.write_text("half")
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        put_file(tmp_path / "areas.geojson", stop, "7-1")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_attempt_left_goes_with_the_next(tmp_path: Path) -> None:
    (tmp_path / ".7-1-areas.geojson").write_text("half")
    (tmp_path / ".8-1-areas.geojson").write_text("of another run")
    put_file(tmp_path / "areas.geojson", lambda aside: aside.write_text("whole"), "7-2")
    assert (tmp_path / "areas.geojson").read_text() == "whole"
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        ".8-1-areas.geojson",
        "areas.geojson",
    ]


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    kept = tmp_path / "areas.geojson"
    put_file(kept, lambda aside: aside.write_text("first"), "1-1")
    put_file(kept, lambda aside: aside.write_text("second"), "2-1")
    assert kept.read_text() == "first"


def test_another_import_is_waited_for(monkeypatch: Any) -> None:
    monkeypatch.setattr(tables, "PAUSE", 0)
    waited: list[int] = []

    def bring() -> Any:
        if len(waited) < 3:
            raise LakeBusyError("another import is running")
        return "done"

    found: Any = tables._in_turn(bring, lambda: waited.append(1))
    assert found == "done"
    assert len(waited) == 3
    monkeypatch.setattr(tables, "LONGEST_WAIT", -1)
    waited.clear()
    with pytest.raises(LakeBusyError):
        tables._in_turn(bring, lambda: waited.append(1))
