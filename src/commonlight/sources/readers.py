"""Excel, GeoJSON, GeoPackage and Parquet as pieces of records, with their row numbers.

Points become two columns, ``__x`` and ``__y``; a feature without geometry has nulls there.
What the readers do not answer: whether a line or a polygon stands for an incident. Such
features are refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from commonlight.sources.errors import MappingError, UnreadableFileError
from commonlight.sources.mapping import FileFormat

__all__ = [
    "X_COLUMN",
    "Y_COLUMN",
    "RecordPiece",
    "fullest_sheet",
    "open_records",
    "stated_crs",
]

X_COLUMN = "__x"
Y_COLUMN = "__y"
PIECE_ROWS = 65_536


@dataclass(frozen=True)
class RecordPiece:
    """Records that follow each other in a file.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        The source's columns; points as ``__x`` and ``__y``.
    rows : ndarray of int64, shape (n,)
        Row of the sheet, from 1, or number of the record from 1.
    notes : tuple of str
        What a reader should know of the file.
    """

    batch: pa.RecordBatch
    rows: NDArray[np.int64]
    notes: tuple[str, ...] = ()


def open_records(
    path: Path, file: FileFormat, *, columns: Sequence[str] | None
) -> Iterator[RecordPiece]:
    """Read a sheet, a geographic file or Parquet in pieces.

    Parameters
    ----------
    path : Path
        The file.
    file : FileFormat
        Format, sheet and layer; no format = from the ending of the name.
    columns : sequence of str or None
        Columns to read, in this order; None = all.

    Yields
    ------
    RecordPiece
        At most 65,536 records. At least one piece, empty where the file has no record.

    Raises
    ------
    UnreadableFileError
        If the file is not what it claims to be, or its features are not points.
    MappingError
        If a column, sheet or layer does not exist.

    Notes
    -----
    Parquet, GeoPackage and GeoJSON are streamed, as far as GDAL streams GeoJSON; a sheet
    is read whole, since a sheet holds at most 1,048,576 rows.
    """
    kind = file.format or _format_of(path)
    if not path.is_file():
        raise UnreadableFileError(f"there is no file {path}")
    if kind == "excel":
        return _excel(path, file.sheet, columns)
    if kind == "parquet":
        return _parquet(path, columns)
    if kind in ("geojson", "geopackage"):
        return _features(path, kind, file.layer, columns)
    raise MappingError(f"file.format {kind!r} is not one of excel, geojson, geopackage, parquet")


def _format_of(path: Path) -> str:
    from commonlight.sources.file_names import file_format_of

    return file_format_of(path)


def _columns(names: Sequence[str], wanted: Sequence[str] | None, path: Path) -> list[str]:
    """The columns to read, checked to exist."""
    if wanted is None:
        return list(names)
    missing = [name for name in wanted if name not in names]
    if missing:
        raise MappingError(
            f"{path.name} has no column {', '.join(map(repr, missing))}; "
            f"its columns are {', '.join(map(repr, names))}"
        )
    return list(wanted)


# --- Excel


def _excel(path: Path, sheet: str | None, wanted: Sequence[str] | None) -> Iterator[RecordPiece]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            chosen = _sheet(book.sheet_names, sheet, path)
            rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
            others = [] if sheet is not None else [n for n in book.sheet_names if n != chosen]
    except (CalamineError, OSError):
        raise UnreadableFileError(
            f"{path.name} is not a readable Excel file, or has a password; open it in a "
            "spreadsheet and save it anew"
        ) from None
    first = _header_row(rows)
    if first is None:
        raise UnreadableFileError(
            f"the sheet {chosen!r} of {path.name} is empty; name another as file.sheet in the "
            "mapping"
        )
    notes = _sheet_notes(path, rows, first, chosen, others)
    header = _header(rows[first])
    names = _columns(header, wanted, path)
    used = [header.index(name) for name in names]
    full = [k for k in range(first + 1, len(rows)) if any(cell != "" for cell in rows[k])]
    for begin in range(0, max(len(full), 1), PIECE_ROWS):
        part = full[begin : begin + PIECE_ROWS]
        arrays = [pa.array([_cell(rows[k][c]) for k in part], pa.string()) for c in used]
        batch = pa.RecordBatch.from_arrays(arrays, names=names)
        yield RecordPiece(batch, np.asarray(part, dtype=np.int64) + 1, notes)


def _header_row(rows: Sequence[Sequence[Any]]) -> int | None:
    """The first row of texts that is nearly as wide as the table; else the first with a cell.

    Titles and dates of issue often stand above the names of the columns.
    """
    full = [k for k, row in enumerate(rows) if any(cell != "" for cell in row)][:50]
    widths = {k: sum(cell != "" for cell in rows[k]) for k in full}
    widest = max(widths.values(), default=0)
    for k in full:
        texts = all(isinstance(cell, str) for cell in rows[k])
        if texts and widths[k] >= 0.6 * widest:
            return k
    return full[0] if full else None


def _sheet_notes(
    path: Path, rows: Sequence[Sequence[Any]], first: int, chosen: str, others: Sequence[str]
) -> tuple[str, ...]:
    notes = []
    above = sum(any(cell != "" for cell in row) for row in rows[:first])
    if above:
        notes.append(f"{path.name}: row {first + 1} has the names of the columns; above is a title")
    if others:
        listed = ", ".join(map(repr, others[:5]))
        notes.append(f"{path.name}: the first sheet, {chosen!r}, was read; others are {listed}")
    return tuple(notes)


def fullest_sheet(path: Path) -> str | None:
    """The sheet with the most cells; None where the file has one sheet only."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            if len(book.sheet_names) < 2:
                return None
            sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
            return max(sheets, key=lambda sheet: sheet.height * sheet.width).name
    except (CalamineError, OSError):
        return None


def stated_crs(path: Path, kind: str) -> str | None:
    """The system that a geographic file states for its points; None where it states none."""
    if kind in ("geojson", "geopackage"):
        import pyogrio

        return pyogrio.read_info(path)["crs"]  # type: ignore[no-any-return]
    if kind != "parquet":
        return None
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    column = _geo_column(schema)
    if column is None:
        return None
    about = json.loads(schema.metadata[b"geo"])["columns"][column]
    given = (about.get("crs") or {}).get("id") or {"authority": "EPSG", "code": 4326}
    return "EPSG:4326" if given["authority"] == "OGC" else f"{given['authority']}:{given['code']}"


def _sheet(names: Sequence[str], wanted: str | None, path: Path) -> str:
    if wanted is not None:
        if wanted in names:
            return wanted
        raise MappingError(
            f"{path.name} has no sheet {wanted!r}; its sheets are {', '.join(map(repr, names))}"
        )
    if not names:
        raise UnreadableFileError(f"{path.name} has no sheet")
    return names[0]


def _header(cells: Sequence[Any]) -> list[str]:
    """Names of the columns; a column without one is called after its letter."""
    names: list[str] = []
    for k, cell in enumerate(cells):
        name = _cell(cell) or f"column {_letter(k)}"
        names.append(name if name not in names else f"{name} ({_letter(k)})")
    return names


def _letter(k: int) -> str:
    text = ""
    k += 1
    while k:
        k, rest = divmod(k - 1, 26)
        text = chr(65 + rest) + text
    return text


def _cell(value: Any) -> str | None:
    """A cell as text: dates in ISO form, whole numbers without a point."""
    if value == "" or value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if is_day else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


# --- Parquet


def _parquet(path: Path, wanted: Sequence[str] | None) -> Iterator[RecordPiece]:
    import pyarrow.parquet as pq

    try:
        source = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableFileError(f"{path.name} is not a readable Parquet file: {error}") from None
    with source:
        geometry = _geo_column(source.schema_arrow)
        plain = [name for name in source.schema_arrow.names if name != geometry]
        names = _columns(_with_points(plain, geometry), wanted, path)
        read = _source_columns(names, geometry)
        row = 0
        for raw in source.iter_batches(batch_size=PIECE_ROWS, columns=read):
            yield _piece(raw, names, geometry, row, path)
            row += raw.num_rows
        if row == 0:
            schema = pa.schema([source.schema_arrow.field(name) for name in read])
            none = pa.RecordBatch.from_pylist([], schema=schema)
            yield _piece(none, names, geometry, 0, path)


def _geo_column(schema: pa.Schema) -> str | None:
    """The geometry column that GeoParquet metadata names."""
    text = (schema.metadata or {}).get(b"geo")
    if text is None:
        return None
    about = json.loads(text)
    name = about.get("primary_column", "geometry")
    encoding = about.get("columns", {}).get(name, {}).get("encoding", "WKB")
    return name if encoding == "WKB" and name in schema.names else None


def _with_points(names: Sequence[str], geometry: str | None) -> list[str]:
    return [*names, X_COLUMN, Y_COLUMN] if geometry is not None else list(names)


def _source_columns(names: Sequence[str], geometry: str | None) -> list[str]:
    points = {X_COLUMN, Y_COLUMN} if geometry is not None else set()
    plain = [name for name in names if name not in points]
    need = geometry is not None and not points.isdisjoint(names)
    return [*plain, str(geometry)] if need else plain


def _piece(
    raw: pa.RecordBatch, names: Sequence[str], geometry: str | None, before: int, path: Path
) -> RecordPiece:
    rows = np.arange(before + 1, before + raw.num_rows + 1, dtype=np.int64)
    arrays = {name: raw.column(name) for name in raw.schema.names if name != geometry}
    if geometry is not None and geometry in raw.schema.names:
        x, y = _points(raw.column(geometry), rows, path)
        arrays |= {X_COLUMN: x, Y_COLUMN: y}
    return RecordPiece(
        pa.RecordBatch.from_arrays([arrays[name] for name in names], names=list(names)), rows
    )


def _points(wkb: pa.Array, rows: NDArray[np.int64], path: Path) -> tuple[pa.Array, pa.Array]:
    """Coordinates of points; null where there is no geometry."""
    import shapely

    storage = wkb.storage if isinstance(wkb, pa.ExtensionArray) else wkb
    shapes = shapely.from_wkb(np.asarray(storage.to_pylist(), dtype=object))
    kinds = shapely.get_type_id(shapes)
    given = (kinds != -1) & ~shapely.is_empty(shapes)
    single = (kinds == 4) & (shapely.get_num_geometries(shapes) == 1)
    shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)
    wrong = np.flatnonzero(given & (kinds != 0) & ~single)
    if len(wrong):
        what = shapes[wrong[0]].geom_type
        raise UnreadableFileError(
            f"{path.name}: feature {rows[wrong[0]]} is a {what}, not a point; records are points. "
            "Take the points of the source, or read the file as areas"
        )
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    return pa.array(x, mask=~given), pa.array(y, mask=~given)


# --- GeoJSON and GeoPackage


def _features(
    path: Path, kind: str, layer: str | None, wanted: Sequence[str] | None
) -> Iterator[RecordPiece]:
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        chosen = _layer(path, layer)
        with pyogrio.open_arrow(path, layer=chosen, batch_size=PIECE_ROWS, use_pyarrow=True) as (
            about,
            reader,
        ):
            geometry = about["geometry_name"] or "wkb_geometry"
            has_geometry = geometry in reader.schema.names
            plain = [name for name in reader.schema.names if name != geometry]
            names = _columns(_with_points(plain, geometry if has_geometry else None), wanted, path)
            row = 0
            for raw in reader:
                yield _piece(raw, names, geometry if has_geometry else None, row, path)
                row += raw.num_rows
            if row == 0:
                none = pa.RecordBatch.from_pylist([], schema=reader.schema)
                yield _piece(none, names, geometry if has_geometry else None, 0, path)
    except DataSourceError as error:
        label = {"geojson": "GeoJSON", "geopackage": "GeoPackage"}[kind]
        raise UnreadableFileError(f"{path.name} is not a readable {label} file: {error}") from None


def _layer(path: Path, wanted: str | None) -> str:
    import pyogrio

    layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    if wanted is not None:
        if wanted in layers:
            return wanted
        raise MappingError(
            f"{path.name} has no layer {wanted!r}; its layers are {', '.join(map(repr, layers))}"
        )
    if len(layers) != 1:
        raise MappingError(
            f"{path.name} has {len(layers)} layers; name one as file.layer: "
            f"{', '.join(map(repr, layers))}"
        )
    return layers[0]
