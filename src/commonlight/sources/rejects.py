"""Why a record is rejected, and the table of the rejected records.

Each rejected record has exactly one reason: the first that applies, in the order in
which the reasons are listed here. Values of columns that are not mapped are never
copied, and nor is a value that could be about a person, so that a broken line cannot
carry personal data into the lake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["MAX_VALUE", "REASONS", "REJECTED_SCHEMA", "RejectLog", "RejectedRows", "shorten"]

MAX_VALUE = 200
"""A rejected value is cut to this many characters."""

LINE_TOO_LONG = 1
NUL_BYTE = 2
ENCODING = 3
QUOTE_NOT_CLOSED = 4
TEXT_AFTER_QUOTE = 5
CELL_COUNT = 6
CONTACT = 8
NO_TIME = 10
TIME_FORMAT = 11
IMPOSSIBLE_TIME = 12
BAD_HOUR = 13
END_BEFORE_START = 14
NO_PLACE = 20
HALF_COORDINATE = 21
COORDINATE_NOT_NUMBER = 22
COORDINATE_NOT_FINITE = 23
COORDINATE_ZERO = 24
COORDINATE_RANGE = 25
OUTSIDE_STUDY_AREA = 26
NO_COUNT = 30
COUNT_NOT_WHOLE = 31
COUNT_NEGATIVE = 32
COUNT_TOO_LARGE = 33
BAD_NUMBER = 34
NEGATIVE_WEIGHT = 35
NO_WEIGHT = 36
BAD_STRATUM_SIZE = 37
DUPLICATE = 40

REASONS: Mapping[int, str] = {
    LINE_TOO_LONG: "line too long",
    NUL_BYTE: "NUL byte",
    ENCODING: "invalid encoding",
    QUOTE_NOT_CLOSED: "quote not closed",
    TEXT_AFTER_QUOTE: "text after a closing quote",
    CELL_COUNT: "wrong number of cells",
    CONTACT: "e-mail address or phone number in a cell",
    NO_TIME: "no time",
    TIME_FORMAT: "time in no known format",
    IMPOSSIBLE_TIME: "impossible date or time",
    BAD_HOUR: "hour outside 0-23",
    END_BEFORE_START: "end before start",
    NO_PLACE: "no place",
    HALF_COORDINATE: "only one coordinate",
    COORDINATE_NOT_NUMBER: "coordinate is not a number",
    COORDINATE_NOT_FINITE: "coordinate is not finite",
    COORDINATE_ZERO: "coordinates are (0, 0)",
    COORDINATE_RANGE: "coordinates outside the valid range",
    OUTSIDE_STUDY_AREA: "outside the study area",
    NO_COUNT: "no count",
    COUNT_NOT_WHOLE: "count is not a whole number",
    COUNT_NEGATIVE: "count is negative",
    COUNT_TOO_LARGE: "count is too large",
    BAD_NUMBER: "not a number",
    NEGATIVE_WEIGHT: "weight is negative",
    NO_WEIGHT: "no weight",
    BAD_STRATUM_SIZE: "size of the stratum is missing or below 1",
    DUPLICATE: "duplicate identifier",
}
"""Reason of each code, in the order in which the checks are made."""

_COLUMNS: list[pa.Field] = [
    pa.field("file", pa.string(), nullable=False),
    pa.field("row", pa.int64(), nullable=False),
    pa.field("column", pa.string()),
    pa.field("value", pa.string()),
    pa.field("reason", pa.string(), nullable=False),
]

REJECTED_SCHEMA = pa.schema(_COLUMNS)
"""Columns of the table of rejected records; `row` is the line in a text file."""


def shorten(value: str) -> str:
    """Cut a value to :data:`MAX_VALUE` characters and make control characters visible."""
    shown = value if value.isprintable() else "".join(map(_visible, value))
    return shown if len(shown) <= MAX_VALUE else shown[: MAX_VALUE - 3] + "..."


def _visible(character: str) -> str:
    return character if character.isprintable() else ascii(character)[1:-1]


@dataclass(frozen=True)
class RejectedRows:
    """Row numbers, columns, values and reasons of rejected records, in file order."""

    rows: list[int]
    columns: list[str | None]
    values: list[str | None]
    reasons: list[str]


class RejectLog:
    """Counts rejected records and writes them to a Parquet file as they come.

    Parameters
    ----------
    path : Path or None
        The file to write; None = count only.

    Attributes
    ----------
    counts : Counter of str
        Rejected records by reason.
    """

    def __init__(self, path: Path | None) -> None:
        self.counts: Counter[str] = Counter()
        self._writer = (
            None if path is None else pq.ParquetWriter(path, REJECTED_SCHEMA, compression="zstd")
        )

    @property
    def n_rejected(self) -> int:
        """Number of rejected records so far."""
        return self.counts.total()

    def add(self, file: str, rejected: RejectedRows) -> None:
        """Add rejected records of one file."""
        if not rejected.rows:
            return
        self.counts.update(reason.split(" of line ")[0] for reason in rejected.reasons)
        if self._writer is None:
            return
        arrays: list[Any] = [
            [file] * len(rejected.rows),
            rejected.rows,
            rejected.columns,
            rejected.values,
            rejected.reasons,
        ]
        self._writer.write_batch(
            pa.record_batch(
                [
                    pa.array(array, field.type)
                    for array, field in zip(arrays, REJECTED_SCHEMA, strict=True)
                ],
                schema=REJECTED_SCHEMA,
            )
        )

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()
