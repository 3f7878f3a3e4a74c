"""Street lines, checked and turned into metres.

A street network is built from lines that meet at their ends. What this does not answer:
whether two lines that cross are connected; a bridge and the road below it look alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from commonlight.sources.crs import PLANAR, choose_metric_crs, resolve_crs
from commonlight.sources.errors import MappingError, UnreadableFileError
from commonlight.sources.geometry_files import project_shapes, read_shapes

__all__ = ["StreetLines", "read_streets"]

_ID_NAMES = ("id", "fid", "objectid", "osm_id", "segment", "street_id")
_LINES = ("LineString", "MultiLineString")


@dataclass(frozen=True)
class StreetLines:
    """Lines of streets, in file order.

    Parameters
    ----------
    lines : tuple of shapely LineString
        In `crs`, metres.
    ids : tuple of str
        Identifier of each line in the source; its number from 1 where it has none. Parts of
        one street carry the same identifier.
    crs : str
        The projected system of the lines, or ``planar``.
    notes : tuple of str
        What was taken, cut apart or left out.
    """

    lines: tuple[Any, ...]
    ids: tuple[str, ...]
    crs: str
    notes: tuple[str, ...] = ()


def read_streets(
    path: Path | str,
    *,
    target_crs: str | None = None,
    crs: str | None = None,
    identifier: str | None = None,
    layer: str | None = None,
) -> StreetLines:
    """Read street lines from GeoJSON, GeoPackage, Shapefile, (Geo)Parquet or CSV with WKT.

    Parameters
    ----------
    path : path or str
        The file. In CSV and plain Parquet a column called wkt or geometry holds the lines.
    target_crs : str or None
        The projected system wanted; None = metres chosen for the place.
    crs : str or None
        The system of the file, where the file does not say or says it wrongly; ``planar``
        for metres on a plane without a place on earth.
    identifier : str or None
        Column with the identifier; None = one called ``id`` or the like, if there is one.
    layer : str or None
        The layer, where the file has several.

    Returns
    -------
    StreetLines
        Lines of more than zero length.

    Raises
    ------
    MappingError
        If the identifier's column is missing, or a system is unknown or not in metres.
    UnreadableFileError
        If the file cannot be read, holds no line, or a feature is no line.

    Notes
    -----
    A street in several parts becomes one line for each part. Heights are dropped. Lines of no
    length are left out and counted.
    """
    path = Path(path)
    if not path.is_file():
        raise UnreadableFileError(f"there is no file {path}")
    columns, shapes, stated = read_shapes(path, layer=layer, what="streets")
    names = _identifiers(columns, identifier, len(shapes), path)
    lines, ids, notes = _parts(shapes, names, path)
    by = "the caller" if crs else "the file"
    lines, system, crs_notes = _in_metres(lines, crs or stated, target_crs, path, by)
    return StreetLines(tuple(lines), ids, system, (*crs_notes, *notes))


def _identifiers(
    columns: dict[str, list[Any]], wanted: str | None, n: int, path: Path
) -> list[str]:
    if wanted is not None and wanted not in columns:
        listed = ", ".join(map(repr, columns)) or "none"
        raise MappingError(f"{path.name} has no column {wanted!r}; its columns are {listed}")
    found = [name for name in columns if name.casefold() in _ID_NAMES]
    name = wanted or (found[0] if found else None)
    if name is None:
        return [str(k) for k in range(1, n + 1)]
    return [_text(value) or str(k) for k, value in enumerate(columns[name], start=1)]


def _text(value: Any) -> str:
    """An identifier as text; a whole number without its point."""
    if value is None:
        return ""
    text = str(value).strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _parts(
    shapes: NDArray[np.object_], names: list[str], path: Path
) -> tuple[NDArray[np.object_], tuple[str, ...], tuple[str, ...]]:
    """Single lines of some length, their identifiers, and what was done."""
    for k, shape in enumerate(shapes, start=1):
        if shape is None or shape.is_empty:
            raise UnreadableFileError(
                f"{path.name}: feature {k} (id {names[k - 1]}) has no line; remove it from the file"
            )
        if shape.geom_type not in _LINES:
            raise UnreadableFileError(
                f"{path.name}: feature {k} (id {names[k - 1]}) is a {shape.geom_type}, not a "
                "street line; read polygons as areas and points with a mapping"
            )
    if not len(shapes):
        raise UnreadableFileError(f"{path.name} holds no street")
    parts, origin = shapely.get_parts(shapely.force_2d(shapes), return_index=True)
    long = shapely.length(parts) > 0
    if not long.any():
        raise UnreadableFileError(f"{path.name} holds no street of more than zero length")
    notes = []
    if len(parts) > len(shapes):
        notes.append(f"{len(shapes)} streets were cut into {len(parts)} lines, one for each part")
    if not long.all():
        notes.append(f"{np.count_nonzero(~long)} lines of no length were left out")
    return parts[long], tuple(names[k] for k in origin[long]), tuple(notes)


def _in_metres(
    lines: NDArray[np.object_], stated: str | None, target: str | None, path: Path, by: str
) -> tuple[NDArray[np.object_], str, tuple[str, ...]]:
    if stated == PLANAR:
        return lines, PLANAR, ("streets lie on a plane without a place on earth",)
    if target is not None:
        _check_metres(target)
    xy = shapely.get_coordinates(lines)
    if not np.isfinite(xy).all():
        raise UnreadableFileError(f"{path.name}: a corner of a street is not finite")
    decision = resolve_crs(stated, xy[:, 0], xy[:, 1], target=target, stated_by=by)
    if decision.swapped:
        lines = shapely.transform(lines, lambda c: c[:, ::-1])
    wanted = target or _metric_for(lines, decision.crs)
    return project_shapes(lines, decision.crs, wanted), wanted, (decision.reason,)


def _metric_for(lines: NDArray[np.object_], crs: str) -> str:
    corners = shapely.get_coordinates(project_shapes(lines, crs, "EPSG:4326"))
    return choose_metric_crs(corners[:, 0], corners[:, 1]).crs


def _check_metres(crs: str) -> None:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        units = {axis.unit_name for axis in CRS.from_user_input(crs).axis_info}
    except CRSError:
        raise MappingError(f"the coordinate system {crs!r} is not known") from None
    if units != {"metre"}:
        raise MappingError(
            f"target_crs must be a projected system in metres; {crs} counts in "
            f"{', '.join(sorted(units))}; leave it out to have one chosen"
        )
