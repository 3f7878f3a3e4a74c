"""A small set of evidence files, right in every rule, that tests spoil in one place each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commonlight.evidence.room import FILES, Room, read_room

HERE = Path(__file__).parent / "room"


@pytest.fixture
def spoiled(tmp_path: Path) -> Callable[..., Room]:
    """Read the small room with one text replaced in one of its files."""

    def read(file: str, old: str, new: str) -> Room:
        for name in FILES:
            text = (HERE / name).read_text(encoding="utf-8")
            if name == file:
                assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
                text = text.replace(old, new)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return read_room(tmp_path)

    return read


@pytest.fixture(scope="session")
def small() -> Room:
    return read_room(HERE)
