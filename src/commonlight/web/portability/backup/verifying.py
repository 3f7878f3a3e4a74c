"""Check a backup: every file as it was written, and every version of a data set whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonlight.web.portability.backup.database import KeptVersion, check_database
from commonlight.web.portability.backup.making import DATABASE, FORMAT, HOME
from commonlight.web.portability.errors import PackageError
from commonlight.web.portability.manifest import check_folder, read_manifest

__all__ = ["Verified", "verify_backup", "verify_lake", "verify_versions"]


@dataclass(frozen=True)
class Verified:
    """What was found whole."""

    files: int
    versions: int
    manifest: Mapping[str, Any]


def verify_backup(folder: Path) -> Verified:
    """See that a backup is whole.

    Raises
    ------
    PackageError
        At the first thing that is missing or was changed.
    """
    manifest = read_manifest(folder, FORMAT)
    check_folder(folder, manifest)
    check_database(folder / DATABASE, manifest["database"])
    verify_versions(manifest)
    verify_lake(folder, manifest)
    files, versions = len(manifest["files"]), len(manifest["versions"])
    return Verified(files=files, versions=versions, manifest=manifest)


def verify_versions(manifest: Mapping[str, Any]) -> None:
    """Every version that the database speaks of has its files, with the digest that it names.

    Raises
    ------
    PackageError
        At the first one that has not.
    """
    listed = manifest["files"]
    for given in manifest["versions"]:
        one = KeptVersion(**given)
        path = f"{HOME}/{one.path}"
        below = [name for name in listed if name == path or name.startswith(f"{path}/")]
        if not below:
            raise PackageError(f"version {one.number} of “{one.dataset}” has no files")
        if one.file and listed[path]["sha256"] != one.digest:
            raise PackageError(f"version {one.number} of “{one.dataset}”: {path} was changed")


def verify_lake(folder: Path, manifest: Mapping[str, Any]) -> None:
    """The files of every version in the lake are those that its own manifest lists.

    Raises
    ------
    PackageError
        At the first one that is missing or differs.
    """
    listed = manifest["files"]
    for name in listed:
        parts = name.split("/")
        if len(parts) == 7 and parts[2] == "lake" and parts[-1] == "manifest.json":
            base = name.rsplit("/", 1)[0]
            for entry in json.loads((folder / name).read_bytes()).get("files", ()):
                kept = listed.get(f"{base}/{entry['name']}")
                if kept is None or kept["sha256"] != entry["sha256"]:
                    raise PackageError(f"{base}/{entry['name']} is missing or was changed")
