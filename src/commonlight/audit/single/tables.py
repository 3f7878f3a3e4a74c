"""Records that a method runs on: a Parquet file, or a data set of the lake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from commonlight.audit.layers import Layer, make_layer
from commonlight.findings import words
from commonlight.findings.model import SourceNote
from commonlight.sources.errors import LakeError, UnreadableFileError
from commonlight.sources.lake import Lake, Version

__all__ = ["incidents_layer", "open_data_set", "source_note"]

_NEEDED = ("start", "end", "time_kind", "x", "y", "area")


def incidents_layer(table: str, lake: Path, kind: str | None) -> Layer:
    """The records of a Parquet file or of a data set in the lake, or those of one type.

    Raises
    ------
    LakeError
        There is no such data set.
    UnreadableFileError
        There is no such file, or it is not Parquet.
    ValueError
        The file is not in the incidents schema, or there is no such record.
    """
    data = _read(table, lake)
    if kind is not None:
        data = _of_kind(data, kind)
    if not data.num_rows:
        raise ValueError(f"{table}: the table has no records")
    start, end = (
        data.column(name).drop_null().to_numpy().astype("datetime64[s]")
        for name in ("start", "end")
    )
    if not start.size:
        raise ValueError(f"{table}: no record has a time")
    return make_layer(
        data,
        name="table",
        noun="incidents",
        record_kind="incidents",
        source=source_note(table, data.num_rows, kind="incidents", witness="police"),
        period=_covered(start, end),
        areas=None,
        crs="",
        precision=None,
    )


def open_data_set(table: str, lake: Path) -> Version:
    """The latest version of a data set.

    Raises
    ------
    LakeError
        There is no such data set.
    """
    if table not in Lake(lake).names():
        raise LakeError(
            f"the lake at {lake} has no data set {table!r}; "
            f"see commonlight sources list --lake {lake}"
        )
    return Lake(lake).open(table)


def source_note(table: str, rows: int, *, kind: str, witness: str) -> SourceNote:
    """The note of a source of which only the table is known."""
    return SourceNote(
        id=table,
        name=table,
        kind=kind,
        publisher="",
        licence="",
        first_day=None,
        last_day=None,
        age_days=None,
        rows_read=rows,
        rows_accepted=rows,
        rows_rejected=0,
        digest="",
        witness=witness,
    )


def _covered(start: np.ndarray, end: np.ndarray) -> tuple[date, date]:
    """First and last day; the end of a window, a month or a year is the moment after it.

    A month that lacks no more days than the longest gap between records counts as whole: a file
    that ends on 30 December covers December.
    """
    last = np.concatenate([start, end - np.timedelta64(1, "s")]).max()
    days = np.unique(start.astype("datetime64[D]"))
    gap = np.diff(days).max() if days.size > 1 else np.timedelta64(0, "D")
    first, final = days[0], last.astype("datetime64[D]")
    opens = first.astype("datetime64[M]").astype("datetime64[D]")
    closes = (final.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    return (
        (opens if first - opens <= gap else first).item(),
        (closes if closes - final <= gap else final).item(),
    )


def _read(table: str, lake: Path) -> pa.Table:
    path = Path(table)
    if path.suffix == ".parquet":
        if not path.is_file():
            raise UnreadableFileError(f"{path}: there is no such file")
        data = _read_parquet(path)
        lacking = [name for name in _NEEDED if name not in data.column_names]
        if lacking:
            raise ValueError(
                f"{path}: not in the incidents schema, {', '.join(lacking)} lacking; "
                "import the file first with commonlight sources import"
            )
        return data
    return open_data_set(table, lake).table()


def _read_parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise UnreadableFileError(
            f"{path}: not a Parquet file that can be read; it may be cut short or of another kind"
        ) from error


def _of_kind(data: pa.Table, kind: str) -> pa.Table:
    import pyarrow.compute as pc

    types = data.column("type").cast(pa.string())
    chosen = data.filter(pc.equal(types, pa.scalar(kind)))
    if not chosen.num_rows:
        known = sorted(str(value) for value in pc.unique(types).to_pylist() if value is not None)
        raise ValueError(f"no record of type {kind!r}; there are: {words.listing(known, limit=12)}")
    return chosen
