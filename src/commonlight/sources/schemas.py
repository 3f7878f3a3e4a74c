"""The documented tables that every import ends in.

Times are local, without a zone, and intervals are half open where the source gives a date,
a month or a year: a day is ``[00:00, 00:00 of the next day)``. A source with minutes gives
``start == end``. Coordinates are metres in the projected system that the manifest names.
"""

from __future__ import annotations

import pyarrow as pa

__all__ = ["KINDS", "SCHEMAS", "SCHEMA_VERSION", "describe"]

SCHEMA_VERSION = 1

_TEXT = pa.dictionary(pa.int32(), pa.string())


def _column(name: str, kind: pa.DataType, meaning: str, *, nullable: bool = True) -> pa.Field:
    return pa.field(name, kind, nullable=nullable, metadata={"meaning": meaning})


_RECORD = [
    _column("file", _TEXT, "name of the source file", nullable=False),
    _column(
        "row",
        pa.int64(),
        "line in a text file, row in a sheet, feature number in a geographic file (from 1)",
        nullable=False,
    ),
]
_TIME = [
    _column("start", pa.timestamp("s"), "earliest moment, local time"),
    _column("end", pa.timestamp("s"), "latest moment, local time; equal to start if known"),
    _column("time_kind", _TEXT, "instant, hour, day, month, year or interval"),
]
_PLACE = [
    _column("x", pa.float64(), "easting, metres in the manifest's projected system"),
    _column("y", pa.float64(), "northing, metres in the manifest's projected system"),
    _column("precision_m", pa.float32(), "stated precision of the point, metres"),
    _column("area", _TEXT, "area code as the source gives it"),
]

SCHEMAS: dict[str, pa.Schema] = {
    "incidents": pa.schema(
        [
            *_RECORD,
            _column("incident_id", pa.string(), "identifier in the source"),
            *_TIME,
            *_PLACE,
            _column("type", _TEXT, "offence type in the source's own words"),
            _column("iccs", _TEXT, "code of the UN classification of crime; null = unmapped"),
            _column("count", pa.int32(), "number of incidents the record stands for"),
            _column("recorded", pa.date32(), "day on which it was recorded"),
        ]
    ),
    "reports": pa.schema(
        [
            *_RECORD,
            _column("report_id", pa.string(), "identifier in the source"),
            *_TIME,
            *_PLACE,
            _column("type", _TEXT, "category in the source's own words"),
            _column("count", pa.int32(), "number of reports the record stands for"),
            _column("recorded", pa.date32(), "day on which it was recorded"),
        ]
    ),
    "answers": pa.schema(
        [
            *_RECORD,
            _column("answer_id", pa.string(), "number of the answer sheet, never of a person"),
            *_TIME,
            *_PLACE,
            _column("stratum", _TEXT, "sampling stratum"),
            _column("cluster", _TEXT, "sampling cluster"),
            _column("weight", pa.float64(), "survey weight"),
        ]
    ),
    "visits": pa.schema(
        [
            *_RECORD,
            _column("visit_id", pa.string(), "identifier of the visit"),
            *_TIME,
            *_PLACE,
            _column("item", _TEXT, "what was looked at"),
            _column("value", pa.float64(), "rating or count"),
        ]
    ),
    "areas": pa.schema(
        [
            _column("area", pa.string(), "area code", nullable=False),
            _column("name", pa.string(), "area name"),
            _column("parent", pa.string(), "code of the larger area that holds it"),
            _column("geometry", pa.binary(), "polygon as WKB, metres", nullable=False),
        ]
    ),
    "population": pa.schema(
        [
            _column("area", pa.string(), "area code", nullable=False),
            _column("group", _TEXT, "group counted, 'all' for everybody"),
            _column("count", pa.float64(), "persons; null = suppressed by the publisher"),
        ]
    ),
}

KINDS = tuple(SCHEMAS)


def describe(kind: str) -> list[tuple[str, str, str]]:
    """Name, type and meaning of each column of a kind of table, in order."""
    return [
        (column.name, str(column.type), (column.metadata or {})[b"meaning"].decode())
        for column in SCHEMAS[kind]
    ]
