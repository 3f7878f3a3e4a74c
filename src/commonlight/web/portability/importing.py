"""Read an exported workspace into this installation: all of it, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from commonlight.web.accounts.models import User
from commonlight.web.eventlog.models import ChainHead
from commonlight.web.eventlog.record import record
from commonlight.web.portability.archive import opened
from commonlight.web.portability.errors import PackageError
from commonlight.web.portability.export import FORMAT, WORKSPACE_FIELDS
from commonlight.web.portability.log_reading import read_log
from commonlight.web.portability.manifest import check_folder, copy_file, read_manifest
from commonlight.web.portability.reading import (
    TableReader,
    checked_value,
    moved_folder,
    read_json,
)
from commonlight.web.portability.shapes import shapes
from commonlight.web.workspaces.models import Workspace

__all__ = ["Imported", "import_workspace"]

UNFINISHED = ".import-unfinished"
OWN_FILES = ("workspace.json", "dictionary.json", "README.md")
OWN_LOG = ("log/events.jsonl", "log/names.jsonl")


@dataclass(frozen=True)
class Imported:
    """What an import made; `without_password` are people who need a new invitation."""

    workspace: Workspace
    without_password: tuple[User, ...]
    events: int


def import_workspace(source: Path, *, largest: int | None = None) -> Imported:
    """Read a folder or a zip file that `export_workspace` made.

    `largest` bounds the size of its files together, in bytes.

    Raises
    ------
    PackageError
        If anything is missing, changed, unsafe or in the way; then nothing was kept.
    """
    with opened(source, FORMAT, largest=largest) as folder:
        manifest = read_manifest(folder, FORMAT)
        check_folder(folder, manifest)
        _check_names(set(manifest["files"]))
        row = _workspace_row(folder)
        with _new_home(row["slug"]) as (aside, home):
            _copy_files(folder, manifest["files"], aside)
            return _read(folder, row, aside, home)


def _read(folder: Path, row: dict[str, Any], aside: Path, home: Path) -> Imported:
    """Make all rows in one transaction, whose last step is to put the files in their place."""
    try:
        with transaction.atomic():
            workspace = Workspace.objects.create(**row)
            reader = TableReader(folder, workspace)
            reader.read()
            events = read_log(folder, workspace, reader.known)
            _check_versions(workspace, aside)
            record(None, "workspace.import", slug=workspace.slug, events=events)
            aside.rename(home)
    except DatabaseError as error:
        raise PackageError(f"the database refused the export: {error}") from error
    people = tuple(one for one in reader.people_made if one.is_active)
    return Imported(workspace=workspace, without_password=people, events=events)


def _workspace_row(folder: Path) -> dict[str, Any]:
    content = read_json(folder / "workspace.json")
    row = content.get("workspace")
    if not isinstance(row, dict) or set(row) != set(WORKSPACE_FIELDS):
        raise PackageError("workspace.json does not hold the members that it should")
    try:
        values = {name: checked_value(Workspace._meta.get_field(name), row[name]) for name in row}
    except (ValueError, TypeError, ValidationError) as error:
        raise PackageError(f"workspace.json: {error}") from error
    _check_free(values["slug"])
    return values


def _check_free(slug: str) -> None:
    if not slug:
        raise PackageError("workspace.json gives no short name")
    if Workspace.objects.filter(slug=slug).exists():
        raise PackageError(
            f"there is a workspace “{slug}” here already; import into an empty installation"
        )
    if ChainHead.objects.filter(chain=slug).exists():
        raise PackageError(f"there is the event log of a former workspace “{slug}” here already")


def _check_names(found: set[str]) -> None:
    """The export holds its own files and nothing in other places."""
    needed = {*OWN_FILES, *OWN_LOG, *(f"tables/{shape.name}.jsonl" for shape in shapes())}
    if missing := sorted(needed - found):
        raise PackageError(
            f"{missing[0]} is missing: the export was made by another version, or is not complete"
        )
    odd = [name for name in sorted(found - needed) if not _is_data(name)]
    if odd:
        raise PackageError(f"{odd[0]} does not belong into an export")


def _is_data(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith(".") for part in parts)
    return len(parts) > 1 and parts[0] in ("lake", "files", "results") and not hidden


def _copy_files(folder: Path, listed: dict[str, Any], aside: Path) -> None:
    for name, one in listed.items():
        if _is_data(name):
            _, digest = copy_file(folder / name, aside / _home_name(name))
            if digest != one["sha256"]:
                raise PackageError(f"{name} changed while it was read")


def _home_name(name: str) -> str:
    """Where a file of the export lies in the workspace."""
    root, first, *rest = name.split("/")
    if root != "results":
        return name
    if not first.isdecimal():
        raise PackageError(f"{name} does not belong to a run")
    return "/".join(["results", moved_folder(int(first)), *rest])


def _check_versions(workspace: Workspace, aside: Path) -> None:
    """Every version that the tables name is there."""
    from commonlight.web.data.models import DataVersion

    versions = DataVersion.objects.of(workspace).select_related("dataset")
    for one in versions:
        lake = aside / "lake" / one.dataset.slug / "versions" / one.lake_version
        path = lake if one.lake_version else aside / "files" / one.file
        if "/" in one.lake_version or one.lake_version.startswith(".") or not path.exists():
            raise PackageError(
                f"version {one.number} of “{one.dataset.slug}” is in the tables, its files are not"
            )


@contextmanager
def _new_home(slug: str) -> Iterator[tuple[Path, Path]]:
    """A folder to fill aside, and the place where it goes; both are removed on failure."""
    home = Path(settings.COMMONLIGHT_HOME) / "workspaces" / slug
    if (home / UNFINISHED).exists():
        shutil.rmtree(home)
    if home.exists():
        raise PackageError(f"{home} exists already; move it away and try again")
    aside = home.parent / f".importing-{slug}-{token_hex(4)}"
    aside.mkdir(parents=True)
    (aside / UNFINISHED).touch()
    try:
        yield aside, home
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        if (home / UNFINISHED).exists():
            shutil.rmtree(home, ignore_errors=True)
        raise
    (home / UNFINISHED).unlink()
