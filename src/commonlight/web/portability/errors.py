"""Why a folder cannot be read, in the words that the person sees."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["PackageError", "all_or_nothing"]


class PackageError(ValueError):
    """An export, import, backup or restore cannot go on; the message says what to do."""


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[None]:
    """What could not be written whole goes again, so that nobody takes it for whole.

    Raises
    ------
    PackageError
        If the disk is full.
    """
    try:
        yield
    except BaseException as error:
        for one in folder.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        if _is_full(error):
            raise PackageError(
                f"the disk that holds {folder} is full; nothing was kept there. Free space or "
                "name a folder on another disk, then do it again"
            ) from error
        raise


def _is_full(error: BaseException) -> bool:
    """As files, SQLite and PostgreSQL say it."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    text = str(error).lower()
    return "disk is full" in text or "no space left" in text
