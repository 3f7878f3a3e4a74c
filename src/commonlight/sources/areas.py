"""Areas: polygons with codes, checked and turned into metres.

Codes are text and keep their leading zeros. What is reported and not repaired: areas
that overlap. What this does not answer: whether the codes and boundaries belong to the
same year as the counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from commonlight.sources.crs import PLANAR, choose_metric_crs, resolve_crs
from commonlight.sources.errors import MappingError, UnreadableFileError
from commonlight.sources.geometry_files import project_shapes, read_shapes

__all__ = ["AreaSet", "read_areas"]

SLIVER_SHARE = 1e-3
"""An overlap below this share of the smaller area is a sliver of digitising."""


@dataclass(frozen=True)
class AreaSet:
    """Areas with their codes, in file order.

    Parameters
    ----------
    codes : tuple of str
        One code per area, no two equal.
    names, parents : tuple of str or None
        Name, and code of the larger area that holds it; None where not asked for.
    polygons : tuple of shapely Polygon or MultiPolygon
        Valid polygons in `crs`.
    crs : str
        The system of the polygons, or ``planar``.
    notes : tuple of str
        What was repaired, and what a reader should know: overlaps and gaps.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...] | None
    parents: tuple[str, ...] | None
    polygons: tuple[Any, ...]
    crs: str
    notes: tuple[str, ...] = ()


def read_areas(
    path: Path | str,
    *,
    code: str,
    name: str | None = None,
    parent: str | None = None,
    crs: str | None = None,
    target_crs: str | None = None,
    layer: str | None = None,
) -> AreaSet:
    """Read areas from GeoJSON, GeoPackage, Shapefile, (Geo)Parquet or CSV with WKT.

    Parameters
    ----------
    path : path or str
        The file. In CSV and plain Parquet a column called wkt or geometry holds WKT or WKB.
    code : str
        Column with the area code.
    name, parent : str or None
        Columns with the name and with the code of the larger area.
    crs : str or None
        The system of the file, where the file does not say or says it wrongly; ``planar``
        for a plane without a place on earth.
    target_crs : str or None
        The system wanted; None or empty = metres chosen for the place.
    layer : str or None
        The layer, where the file has several.

    Returns
    -------
    AreaSet
        Checked areas.

    Raises
    ------
    MappingError
        If a column is missing, a code is missing, two different records have the same code, or
        the system is unknown.
    UnreadableFileError
        If the file cannot be read, holds no area, or a feature is no polygon.

    Notes
    -----
    A polygon that is not valid is made valid without changing its corners' places, and the
    notes say which. An overlap is reported where it is more than a thousandth of the smaller
    of two areas. Records with one code that agree in all text are parts of one area and
    are joined.
    """
    path = Path(path)
    if not path.is_file():
        raise UnreadableFileError(f"there is no file {path}")
    columns, shapes, stated = read_shapes(path, layer=layer, what="areas")
    for column in (code, name, parent):
        if column is not None and column not in columns:
            raise MappingError(
                f"{path.name} has no column {column!r}; its columns are "
                f"{', '.join(map(repr, columns))}"
            )
    if not len(shapes):
        raise UnreadableFileError(f"{path.name} holds no area")
    codes = _codes(columns[code], code, path)
    polygons, notes = _valid(shapes, codes, path)
    first, polygons, joined = _joined(polygons, codes, columns, code, path)
    codes = tuple(codes[k] for k in first)
    columns = {key: [values[k] for k in first] for key, values in columns.items()}
    by = "the caller" if crs else "the file"
    polygons, system, crs_notes = _in_metres(polygons, crs or stated, target_crs, path, by)
    return AreaSet(
        codes=codes,
        names=None if name is None else tuple(_text(v) or "" for v in columns[name]),
        parents=None if parent is None else tuple(_text(v) or "" for v in columns[parent]),
        polygons=tuple(polygons),
        crs=system,
        notes=(*crs_notes, *notes, *joined, *_coverage_notes(polygons, codes)),
    )


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _codes(values: Sequence[Any], column: str, path: Path) -> tuple[str, ...]:
    codes = [_text(value) for value in values]
    for k, code in enumerate(codes, start=1):
        if not code or code == "nan":
            raise MappingError(f"{path.name}: feature {k} has no code in {column!r}")
    return tuple(str(code) for code in codes)


def _joined(
    polygons: NDArray[np.object_],
    codes: tuple[str, ...],
    columns: dict[str, list[Any]],
    column: str,
    path: Path,
) -> tuple[list[int], NDArray[np.object_], tuple[str, ...]]:
    """Parts of an area joined: records whose text and whole numbers are all equal."""
    parts: dict[str, list[int]] = {}
    for k, code in enumerate(codes):
        parts.setdefault(code, []).append(k)
    for code, rows in parts.items():
        if len({_facts(columns, k) for k in rows}) > 1:
            raise MappingError(
                f"{path.name}: features {rows[0] + 1} and {rows[1] + 1} have the same code "
                f"{code!r} in {column!r} but differ otherwise; choose a column without repeats"
            )
    several = [code for code, rows in parts.items() if len(rows) > 1]
    notes = (f"parts with the same code joined to one area: {_some(several)}",) if several else ()
    whole = [
        polygons[rows[0]] if len(rows) == 1 else shapely.union_all(polygons[rows])
        for rows in parts.values()
    ]
    return [rows[0] for rows in parts.values()], np.asarray(whole, dtype=object), notes


def _facts(columns: dict[str, list[Any]], k: int) -> tuple[Any, ...]:
    """What a record says, apart from measures such as the size of a part."""
    return tuple(v[k] for v in columns.values() if not isinstance(v[k], float))


def _valid(
    shapes: NDArray[np.object_], codes: tuple[str, ...], path: Path
) -> tuple[NDArray[np.object_], tuple[str, ...]]:
    """Valid polygons, and which had to be repaired."""
    out, repaired = [], []
    for k, (shape, code) in enumerate(zip(shapes, codes, strict=True), start=1):
        if shape is None or shape.is_empty:
            raise UnreadableFileError(f"{path.name}: feature {k} (code {code}) has no outline")
        if shape.geom_type not in ("Polygon", "MultiPolygon"):
            raise UnreadableFileError(
                f"{path.name}: feature {k} (code {code}) is a {shape.geom_type}, not an area"
            )
        shape = shapely.force_2d(shape)
        if not shape.is_valid:
            shape = _polygonal(shapely.make_valid(shape))
            repaired.append(code)
            if shape is None:
                raise UnreadableFileError(
                    f"{path.name}: the outline of feature {k} (code {code}) encloses nothing"
                )
        out.append(shape)
    notes = (f"outlines repaired where lines crossed: {_some(repaired)}",) if repaired else ()
    return np.asarray(out, dtype=object), notes


def _polygonal(shape: Any) -> Any:
    """The polygons of a shape, as one; None where it has none."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")]
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    return shapely.union_all(parts) if parts else None


def _in_metres(
    polygons: NDArray[np.object_], stated: str | None, target: str | None, path: Path, by: str
) -> tuple[NDArray[np.object_], str, tuple[str, ...]]:
    """The polygons in the system wanted."""
    bounds = shapely.total_bounds(polygons)
    if stated == PLANAR or (stated is None and target == PLANAR):
        return polygons, PLANAR, ("areas lie on a plane without a place on earth",)
    xy = shapely.get_coordinates(polygons)
    decision = resolve_crs(stated, xy[:, 0], xy[:, 1], target=target or None, stated_by=by)
    if target == PLANAR:
        raise MappingError(f"{path.name} is in {decision.crs}; a planar system was asked for")
    if np.abs(bounds).max() == 0:
        raise UnreadableFileError(f"{path.name}: all corners are at (0, 0)")
    if decision.swapped:
        polygons = shapely.transform(polygons, lambda c: c[:, ::-1])
    if not target:
        target = _metric_for(polygons, decision.crs)
    return _projected(polygons, decision.crs, target), target, (decision.reason,)


def _metric_for(polygons: NDArray[np.object_], crs: str) -> str:
    corners = shapely.get_coordinates(_projected(polygons, crs, "EPSG:4326"))
    return choose_metric_crs(corners[:, 0], corners[:, 1]).crs


def _projected(polygons: NDArray[np.object_], crs: str, target: str) -> NDArray[np.object_]:
    moved = project_shapes(polygons, crs, target)
    return np.asarray([p if p.is_valid else _polygonal(shapely.make_valid(p)) for p in moved])


def _coverage_notes(polygons: NDArray[np.object_], codes: tuple[str, ...]) -> tuple[str, ...]:
    """Overlaps between areas, and holes that no area covers."""
    notes = []
    overlaps = [f"{codes[i]} and {codes[j]}" for i, j in _overlaps(polygons)]
    if overlaps:
        notes.append(f"{len(overlaps)} pairs of areas overlap: {_some(overlaps)}")
    gaps = _gaps(polygons)
    if gaps:
        notes.append(f"{gaps} gaps between areas that no area covers")
    return tuple(notes)


def _overlaps(polygons: NDArray[np.object_]) -> list[tuple[int, int]]:
    tree = shapely.STRtree(polygons)
    left, right = tree.query(polygons, predicate="intersects")
    later = left < right
    left, right = left[later], right[later]
    size = shapely.area(polygons)
    common = shapely.area(shapely.intersection(polygons[left], polygons[right]))
    wide = common > SLIVER_SHARE * np.minimum(size[left], size[right])
    return [(int(i), int(j)) for i, j in zip(left[wide], right[wide], strict=True)]


def _gaps(polygons: NDArray[np.object_]) -> int:
    """Holes of the union that are more than slivers."""
    union = shapely.union_all(polygons)
    if len(polygons) == 1:
        return 0
    least = SLIVER_SHARE * float(np.median(shapely.area(polygons)))
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    return sum(1 for ring in rings if shapely.area(shapely.Polygon(ring)) > least)


def _some(items: Sequence[str]) -> str:
    shown = ", ".join(items[:5])
    return shown if len(items) <= 5 else f"{shown} and {len(items) - 5} more"
