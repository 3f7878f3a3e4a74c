"""The list of all files of a folder with size and SHA-256, and the check against it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from commonlight.web.portability.errors import PackageError

__all__ = [
    "MANIFEST",
    "check_folder",
    "copy_file",
    "file_digest",
    "files_below",
    "read_manifest",
    "safe_path",
    "write_json",
    "write_manifest",
]

MANIFEST = "manifest.json"
BLOCK = 1024 * 1024
LARGEST_MANIFEST = 200 * 1024 * 1024


def write_json(path: Path, content: Any) -> None:
    """Write JSON that is the same byte for byte for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def write_manifest(folder: Path, kind: str, **facts: Any) -> dict[str, Any]:
    """List every file of the folder; written last, so a folder without it is unfinished."""
    listed = {
        name: {"bytes": (folder / name).stat().st_size, "sha256": file_digest(folder / name)}
        for name in files_below(folder)
    }
    manifest = {"format": kind, **facts, "files": listed}
    write_json(folder / MANIFEST, manifest)
    return manifest


def read_manifest(folder: Path, kind: str) -> dict[str, Any]:
    """The manifest, if the folder has one of this kind whose names are safe.

    Raises
    ------
    PackageError
        If there is none, or it is not what it should be.
    """
    path = folder / MANIFEST
    if path.is_symlink() or not path.is_file():
        raise PackageError(f"{folder} has no {MANIFEST}: it is not complete, or something else")
    if path.stat().st_size > LARGEST_MANIFEST:
        raise PackageError(f"{path} is larger than {LARGEST_MANIFEST} bytes")
    return parse_manifest(path.read_bytes(), kind)


def parse_manifest(text: bytes, kind: str) -> dict[str, Any]:
    """A manifest of this kind whose names are safe.

    Raises
    ------
    PackageError
        If it is not what it should be.
    """
    try:
        manifest = json.loads(text)
        found, listed = manifest["format"], manifest["files"]
        sizes = {name: (int(one["bytes"]), str(one["sha256"])) for name, one in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PackageError(f"{MANIFEST} cannot be read ({error!r})") from error
    if found != kind:
        raise PackageError(f"{MANIFEST} says “{found}”; this needs “{kind}”")
    for name, (size, _) in sizes.items():
        safe_path(name)
        if size < 0:
            raise PackageError(f"{MANIFEST} gives {name} a size of {size}")
    return dict(manifest)


def check_folder(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Every file is there, as listed, and none more.

    Raises
    ------
    PackageError
        At the first file that is missing, added or changed.
    """
    listed = manifest["files"]
    found = set(files_below(folder)) - {MANIFEST}
    if missing := sorted(set(listed) - found):
        raise PackageError(f"{missing[0]} is in {MANIFEST} but not in {folder}")
    if added := sorted(found - set(listed)):
        raise PackageError(f"{added[0]} is in {folder} but not in {MANIFEST}")
    for name, one in listed.items():
        path = folder / name
        if path.stat().st_size != one["bytes"] or file_digest(path) != one["sha256"]:
            raise PackageError(f"{name} was changed: size or SHA-256 differ from {MANIFEST}")


def files_below(folder: Path) -> list[str]:
    """The names of all files, in order; a link is refused, since it may lead out.

    A folder below that goes while others write, as a draft does when it is done, holds nothing.

    Raises
    ------
    PackageError
        If there is a link or a device.
    """
    return sorted(_walk(folder, folder))


def _walk(folder: Path, root: Path) -> Iterator[str]:
    try:
        opened = os.scandir(folder)
    except FileNotFoundError:
        if folder == root:
            raise
        return
    with opened as entries:
        for entry in entries:
            name = Path(entry.path).relative_to(root).as_posix()
            if entry.is_symlink():
                raise PackageError(f"{name} is a link; links are refused")
            if entry.is_dir():
                yield from _walk(Path(entry.path), root)
            elif entry.is_file():
                yield name
            else:
                raise PackageError(f"{name} is neither a file nor a folder")


def safe_path(name: str) -> PurePosixPath:
    """A path that stays below its folder.

    Raises
    ------
    PackageError
        If it is absolute, climbs up, or holds what file systems read in different ways.
    """
    path = PurePosixPath(name)
    strange = "\\" in name or any(ord(letter) < 32 for letter in name)
    climbs = path.is_absolute() or not path.parts or ".." in path.parts
    if strange or climbs or path.as_posix() != name:
        raise PackageError(f"the path {name!r} is refused: it does not stay below its folder")
    return path


def copy_file(source: Path, target: Path) -> tuple[int, str]:
    """Copy, and return size and SHA-256 of what was written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as given, target.open("xb") as written:
        while block := given.read(BLOCK):
            written.write(block)
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
