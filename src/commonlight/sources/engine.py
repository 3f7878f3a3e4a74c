"""The import engine: pieces of records in, Parquet and rejected rows out, counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from commonlight.sources import rejects as why
from commonlight.sources.bytestream import Progress
from commonlight.sources.duplicates import SeenIdentifiers
from commonlight.sources.errors import MappingError
from commonlight.sources.import_result import ImportResult
from commonlight.sources.mapping import Mapping
from commonlight.sources.observations import (
    Classes,
    Observations,
    output_schema,
    rejected_rows,
)
from commonlight.sources.records import (
    Checked,
    Checker,
    Records,
    columns_used,
    identifier_column,
)
from commonlight.sources.rejects import RejectedRows, RejectLog
from commonlight.sources.repeats import HeldBack
from commonlight.sources.samples import PointSample
from commonlight.sources.source_files import SourceFile

__all__ = ["Engine", "open_writer"]


def open_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer of one part of the observations.

    Text that repeats is stored once per row group. Whole numbers and times, which grow
    from row to row, are stored as differences.
    """
    whole = [field.name for field in schema if _is_whole(field.type)]
    dictionary = [
        field.name
        for field in schema
        if pa.types.is_dictionary(field.type) or field.name.startswith("local_")
    ]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=dictionary,  # type: ignore[arg-type]
        column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
    )


def _is_whole(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_timestamp(kind) or pa.types.is_date(kind)


class Engine:
    """Reads the files of one import, one after the other.

    Parameters
    ----------
    mapping : Mapping
        The publisher's format.
    folder : Path
        Where ``observations-*.parquet`` and ``rejected.parquet`` are written.
    bytes_total : int
        Size of all files, in bytes.
    classes, study_area, crs
        See :func:`commonlight.sources.importing.import_source`.
    """

    def __init__(
        self,
        mapping: Mapping,
        folder: Path,
        *,
        bytes_total: int,
        classes: Classes | None,
        study_area: Any,
        crs: str | None,
    ) -> None:
        self._mapping = mapping
        self._total = bytes_total
        self._checker = Checker(mapping, metric_crs=crs, study_area=study_area)
        self._observations = Observations(mapping, classes=classes)
        self._schema = output_schema(mapping)
        self._folder = folder
        self._writer = open_writer(folder / "observations-0.parquet", self._schema)
        self._log = RejectLog(folder / "rejected.parquet")
        rejects_repeats = mapping.id is not None and mapping.duplicates == "reject"
        self._seen = SeenIdentifiers(bytes_total) if rejects_repeats else None
        self._held = HeldBack(folder / "held-back.arrow", self._schema, f"{mapping.kind[:-1]}_id")
        self._points = PointSample()
        self._period: tuple[int, int] | None = None
        self._read = self._accepted = self._written = self._placeless = 0
        self._files: list[dict[str, Any]] = []
        self._notes: list[str] = []

    def read(self, file: SourceFile, *, progress: Progress | None, done: int) -> None:
        """Read one file to its end."""
        before = (self._read, self._log.n_rejected)
        for records, where in file.pieces(columns_used(self._mapping)):
            try:
                self._take(records, where, file)
            except MappingError as error:
                raise MappingError(f"{file.name}: {error}") from None
            if progress is not None:
                progress(done + file.bytes_done, self._total, self._read)
        n = self._read - before[0]
        facts = {"read": n, "rejected": self._log.n_rejected - before[1]}
        self._files.append(file.facts() | facts)
        self._notes += file.notes
        if n == 0:
            self._notes.append(f"{file.name} has a header and no record")

    def _take(self, records: Records, where: NDArray[np.int32] | None, file: SourceFile) -> None:
        checked = self._checker.check(records)
        self._read += len(records.row)
        bad = np.flatnonzero(checked.reason)
        quote = self._mapping.file.quote
        faults = rejected_rows(checked, bad, header=file.header, where=where, quote=quote)
        self._log.add(file.name, faults)
        good = np.flatnonzero(checked.reason == 0)
        if self._seen is not None and self._mapping.id is not None:
            suspect = self._seen.suspects(identifier_column(checked, self._mapping.id), good)
            if suspect.any():
                self._held.add(self._observations.batch(checked, good[suspect], file=file.name))
                good = good[~suspect]
        self._accept(checked, good, file.name)

    def _accept(self, checked: Checked, rows: NDArray[np.int64], file: str) -> None:
        if not len(rows):
            return
        batch = self._observations.batch(checked, rows, file=file)
        self._writer.write_batch(batch)
        self._accepted += len(rows)
        self._written += batch.num_rows
        if self._mapping.place is not None and not self._mapping.place.required:
            self._placeless += _n_placeless(batch)
        if checked.raw is not None:
            self._points.add(checked.raw[0][rows], checked.raw[1][rows])
        if checked.start is not None and checked.end is not None:
            self._extend(int(checked.start[rows].min()), int(checked.end[rows].max()))

    def _extend(self, first: int, last: int) -> None:
        period = self._period or (first, last)
        self._period = (min(period[0], first), max(period[1], last))

    def _settle_repeats(self) -> None:
        """Decide on the records held back, now that all others are known."""
        id_name = f"{self._mapping.kind[:-1]}_id"
        first_part = self._folder / "observations-0.parquet"
        writer: pq.ParquetWriter | None = None
        for new, repeated in self._held.settle(first_part):
            self._reject_repeats(repeated, id_name)
            if new.num_rows:
                writer = writer or open_writer(
                    self._folder / "observations-1.parquet", self._schema
                )
                writer.write_table(new)
                self._written += new.num_rows
                self._accepted += _n_records(new)
                if self._mapping.place is not None and not self._mapping.place.required:
                    self._placeless += _n_placeless(new)
        if writer is not None:
            writer.close()

    def _reject_repeats(self, repeated: pa.Table, id_name: str) -> None:
        names: list[Any] = pc.unique(repeated["file"]).to_pylist()
        for file in names:
            part: Any = repeated.filter(pc.field("file") == file)
            first = {
                row: (identifier, origin)
                for row, identifier, origin in zip(
                    part["row"].to_pylist(),
                    part[id_name].to_pylist(),
                    part["first"].to_pylist(),
                    strict=True,
                )
            }
            repeats = RejectedRows(
                list(first),
                [self._mapping.id] * len(first),
                [why.shorten(identifier) for identifier, _ in first.values()],
                [f"{why.REASONS[why.DUPLICATE]} of {o}" for _, o in first.values()],
            )
            self._log.add(file, repeats)
            for facts in self._files:
                if facts["name"] == file:
                    facts["rejected"] += len(first)

    def finish(self) -> ImportResult:
        """Close the files, settle what is open, and count."""

        self._writer.close()
        if self._held.n_rows:
            self._settle_repeats()
        self._held.remove()
        self._log.close()
        for facts in self._files:
            facts["accepted"] = facts["read"] - facts["rejected"]
        if self._placeless:
            self._notes.append(f"{self._placeless} accepted records have no place")
        rule = self._checker.place_rule
        return ImportResult(
            read=self._read,
            accepted=self._accepted,
            rejected=self._log.n_rejected,
            observations=self._written,
            reasons=dict(sorted(self._log.counts.items())),
            crs_note="no coordinates were read" if rule is None else rule.note,
            precision=self._precision(),
            unmapped_types=dict(self._observations.unmapped.most_common()),
            notes=tuple(dict.fromkeys([*self._notes, *self._lacks()])),
            files=tuple(self._files),
            manifest=self._decisions(),
        )

    def _lacks(self) -> list[str]:
        """What the mapping names no column for, and what cannot be asked then."""
        mapping, lacks = self._mapping, []
        if mapping.kind in ("incidents", "reports"):
            if mapping.time is None:
                lacks.append("no column with a time is mapped: nothing can be said about when")
            if mapping.place is None:
                lacks.append("no column with a place is mapped: nothing can be said about where")
        return lacks

    def _precision(self) -> Any:
        x, y = self._points.points
        rule = self._checker.place_rule
        if rule is None or len(x) < 2:
            return None
        from commonlight.analysis.precision import coordinate_precision

        return coordinate_precision(x, y, unit="degree" if rule.geographic else "metre")

    def _decisions(self) -> dict[str, Any]:
        rule = self._checker.place_rule
        place = rule and {
            "source_crs": rule.source_crs,
            "metric_crs": rule.metric_crs,
            "swapped": rule.swapped,
            "note": rule.note,
            "accuracy_m": rule.accuracy_m,
        }
        period = self._period and [
            str(np.datetime64(moment, "s")).replace("T", " ") for moment in self._period
        ]
        return {"place": place, "period": period}


def _n_placeless(table: pa.RecordBatch | pa.Table) -> int:
    """Records with neither coordinates nor an area code."""
    columns = pa.table({name: table[name] for name in ("file", "row", "x", "area")})
    off_map = columns.filter(pc.is_null(columns["x"]))
    areas = off_map["area"].cast(pa.string()).to_pylist()
    return _n_records(off_map.filter(pa.array([not area for area in areas], pa.bool_())))


def _n_records(table: pa.Table) -> int:
    """Records behind the observations: several observations may share one."""
    return table.group_by(["file", "row"]).aggregate([]).num_rows
