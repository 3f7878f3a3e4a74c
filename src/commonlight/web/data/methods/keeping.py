"""A file gets its name when it is whole and on the disk, so that no crash leaves half of one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

__all__ = ["put_file"]


def put_file(path: Path, write: Callable[[Path], object], attempt: str) -> None:
    """Have `write` make a file aside, and give it its name; a file of that name stays.

    `attempt` is the run and its token: what lost attempts of the same run left goes.
    """
    for left in path.parent.glob(f".{attempt.split('-')[0]}-*-{path.name}"):
        left.unlink(missing_ok=True)
    if path.exists():
        return
    aside = path.with_name(f".{attempt}-{path.name}")
    try:
        write(aside)
        _sync(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
