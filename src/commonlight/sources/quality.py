"""What a version of a source can bear: completeness, delay, places and changes of recording.

What this does not answer: whether everything that happened was recorded. A table without an empty
cell can still be blind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from commonlight.sources.lake import Version
from commonlight.sources.recording_changes import (
    FEWEST_MONTHS,
    MonthlyCount,
    RecordingChange,
    recording_changes,
)

__all__ = ["ColumnCompleteness", "Delay", "Located", "SourceQuality", "source_quality"]

MOST_TYPES = 12
"""So many types, the most frequent ones, are searched for changes."""

SMALLEST_SHARE = 0.005
"""Rarer types are not searched for changes."""

FEWEST_DELAYS = 100
"""Delays of fewer records are not told."""

_INTERNAL = frozenset({"file", "row", "end", "time_kind", "precision_m"})
_LONGEST_INTERVAL = 45 * 86_400
_SEED = 20_260_101


@dataclass(frozen=True, kw_only=True)
class ColumnCompleteness:
    """How many rows have a value in a column; `share` from 0 to 1."""

    column: str
    meaning: str
    filled: int
    share: float


@dataclass(frozen=True, kw_only=True)
class Delay:
    """Days from the start of what happened to its recording.

    `known` is the share of rows with a day of recording on or after the start.
    """

    n: int
    known: float
    median: float
    most: float
    """Within so many days 19 in 20 are recorded."""


@dataclass(frozen=True, kw_only=True)
class Located:
    """Shares of rows with a point, with an area code alone, and with neither."""

    points: float
    areas: float
    nowhere: float


@dataclass(frozen=True, kw_only=True)
class SourceQuality:
    """The quality panel of one version.

    Attributes
    ----------
    name, version, kind : str
        Which table it is of.
    rows : int
        Rows of the table.
    read, accepted, rejected : int
        Records of the files.
    reasons : dict of str to int
        Rejected records by reason.
    first_day, last_day : str or None
        Days covered, ISO 8601.
    columns : tuple of ColumnCompleteness
        The columns that the source could fill, in the order of the table.
    delay : Delay or None
        None where no day of recording is known, or of too few records.
    located : Located or None
        None where the table has no places.
    precision : str
        What the points can bear, as one sentence; empty without points.
    street_level : bool or None
        Whether the points may be read closer than an area; None without points.
    months : int
        Consecutive months that were searched for changes of recording.
    empty_months : tuple of str
        Months between the first and the last without any record.
    changes : tuple of RecordingChange
        Steps in the number of records, the share of a type or of empty cells.
    notes : tuple of str
        What was not looked at, and why.
    """

    name: str
    version: str
    kind: str
    rows: int
    read: int
    accepted: int
    rejected: int
    reasons: Mapping[str, int]
    first_day: str | None
    last_day: str | None
    columns: tuple[ColumnCompleteness, ...]
    delay: Delay | None
    located: Located | None
    precision: str
    street_level: bool | None
    months: int
    empty_months: tuple[str, ...]
    changes: tuple[RecordingChange, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The same as plain lists, texts and numbers."""
        return asdict(self)


def source_quality(version: Version) -> SourceQuality:
    """Judge one version of a source.

    Parameters
    ----------
    version : Version
        A version of the lake: incidents, reports, answers or visits.

    Returns
    -------
    SourceQuality
        The same for the same version: the permutations start from a fixed seed.
    """
    facts = version.manifest
    names = [name for name in version.schema.names if name not in ("file", "row")]
    table = version.table(names)
    first, last = _days(facts)
    months, empty, changes, notes = _changes(table, first, last)
    precision = facts.get("precision") or {}
    return SourceQuality(
        name=version.name,
        version=version.id,
        kind=facts["kind"],
        rows=table.num_rows,
        read=facts["read"],
        accepted=facts["accepted"],
        rejected=facts["rejected"],
        reasons=dict(facts["reasons"]),
        first_day=None if first is None else first.isoformat(),
        last_day=None if last is None else last.isoformat(),
        columns=_completeness(table),
        delay=_delay(table),
        located=_located(table),
        precision=str(precision.get("reason", "")),
        street_level=precision.get("street_level"),
        months=months,
        empty_months=empty,
        changes=changes,
        notes=notes,
    )


def _days(facts: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """First and last day; an interval's end is the first moment after it."""
    if not facts.get("period"):
        return None, None
    first, end = (datetime.fromisoformat(text) for text in facts["period"])
    return first.date(), max(first, end - timedelta(seconds=1)).date()


def _completeness(table: pa.Table) -> tuple[ColumnCompleteness, ...]:
    found = []
    for column in table.schema:
        if column.name in _INTERNAL:
            continue
        filled = table.num_rows - table[column.name].null_count
        meaning = (column.metadata or {}).get(b"meaning", b"").decode()
        share = filled / table.num_rows if table.num_rows else 0.0
        found.append(
            ColumnCompleteness(column=column.name, meaning=meaning, filled=filled, share=share)
        )
    return tuple(found)


def _delay(table: pa.Table) -> Delay | None:
    if not {"recorded", "start"} <= set(table.column_names):
        return None
    recorded = table["recorded"].to_numpy().astype("datetime64[D]")
    days = (recorded - table["start"].to_numpy().astype("datetime64[D]")).astype(np.float64)
    days[np.isnat(recorded)] = np.nan
    days = days[np.isfinite(days) & (days >= 0)]
    if days.size < FEWEST_DELAYS:
        return None
    middle, most = np.quantile(days, [0.5, 0.95])
    return Delay(
        n=int(days.size),
        known=days.size / table.num_rows,
        median=float(middle),
        most=float(most),
    )


def _located(table: pa.Table) -> Located | None:
    if not {"x", "area"} <= set(table.column_names) or not table.num_rows:
        return None
    point = pc.is_valid(table["x"]).to_numpy()
    area = pc.is_valid(table["area"]).to_numpy() & ~point
    n = table.num_rows
    return Located(
        points=float(point.sum() / n),
        areas=float(area.sum() / n),
        nowhere=float((~point & ~area).sum() / n),
    )


def _changes(
    table: pa.Table, first: date | None, last: date | None
) -> tuple[int, tuple[str, ...], tuple[RecordingChange, ...], tuple[str, ...]]:
    """Months searched, months without records, the steps found, and what was not looked at."""
    nothing: tuple[RecordingChange, ...] = ()
    if first is None or last is None or "start" not in table.column_names:
        return 0, (), nothing, ("Without times, changes of recording cannot be looked for.",)
    month, usable = _months(table)
    if usable.mean() < 0.9:
        text = "Times are known to the year only: changes of recording cannot be looked for."
        return 0, (), nothing, (text,)
    start = int(month[usable].min())
    n = int(month[usable].max()) - start + 1
    month = np.where(usable, month - start, -1)
    records = _bin(month, n)
    run = _longest_run(records > 0)
    empty = tuple(_iso(start + int(k)) for k in np.flatnonzero(records == 0))
    length = run.stop - run.start
    if length < FEWEST_MONTHS:
        text = (
            f"Changes of recording can be looked for where {FEWEST_MONTHS} months in a row have "
            f"records; here it is {length}."
        )
        return length, empty, nothing, (text,)
    days = _days_covered(start, n, first, last)
    series = [
        MonthlyCount(kind=s.kind, name=s.name, counts=s.counts[run], exposure=s.exposure[run])
        for s in _series(table, month, records, days)
    ]
    rng = np.random.default_rng(_SEED)
    found = recording_changes(series, first_month=start + run.start, rng=rng)
    return length, empty, found, ()


def _months(table: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Month of each row's middle, from January 1970, and whether it is known to the month."""
    start, end = (table[name].to_numpy().astype("datetime64[s]") for name in ("start", "end"))
    length = (end - start).astype(np.int64)
    usable = ~np.isnat(start) & (length < _LONGEST_INTERVAL)
    middle = start + (end - start) // 2
    return middle.astype("datetime64[M]").astype(np.int64), usable


def _bin(
    month: NDArray[np.int64], n: int, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    inside = (month >= 0) & (month < n)
    chosen = None if weights is None else weights[inside]
    return np.bincount(month[inside], weights=chosen, minlength=n).astype(np.float64)


def _longest_run(some: NDArray[np.bool_]) -> slice:
    """The longest run of months with records; the latest of several."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], some.astype(np.int8), [0]])))
    starts, stops = edges[::2], edges[1::2]
    if not starts.size:
        return slice(0, 0)
    k = len(starts) - 1 - int(np.argmax((stops - starts)[::-1]))
    return slice(int(starts[k]), int(stops[k]))


def _days_covered(start: int, n: int, first: date, last: date) -> NDArray[np.float64]:
    """Days of each month; of the first and last one those from the first to the last record."""
    borders = (start + np.arange(n + 1)).astype("datetime64[M]").astype("datetime64[D]")
    begin = np.maximum(borders[:-1], np.datetime64(first))
    end = np.minimum(borders[1:], np.datetime64(last) + 1)
    return np.asarray((end - begin).astype(np.float64))


def _series(
    table: pa.Table,
    month: NDArray[np.int64],
    records: NDArray[np.float64],
    days: NDArray[np.float64],
) -> list[MonthlyCount]:
    n = records.size
    count = _counts(table)
    total = _bin(month, n, count)
    series = [MonthlyCount(kind="count", name="", counts=total, exposure=days)]
    if "type" in table.column_names:
        series += _type_series(table["type"], month, count, total)
    for name in table.column_names:
        if name in _INTERNAL or name in ("start", "x", "y", "area", "iccs", "count"):
            continue
        missing = pc.is_null(table[name]).to_numpy().astype(np.float64)
        if 0 < missing.sum() < missing.size:
            counts = _bin(month, n, missing)
            series.append(MonthlyCount(kind="missing", name=name, counts=counts, exposure=records))
    if {"x", "area"} <= set(table.column_names):
        nowhere = pc.and_(pc.is_null(table["x"]), pc.is_null(table["area"])).to_numpy()
        if 0 < nowhere.sum() < nowhere.size:
            counts = _bin(month, n, nowhere.astype(np.float64))
            series.append(
                MonthlyCount(kind="missing", name="place", counts=counts, exposure=records)
            )
    return series


def _counts(table: pa.Table) -> NDArray[np.float64]:
    if "count" not in table.column_names:
        return np.ones(table.num_rows)
    return np.nan_to_num(table["count"].to_numpy().astype(np.float64), nan=1.0)


def _type_series(
    column: pa.ChunkedArray,
    month: NDArray[np.int64],
    count: NDArray[np.float64],
    total: NDArray[np.float64],
) -> list[MonthlyCount]:
    """Records by month of the most frequent types, as parts of all."""
    coded: Any = column.cast(pa.string()).dictionary_encode().unify_dictionaries().combine_chunks()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    names = coded.dictionary.to_pylist()
    known = codes >= 0
    size = np.bincount(codes[known], weights=count[known], minlength=len(names))
    order = [int(k) for k in np.argsort(-size, kind="stable")[:MOST_TYPES]]
    chosen = [k for k in order if SMALLEST_SHARE <= size[k] / count.sum() < 1.0]
    series = []
    for k in chosen:
        counts = _bin(np.where(codes == k, month, -1), total.size, count)
        exposure = np.maximum(total, 1.0)
        series.append(
            MonthlyCount(kind="type", name=str(names[k]), counts=counts, exposure=exposure)
        )
    return series


def _iso(month: int) -> str:
    return f"{1970 + month // 12}-{month % 12 + 1:02d}"
