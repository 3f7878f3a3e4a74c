"""Shapes of a geographic file with their columns, and the change of their system.

What this does not answer: whether the shapes are the ones that were meant. The callers
check that areas are polygons and streets are lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from commonlight.sources.errors import MappingError, UnreadableFileError

__all__ = ["project_shapes", "read_shapes"]


def read_shapes(
    path: Path, *, layer: str | None, what: str
) -> tuple[dict[str, list[Any]], NDArray[np.object_], str | None]:
    """Read columns, geometries and the system that a file states.

    Parameters
    ----------
    path : Path
        GeoJSON, GeoPackage, Shapefile, (Geo)Parquet, or CSV with WKT.
    layer : str or None
        The layer, where the file has several.
    what : str
        What the shapes are, for errors: areas or streets.

    Raises
    ------
    UnreadableFileError
        If the file cannot be read or has no shapes.
    """
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path, what)
    if path.name.lower().endswith((".csv", ".csv.gz", ".tsv", ".tab")):
        return _read_csv(path, what)
    return _read_ogr(path, layer, what)


def _read_ogr(
    path: Path, layer: str | None, what: str
) -> tuple[dict[str, list[Any]], NDArray[np.object_], str | None]:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        about, table = pyogrio.read_arrow(path, layer=layer)
    except (DataSourceError, DataLayerError) as error:
        raise UnreadableFileError(f"{path.name} cannot be read as {what}: {error}") from None
    geometry = about["geometry_name"] or "wkb_geometry"
    if geometry not in table.column_names:
        raise UnreadableFileError(f"{path.name} has no geometry, so it holds no {what}")
    shapes = shapely.from_wkb(np.asarray(table[geometry].to_pylist(), dtype=object))
    columns = {n: table[n].to_pylist() for n in table.column_names if n != geometry}
    return columns, shapes, about["crs"]


def _read_parquet(
    path: Path, what: str
) -> tuple[dict[str, list[Any]], NDArray[np.object_], str | None]:
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableFileError(f"{path.name} is not a readable Parquet file: {error}") from None
    about = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    geometry = about.get("primary_column") or _geometry_name(table.column_names, path, what)
    column = about.get("columns", {}).get(geometry, {})
    stated = "EPSG:4326" if about and "crs" not in column else column.get("crs")
    values = table[geometry].to_pylist()
    columns = {n: table[n].to_pylist() for n in table.column_names if n != geometry}
    return (
        columns,
        _shapes(values, path, what),
        json.dumps(stated) if isinstance(stated, dict) else stated,
    )


def _read_csv(
    path: Path, what: str
) -> tuple[dict[str, list[Any]], NDArray[np.object_], str | None]:
    from commonlight.sources.tables import read_table

    table = read_table(path)
    geometry = _geometry_name(list(table), path, what)
    shapes = _shapes(table.pop(geometry), path, what)
    return dict(table), shapes, None


def _geometry_name(names: Sequence[str], path: Path, what: str) -> str:
    for name in names:
        if name.casefold() in ("wkt", "geometry", "geom", "the_geom", "wkb", "wkb_geometry"):
            return name
    raise UnreadableFileError(
        f"{path.name} has no column with the shapes of {what}; call the column with WKT 'wkt'"
    )


def _shapes(values: Sequence[Any], path: Path, what: str) -> NDArray[np.object_]:
    shapes = []
    for k, value in enumerate(values, start=1):
        try:
            read = shapely.from_wkb if isinstance(value, bytes) else shapely.from_wkt
            shapes.append(read(value) if value else None)
        except shapely.GEOSException:
            raise UnreadableFileError(
                f"{path.name}: record {k} holds no shape of {what} in WKT or WKB"
            ) from None
    return np.asarray(shapes, dtype=object)


def project_shapes(shapes: NDArray[np.object_], crs: str, target: str) -> NDArray[np.object_]:
    """The shapes in another coordinate system.

    Raises
    ------
    MappingError
        If the system is not known.
    """
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    try:
        own, wanted = CRS.from_user_input(crs), CRS.from_user_input(target)
    except CRSError:
        raise MappingError(f"the coordinate system {target!r} is not known") from None
    if own.equals(wanted, ignore_axis_order=True):
        return shapes
    change = Transformer.from_crs(own, wanted, always_xy=True).transform
    moved: NDArray[np.object_] = shapely.transform(
        shapes, lambda c: np.column_stack(change(c[:, 0], c[:, 1]))
    )
    return moved
