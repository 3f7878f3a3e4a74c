"""Names of files that people send: made safe, and refused where nothing could read them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commonlight.web.data.enums import SHAPE_KINDS

__all__ = ["ALLOWED", "checked_name", "safe_name"]

TABLES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet", ".pq")
SHAPES = (".geojson", ".json", ".gpkg")
PACKED = (".gz", ".bz2", ".xz", ".zst")
ALLOWED = (*TABLES, *SHAPES)
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz")
LONGEST = 120


def safe_name(given: str) -> str:
    """The last part of a name, without anything that leads elsewhere or hides the file."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    plain = re.sub(r"[^\w. -]+", "-", last, flags=re.UNICODE)
    plain = re.sub(r"\s+", " ", plain).strip(" .-")
    stem, dot, ending = plain.partition(".")
    return f"{stem[: LONGEST - len(dot + ending)] or 'file'}{dot}{ending}"[:LONGEST]


def checked_name(given: str, kind: Any) -> str:
    """The safe name of a file of a kind of data set.

    Raises
    ------
    ValidationError
        If the ending tells of no format that can be read.
    """
    name = safe_name(given)
    endings = [f".{part}" for part in name.casefold().split(".")[1:]]
    if endings and endings[-1] in ARCHIVES:
        raise ValidationError(
            _("“%(name)s” is an archive. Unpack it, and send the files in it one by one."),
            params={"name": name},
            code="archive",
        )
    while endings and endings[-1] in PACKED:
        endings.pop()
    if not endings or endings[-1] not in ALLOWED:
        raise ValidationError(
            _("“%(name)s” ends in nothing that can be read. Send one of: %(endings)s."),
            params={"name": name, "endings": ", ".join(ALLOWED)},
            code="ending",
        )
    if kind in SHAPE_KINDS and endings[-1] in (".xlsx", ".xls", ".xlsb", ".ods"):
        raise ValidationError(
            _("A sheet holds no outlines or lines. Send GeoJSON, GeoPackage or CSV with WKT."),
            code="shapes",
        )
    return name
