"""Shapes of a map for a browser: longitude and latitude, simplified together.

Neighbours keep their common border, so that no gap opens between them at any zoom. A file is
kept under a size that a phone can load: where the shapes are many or fine, they are simplified
more. What this does not keep: the exact course of a border. Do not measure on it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from commonlight.findings.folder import to_wgs84
from commonlight.findings.model import AreaMap, GridMap

__all__ = ["MOST_BYTES", "Geometry", "geojson", "geometry_of"]

MOST_BYTES = 2_800_000
"""Above this size of a file, shapes are simplified more."""

FINEST = 2.0e-4
"""First tolerance, as a share of the longer side of the map: half a pixel on a wide screen."""

COARSEST = 5.0e-3
"""Tolerance that is not exceeded, whatever the size."""

SNAPPED, CLOSED = 0.5, 2.0
"""Corners so many metres apart are one, and gaps so narrow are closed, where borders differ."""

_BYTES_OF_A_CORNER = 22
_BYTES_OF_A_SHAPE = 120
_DECIMALS = 6  # about a decimetre


@dataclass(frozen=True, kw_only=True)
class Geometry:
    """Shapes as GeoJSON, the digest of what they were made from, and west, south, east, north."""

    digest: str
    content: bytes
    bounds: tuple[float, float, float, float]


def geometry_of(picture: AreaMap | GridMap, shapes: Sequence[Any], *, digest: str) -> Geometry:
    """Simplify the shapes of a map and write them as GeoJSON.

    Parameters
    ----------
    picture : AreaMap or GridMap
        The map, for its coordinate system.
    shapes : sequence of shapely Polygon or MultiPolygon
        Its areas, cells or ground, in projected metres.
    digest : str
        Identifier of the shapes, from `digest_of`.

    Returns
    -------
    Geometry
        One feature for each shape, in their order, with its number as identifier.
    """
    moved = to_wgs84(list(simplified(shapes)), picture, decimals=_DECIMALS)
    west, south, east, north = (round(float(v), _DECIMALS) for v in shapely.total_bounds(moved))
    return Geometry(digest=digest, content=geojson(moved), bounds=(west, south, east, north))


def digest_of(shapes: Sequence[Any], crs: str) -> str:
    """Identifier of shapes in a coordinate system: equal shapes, equal identifier."""
    found = hashlib.sha256(crs.encode())
    for encoded in shapely.to_wkb(np.asarray(shapes, dtype=object), byte_order=1):
        found.update(encoded)
    return found.hexdigest()[:16]


def geojson(shapes: Sequence[Any]) -> bytes:
    """A feature for each shape, numbered from 0, without spaces."""
    features = [
        {
            "type": "Feature",
            "id": index,
            "properties": {"index": index},
            "geometry": shapely.geometry.mapping(shape),
        }
        for index, shape in enumerate(shapes)
    ]
    content = {"type": "FeatureCollection", "features": features}
    return (json.dumps(content, separators=(",", ":")) + "\n").encode()


def simplified(shapes: Sequence[Any]) -> np.ndarray:
    """Shapes with fewer corners and the same neighbours, as many as `MOST_BYTES` hold."""
    whole = _edge_matched(np.asarray(shapes, dtype=object))
    west, south, east, north = shapely.total_bounds(whole)
    side = max(east - west, north - south)
    tolerance = FINEST * side
    found = _simpler(whole, tolerance)
    while _bytes(found) > MOST_BYTES and tolerance < COARSEST * side:
        tolerance *= 1.6
        found = _simpler(whole, tolerance)
    return found


def _edge_matched(shapes: np.ndarray) -> np.ndarray:
    """Shapes whose common borders have the same corners, where they are neighbours at all."""
    if len(shapes) < 2 or shapely.coverage_is_valid(shapes):
        return shapes
    cleaned = shapely.coverage_clean(shapes, gap_width=CLOSED, snapping_distance=SNAPPED)  # type: ignore[attr-defined]
    lost = shapely.is_empty(cleaned) | (np.abs(_size(cleaned) / _size(shapes) - 1) > 0.05)
    return np.where(lost, shapes, cleaned)


def _size(shapes: np.ndarray) -> np.ndarray:
    return np.maximum(shapely.area(shapes), 1e-9)


def _simpler(shapes: np.ndarray, tolerance: float) -> np.ndarray:
    found = np.asarray(shapely.coverage_simplify(shapes, tolerance), dtype=object)
    return np.where(shapely.is_empty(found), shapes, found)


def _bytes(shapes: np.ndarray) -> int:
    corners = int(shapely.get_num_coordinates(shapes).sum())
    return corners * _BYTES_OF_A_CORNER + len(shapes) * _BYTES_OF_A_SHAPE
