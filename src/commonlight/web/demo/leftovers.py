"""What an interrupted start of the demo left behind is removed before the next one."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["forget_interrupted", "is_made", "mark_made", "mark_started"]


def mark_started(home: Path) -> None:
    """From here on, all in the home folder belongs to the demo."""
    (home / "demo-city").mkdir(parents=True, exist_ok=True)
    (home / "demo-city" / "started").touch()


def mark_made(home: Path) -> None:
    """The demo is whole."""
    (home / "demo-city" / "made").touch()


def is_made(home: Path) -> bool:
    """Whether the demo is whole."""
    return (home / "demo-city" / "made").exists()


def forget_interrupted(home: Path) -> None:
    """Remove a half-made demo; a home that is none, or whole, is left alone."""
    if not (home / "demo-city" / "started").exists() or is_made(home):
        return
    for path in (home / "workspaces", home / "demo-city"):
        shutil.rmtree(path, ignore_errors=True)
    for path in home.glob("workbench.sqlite3*"):
        path.unlink()
