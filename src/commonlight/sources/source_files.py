"""The files of one source, each opened as pieces of records, whatever its format."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from commonlight.sources.bytestream import COMPRESSED, ByteStream
from commonlight.sources.cells import Column, column_of_array
from commonlight.sources.errors import UnreadableFileError
from commonlight.sources.file_names import FORMATS, check_content, file_format_of
from commonlight.sources.mapping import FileFormat
from commonlight.sources.records import Records
from commonlight.sources.scan import Scanner

__all__ = ["SourceFile", "find_files", "open_file"]

SPREAD_OF_EACH, MOST_SPREAD = 8, 2000
"""Records taken from each piece for a second look at persons, and at most in all."""

SPREAD_OF_A_BATCH = 250
"""The same for each batch of a sheet, a geographic file or Parquet, which are larger."""

_NO_TABLES = ("readme", "read_me", "liesmich", "lisezmoi", "leeme", "license", "licence", "lizenz")
"""Beginnings of names of text files that lie beside tables."""

Piece = tuple[Records, NDArray[np.int32] | None]


class SourceFile(Protocol):
    """One opened file of a source."""

    name: str
    header: tuple[str, ...]
    bytes_total: int
    notes: tuple[str, ...]

    @property
    def bytes_done(self) -> int:
        """Bytes read so far."""

    def sample(self, n: int) -> list[list[str]]:
        """Cells of up to `n` of the first records, in the order of the header."""

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        """All records, with the named columns."""

    def late_sample(self) -> list[list[str]]:
        """Cells of records spread over the file; after the last piece."""

    def facts(self) -> dict[str, Any]:
        """What the manifest says of the file; complete after the last piece."""

    def close(self) -> None:
        """Close the file."""


def find_files(paths: Path | str | Sequence[Path | str]) -> list[Path]:
    """All files of a source: files, patterns such as ``*/*-street.csv``, and folders.

    Raises
    ------
    UnreadableFileError
        If a path leads to no file.
    """
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    found = [file for path in several for file in _expand(Path(path))]
    if not found:
        raise UnreadableFileError("no files were named; give at least one path")
    return list(dict.fromkeys(found))


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        if not os.access(path, os.R_OK | os.X_OK):
            raise UnreadableFileError(
                f"the folder {path} may not be opened; ask for the right to read it"
            )
        inside = sorted(p for p in path.rglob("*") if p.is_file() and _is_table(p))
        if not inside:
            raise UnreadableFileError(f"the folder {path} holds no file that can be read")
        return inside
    if path.exists():
        return [path]
    anchor = Path(path.anchor)
    matches = sorted(anchor.glob(str(path.relative_to(anchor))))
    if not matches:
        raise UnreadableFileError(f"there is no file {path}")
    return matches


def _is_table(path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in COMPRESSED]
    stray = path.name.startswith((".", "~$")) or path.name.casefold().startswith(_NO_TABLES)
    return not stray and bool(suffixes) and suffixes[-1] in FORMATS


def open_file(path: Path, file: FileFormat, *, name: str) -> SourceFile:
    """Open one file in the format it has."""
    kind = file_format_of(path, file.format)
    if kind == "csv":
        return DelimitedFile(path, file, name=name)
    return TypedFile(path, file, kind, name=name)


class DelimitedFile:
    """A delimited text file, compressed or not."""

    def __init__(self, path: Path, file: FileFormat, *, name: str) -> None:
        self.name = name
        check_content(path)
        self._stream = ByteStream(path, encoding=file.encoding)
        tabs = any(suffix.lower() in (".tsv", ".tab") for suffix in path.suffixes)
        stated = file.delimiter if file.delimiter is not None else ("\t" if tabs else None)
        self._scanner = Scanner(
            self._stream, delimiter=stated, quote=file.quote, multiline=file.multiline
        )
        self.header = self._scanner.header
        self._spread: list[list[str]] = []
        self.bytes_total = self._stream.bytes_total
        self.notes = self._stream.notes
        if stated is None and len(self.header) > 1:
            shown = {"\t": "tab"}.get(self._scanner.delimiter, self._scanner.delimiter)
            self.notes += (f"cells are separated by {shown!r}, found from the first lines",)

    @property
    def bytes_done(self) -> int:
        """Bytes read so far, on disk."""
        return self._stream.bytes_done

    def sample(self, n: int) -> list[list[str]]:
        """Cells of the first records."""
        return self._scanner.sample(n)

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        """All records, in file order."""
        for block in self._scanner.blocks([self.header.index(name) for name in columns]):
            cells = {
                name: Column(block.data, begin, end)
                for name, begin, end in zip(columns, block.cell_begin, block.cell_end, strict=True)
            }
            if len(self._spread) < MOST_SPREAD:
                self._spread += self._scanner.few_of(block, SPREAD_OF_EACH)
            yield Records(block.line, cells, block.reason), block.where

    def late_sample(self) -> list[list[str]]:
        """Cells of a few records of each piece of the file."""
        return self._spread

    def facts(self) -> dict[str, Any]:
        """Digest and structure of the file."""
        return {
            "name": self.name,
            "bytes": self.bytes_total,
            "sha256": self._stream.sha256,
            "encoding": self._stream.encoding,
            "delimiter": self._scanner.delimiter,
            "blank_lines": self._scanner.blank_lines,
        }

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def _few_of(batch: Any) -> list[list[str]]:
    """Some records of a piece, evenly spread, as text."""
    chosen = np.unique(np.linspace(0, batch.num_rows - 1, SPREAD_OF_A_BATCH).astype(np.int64))
    return _as_text(batch.take(chosen)) if batch.num_rows else []


def _as_text(batch: Any) -> list[list[str]]:
    """The cells of a batch, record by record."""
    columns = [
        ["" if value is None else str(value) for value in column.to_pylist()]
        for column in batch.columns
    ]
    return [list(row) for row in zip(*columns, strict=True)]


class TypedFile:
    """A sheet, a geographic file or Parquet: the reader says what a row is."""

    def __init__(self, path: Path, file: FileFormat, kind: str, *, name: str) -> None:
        from commonlight.sources.readers import open_records

        self.name = name
        self._path = path
        self._file = file
        self._kind = kind
        try:
            self.bytes_total = path.stat().st_size
        except OSError as error:
            raise UnreadableFileError(f"cannot read {path}: {error.strerror}") from error
        self.bytes_done = 0
        self.notes: tuple[str, ...] = ()
        first = next(iter(open_records(path, file, columns=None)), None)
        if first is None:
            raise UnreadableFileError(f"{path.name} is empty; it has no records")
        self.header = tuple(first.batch.schema.names)
        self.notes = first.notes
        self._first = first.batch.slice(0, 1000)
        self._spread: list[list[str]] = []

    def sample(self, n: int) -> list[list[str]]:
        """Cells of the first records, as text."""
        return _as_text(self._first.slice(0, n))

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        """All records, in file order.

        All columns are read, for a second look at persons over the whole file; only those
        asked for go on.
        """
        from commonlight.sources.readers import open_records

        for piece in open_records(self._path, self._file, columns=None):
            batch = piece.batch
            if len(self._spread) < MOST_SPREAD:
                self._spread += _few_of(batch)
            cells = {name: self._column(batch.column(name)) for name in columns}
            rows = np.asarray(piece.rows, dtype=np.int64)
            yield Records(rows, cells, np.zeros(len(rows), dtype=np.int16)), None
        self.bytes_done = self.bytes_total

    def _column(self, values: Any) -> Column:
        """A sheet mixes dates and numbers with text; the reader gives all as text."""
        column = column_of_array(values)
        return replace(column, typed=True) if self._kind == "excel" else column

    def facts(self) -> dict[str, Any]:
        """Digest and format of the file."""
        with self._path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {
            "name": self.name,
            "bytes": self.bytes_total,
            "sha256": digest,
            "format": self._kind,
        }

    def late_sample(self) -> list[list[str]]:
        """Cells of records spread over each piece of the file."""
        return self._spread

    def close(self) -> None:
        """Nothing stays open between pieces."""
