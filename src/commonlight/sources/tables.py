"""Small tables read whole, as text: populations, and areas in CSV.

For records use the import, which streams and accounts for every row.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from commonlight.sources.errors import UnreadableFileError
from commonlight.sources.mapping import FileFormat

__all__ = ["read_table"]


def read_table(path: Path | str, file: FileFormat | None = None) -> dict[str, list[str | None]]:
    """Read a small table as text, column by column.

    Parameters
    ----------
    path : path or str
        CSV (compressed or not), Excel, GeoJSON, GeoPackage or Parquet.
    file : FileFormat or None
        How the bytes are to be read.

    Returns
    -------
    dict of str to list of (str or None)
        Cells by column, None where empty.

    Raises
    ------
    UnreadableFileError
        If the file cannot be read, or a row has more or fewer cells than the header.
    """
    from commonlight.sources.file_names import file_format_of

    path, file = Path(path), file or FileFormat()
    if not path.is_file():
        raise UnreadableFileError(f"there is no file {path}")
    if file_format_of(path, file.format) == "csv":
        return _read_csv(path, file)
    return _read_typed(path, file)


def _read_csv(path: Path, file: FileFormat) -> dict[str, list[str | None]]:
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    encoding = "utf-8-sig" if file.encoding.lower() in ("utf-8", "utf8") else file.encoding
    csv.field_size_limit(2**31 - 1)
    try:
        with opened(path, "rt", encoding=encoding, newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            rows = list(csv.reader(stream, delimiter=file.delimiter or _delimiter(first)))
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as error:
        raise UnreadableFileError(f"{path.name} cannot be read as CSV: {error}") from None
    rows = [row for row in rows if row]
    if not rows:
        raise UnreadableFileError(f"{path.name} is empty")
    for k, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]):
            raise UnreadableFileError(
                f"{path.name}: record {k} has {len(row)} cells, the header has {len(rows[0])}"
            )
    names = [name.strip() for name in rows[0]]
    return {name: [row[c].strip() or None for row in rows[1:]] for c, name in enumerate(names)}


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def _read_typed(path: Path, file: FileFormat) -> dict[str, list[str | None]]:
    import pyogrio

    from commonlight.sources.file_names import file_format_of
    from commonlight.sources.readers import X_COLUMN, Y_COLUMN, open_records

    if file_format_of(path, file.format) in ("geojson", "geopackage"):
        _, table = pyogrio.read_arrow(path, layer=file.layer, read_geometry=False)
        return {name: [_text(v) for v in table[name].to_pylist()] for name in table.column_names}
    out: dict[str, list[str | None]] = {}
    for piece in open_records(path, file, columns=None):
        for name in piece.batch.schema.names:
            if name not in (X_COLUMN, Y_COLUMN):
                out.setdefault(name, []).extend(map(_text, piece.batch.column(name).to_pylist()))
    return out


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
