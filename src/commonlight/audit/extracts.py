"""What leaves a data set under an agreement: protected counts, or records with few fields.

Counts come by area, period and type with their totals, and every count that is too small, or that
would give a small one away, is withheld. Records come with the agreed fields alone, at the agreed
detail of place and time. What this does not answer: what two extracts of one data set say
together, or an extract and a published report; keep to one detail for each recipient.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from commonlight.analysis.disclosure.cells import Cell, Relation
from commonlight.analysis.disclosure.perturb import round_cells
from commonlight.analysis.disclosure.protect import Protection, protect_cells
from commonlight.audit.extract_fields import (
    ALL,
    NOT_KNOWN,
    TIME_DETAILS,
    ExtractError,
    labels_of_area,
    labels_of_period,
    labels_of_text,
    record_columns,
)
from commonlight.audit.layers import AreaLayer
from commonlight.audit.publishing.rules import PublicationRules, PublishingError
from commonlight.findings.folder import safe_cell
from commonlight.findings.model import WITHHELD
from commonlight.sources.areas import AreaSet
from commonlight.sources.lake import Version
from commonlight.sources.streets import StreetLines

__all__ = ["ALL", "Extract", "ExtractError", "extract_counts", "extract_records", "write_extract"]

MOST_CELLS = 20_000
"""More counts than this cannot be protected together in reasonable time."""

_COUNTED = ("type", "iccs")


@dataclass(frozen=True, kw_only=True)
class Extract:
    """A table that may leave, with what must be said of it.

    Attributes
    ----------
    kind : {"counts", "records"}
        What a row is.
    table : pyarrow.Table
        The rows. In counts, `count` is text: a number, "under 5" or "withheld".
    columns : mapping from str to str
        Meaning of each column, in order.
    place_detail, time_detail : str
        How closely it tells.
    withheld : int
        Counts that are not shown.
    notes : tuple of str
        What a reader must know.
    """

    kind: str
    table: pa.Table
    columns: Mapping[str, str]
    place_detail: str
    time_detail: str
    withheld: int = 0
    notes: tuple[str, ...] = field(default=())

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows, one after the other."""
        for batch in self.table.to_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def extract_counts(
    version: Version,
    *,
    areas: AreaLayer | AreaSet | None = None,
    place_detail: str = "area",
    time_detail: str = "month",
    fields: Sequence[str] = ("type",),
    rules: PublicationRules | None = None,
) -> Extract:
    """Count a version by area, period and type, and withhold what is too small.

    Parameters
    ----------
    version : Version
        Incidents, reports or visits.
    areas : AreaLayer, AreaSet or None
        Areas that points are counted in, in the system of the version; None = codes alone.
    place_detail : {"area", "city"}
        ``city`` counts everything together.
    time_detail : {"hour", "day", "week", "month", "year"}
        Length of a period.
    fields : sequence of str
        Agreed fields. Of these ``type``, ``iccs`` and those kept as text (``local_...``) are
        counted by; none = places and periods alone.
    rules : PublicationRules or None
        The smallest count, and whether small counts are withheld or all are rounded.

    Returns
    -------
    Extract
        A row for each combination that occurs, and totals by each column alone, marked "all".
        A combination that is not listed has no record.

    Raises
    ------
    ExtractError
        For a detail finer than an area, an unknown field, or too many counts.
    PublishingError
        If it could not be shown that the withheld counts stay unknown.

    Notes
    -----
    The attacker knows every count shown, all totals, the marks and the rules; see
    `analysis.disclosure.protect.protect_cells`.
    """
    rules = rules or PublicationRules()
    if place_detail not in ("area", "city"):
        raise ExtractError(
            f"counts are given by area or for the city; got {place_detail!r}: take records, or "
            "another detail"
        )
    _check_time(time_detail)
    names = [name for name in fields if name in _COUNTED or name.startswith("local_")]
    _check_fields(version, names)
    labels = _labels(version, areas, place_detail, time_detail, names)
    counts = _totals(version, labels)
    shown, withheld = _shown(counts, version.name, rules)
    keys = sorted(counts)
    columns = _meanings(version, place_detail, time_detail, names)
    arrays = [pa.array([key[k] for key in keys], pa.string()) for k in range(len(labels))]
    arrays.append(pa.array([shown[key] for key in keys], pa.string()))
    return Extract(
        kind="counts",
        table=pa.table(arrays, names=list(columns)),
        columns=columns,
        place_detail=place_detail,
        time_detail=time_detail,
        withheld=withheld,
        notes=_count_notes(rules, withheld),
    )


def extract_records(
    version: Version,
    *,
    fields: Sequence[str],
    place_detail: str = "point",
    time_detail: str = "hour",
    cell_size: float = 200.0,
    streets: StreetLines | None = None,
) -> Extract:
    """Take records with the agreed fields, at the agreed detail of place and time.

    Parameters
    ----------
    version : Version
        Incidents, reports or visits.
    fields : sequence of str
        Agreed columns of the table. Times and places are not named here: they come at the detail
        asked for.
    place_detail : {"point", "cell", "street"}
        Points as recorded, the middle of a grid cell, or the nearest street.
    time_detail : {"hour", "day", "week", "month", "year"}
        What times are cut to.
    cell_size : float
        Side of a cell, in metres.
    streets : StreetLines or None
        Needed for ``street``, in the system of the version.

    Returns
    -------
    Extract
        In the order of what is shown, not in that of the file, which could tell more.

    Raises
    ------
    ExtractError
        For a coarser place (take counts), an unknown field, or streets that are not given.
    """
    if place_detail not in ("point", "cell", "street"):
        raise ExtractError(
            f"single records are given by point, cell or street; got {place_detail!r}: "
            "take counts by area instead"
        )
    _check_time(time_detail)
    _check_fields(version, fields)
    if place_detail == "street" and streets is None:
        raise ExtractError("records by street need the lines of the streets; none were given")
    if not 0 < cell_size < float("inf"):
        raise ExtractError(f"cell_size must be positive and finite, in metres; got {cell_size}")
    made = record_columns(
        version,
        fields=fields,
        place_detail=place_detail,
        time_detail=time_detail,
        cell_size=cell_size,
        streets=streets,
    )
    table = pa.table({name: values for name, (values, _) in made.items()})
    order: Any = [(name, "ascending") for name in table.column_names]
    return Extract(
        kind="records",
        table=table.sort_by(order) if order else table,
        columns={name: meaning for name, (_, meaning) in made.items()},
        place_detail=place_detail,
        time_detail=time_detail,
        notes=(
            "Rows are single records under an agreement: not for publication, and not for any "
            "other purpose.",
        ),
    )


def write_extract(extract: Extract, path: str | os.PathLike[str]) -> None:
    """Write an extract as CSV that a spreadsheet cannot take for formulas.

    Parameters
    ----------
    extract : Extract
        What to write.
    path : path-like
        The file; it is replaced. UTF-8 with a byte-order mark.
    """
    with Path(path).open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([safe_cell(name) for name in extract.columns])
        writer.writerows([safe_cell(value) for value in row] for row in extract.rows())


def _check_time(time_detail: str) -> None:
    if time_detail not in TIME_DETAILS:
        raise ExtractError(
            f"time_detail must be one of {', '.join(TIME_DETAILS)}; got {time_detail!r}"
        )


def _check_fields(version: Version, names: Sequence[str]) -> None:
    known = version.schema.names
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ExtractError(
            f"{version.name} has no field {unknown[0]!r}; its fields are {', '.join(known)}"
        )


def _labels(
    version: Version,
    areas: AreaLayer | AreaSet | None,
    place_detail: str,
    time_detail: str,
    names: Sequence[str],
) -> list[tuple[np.ndarray, tuple[str, ...]]]:
    """For each column, the number of each row's label, and the labels."""
    wanted = ["start", "end", "x", "y", "area", *names]
    table = version.table([name for name in wanted if name in version.schema.names])
    labels = [] if place_detail == "city" else [labels_of_area(table, version, areas)]
    labels.append(labels_of_period(table, time_detail))
    return labels + [labels_of_text(table[name]) for name in names]


def _totals(
    version: Version, labels: list[tuple[np.ndarray, tuple[str, ...]]]
) -> dict[tuple[str, ...], int]:
    """Counts of each combination that occurs, and of each value over all others."""
    sizes = [len(names) for _, names in labels]
    weight = _weights(version)
    flat = np.ravel_multi_index([codes for codes, _ in labels], sizes)
    found, place = np.unique(flat, return_inverse=True)
    count = np.bincount(place, weights=weight).astype(np.int64)
    if found.size > MOST_CELLS:
        raise ExtractError(
            f"the extract would hold {found.size} counts, and {MOST_CELLS} can be protected "
            "together; choose longer periods, fewer fields or a shorter time"
        )
    parts = np.unravel_index(found, sizes)
    counts: dict[tuple[str, ...], int] = {}
    for row, n in enumerate(count.tolist()):
        own = tuple(labels[k][1][int(parts[k][row])] for k in range(len(labels)))
        for key in (own, *_margins(own)):
            counts[key] = counts.get(key, 0) + n
    return counts


def _weights(version: Version) -> np.ndarray:
    if "count" not in version.schema.names:
        return np.ones(version.table(["start"]).num_rows)
    values = version.table(["count"])["count"].to_numpy().astype(np.float64)
    return np.nan_to_num(values, nan=1.0)


def _margins(key: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The totals that a combination is part of: by each column alone, and of everything."""
    if len(key) == 1:
        return [(ALL,)]
    alone = [tuple(v if k == j else ALL for k, v in enumerate(key)) for j in range(len(key))]
    return [*alone, (ALL,) * len(key)]


def _shown(
    counts: Mapping[tuple[str, ...], int], name: str, rules: PublicationRules
) -> tuple[dict[tuple[str, ...], str], int]:
    """What stands in the place of each count, and how many are withheld."""
    cells = {key: Cell(key_of(key), n) for key, n in counts.items()}
    if rules.method == "round":
        secret = rules.secret() + name.encode()
        rounded = round_cells(cells.values(), base=rules.base, key=secret)
        return {key: str(rounded[one.key]) for key, one in cells.items()}, 0
    found = _protected(counts, rules.minimum_count)
    shown = {}
    for key in counts:
        marks = found.marks.get(key_of(key))
        shown[key] = str(counts[key]) if marks is None else _word(marks, rules.minimum_count)
    return shown, len(found.suppressed)


def _word(marks: tuple[int, int | None], minimum: int) -> str:
    return f"under {minimum}" if marks[1] else WITHHELD


def key_of(key: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """One count, without a structure of its own: the sums are given beside it."""
    return frozenset({("count of", "\x1f".join(key))})


def _protected(counts: Mapping[tuple[str, ...], int], minimum: int) -> Protection:
    found = protect_cells(
        [Cell(key_of(key), n) for key, n in counts.items()],
        minimum_count=minimum,
        bounds=sums_of(counts),
    )
    if found.unproven:
        raise PublishingError(
            f"{len(found.unproven)} withheld counts could not be shown to stay unknown; choose "
            "longer periods or fewer fields, or raise minimum_count"
        )
    return found


def sums_of(counts: Mapping[tuple[str, ...], int]) -> list[Relation]:
    """Every sum of an extract of counts: each total is the sum of its combinations."""
    parts: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for key in counts:
        if ALL not in key:
            for margin in _margins(key):
                parts.setdefault(margin, []).append(key)
    return [
        Relation((key_of(total),), tuple(key_of(key) for key in members), exact=True)
        for total, members in parts.items()
    ]


def _meanings(
    version: Version, place_detail: str, time_detail: str, names: Sequence[str]
) -> dict[str, str]:
    said = {
        column.name: (column.metadata or {}).get(b"meaning", b"").decode()
        for column in version.schema
    }
    columns = {} if place_detail == "city" else {"area": f"area code; {NOT_KNOWN} = no area"}
    columns["period"] = f"{time_detail}, local time; {NOT_KNOWN} = known less closely"
    columns |= {name: said.get(name, "") for name in names}
    return columns | {"count": "number of records, or why it is not shown"}


def _count_notes(rules: PublicationRules, withheld: int) -> tuple[str, ...]:
    notes = [
        f"\u2018{ALL}\u2019 marks a total over a column. A combination that is not listed has no "
        "record.",
    ]
    if rules.method == "round":
        notes.append(
            f"Every count is rounded at random to a multiple of {rules.base}; totals need not be "
            "the sums of their parts."
        )
    elif withheld:
        notes.append(
            f"{withheld} counts are not shown: they are under {rules.minimum_count}, or would let "
            "such a count be worked out."
        )
    return tuple(notes)
