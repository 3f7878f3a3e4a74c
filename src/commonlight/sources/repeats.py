"""Records with an identifier that may have come before, decided on exactly."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

__all__ = ["HeldBack"]

SLICE_ROWS = 500_000
"""About so many held-back rows are decided on at a time, to bound the memory."""


class HeldBack:
    """Keeps suspected repeats on disk until all other records are known.

    Parameters
    ----------
    path : Path
        A temporary file.
    schema : Schema
        Of the observations.
    id_name : str
        The column with the identifier.
    """

    def __init__(self, path: Path, schema: pa.Schema, id_name: str) -> None:
        self._path = path
        self._schema = pa.schema([pa.field(f.name, _plain(f.type)) for f in schema])
        self._out = schema
        self._id = id_name
        self._writer: pa.RecordBatchFileWriter | None = None
        self.n_rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Hold observations back."""
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self._path), self._schema)
        self._writer.write_batch(batch.cast(self._schema))
        self.n_rows += batch.num_rows

    def settle(self, accepted: Path) -> Iterator[tuple[pa.Table, pa.Table]]:
        """For each slice: observations of new records, and of repeated ones.

        Parameters
        ----------
        accepted : Path
            Parquet file of the records that were accepted at once.

        Yields
        ------
        new : Table
            In the schema of the observations.
        repeated : Table
            With a column `first` that says where the identifier stood first.
        """
        assert self._writer is not None
        self._writer.close()
        n_slices = -(-self.n_rows // SLICE_ROWS)
        for number in range(n_slices):
            held = self._slice(number, n_slices)
            if held.num_rows:
                yield self._split(held, _first_seen(accepted, held[self._id]))

    def _slice(self, number: int, n_slices: int) -> pa.Table:
        with pa.memory_map(str(self._path)) as source, pa.ipc.open_file(source) as reader:
            batches = [
                batch.filter(_in_slice(batch.column(self._id), number, n_slices))
                for batch in map(reader.get_batch, range(reader.num_record_batches))
            ]
            return pa.Table.from_batches(batches, self._schema)

    def _split(self, held: pa.Table, first: dict[str, str]) -> tuple[pa.Table, pa.Table]:
        """The first record of an identifier that nobody had before is new."""
        origins: list[str | None] = []
        own: dict[str, tuple[str, int]] = {}
        identifiers: list[Any] = held[self._id].to_pylist()
        keys: Any = zip(held["file"].to_pylist(), held["row"].to_pylist(), strict=True)
        for identifier, key in zip(identifiers, keys, strict=True):
            if identifier not in first and own.setdefault(identifier, key) == key:
                origins.append(None)
            else:
                origins.append(first.get(identifier) or _place(*own[identifier]))
        table = held.append_column("first", pa.array(origins, pa.string()))
        is_new = pc.is_null(table["first"])
        new = table.filter(is_new).drop_columns(["first"]).cast(self._out)
        return new, table.filter(pc.invert(is_new))

    def remove(self) -> None:
        """Remove the temporary file."""
        self._path.unlink(missing_ok=True)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _in_slice(identifiers: pa.Array, number: int, n_slices: int) -> pa.Array:
    if n_slices == 1:
        return pa.array([True] * len(identifiers))
    texts: list[Any] = identifiers.to_pylist()
    return pa.array([zlib.crc32(text.encode()) % n_slices == number for text in texts])


def _first_seen(accepted: Path, identifiers: pa.ChunkedArray) -> dict[str, str]:
    """Where those of the identifiers stand that the accepted records have."""
    wanted = pc.unique(identifiers)
    first: dict[str, str] = {}
    with pq.ParquetFile(accepted) as file:
        name = next(n for n in file.schema_arrow.names if n.endswith("_id"))
        for number in range(file.num_row_groups):
            group = file.read_row_group(number, columns=[name, "file", "row"], use_threads=False)
            hits = group.filter(pc.is_in(group.column(name), value_set=wanted))
            found = (hits.column(n).to_pylist() for n in (name, "file", "row"))
            for identifier, path, row in zip(*found, strict=True):
                first.setdefault(identifier, _place(path, row))
    return first


def _place(file: str, row: int) -> str:
    return f"line {row} of {file}"
