"""The report as a folder of CSV, JSON, SVG and GeoJSON with a data dictionary.

The same report gives the same bytes. The folder is written aside and put in place by renaming;
a folder that we did not make is never replaced. It holds the figures of the findings, not the
records that they were counted from.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from commonlight.findings import html
from commonlight.findings.charts import render_chart
from commonlight.findings.maps import render_map
from commonlight.findings.model import AreaMap, Finding, GridMap, Map, Report, SourceNote

__all__ = [
    "MARKER",
    "SCHEMA",
    "ForeignFolderError",
    "csv_bytes",
    "file_stem",
    "json_bytes",
    "report_content",
    "safe_cell",
    "to_wgs84",
    "write_folder",
]

SCHEMA = "commonlight.report/1"
"""Identifier and version of the layout of findings.json."""

MARKER = ".commonlight-report"
"""The file that says a folder was made here and may be replaced."""

#: Geometry has files of its own; what counts are counts of serves the public version only.
_LEFT_OUT = frozenset({"geometries", "cells", "cell_areas", "context", "outline", "free"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FILE_STEM = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_FINDING_COLUMNS = (
    ("finding", "Identifier of the finding; names its other files", ""),
    ("block", "Part of the audit", ""),
    ("question", "Question that the finding answers", ""),
    ("sentence", "The finding in one sentence", ""),
    ("certainty", "How firmly the sentence may be read", ""),
    ("one_sided", "Whether it rests on police records alone", "yes or no"),
    ("method", "Name of the method", ""),
    ("method_page", "Documentation page of the method", ""),
    ("sources", "Identifiers of the sources, separated by a semicolon", ""),
)
_SOURCE_COLUMNS = (
    ("id", "Identifier of the source", ""),
    ("name", "Name", ""),
    ("kind", "Kind of data", ""),
    ("publisher", "Who published it", ""),
    ("licence", "Terms of use", ""),
    ("first_day", "First day covered", "ISO 8601 date"),
    ("last_day", "Last day covered", "ISO 8601 date"),
    ("age_days", "Age on the day of the report", "days"),
    ("rows_read", "Rows read", "rows"),
    ("rows_accepted", "Rows accepted", "rows"),
    ("rows_rejected", "Rows rejected", "rows"),
    ("digest", "Digest of the source file", "SHA-256"),
    ("attribution", "Words that the licence asks for", ""),
    ("witness", "Whose account the data are", ""),
)
_REJECTED_COLUMNS = (
    ("source", "Identifier of the source", ""),
    ("reason", "Why rows were rejected", ""),
    ("rows", "Rows rejected for this reason", "rows"),
)
_MISSING_COLUMNS = (
    ("name", "Missing source", ""),
    ("block", "Part of the audit", ""),
    ("voice", "Whose voice is missing", ""),
    ("why", "Why it matters", ""),
    ("next_step", "Next step", ""),
)
_DICTIONARY_COLUMNS = ("file", "column", "meaning", "unit", "type")


class ForeignFolderError(ValueError):
    """The folder exists and was not made by us, so it is left alone."""


def write_folder(report: Report, folder: str | os.PathLike[str]) -> None:
    """Write the figures of a report as a folder of open formats.

    Parameters
    ----------
    report : Report
        The report.
    folder : path-like
        Where the folder is put. A folder written here before is replaced in one step.

    Raises
    ------
    ForeignFolderError
        Where `folder` exists and does not hold our marker file.
    ValueError
        Where two findings share an identifier, or a chart or map cannot be drawn.
    """
    html.check_identifiers(report)
    target = Path(folder)
    _refuse_foreign(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        _fill(report, aside / "new")
        _put_in_place(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _refuse_foreign(target: Path) -> None:
    empty = target.is_dir() and not any(target.iterdir())
    if target.exists() and not empty and not (target / MARKER).is_file():
        raise ForeignFolderError(
            f"folder {target} exists and was not written by Commonlight (no file {MARKER}): "
            "nothing was changed; name another folder or remove this one"
        )


def _put_in_place(aside: Path, target: Path) -> None:
    if target.exists():
        target.rename(aside / "old")
    try:
        (aside / "new").rename(target)
    except OSError:
        if (aside / "old").exists():
            (aside / "old").rename(target)
        raise


def _fill(report: Report, root: Path) -> None:
    for name, content in sorted(_files(report).items()):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _files(report: Report) -> dict[str, bytes]:
    found = {MARKER: f"{SCHEMA}\n".encode(), "findings.json": json_bytes(report_content(report))}
    dictionary: list[tuple[str, ...]] = []
    _add(
        found,
        dictionary,
        "findings.csv",
        _FINDING_COLUMNS,
        map(_finding_row, report.findings),
    )
    _add(found, dictionary, "sources.csv", _SOURCE_COLUMNS, _rows(report.sources, _SOURCE_COLUMNS))
    _add(found, dictionary, "rejected.csv", _REJECTED_COLUMNS, _rejected(report))
    _add(
        found, dictionary, "missing.csv", _MISSING_COLUMNS, _rows(report.missing, _MISSING_COLUMNS)
    )
    for finding in report.findings:
        found |= _finding_files(finding, report, dictionary)
    found["data-dictionary.csv"] = csv_bytes(_DICTIONARY_COLUMNS, dictionary)
    found["data-dictionary.md"] = _dictionary_page(dictionary).encode()
    found["README.txt"] = _readme(report).encode()
    return found


def _add(
    found: dict[str, bytes],
    dictionary: list[tuple[str, ...]],
    name: str,
    columns: Sequence[tuple[str, str, str]],
    rows: Iterable[Sequence[Any]],
) -> None:
    found[name] = csv_bytes([column for column, _, _ in columns], rows)
    dictionary.extend((name, column, what, unit, "") for column, what, unit in columns)


def _finding_files(
    finding: Finding, report: Report, dictionary: list[tuple[str, ...]]
) -> dict[str, bytes]:
    stem, found = file_stem(finding), {}
    if finding.table is not None:
        name = f"tables/{stem}.csv"
        found[name] = csv_bytes([c.name for c in finding.table.columns], finding.table.rows)
        dictionary.extend(
            (name, c.name, c.label, c.unit, "number" if c.numeric else "text")
            for c in finding.table.columns
        )
    if finding.chart is not None:
        found[f"charts/{stem}.svg"] = render_chart(finding.chart, width=html.WIDE).encode()
    if finding.map is not None:
        found[f"maps/{stem}.svg"] = render_map(finding.map, width=html.WIDE).encode()
        found[f"maps/{stem}.geojson"] = json_bytes(_geojson(finding.map, report))
        dictionary.extend(
            (f"maps/{stem}.geojson", name, what, unit, kind)
            for name, what, unit, kind in (
                ("index", "Number of the area or cell, from 0", "", "number"),
                ("label", "Name of the area; absent for cells", "", "text"),
                ("value", finding.map.title, finding.map.unit, "number"),
                ("marked", finding.map.mark_label or "Marked on the map", "", "true or false"),
            )
        )
    return found


def file_stem(finding: Finding) -> str:
    """The identifier of a finding as the name of its files."""
    if not _FILE_STEM.fullmatch(finding.id):
        raise ValueError(
            "a finding's identifier names files: use letters, digits, - and _, in parts "
            f"with single dots between them; got {finding.id!r}"
        )
    return finding.id


def report_content(report: Report) -> dict[str, Any]:
    """A report as JSON holds it, without geometry and without what its counts are by."""
    content: dict[str, Any] = {"schema": SCHEMA, **_plain(report)}
    for finding, shown in zip(report.findings, content["findings"], strict=True):
        shown["files"] = _file_names(finding)
    return content


def _file_names(finding: Finding) -> dict[str, str]:
    stem = file_stem(finding)
    names = {
        "table": (finding.table, f"tables/{stem}.csv"),
        "chart": (finding.chart, f"charts/{stem}.svg"),
        "map": (finding.map, f"maps/{stem}.svg"),
        "geometry": (finding.map, f"maps/{stem}.geojson"),
    }
    return {key: name for key, (thing, name) in names.items() if thing is not None}


def _plain(value: Any) -> Any:
    """Reduce a value to what JSON holds; what is not finite becomes null."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        content = {
            f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in _LEFT_OUT
        }
        return {"kind": type(value).__name__, **content} if _is_picture(value) else content
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _scalar(value)


def _is_picture(value: Any) -> bool:
    return type(value).__name__.endswith(("Chart", "Map"))


def _key(key: Any) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)


def _scalar(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise ValueError(f"findings.json cannot hold a {type(value).__name__}: give a number or text")


def json_bytes(content: Any) -> bytes:
    """JSON in UTF-8, one line for each value."""
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte-order mark, so that a spreadsheet does not guess the encoding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def safe_cell(value: Any) -> str:
    """A value as a cell of a CSV file; text that starts like a formula gets an apostrophe."""
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, list):
        return safe_cell("; ".join(str(item) for item in plain))
    if isinstance(plain, str):
        return "'" + plain if plain.startswith(_FORMULA) else plain
    return repr(plain)


def _finding_row(finding: Finding) -> tuple[Any, ...]:
    return (
        finding.id,
        finding.block,
        finding.question,
        finding.sentence,
        finding.certainty,
        finding.one_sided,
        finding.method.name,
        finding.method.page,
        finding.sources,
    )


def _rows(items: Iterable[Any], columns: Sequence[tuple[str, str, str]]) -> list[list[Any]]:
    return [[getattr(item, name) for name, _, _ in columns] for item in items]


def _rejected(report: Report) -> list[tuple[str, str, int]]:
    return [
        (source.id, reason, count)
        for source in report.sources
        for reason, count in source.rejected_reasons.items()
    ]


def _geojson(picture: Map, report: Report) -> dict[str, Any]:
    shapes = picture.geometries if isinstance(picture, AreaMap) else picture.cells
    labels = picture.labels if isinstance(picture, AreaMap) else (None,) * len(shapes)
    marked = frozenset(picture.marked)
    return {
        "type": "FeatureCollection",
        "title": picture.title,
        "unit": picture.unit,
        "attribution": picture.attribution,
        "simulated": report.simulated,
        "audience": report.audience,
        "features": [
            _feature(n, shape, label, picture, n in marked)
            for n, (shape, label) in enumerate(zip(to_wgs84(shapes, picture), labels, strict=True))
        ],
    }


def _feature(
    index: int, shape: Any, label: str | None, picture: Map, marked: bool
) -> dict[str, Any]:
    from shapely.geometry import mapping

    value = _plain(float(picture.values[index]))
    properties = {"index": index, "value": value, "marked": marked}
    if index in picture.withheld:
        properties["withheld"] = True
    if isinstance(picture, AreaMap) and picture.categories:
        known = value is not None
        properties["kind"] = picture.categories[int(value)] if known else picture.no_value_label
    if label is not None:
        properties["label"] = label
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape)}


def to_wgs84(shapes: Sequence[Any], picture: AreaMap | GridMap, *, decimals: int = 7) -> list[Any]:
    """Longitude and latitude, seven decimals are about 1 cm; rings as RFC 7946 asks."""
    import shapely
    from pyproj import Transformer

    transformer = Transformer.from_crs(picture.crs, "EPSG:4326", always_xy=True)

    def degrees(points: np.ndarray) -> np.ndarray:
        lon, lat = transformer.transform(points[:, 0], points[:, 1])
        return np.round(np.column_stack([lon, lat]), decimals)

    moved = shapely.transform(np.asarray(shapes, dtype=object), degrees)
    return list(shapely.orient_polygons(moved, exterior_cw=False))


def _dictionary_page(rows: Sequence[Sequence[str]]) -> str:
    lines = ["# Data dictionary", ""]
    for name in dict.fromkeys(row[0] for row in rows):
        lines += [f"## {name}", "", "| column | meaning | unit | type |", "|---|---|---|---|"]
        lines += [
            "| " + " | ".join(cell.replace("|", "\\|") for cell in row[1:]) + " |"
            for row in rows
            if row[0] == name
        ]
        lines.append("")
    return "\n".join(lines)


def _terms(source: SourceNote) -> str:
    terms = [part.rstrip(". ") for part in (source.licence, source.attribution) if part]
    return ". ".join(terms) + "." if terms else "not stated."


def _readme(report: Report) -> str:
    marks = [
        mark + "."
        for mark, holds in ((html.SIMULATED, report.simulated), (html.ONE_SIDED, report.one_sided))
        if holds
    ]
    version = report.publication
    if version is not None:
        marks = [f"{version.mark}.", *marks, "", *version.text, ""]
    first, last = (day.isoformat() for day in report.period)
    licences = [f"  {s.name}: {_terms(s)}" for s in report.sources]
    cite = (
        f"{html._name(report)}, {first} to {last}. Made on {report.made_on.isoformat()} "
        f"with Commonlight {report.version}."
    )
    lines = [
        *marks,
        f"{html._name(report)}, {first} to {last}",
        "",
        "findings.json       everything, for machines",
        "findings.csv        one line per finding",
        "tables/             one CSV per finding",
        "charts/, maps/      drawings (SVG) and map areas with values (GeoJSON, WGS 84)",
        "sources.csv         the data behind the findings",
        "rejected.csv        rows left out, by reason",
        "missing.csv         what this audit lacks",
        "data-dictionary     every column, with its unit",
        "",
        "CSV files are UTF-8 with a byte-order mark. A text that starts like a formula has an",
        "apostrophe before it. An empty cell means not known.",
        "",
        "Licences of the sources:",
        *licences,
        "",
        f"Cite as: {cite}",
        "",
    ]
    return "\n".join(lines)
