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
from commonlight.sources.file_names import check_content
from commonlight.sources.headers import check_header, listed
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
    n_rows : int
        Number of records looked at.
    """

    header: tuple[str, ...]
    columns: dict[str, list[str]]
    file: FileFormat
    notes: tuple[str, ...]
    crs: str | None = None
    n_rows: int = 0


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
    from commonlight.sources.readers import fullest_sheet, open_records, stated_crs

    sheet = fullest_sheet(path) if kind == "excel" else None
    file = FileFormat(sheet=sheet)
    piece = next(iter(open_records(path, file, columns=None)))
    batch = piece.batch.slice(0, SAMPLE_ROWS)
    columns = {
        name: [str(v) for v in batch.column(name).to_pylist() if v is not None]
        for name in batch.schema.names
    }
    if batch.num_rows == 0:
        raise UnreadableFileError(f"{path.name} has no records")
    notes = (f"The file is read as {kind}.", *(f"{note}." for note in piece.notes))
    if sheet is not None:
        notes += (f"The sheet {sheet!r} was taken, as it has the most cells.",)
    names = tuple(batch.schema.names)
    return FirstRecords(names, columns, file, notes, stated_crs(path, kind), batch.num_rows)


def _read_csv(path: Path) -> FirstRecords:
    check_content(path)
    data = _first_bytes(path)
    if not data.strip():
        raise UnreadableFileError(f"{path.name} is empty; it has neither a header nor records")
    encoding, why = _encoding(data)
    text = data.decode(encoding, errors="ignore").lstrip("\ufeff")
    lines = text.splitlines(keepends=True)
    if len(data) >= SAMPLE_BYTES:
        lines = lines[:-1]
    delimiter = _delimiter(lines[:50])
    try:
        rows = list(_rows(lines, delimiter))
    except csv.Error:
        raise UnreadableFileError(
            f"{path.name} is not a text table that can be read; save it as CSV in UTF-8"
        ) from None
    if len(rows) < 2:
        raise UnreadableFileError(f"{path.name} has no records below its header")
    check_header(rows[0], path.name)
    _check_titles(rows, path.name)
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
    multiline = any("\n" in cell for row in whole for cell in row)
    if multiline:
        notes.append("Quoted cells hold line breaks, so multiline = true.")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        notes.append(
            f"Several columns are named {listed(twice)}; they cannot be used before each has a "
            "name of its own in the file."
        )
    file = FileFormat(
        encoding=encoding,
        delimiter=None if delimiter == "," else delimiter,
        multiline=multiline,
    )
    return FirstRecords(header, columns, file, tuple(notes), n_rows=len(whole))


def _check_titles(rows: Sequence[Sequence[str]], name: str) -> None:
    """Refuse a file whose names of columns stand below a title."""
    sizes = [len(row) for row in rows]
    usual = max(set(sizes), key=sizes.count)
    if usual < 2 or sizes[0] > usual / 2:
        return
    above = sizes.index(usual)
    raise UnreadableFileError(
        f"{name} has {above} {'line' if above == 1 else 'lines'} above the names of its columns; "
        "take them out, so that the names are in the first line"
    )


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
        why = getattr(error, "strerror", None) or f"{error}; fetch the file again"
        raise UnreadableFileError(f"cannot read {path}: {why}") from None


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
