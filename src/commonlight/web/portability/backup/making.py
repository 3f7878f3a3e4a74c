"""Make a backup: the database as of one moment, then the files that it speaks of."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from commonlight import __version__
from commonlight.web.eventlog.record import record
from commonlight.web.portability.backup.database import KeptVersion, dump_database
from commonlight.web.portability.errors import PackageError, all_or_nothing
from commonlight.web.portability.manifest import copy_file, files_below, write_manifest
from commonlight.web.portability.workspace_files import REGISTER, is_hidden

__all__ = ["DATABASE", "FORMAT", "HOME", "Made", "make_backup"]

FORMAT = "commonlight.backup/1"
DATABASE = "database"
HOME = "workspaces"
ATTEMPTS = 3

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Made:
    """What a backup holds."""

    files: int
    bytes: int
    versions: int


def make_backup(folder: Path, *, progress: Progress | None = None) -> Made:
    """Write a backup to an empty folder.

    Versions and results are never changed once they are there, so files that are copied after
    the database fit it. Should one have been deleted in between, a fresh copy of the database,
    which does not speak of it any more, is made.

    Raises
    ------
    PackageError
        If the folder is not empty, its disk is full, or files are missing that the database
        speaks of.
    """
    _check_place(folder)
    with all_or_nothing(folder):
        return _written(folder, progress or (lambda step, done, total: None))


def _written(folder: Path, tell: Progress) -> Made:
    for _ in range(ATTEMPTS):
        shutil.rmtree(folder / DATABASE, ignore_errors=True)
        tell("database", 0, 3)
        versions = dump_database(folder / DATABASE)
        tell("files", 1, 3)
        _copy_homes(folder / HOME)
        missing = [one for one in versions if not (folder / HOME / one.path).exists()]
        if not missing:
            tell("checksums", 2, 3)
            return _finish(folder, versions)
    lost = missing[0]
    raise PackageError(
        f"version {lost.number} of “{lost.dataset}” in “{lost.workspace}” has no files: "
        f"{lost.path} is missing in {_homes()}"
    )


def _check_place(folder: Path) -> None:
    home = Path(settings.COMMONLIGHT_HOME).resolve()
    if folder.resolve().is_relative_to(home):
        raise PackageError(f"{folder} lies in the home folder itself; choose another place")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackageError(f"{folder} is not empty; name a folder that does not exist yet")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _finish(folder: Path, versions: list[KeptVersion]) -> Made:
    """The manifest is written last: a folder without it is no backup."""
    manifest = write_manifest(
        folder,
        FORMAT,
        library_version=__version__,
        database=connection.vendor,
        versions=[asdict(one) for one in versions],
    )
    sizes = [one["bytes"] for one in manifest["files"].values()]
    record(None, "installation.backup", kind="export", files=len(sizes), bytes=sum(sizes))
    return Made(files=len(sizes), bytes=sum(sizes), versions=len(versions))


def _copy_homes(target: Path) -> None:
    target.mkdir(exist_ok=True)
    if not _homes().is_dir():
        return
    for home in sorted(path for path in _homes().iterdir() if not path.name.startswith(".")):
        registers = _copy_registers(home, target / home.name)
        for name in files_below(home):
            if not is_hidden(name) and name not in registers:
                _copy(home / name, target / home.name / name)


def _copy_registers(home: Path, target: Path) -> set[str]:
    """Registers come first, so that they name no version whose files are not copied yet."""
    found = {path.relative_to(home).as_posix() for path in home.glob(f"lake/*/{REGISTER}")}
    for name in found:
        (target / name).unlink(missing_ok=True)
        _copy(home / name, target / name)
    return found


def _copy(source: Path, target: Path) -> None:
    """Copy what is not there yet; what was deleted meanwhile is left out."""
    if target.exists():
        return
    try:
        copy_file(source, target)
    except FileNotFoundError:
        target.unlink(missing_ok=True)


def _homes() -> Path:
    return Path(settings.COMMONLIGHT_HOME) / HOME
