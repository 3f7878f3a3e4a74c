"""A backup or an export that cannot be written whole leaves nothing, and says why."""

from __future__ import annotations

import errno

import pytest
from django.db import OperationalError

from commonlight.web.portability.errors import PackageError, all_or_nothing


def write_half(folder, error):
    with all_or_nothing(folder):
        (folder / "tables").mkdir()
        (folder / "tables" / "half").write_text("half")
        (folder / "manifest.json").write_text("{")
        raise error


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left"), OperationalError("database or disk is full")],
)
def test_a_full_disk_is_told(tmp_path, error):
    with pytest.raises(PackageError, match="is full; nothing was kept"):
        write_half(tmp_path, error)
    assert list(tmp_path.iterdir()) == []


def test_another_error_stays_what_it_is(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path, KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_what_is_whole_stays(tmp_path):
    with all_or_nothing(tmp_path):
        (tmp_path / "manifest.json").write_text("{}")
    assert (tmp_path / "manifest.json").exists()
