"""The first records of a file of unknown encoding and delimiter.

What this does not answer: whether the rest of the file is like its beginning.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from commonlight.sources.errors import UnreadableFileError
from commonlight.sources.mapping import FileFormat

__all__ = ["FirstRecords", "read_first_records"]

SAMPLE_ROWS = 2_000
SAMPLE_BYTES = 1 << 20


@dataclass(frozen=True)
class FirstRecords:
    """The first records of a file.

    Parameters
    ----------
    header : tuple of str
        Column names.
    columns : dict of str to list of str
        Cells that are not empty.
    file : FileFormat
        How the bytes were read.
    notes : tuple of str
        What was taken and why.
    crs : str or None
        The system that a geographic file states.
    """

    header: tuple[str, ...]
    columns: dict[str, list[str]]
    file: FileFormat
    notes: tuple[str, ...]
    crs: str | None = None


def read_first_records(path: Path) -> FirstRecords:
    """Read up to 2,000 records from the first megabyte of a file.

    Parameters
    ----------
    path : Path
        CSV, compressed or not, Excel, GeoJSON, GeoPackage or Parquet.

    Raises
    ------
    UnreadableFileError
        If the file cannot be read or has no record.
    """
    from commonlight.sources.file_names import file_format_of

    kind = file_format_of(path)
    if kind == "csv":
        return _read_csv(path)
    from commonlight.sources.readers import open_records

    file = FileFormat()
    piece = next(iter(open_records(path, file, columns=None)))
    batch = piece.batch.slice(0, SAMPLE_ROWS)
    columns = {
        name: [str(v) for v in batch.column(name).to_pylist() if v is not None]
        for name in batch.schema.names
    }
    if batch.num_rows == 0:
        raise UnreadableFileError(f"{path.name} has no records")
    crs = _stated_crs(path) if kind in ("geojson", "geopackage") else None
    names = tuple(batch.schema.names)
    return FirstRecords(names, columns, file, (f"The file is read as {kind}.",), crs)


def _stated_crs(path: Path) -> str | None:
    import pyogrio

    return pyogrio.read_info(path)["crs"]  # type: ignore[no-any-return]


def _read_csv(path: Path) -> FirstRecords:
    data = _first_bytes(path)
    encoding, why = _encoding(data)
    text = data.decode(encoding, errors="ignore").lstrip("\ufeff")
    lines = text.splitlines(keepends=True)
    if len(data) >= SAMPLE_BYTES:
        lines = lines[:-1]
    delimiter = _delimiter(lines[:50])
    rows = list(_rows(lines, delimiter))
    if len(rows) < 2:
        raise UnreadableFileError(f"{path.name} has no records below its header")
    header = tuple(name.strip() for name in rows[0])
    whole = [row for row in rows[1:] if len(row) == len(header)]
    columns = {
        name: [row[k].strip() for row in whole if row[k].strip()] for k, name in enumerate(header)
    }
    shown = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}[delimiter]
    notes = [f"{why} Cells are separated by {shown}."]
    if len(whole) < len(rows) - 1:
        notes.append(
            f"{len(rows) - 1 - len(whole)} of {len(rows) - 1} rows have another number of cells."
        )
    file = FileFormat(encoding=encoding, delimiter=None if delimiter == "," else delimiter)
    return FirstRecords(header, columns, file, tuple(notes))


def _first_bytes(path: Path) -> bytes:
    suffix = path.suffix.lower()
    try:
        if suffix == ".zst":
            import pyarrow as pa

            with pa.CompressedInputStream(pa.OSFile(str(path), "rb"), "zstd") as packed:
                return bytes(packed.read(SAMPLE_BYTES))
        with path.open("rb") as raw:
            return _unpacked(raw, suffix).read(SAMPLE_BYTES)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise UnreadableFileError(f"cannot read {path}: {error}") from None


def _unpacked(raw: IO[bytes], suffix: str) -> IO[bytes] | gzip.GzipFile | lzma.LZMAFile:
    if suffix == ".gz":
        return gzip.open(raw)
    if suffix == ".bz2":
        return bz2.open(raw)
    return lzma.open(raw) if suffix == ".xz" else raw


def _encoding(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", "The text is UTF-16, as its first bytes say."
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8", "The text is UTF-8 with a byte-order mark."
    try:
        data[: max(0, len(data) - 4) if len(data) >= SAMPLE_BYTES else None].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(data) - 4:
            return "cp1252", (
                "The text is not UTF-8; Windows Western European (cp1252) was taken, which "
                "cannot be told from other one-byte encodings: look at the accents."
            )
    return "utf-8", "The text is UTF-8."


def _delimiter(lines: Sequence[str]) -> str:
    """The character that cuts the lines into the same, greatest number of cells."""

    def score(delimiter: str) -> tuple[float, int]:
        sizes = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        usual = max(set(sizes), key=sizes.count) if sizes else 1
        return (sizes.count(usual) / len(sizes) if usual > 1 else 0.0, usual)

    return max(",;\t|", key=score)


def _rows(lines: Iterable[str], delimiter: str) -> Iterable[list[str]]:
    csv.field_size_limit(2**31 - 1)
    for k, row in enumerate(csv.reader(io.StringIO("".join(lines)), delimiter=delimiter)):
        if k > SAMPLE_ROWS:
            return
        if row:
            yield row
