"""Zip files of exports: written plainly, opened with limits."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commonlight.web.portability.errors import PackageError
from commonlight.web.portability.manifest import (
    LARGEST_MANIFEST,
    MANIFEST,
    files_below,
    parse_manifest,
    safe_path,
)

__all__ = ["LARGEST", "opened", "write_zip"]

LARGEST = 50 * 1024**3
"""Bytes that an export may hold unpacked, unless more is asked for."""
MOST_FILES = 500_000
BLOCK = 1024 * 1024
FIXED = (1980, 1, 1, 0, 0, 0)


def write_zip(folder: Path, target: Path) -> int:
    """Pack a folder; the same content gives the same bytes. Returns the size."""
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in files_below(folder):
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = _compression(name)
            entry.external_attr = 0o600 << 16
            with (folder / name).open("rb") as source, archive.open(entry, "w") as written:
                shutil.copyfileobj(source, written, BLOCK)
    return target.stat().st_size


@contextmanager
def opened(source: Path, kind: str, *, largest: int | None = None) -> Iterator[Path]:
    """The folder itself, or a zip file unpacked for as long as it is needed.

    Raises
    ------
    PackageError
        If there is neither, or the zip file is unsafe or too large.
    """
    if source.is_dir():
        yield source
        return
    if not source.is_file() or not zipfile.is_zipfile(source):
        raise PackageError(f"{source} is neither a folder nor a zip file")
    with tempfile.TemporaryDirectory(prefix="commonlight-import-") as name:
        _unpack(source, Path(name), kind, largest or LARGEST)
        yield Path(name)


def _unpack(source: Path, folder: Path, kind: str, largest: int) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            sizes = _listed(archive, kind, largest)
            for entry in archive.infolist():
                _unpack_one(archive, entry, folder, sizes[entry.filename])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise PackageError(f"{source.name} cannot be unpacked ({error})") from error


def _listed(archive: zipfile.ZipFile, kind: str, largest: int) -> dict[str, int]:
    """The files that the manifest lists, with the sizes that it gives; nothing else is unpacked."""
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise PackageError(f"the zip file holds {len(entries)} files; at most {MOST_FILES} fit")
    for entry in entries:
        safe_path(entry.filename)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise PackageError(f"{entry.filename} is a link; links are refused")
    text = _manifest_text(archive)
    manifest = parse_manifest(text, kind)
    sizes = {name: int(one["bytes"]) for name, one in manifest["files"].items()}
    if sum(sizes.values()) > largest:
        raise PackageError(
            f"unpacked it would hold {sum(sizes.values())} bytes; at most {largest} are allowed"
        )
    sizes[MANIFEST] = len(text)
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or set(names) != set(sizes):
        raise PackageError(f"the zip file does not hold exactly the files that {MANIFEST} lists")
    return sizes


def _manifest_text(archive: zipfile.ZipFile) -> bytes:
    try:
        with archive.open(MANIFEST) as file:
            text = file.read(LARGEST_MANIFEST + 1)
    except KeyError as error:
        raise PackageError(f"the zip file has no {MANIFEST}") from error
    if len(text) > LARGEST_MANIFEST:
        raise PackageError(f"{MANIFEST} is larger than {LARGEST_MANIFEST} bytes")
    return text


def _unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, size: int) -> None:
    """Unpack one file, and stop at the first byte beyond the size that was listed."""
    path = folder / safe_path(entry.filename)
    path.parent.mkdir(parents=True, exist_ok=True)
    left = size
    with archive.open(entry) as given, path.open("xb") as written:
        while block := given.read(BLOCK):
            left -= len(block)
            if left < 0:
                raise PackageError(f"{entry.filename} is larger than {MANIFEST} says")
            written.write(block)


def _compression(name: str) -> int:
    packed = name.endswith((".parquet", ".png", ".pdf", ".gz", ".zip"))
    return zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
