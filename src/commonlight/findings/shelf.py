"""A report laid ready for pages, so that a page reads and never computes.

Everything that a page of a finding shows is drawn once: charts and maps wide and narrow, each
distinct set of shapes once as GeoJSON, and for each map a small file with values, classes, colours
for light and dark pages and the list of its places, which is all that somebody needs who does not
use the map.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from commonlight.findings import html
from commonlight.findings.charts import render_chart
from commonlight.findings.detail import finding_detail
from commonlight.findings.folder import (
    csv_bytes,
    file_stem,
    json_bytes,
    report_content,
)
from commonlight.findings.legend import class_names
from commonlight.findings.map_geometry import Geometry, digest_of, geometry_of
from commonlight.findings.maps import NUMBERED, place_names, render_map, value_words
from commonlight.findings.model import AreaMap, Finding, Map, Report
from commonlight.findings.palette import categorical, sequential
from commonlight.findings.scales import class_of
from commonlight.findings.words import capital

__all__ = ["MAP_SCHEMA", "write_shelf"]

MAP_SCHEMA = "commonlight.map/1"
"""Identifier and version of the layout of a map's file."""


def write_shelf(
    report: Report, folder: str | PathLike[str], *, within: str = "city"
) -> dict[str, Any]:
    """Write what pages need of a report.

    Parameters
    ----------
    report : Report
        The report, internal or public; what it does not hold is not written.
    folder : path-like
        An empty or new folder.
    within : str
        As in `finding_detail`.

    Returns
    -------
    dict
        The content of ``findings.json``: the report as in the folder of data, where each finding
        also has ``detail`` (place and time) and ``files`` names what is on the shelf.

    Raises
    ------
    ValueError
        Where two findings share an identifier, or a chart or map cannot be drawn.

    Notes
    -----
    ``findings.json`` and, for each finding, ``charts/<id>.svg`` and ``charts/<id>-narrow.svg``,
    ``maps/<id>.svg``, ``maps/<id>-narrow.svg`` and ``maps/<id>.json``, ``tables/<id>.csv``;
    ``geometry/<digest>.geojson`` once for each distinct set of shapes.
    """
    html.check_identifiers(report)
    root = Path(folder)
    content = report_content(report)
    shapes: dict[str, Geometry] = {}
    for finding, shown in zip(report.findings, content["findings"], strict=True):
        files = _finding_files(finding, shapes)
        for name, data in files.items():
            _write(root / name, data)
        detail = finding_detail(finding, within=within)
        shown["detail"] = {"place": detail.place, "time": detail.time}
        shown["files"] = _names(files)
    for geometry in shapes.values():
        _write(root / _geometry_file(geometry.digest), geometry.content)
    _write(root / "findings.json", json_bytes(content))
    return content


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _finding_files(finding: Finding, shapes: dict[str, Geometry]) -> dict[str, bytes]:
    stem, found = file_stem(finding), {}
    if finding.table is not None:
        header = [column.name for column in finding.table.columns]
        found[f"tables/{stem}.csv"] = csv_bytes(header, finding.table.rows)
    for suffix, width in (("", html.WIDE), ("-narrow", html.NARROW)):
        if finding.chart is not None:
            found[f"charts/{stem}{suffix}.svg"] = render_chart(finding.chart, width=width).encode()
        if finding.map is not None:
            found[f"maps/{stem}{suffix}.svg"] = render_map(finding.map, width=width).encode()
    if finding.map is not None:
        found[f"maps/{stem}.json"] = json_bytes(_map_content(finding, finding.map, shapes))
    return found


def _names(files: Mapping[str, bytes]) -> dict[str, str]:
    """What each file is to a page: chart, chart_narrow, map, map_narrow, map_data or table."""
    found = {}
    for name in files:
        kind = name.split("/")[0].removesuffix("s")
        suffix = "_narrow" if name.endswith("-narrow.svg") else ""
        suffix = "_data" if name.endswith(".json") else suffix
        found[f"{kind}{suffix}"] = name
    return found


def _map_content(finding: Finding, picture: Map, shapes: dict[str, Geometry]) -> dict[str, Any]:
    places = picture.geometries if isinstance(picture, AreaMap) else picture.cells
    ground = picture.context if isinstance(picture, AreaMap) else picture.outline
    drawn = _geometry(picture, places, shapes)
    below = _geometry(picture, ground, shapes) if len(ground) else None
    classes = _classes(picture)
    numbers = [_class_number(picture, float(value)) for value in picture.values]
    return {
        "schema": MAP_SCHEMA,
        "finding": finding.id,
        "kind": "areas" if isinstance(picture, AreaMap) else "grid",
        "title": picture.title,
        "description": picture.description,
        "unit": picture.unit,
        "attribution": picture.attribution,
        "geometry": drawn.digest,
        "geometry_file": _geometry_file(drawn.digest),
        "ground": None if below is None else below.digest,
        "ground_file": None if below is None else _geometry_file(below.digest),
        "bounds": list((drawn if below is None else below).bounds),
        "ordered": not _kinds(picture),
        "classes": classes,
        "values": [float(v) if isfinite(v) else None for v in picture.values],
        "class": numbers,
        "labels": list(picture.labels),
        "marked": list(picture.marked),
        "mark_label": picture.mark_label,
        "withheld": list(picture.withheld),
        "withheld_label": capital(picture.withheld_label),
        "no_value_label": _no_value_label(picture),
        "places": _places(picture, places, classes, numbers),
    }


def _geometry(picture: Map, places: tuple[Any, ...], shapes: dict[str, Geometry]) -> Geometry:
    digest = digest_of(places, picture.crs)
    if digest not in shapes:
        shapes[digest] = geometry_of(picture, places, digest=digest)
    return shapes[digest]


def _geometry_file(digest: str) -> str:
    return f"geometry/{digest}.geojson"


def _kinds(picture: Map) -> tuple[str, ...]:
    return picture.categories if isinstance(picture, AreaMap) else ()


def _no_value_label(picture: Map) -> str:
    return picture.no_value_label if isinstance(picture, AreaMap) else "no value"


def _classes(picture: Map) -> list[dict[str, Any]]:
    """Name, borders and colours of each class, lowest first."""
    kinds, breaks = _kinds(picture), tuple(float(b) for b in picture.breaks)
    names = kinds or class_names(breaks)
    colours = categorical if kinds else sequential
    n = len(names)
    borders = (
        [(None, None)] * n if kinds else list(zip((None, *breaks), (*breaks, None), strict=True))
    )
    return [
        {"name": name, "from": low, "below": high, "light": light, "dark": dark}
        for name, (low, high), light, dark in zip(
            names, borders, colours(n), colours(n, dark=True), strict=True
        )
    ]


def _class_number(picture: Map, value: float) -> int | None:
    if not isfinite(value):
        return None
    return int(value) if _kinds(picture) else class_of(value, picture.breaks)


def _places(
    picture: Map,
    shapes: tuple[Any, ...],
    classes: list[dict[str, Any]],
    numbers: list[int | None],
) -> list[dict[str, Any]]:
    """Every place with its name, value and class in words, in the order of names."""
    names = place_names(picture)
    badge = {index: n for n, index in enumerate(picture.marked[:NUMBERED], start=1)}
    marked, withheld = set(picture.marked), set(picture.withheld)
    places = []
    for index in range(len(shapes)):
        number = numbers[index]
        places.append(
            {
                "index": index,
                "label": names[index],
                "value": _value(picture, index, withheld),
                "class": _no_value_label(picture) if number is None else classes[number]["name"],
                "marked": index in marked,
                "number": badge.get(index),
                "withheld": index in withheld,
            }
        )
    if isinstance(picture, AreaMap):
        places.sort(key=lambda place: str(place["label"]).casefold())
    return places


def _value(picture: Map, index: int, withheld: set[int]) -> str:
    """The value in words; empty for kinds, which have a class and no number."""
    if index in withheld:
        return "withheld"
    if _kinds(picture):
        return ""
    return value_words(float(np.asarray(picture.values)[index]))
