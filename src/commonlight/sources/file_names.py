"""What a file's name tells of its format."""

from __future__ import annotations

from pathlib import Path

from commonlight.sources.bytestream import COMPRESSED
from commonlight.sources.errors import MappingError

__all__ = ["FORMATS", "file_format_of"]

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
    raise MappingError(
        f"cannot tell the format of {path.name} from its name; state file.format in the mapping "
        "(csv, excel, geojson, geopackage or parquet)"
    )
