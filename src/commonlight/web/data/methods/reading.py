"""What every reading of a sent file begins with: its size unpacked, and the guard of persons."""

from __future__ import annotations

import zipfile
from pathlib import Path

__all__ = ["UnreadableUploadError", "check_unpacked", "person_columns"]

MOST_UNPACKED = 20 * 2**30
"""Bytes that a compressed file may have when unpacked."""

MOST_TIMES = 200
"""How many times its size a compressed file may have when unpacked, once above a megabyte."""

FREE_BELOW = 2**20
SHEETS = (".xlsx", ".xlsb", ".ods")


class UnreadableUploadError(ValueError):
    """A file that is not read, for a reason that its sender can act on."""


def check_unpacked(path: Path) -> None:
    """Refuse a file that unpacks to far more than it is.

    Raises
    ------
    UnreadableUploadError
        With the sizes.
    """
    suffix = path.suffix.lower()
    if suffix in SHEETS:
        _check(path, _sheet_size(path))
    elif suffix in (".gz", ".bz2", ".xz", ".zst"):
        _check_stream(path)


def _check(path: Path, unpacked: int) -> None:
    packed = max(path.stat().st_size, 1)
    if unpacked > MOST_UNPACKED or (unpacked > FREE_BELOW and unpacked > MOST_TIMES * packed):
        raise UnreadableUploadError(
            f"{path.name} has {packed:,} bytes and unpacks to more than {unpacked:,}; a table does "
            "not shrink like that, so it was not read. Send it unpacked"
        )


def _sheet_size(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        raise UnreadableUploadError(
            f"{path.name} is no sheet that can be opened; save it again, or send it as CSV"
        ) from None


def _check_stream(path: Path) -> None:
    from commonlight.sources.bytestream import ByteStream

    stream, size = ByteStream(path), 0
    try:
        for block in stream.blocks():
            size += len(block)
            _check(path, size)
    finally:
        stream.close()


def person_columns(path: Path, drop: list[str]) -> list[dict[str, str]]:
    """Columns that look like data about persons, but for those that are not read."""
    from commonlight.sources.persons import find_person_columns

    columns = _first_columns(path)
    names = [name for name in columns if name not in drop]
    found = find_person_columns(names, [columns[name] for name in names])
    return [{"name": one.name, "reason": one.reason} for one in found]


def _first_columns(path: Path) -> dict[str, list[str]]:
    """The first values of each column as text; shapes may be of any kind."""
    if path.suffix.lower() in (".geojson", ".json", ".gpkg"):
        from commonlight.sources.tables import read_table

        table = read_table(path)
        return {k: ["" if v is None else str(v) for v in values] for k, values in table.items()}
    from commonlight.sources.guess_tables import read_first_records

    first = read_first_records(path)
    return {name: first.columns[name] for name in first.header}
