"""The first records of a file as an import would see them, before anything is imported.

The same readers, checks and guards as the import, on the first records alone. What this does not
answer: how many records of the whole file will be rejected; a fault may begin below the sample.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from commonlight.sources.cells import Column
from commonlight.sources.contacts import is_contact
from commonlight.sources.engine import Engine
from commonlight.sources.errors import MappingError
from commonlight.sources.import_result import ImportResult
from commonlight.sources.importing import check_columns, short_names
from commonlight.sources.mapping import FileFormat, Mapping
from commonlight.sources.observations import Classes
from commonlight.sources.persons import find_person_columns
from commonlight.sources.records import Records, check_mapping, columns_used
from commonlight.sources.source_files import Piece, SourceFile, find_files, open_file

__all__ = ["HIDDEN", "Preview", "PreviewedReject", "preview_source"]

HIDDEN = "(hidden: looks like data about a person)"
"""What stands in place of a cell that must not be shown."""

MOST_POINTS = 500
MOST_REJECTED = 200
LONGEST = 120
"""Longer cells are cut, so that a preview stays small."""


@dataclass(frozen=True)
class PreviewedReject:
    """One rejected record of the sample; `value` is what the import would keep of it."""

    file: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an import would make of the first records.

    Attributes
    ----------
    files : tuple of str
        The files, by name.
    header : tuple of str
        Columns of the file.
    raw_rows : tuple of tuple of str
        The first records as they stand, without cells about persons.
    columns : tuple of str
        Columns of the checked table that hold anything.
    checked_rows : tuple of tuple of str
        The first accepted rows in these columns, as text; empty where nothing is known.
    read, accepted, rejected : int
        Records of the sample; ``accepted + rejected == read``.
    whole : bool
        Whether the sample is the whole file.
    reasons : dict of str to int
        Rejected records of the sample by reason.
    rejects : tuple of PreviewedReject
        At most 200 of them.
    points : tuple of (float, float)
        Longitude and latitude of at most 500 accepted records.
    unmapped_types : dict of str to int
        Accepted records of each type that has no ICCS code.
    crs_note : str
        Which coordinate systems were taken, and why.
    precision : str
        What the points can bear, as one sentence; empty without points.
    person_columns : tuple of (str, str)
        Columns that look like data about persons, each with the reason: the import stops until
        they are dropped.
    notes : tuple of str
        What a reader should know besides.
    problem : str
        Why the mapping does not fit the file, if it does not, or reads data about persons;
        nothing was checked then.
    """

    files: tuple[str, ...]
    header: tuple[str, ...]
    raw_rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = ()
    checked_rows: tuple[tuple[str, ...], ...] = ()
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    whole: bool = False
    reasons: dict[str, int] = field(default_factory=dict)
    rejects: tuple[PreviewedReject, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    unmapped_types: dict[str, int] = field(default_factory=dict)
    crs_note: str = ""
    precision: str = ""
    person_columns: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """The same as plain lists, texts and numbers."""
        return asdict(self)


def preview_source(
    paths: Path | str | Sequence[Path | str],
    mapping: Mapping | None,
    *,
    rows: int = 20,
    sample: int = 2000,
    drop: Sequence[str] = (),
    classes: Classes | None = None,
    study_area: Any = None,
    crs: str | None = None,
) -> Preview:
    """Look at the first records of a source through a mapping, and keep nothing.

    Parameters
    ----------
    paths : path or sequence of paths
        As for `importing.import_source`.
    mapping : Mapping or None
        How the columns are read; None where none was chosen yet, and only the raw rows are shown.
    rows : int
        How many rows to show.
    sample : int
        How many records to check, shared by the files.
    drop : sequence of str
        Columns that must not be read; they are hidden.
    classes, study_area, crs
        As for `importing.import_source`.

    Returns
    -------
    Preview

    Raises
    ------
    UnreadableFileError
        If a file cannot be read at all.
    """
    if not (rows >= 1 and sample >= rows):
        raise ValueError(f"sample must be at least rows, which is at least 1; got {sample}, {rows}")
    found = find_files(paths)
    names = short_names(found)
    file_format = mapping.file if mapping is not None else FileFormat()
    files = [open_file(p, file_format, name=n) for p, n in zip(found, names, strict=True)]
    try:
        return _look(files, mapping, rows, sample, drop, classes, study_area, crs)
    finally:
        for file in files:
            file.close()


def _look(
    files: list[SourceFile],
    mapping: Mapping | None,
    rows: int,
    sample: int,
    drop: Sequence[str],
    classes: Classes | None,
    study_area: Any,
    crs: str | None,
) -> Preview:
    first = files[0]
    dropped = {*drop, *(mapping.drop if mapping is not None else ())}
    cells = first.sample(sample)
    persons = _persons(first.header, cells, dropped)
    seen = Preview(
        files=tuple(file.name for file in files),
        header=first.header,
        raw_rows=_shown(first.header, cells[:rows], {*dropped, *(name for name, _ in persons)}),
        person_columns=persons,
        notes=first.notes,
    )
    if mapping is None:
        return seen
    try:
        check_mapping(mapping)
        for file in files:
            check_columns(file, first.header, first.name, mapping, tuple(drop))
        _refuse_mapped(persons, mapping)
        return _checked(seen, files, mapping, rows, sample, classes, study_area, crs)
    except MappingError as error:
        return replace(seen, problem=str(error))


def _persons(
    header: tuple[str, ...], cells: list[list[str]], dropped: set[str]
) -> tuple[tuple[str, str], ...]:
    looked_at = [k for k, name in enumerate(header) if name not in dropped]
    values = [[row[k] for row in cells if len(row) > k] for k in looked_at]
    found = find_person_columns([header[k] for k in looked_at], values)
    return tuple((column.name, column.reason) for column in found)


def _refuse_mapped(persons: tuple[tuple[str, str], ...], mapping: Mapping) -> None:
    """Stop before cells about persons are read into a table, even one that is only shown."""
    used = columns_used(mapping)
    for name, reason in persons:
        if name in used:
            raise MappingError(
                f"the column {name!r} is mapped and looks like data about persons ({reason}); "
                "map another column, or remove it from the file"
            )


def _shown(
    header: tuple[str, ...], cells: list[list[str]], hidden: set[str]
) -> tuple[tuple[str, ...], ...]:
    """The cells of the first records, without those about persons."""
    silent = [name in hidden for name in header]
    return tuple(
        tuple(
            HIDDEN if (k < len(silent) and silent[k]) or is_contact(cell) else _cut(cell)
            for k, cell in enumerate(row)
        )
        for row in cells
    )


def _cut(cell: str) -> str:
    return cell if len(cell) <= LONGEST else f"{cell[:LONGEST]}..."


def _checked(
    seen: Preview,
    files: list[SourceFile],
    mapping: Mapping,
    rows: int,
    sample: int,
    classes: Classes | None,
    study_area: Any,
    crs: str | None,
) -> Preview:
    share = max(sample // len(files), 1)
    with tempfile.TemporaryDirectory(prefix="commonlight-") as name:
        folder = Path(name)
        engine = Engine(
            mapping,
            folder,
            bytes_total=sum(file.bytes_total for file in files),
            classes=classes,
            study_area=study_area,
            crs=crs,
        )
        heads = [_Head(file, share) for file in files]
        for head in heads:
            engine.read(head, progress=None, done=0)
        result = engine.finish()
        return _with_result(seen, folder, result, rows, whole=all(head.whole for head in heads))


def _with_result(
    seen: Preview, folder: Path, result: ImportResult, rows: int, *, whole: bool
) -> Preview:
    parts = sorted(folder.glob("observations-*.parquet"))
    table = pa.concat_tables([pq.read_table(part) for part in parts]).unify_dictionaries()
    columns, checked = _as_text(table, rows)
    place = result.manifest.get("place")
    return replace(
        seen,
        columns=columns,
        checked_rows=checked,
        read=result.read,
        accepted=result.accepted,
        rejected=result.rejected,
        whole=whole,
        reasons=dict(result.reasons),
        rejects=_rejects(pq.read_table(folder / "rejected.parquet")),
        points=_points(table, place["metric_crs"]) if place else (),
        unmapped_types=dict(result.unmapped_types),
        crs_note=result.crs_note,
        precision="" if result.precision is None else result.precision.reason,
        notes=tuple(dict.fromkeys([*seen.notes, *result.notes])),
    )


def _as_text(table: pa.Table, rows: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The first rows of the columns that hold anything."""
    kept = [n for n in table.column_names if n != "file" and table[n].null_count < table.num_rows]
    head = table.select(kept).slice(0, rows)
    cells = [[_text(value) for value in head[name].to_pylist()] for name in kept]
    return tuple(kept), tuple(zip(*cells, strict=True)) if cells else ()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}" if abs(value) >= 1000 else f"{value:g}"
    return HIDDEN if isinstance(value, str) and is_contact(value) else _cut(str(value))


def _rejects(table: pa.Table) -> tuple[PreviewedReject, ...]:
    return tuple(
        PreviewedReject(
            file=row["file"],
            row=row["row"],
            column=row["column"] or "",
            value=row["value"] or "",
            reason=row["reason"],
        )
        for row in table.slice(0, MOST_REJECTED).to_pylist()
    )


def _points(table: pa.Table, crs: str) -> tuple[tuple[float, float], ...]:
    """Longitude and latitude of accepted records, evenly chosen from the sample."""
    from pyproj import Transformer

    from commonlight.sources.crs import PLANAR

    x, y = (table[name].to_numpy(zero_copy_only=False).astype(float) for name in "xy")
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if not known.size or not crs or crs == PLANAR:
        return ()
    chosen = known[np.unique(np.linspace(0, known.size - 1, MOST_POINTS).astype(np.int64))]
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    lon, lat = transformer.transform(x[chosen], y[chosen])
    return tuple((round(float(a), 6), round(float(b), 6)) for a, b in zip(lon, lat, strict=True))


class _Head:
    """The first records of a file, as a file."""

    def __init__(self, file: SourceFile, most: int) -> None:
        self._file = file
        self._most = most
        self.name = file.name
        self.header = file.header
        self.bytes_total = file.bytes_total
        self.notes = file.notes
        self.whole = True

    @property
    def bytes_done(self) -> int:
        """Bytes read so far."""
        return self._file.bytes_done

    def sample(self, n: int) -> list[list[str]]:
        """Cells of the first records."""
        return self._file.sample(min(n, self._most))

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        """The first records, and no more of the file than they need."""
        left = self._most
        for records, where in self._file.pieces(columns):
            n = len(records.row)
            if n > left:
                self.whole = False
                yield _first(records, left), None if where is None else where[:left]
                return
            yield records, where
            left -= n
            if left == 0:
                self.whole = self._file.bytes_done >= self._file.bytes_total
                return

    def late_sample(self) -> list[list[str]]:
        """Nothing: the first sample has seen all records."""
        return []

    def facts(self) -> dict[str, Any]:
        """The name alone: the digest needs the whole file."""
        return {"name": self.name}

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _first(records: Records, n: int) -> Records:
    columns = {name: _head_of(column, n) for name, column in records.columns.items()}
    return Records(records.row[:n], columns, records.reason[:n])


def _head_of(column: Column, n: int) -> Column:
    begin: NDArray[np.int32] = column.begin[:n]
    return Column(column.data, begin, column.end[:n], column.typed)
