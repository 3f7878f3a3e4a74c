"""Accepted records become rows of a documented table; rejected ones become reasons."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from commonlight.sources import rejects as why
from commonlight.sources.cells import dictionary_array, encode_labels, text_array, text_of
from commonlight.sources.contacts import discreet
from commonlight.sources.mapping import Mapping
from commonlight.sources.records import Checked
from commonlight.sources.rejects import RejectedRows
from commonlight.sources.schemas import SCHEMAS
from commonlight.sources.times import TIME_KINDS

__all__ = ["Classes", "Observations", "output_schema", "rejected_rows"]

MAX_UNMAPPED = 1000
"""At most this many different unmapped labels are counted one by one."""

OTHER_LABELS = "(other labels)"


class Classes(Protocol):
    """A table from local offence labels to ICCS codes."""

    def code(self, label: str) -> str | None:
        """Code of a label; None = unmapped."""


def output_schema(mapping: Mapping) -> pa.Schema:
    """The documented schema of the mapping's kind, and the columns it keeps as text."""
    schema = SCHEMAS[mapping.kind]
    for name, _, what in _design_columns(mapping):
        schema = schema.append(pa.field(name, pa.float64(), metadata={"meaning": what}))
    for name, column in mapping.keep.items():
        meaning = {"meaning": f"column {column!r} of the source, as text"}
        schema = schema.append(pa.field(f"local_{name}", pa.string(), metadata=meaning))
    return schema


def _design_columns(mapping: Mapping) -> list[tuple[str, str, str]]:
    """Further numbers of the sampling design: name, source column and meaning."""
    design = [
        (f"replicate_{k}", column, f"replicate weight {k}, column {column!r} of the source")
        for k, column in enumerate(mapping.replicate_weights, start=1)
    ]
    if mapping.stratum_size is not None:
        meaning = "sampling units in the stratum's population"
        design.insert(0, ("stratum_size", mapping.stratum_size, meaning))
    return design


class Observations:
    """Builds the rows of one source's table.

    Parameters
    ----------
    mapping : Mapping
        The publisher's format.
    classes : Classes or None
        Offence classes; the mapping's own table wins.

    Attributes
    ----------
    unmapped : Counter of str
        Accepted records by local type, of the types without an ICCS code.
    """

    def __init__(self, mapping: Mapping, *, classes: Classes | None) -> None:
        self._mapping = mapping
        self._classes = classes
        self._schema = output_schema(mapping)
        self._codes: dict[str, str | None] = {}
        self._id = f"{mapping.kind[:-1]}_id"
        quote = mapping.file.quote
        self._quote = ord(quote) if quote else 0
        self.unmapped: Counter[str] = Counter()

    def batch(self, checked: Checked, rows: NDArray[np.int64], *, file: str) -> pa.RecordBatch:
        """Observations of the records at `rows`, in their order."""
        given = self._given(checked, rows, file)
        n = len(given["row"])
        arrays = [
            given[field.name] if field.name in given else pa.nulls(n, field.type)
            for field in self._schema
        ]
        return pa.record_batch(arrays, schema=self._schema)

    def _given(self, checked: Checked, rows: NDArray[np.int64], file: str) -> dict[str, pa.Array]:
        given: dict[str, pa.Array] = {}
        if self._mapping.wide:
            rows, given = self._wide(checked, rows)
        elif self._mapping.kind in ("incidents", "reports"):
            given["count"] = self._counts(checked, rows)
            given.update(self._types(checked, rows))
        given["file"] = dictionary_array(np.zeros(len(rows), dtype=np.int32), pa.array([file]))
        given["row"] = pa.array(checked.records.row[rows])
        given.update(self._times(checked, rows))
        given.update(self._places(checked, rows))
        given.update(self._texts(checked, rows))
        given.update(self._numbers(checked, rows))
        return given

    def _times(self, checked: Checked, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
        given: dict[str, Any] = {}
        if checked.start is not None and checked.end is not None:
            assert checked.time_kind is not None
            given["start"] = pa.array(checked.start[rows]).view(pa.timestamp("s"))
            given["end"] = pa.array(checked.end[rows]).view(pa.timestamp("s"))
            kinds = checked.time_kind[rows].astype(np.int32)
            given["time_kind"] = dictionary_array(kinds, pa.array(TIME_KINDS))
        if checked.recorded is not None and checked.has_recorded is not None:
            days = checked.recorded[rows].astype(np.int32)
            recorded: Any = pa.array(days, mask=~checked.has_recorded[rows])
            given["recorded"] = recorded.view(pa.date32())
        return given

    def _places(self, checked: Checked, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
        place = self._mapping.place
        given: dict[str, pa.Array] = {}
        if place is None:
            return given
        if checked.x is not None and checked.y is not None:
            x, y = checked.x[rows], checked.y[rows]
            none = np.isnan(x)
            given["x"] = pa.array(x, mask=none) if none.any() else pa.array(x)
            given["y"] = pa.array(y, mask=none) if none.any() else pa.array(y)
            if place.precision_m is not None:
                stated = np.full(len(rows), place.precision_m, dtype=np.float32)
                given["precision_m"] = pa.array(stated, mask=none)
        if place.area is not None:
            given["area"] = self._labels(checked, place.area, rows)
        return given

    def _labels(self, checked: Checked, name: str, rows: NDArray[np.int64]) -> pa.Array:
        column = checked.records.columns[name]
        return dictionary_array(*encode_labels(column, rows, quote=self._quote))

    def _texts(self, checked: Checked, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
        mapping, columns = self._mapping, checked.records.columns
        names = {f"local_{name}": column for name, column in mapping.keep.items()}
        if mapping.id is not None:
            names[self._id] = mapping.id
        given = {
            name: text_array(columns[column], rows, quote=self._quote)
            for name, column in names.items()
        }
        for name in ("stratum", "cluster", "item"):
            column = getattr(mapping, name)
            if column is not None and name in self._schema.names:
                given[name] = self._labels(checked, column, rows)
        return given

    def _numbers(self, checked: Checked, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
        given: dict[str, pa.Array] = {}
        for name in ("weight", "value"):
            column = getattr(self._mapping, name)
            if column is not None and name in self._schema.names:
                values = checked.numbers[column][rows]
                given[name] = pa.array(values, mask=np.isnan(values))
        for name, column, _ in _design_columns(self._mapping):
            given[name] = pa.array(checked.numbers[column][rows])
        return given

    def _counts(self, checked: Checked, rows: NDArray[np.int64]) -> pa.Array:
        if self._mapping.count is None:
            return pa.array(np.ones(len(rows), dtype=np.int32))
        return pa.array(checked.numbers[self._mapping.count][rows].astype(np.int32))

    def _types(self, checked: Checked, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
        kind = self._mapping.type
        if kind is None:
            return {}
        if kind.column is not None:
            column = checked.records.columns[kind.column]
            codes, labels = encode_labels(column, rows, quote=self._quote)
            return self._classified(codes, labels)
        if kind.constant is not None:
            return self._classified(np.zeros(len(rows), dtype=np.int32), pa.array([kind.constant]))
        return {}

    def _wide(
        self, checked: Checked, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], dict[str, pa.Array]]:
        """One observation for each count that is given, in the order of the columns."""
        values = np.column_stack([checked.numbers[name][rows] for name in self._mapping.wide])
        record, kind = np.nonzero(~np.isnan(values))
        labels = pa.array(list(self._mapping.wide.values()), pa.string())
        given = self._classified(kind.astype(np.int32), labels)
        given["count"] = pa.array(values[record, kind].astype(np.int32))
        return rows[record], given

    def _classified(self, codes: NDArray[np.int32], labels: pa.Array) -> dict[str, pa.Array]:
        """Local types, and their ICCS codes where the schema has them."""
        given: dict[str, pa.Array] = {"type": dictionary_array(codes, labels)}
        if self._mapping.kind != "incidents":
            return given
        names = [str(label) for label in labels.to_pylist()]
        found = [self._code(label) for label in names]
        counts = np.bincount(codes[codes >= 0], minlength=len(found))
        for label, code, n in zip(names, found, counts, strict=True):
            if code is None and n and not self._no_crime(label):
                self._count_unmapped(label, int(n))
        used = sorted({code for code in found if code is not None})
        number = np.array([-1 if c is None else used.index(c) for c in found] + [-1], np.int32)
        given["iccs"] = dictionary_array(number[codes], pa.array(used, pa.string()))
        return given

    def _code(self, label: str) -> str | None:
        if label not in self._codes:
            own = self._mapping.type.iccs if self._mapping.type is not None else {}
            if label in own:
                code = own[label]
            else:
                code = None if self._classes is None else self._classes.code(label)
            if len(self._codes) >= 100 * MAX_UNMAPPED:
                return code
            self._codes[label] = code
        return self._codes[label]

    def _no_crime(self, label: str) -> bool:
        """Whether a type without a code is known to be no crime, and so not unmapped."""
        own = self._mapping.type.iccs if self._mapping.type is not None else {}
        known = getattr(self._classes, "not_a_crime", None)
        return label in own or (known is not None and bool(known(label)))

    def _count_unmapped(self, label: str, n: int) -> None:
        known = label in self.unmapped or len(self.unmapped) < MAX_UNMAPPED
        self.unmapped[label if known else OTHER_LABELS] += n


def rejected_rows(
    checked: Checked,
    rows: NDArray[np.int64],
    *,
    header: tuple[str, ...],
    where: NDArray[np.int32] | None,
    quote: str,
) -> RejectedRows:
    """What is kept of the rejected records at `rows`."""
    found: list[tuple[int, str | None, str | None, str]] = []
    for code in np.unique(checked.reason[rows]).tolist():
        same = rows[checked.reason[rows] == code]
        if code <= why.CELL_COUNT:
            assert where is not None
            faults = [_structural(checked, row, code, int(where[row]), header) for row in same]
        else:
            faults = _faults(checked, same, quote, silent=code == why.CONTACT)
        lines = checked.records.row[same].tolist()
        reason = why.REASONS[code]
        found += [(line, *fault, reason) for line, fault in zip(lines, faults, strict=True)]
    found.sort(key=lambda fault: fault[0])
    lists = [list(part) for part in zip(*found, strict=True)] or [[], [], [], []]
    return RejectedRows(*lists)


Fault = tuple[str | None, str | None]


def _faults(checked: Checked, rows: NDArray[np.int64], quote: str, *, silent: bool) -> list[Fault]:
    """Columns and values of records that were rejected for what their cells hold."""
    faults: list[Fault] = [(None, None)] * len(rows)
    for index, names in enumerate(checked.names):
        at = np.flatnonzero(checked.failed[rows] == index)
        if len(at):
            column = ", ".join(names)
            for k, value in zip(at, _values(checked, rows[at], names, quote), strict=True):
                faults[k] = (column, None if silent else value)
    return faults


def _values(
    checked: Checked, rows: NDArray[np.int64], names: tuple[str, ...], quote: str
) -> list[str | None]:
    mark = ord(quote) if quote else 0
    columns = [
        text_array(checked.records.columns[name], rows, quote=mark).to_pylist() for name in names
    ]
    joined = (", ".join(cell or "" for cell in cells) for cells in zip(*columns, strict=True))
    return [why.shorten(discreet(text)) if text.strip(", ") else None for text in joined]


def _structural(
    checked: Checked, row: int, code: int, where: int, header: tuple[str, ...]
) -> Fault:
    """Column and value of a broken line; the value only if its column is mapped."""
    if code == why.CELL_COUNT:
        return None, f"{where} cells, the header has {len(header)}"
    if code == why.LINE_TOO_LONG or where >= len(header):
        return None, None
    name = header[where]
    readable = code in (why.NUL_BYTE, why.ENCODING) and name in checked.records.columns
    value = discreet(text_of(checked.records.columns[name], row)) if readable else None
    return name, None if value is None else why.shorten(value)
