"""Rejected records as a file that a spreadsheet opens.

What this does not answer: how a record should read. The row is that of the source file,
so that the one who keeps the file can look.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa

from commonlight.sources.errors import UnreadableFileError

__all__ = ["safe_cell", "write_rejected"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_rejected(rejected: pa.Table, path: Path) -> None:
    """Write the rejected records of an import as CSV, UTF-8 with a byte-order mark.

    A value that a spreadsheet would take as a formula gets an apostrophe before it.

    Parameters
    ----------
    rejected : pyarrow.Table
        From :meth:`commonlight.sources.lake.Version.rejected`.
    path : Path
        The file to write; one that exists is replaced.

    Raises
    ------
    UnreadableFileError
        If the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(rejected.column_names)
            for batch in rejected.to_batches():
                columns = [batch.column(name).to_pylist() for name in rejected.column_names]
                writer.writerows(
                    [safe_cell(cell) for cell in row] for row in zip(*columns, strict=True)
                )
    except OSError as error:
        raise UnreadableFileError(
            f"cannot write {path}: {error.strerror}; name a file in a folder that exists"
        ) from None


def safe_cell(cell: object) -> object:
    """Mark text that a spreadsheet would take as a formula; plain numbers stay as they are.

    Parameters
    ----------
    cell : object
        A cell of a CSV file.

    Returns
    -------
    object
        The cell, with an apostrophe before it where it began like a formula; empty for None.
    """
    if not isinstance(cell, str) or not cell.startswith(_FORMULA):
        return "" if cell is None else cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell
