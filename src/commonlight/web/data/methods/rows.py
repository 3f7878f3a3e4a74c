"""Lists of places and of past interventions: row by row, with a reason for each refused row."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from commonlight.web.data.methods.pictures import frame_of
from commonlight.web.data.methods.reading import UnreadableUploadError

__all__ = ["has_shapes", "read_interventions", "read_places", "text_table"]

REJECTED = "rejected.csv"


def has_shapes(path: Path) -> bool:
    """Whether a file holds shapes of its own."""
    return path.suffix.lower() in (".geojson", ".json", ".gpkg")


def text_table(path: Path, drop: list[str]) -> dict[str, list[Any]]:
    """All columns as text, without the shapes and without those that are not read."""

    from commonlight.sources.tables import read_table

    table = read_table(path)
    shapes = ("wkt", "geometry", "geom", "the_geom", "wkb", "wkb_geometry")
    return {k: v for k, v in table.items() if k not in drop and k.casefold() not in shapes}


def read_places(
    path: Path, columns: dict[str, str], crs: str | None, _: str, drop: list[str], folder: Path
) -> dict[str, Any]:
    """Places that have a name and a point; the others are listed with a reason."""
    table, xy = text_table(path, drop), _points(path, columns, crs, drop)
    names = _column(table, columns["name"], path)
    categories = _optional(table, columns.get("category"), path, len(names))
    rows, faults = [], []
    for k, name in enumerate(names):
        fault = _fault_of_place(name, xy[k] if xy else None)
        if fault:
            faults.append((k + 2, *fault))
        else:
            lon, lat = xy[k]
            rows.append([name, categories[k] or "", f"{lon:.7f}", f"{lat:.7f}"])
    return _written(folder, "places.csv", ["name", "category", "lon", "lat"], rows, faults, path)


def read_interventions(
    path: Path,
    columns: dict[str, str],
    crs: str | None,
    date_format: str,
    drop: list[str],
    folder: Path,
) -> dict[str, Any]:
    """Past interventions that say what, when and where; the others are listed with a reason."""
    table = text_table(path, drop)
    names = _column(table, columns["name"], path)
    what = _column(table, columns["what"], path)
    first = _column(table, columns["from"], path)
    last = _optional(table, columns.get("to"), path, len(names))
    area = _optional(table, columns.get("area"), path, len(names))
    xy = _points(path, columns, crs, drop)
    rows, faults = [], []
    for k, name in enumerate(names):
        at = xy[k] if xy else None
        begin, end = _day(first[k], date_format), _day(last[k], date_format, end=True)
        fault = _fault_of_intervention(
            name, what[k], (first[k], begin), (last[k], end), area[k], at
        )
        if fault:
            faults.append((k + 2, *fault))
            continue
        lon, lat = (f"{v:.7f}" for v in at) if at and math.isfinite(at[0]) else ("", "")
        day = begin.isoformat() if begin else ""
        rows.append([name, what[k], day, end.isoformat() if end else "", area[k] or "", lon, lat])
    header = ["name", "what", "from", "to", "area", "lon", "lat"]
    return _written(folder, "interventions.csv", header, rows, faults, path)


def _column(table: dict[str, list[Any]], name: str, path: Path) -> list[Any]:
    if name not in table:
        raise UnreadableUploadError(
            f"{path.name} has no column {name!r}; its columns are {', '.join(map(repr, table))}"
        )
    return table[name]


def _optional(table: dict[str, list[Any]], name: str | None, path: Path, n: int) -> list[Any]:
    return _column(table, name, path) if name else [None] * n


def _points(
    path: Path, columns: dict[str, str], crs: str | None, drop: list[str]
) -> list[tuple[float, float]]:
    """Longitude and latitude of each row; empty where the file names no coordinates."""
    import numpy as np
    import shapely

    from commonlight.sources.geometry_files import project_shapes, read_shapes

    stated = crs
    shapes: Any
    if has_shapes(path):
        _, shapes, own = read_shapes(path, layer=None, what="places")
        shapes = np.asarray([None if s is None else shapely.centroid(s) for s in shapes])
        stated = crs or own
    elif columns.get("x") and columns.get("y"):
        table = text_table(path, drop)
        x, y = (_numbers(_column(table, columns[axis], path)) for axis in ("x", "y"))
        shapes = shapely.points(np.asarray(x), np.asarray(y))
    else:
        return []
    known = np.asarray([s is not None and np.isfinite(s.x) and np.isfinite(s.y) for s in shapes])
    out = np.full((len(shapes), 2), np.nan)
    if known.any():
        moved = project_shapes(shapes[known], stated or "EPSG:4326", "EPSG:4326")
        out[known] = shapely.get_coordinates(moved)
    return [(float(lon), float(lat)) for lon, lat in out]


def _numbers(values: list[Any]) -> list[float]:
    return [_number(value) for value in values]


def _number(value: Any) -> float:
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return math.nan


def _day(text: Any, form: str, *, end: bool = False) -> date | None:
    """The day that a cell says; of a month or a year the first day, or as an end the last."""
    if not text:
        return None
    try:
        day = datetime.strptime(str(text).strip()[:10], form).date()
    except ValueError:
        return None
    if not end or "%d" in form:
        return day
    following = (
        day.replace(year=day.year + 1)
        if "%m" not in form
        else (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    )
    return following - timedelta(days=1)


def _fault_of_place(name: Any, at: tuple[float, float] | None) -> tuple[str, str, str] | None:
    if not name:
        return "name", "", "no name"
    if at is None or not all(map(math.isfinite, at)):
        return "x, y", "", "no place"
    return _fault_of_point(at)


def _fault_of_point(at: tuple[float, float]) -> tuple[str, str, str] | None:
    if at == (0.0, 0.0):
        return "x, y", "0, 0", "coordinates are (0, 0)"
    if abs(at[0]) > 180 or abs(at[1]) > 90:
        return "x, y", f"{at[0]:g}, {at[1]:g}", "coordinates outside the valid range"
    return None


def _fault_of_intervention(
    name: Any,
    what: Any,
    first: tuple[Any, date | None],
    last: tuple[Any, date | None],
    area: Any,
    at: tuple[float, float] | None,
) -> tuple[str, str, str] | None:
    if not name or not what:
        return "name" if not name else "what", "", "no name" if not name else "no word on what"
    if first[1] is None:
        return "from", str(first[0] or ""), "no time" if not first[0] else "time in no known format"
    if last[0] and last[1] is None:
        return "to", str(last[0]), "time in no known format"
    if last[1] is not None and last[1] < first[1]:
        return "to", str(last[0]), "end before start"
    has_point = at is not None and all(map(math.isfinite, at))
    if not area and not has_point:
        return "area", "", "no place"
    return _fault_of_point(at) if has_point and at is not None else None


def _written(
    folder: Path,
    name: str,
    header: list[str],
    rows: list[list[str]],
    faults: list[tuple[int, str, str, str]],
    path: Path,
) -> dict[str, Any]:
    """The accepted rows as the file to keep, and the rejected ones with their reasons."""
    import csv

    if not rows:
        raise UnreadableUploadError(
            f"{path.name}: none of the {len(faults)} rows can be used; the first fault: "
            f"row {faults[0][0]}, {faults[0][1]}, {faults[0][3]}"
            if faults
            else f"{path.name} has no records"
        )
    kept = folder / name
    with kept.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    _write_rejected(folder, path.name, faults)
    reasons: dict[str, int] = {}
    for fault in faults:
        reasons[fault[3]] = reasons.get(fault[3], 0) + 1
    at = [(float(row[-2]), float(row[-1])) for row in rows if row[-1]]
    frame = frame_of([lon for lon, _ in at], [lat for _, lat in at])
    return {
        "read": len(rows) + len(faults),
        "accepted": len(rows),
        "rejected": len(faults),
        "path": kept,
        "manifest": {
            "items": len(rows),
            "reasons": reasons,
        },
        "picture": {"frame": frame, "points": at[:2000]} if frame else {},
    }


def _write_rejected(folder: Path, name: str, faults: list[tuple[int, str, str, str]]) -> None:
    import pyarrow as pa

    from commonlight.sources.rejected_file import write_rejected
    from commonlight.sources.rejects import REJECTED_SCHEMA

    rows = [
        {"file": name, "row": row, "column": column, "value": value[:200], "reason": reason}
        for row, column, value, reason in faults
    ]
    write_rejected(pa.Table.from_pylist(rows, schema=REJECTED_SCHEMA), folder / REJECTED)
