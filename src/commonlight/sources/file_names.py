"""What a file's name tells of its format."""

from __future__ import annotations

from pathlib import Path

from commonlight.sources.bytestream import COMPRESSED
from commonlight.sources.errors import MappingError, UnreadableFileError

__all__ = ["FORMATS", "check_content", "file_format_of"]

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xls": "excel",
    ".xlsb": "excel",
    ".ods": "excel",
    ".geojson": "geojson",
    ".json": "geojson",
    ".gpkg": "geopackage",
    ".parquet": "parquet",
    ".pq": "parquet",
}
"""Ending of a name, before that of a compression, and the format it tells."""


_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz")

_CONTENTS = (
    (b"pk\x03\x04", "a ZIP archive, or a sheet that should end in .xlsx or .ods; unpack or rename"),
    (b"\xd0\xcf\x11\xe0", "an Excel sheet; give its name the ending .xls"),
    (b"%pdf", "a PDF; ask the publisher for the table itself"),
    (b"par1", "a Parquet file; give its name the ending .parquet"),
    (b"<!doctype html", "a web page, perhaps an error message; fetch the file again"),
    (b"<html", "a web page, perhaps an error message; fetch the file again"),
)


def file_format_of(path: Path, stated: str | None = None) -> str:
    """The format of a file: as stated, or from the ending of its name.

    Raises
    ------
    MappingError
        If the ending tells nothing.
    """
    if stated is not None:
        return stated
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in COMPRESSED]
    if suffixes and suffixes[-1] in FORMATS:
        return FORMATS[suffixes[-1]]
    if path.suffix.lower() in _ARCHIVES:
        raise UnreadableFileError(
            f"{path.name} is an archive, and archives are not read; unpack it and name the file "
            "or folder in it"
        )
    raise MappingError(
        f"cannot tell the format of {path.name} from its name; state file.format in the mapping "
        "(csv, excel, geojson, geopackage or parquet), or give the name an ending such as .csv"
    )


def check_content(path: Path) -> None:
    """Refuse a file that is called text and is none, by its first bytes.

    Raises
    ------
    UnreadableFileError
        If the file is an archive, a sheet, a PDF, a Parquet file or a web page.
    """
    try:
        with path.open("rb") as file:
            first = file.read(512)
    except OSError as error:
        raise UnreadableFileError(f"cannot read {path}: {error.strerror}") from None
    for mark, what in _CONTENTS:
        if first.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(mark):
            raise UnreadableFileError(f"{path.name} is not a text table: it is {what}")
