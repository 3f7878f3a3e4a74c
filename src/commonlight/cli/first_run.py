"""The first run after an installation: where compiled loops are kept, and what is said."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["compiled_before", "keep_compiled", "tell_first_run"]


def keep_compiled() -> None:
    """Choose a folder for compiled loops where they cannot stand beside the installed files.

    NUMBA_CACHE_DIR goes first. A read-only installation keeps them in the user's cache folder,
    or, where that cannot be written either, in a temporary one of the user's own.
    """
    if "NUMBA_CACHE_DIR" in os.environ or os.access(Path(__file__).parents[1], os.W_OK):
        return
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "commonlight"
    try:
        own.mkdir(parents=True, exist_ok=True)
        usable = os.access(own, os.W_OK)
    except OSError:
        usable = False
    os.environ["NUMBA_CACHE_DIR"] = str(own if usable else _temporary())


def _temporary() -> Path:
    """A folder that only this user can write, for what is loaded from it is run."""
    import stat
    import tempfile

    folder = Path(tempfile.gettempdir()) / f"commonlight-{getattr(os, 'getuid', int)()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    others = stat.S_IWGRP | stat.S_IWOTH
    if stat.S_ISDIR(found.st_mode) and not found.st_mode & others and _is_own(found.st_uid):
        return folder
    return Path(tempfile.mkdtemp(prefix="commonlight-"))


def _is_own(user: int) -> bool:
    return not hasattr(os, "getuid") or user == os.getuid()


def compiled_before() -> bool:
    """Whether an earlier run kept compiled loops that this one can use."""
    from commonlight.sources.scan_kernel import scan_lines

    folder = scan_lines.stats.cache_path
    return folder is not None and any(Path(folder).glob("scan_kernel.scan_lines-*.nbi"))


def tell_first_run() -> None:
    """Say on stderr why a first run takes longer than the next ones."""
    if not compiled_before():
        print(
            "First run: loops are compiled for this machine, once. "
            "This adds about a quarter of a minute.",
            file=sys.stderr,
            flush=True,
        )
