"""Small pictures of places for pages that must not compute: paths and dots in a fixed frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["WIDTH", "dots", "frame_of", "picture_of_shapes"]

WIDTH = 1000
HIGHEST = 1200
MOST_CORNERS = 12_000


def frame_of(lon: Sequence[float], lat: Sequence[float]) -> dict[str, Any] | None:
    """The frame that holds all points, with a margin; None where there is none."""
    if not lon:
        return None
    west, east, south, north = min(lon), max(lon), min(lat), max(lat)
    squeeze = math.cos(math.radians((south + north) / 2)) or 1.0
    span = max((east - west) * squeeze, north - south, 1e-4) * 0.03
    west, east = west - span / squeeze, east + span / squeeze
    south, north = south - span, north + span
    height = min(HIGHEST, max(200, round(WIDTH * (north - south) / ((east - west) * squeeze))))
    return {"west": west, "east": east, "south": south, "north": north, "height": height}


def _placed(frame: dict[str, Any], lon: float, lat: float) -> tuple[float, float]:
    x = (lon - frame["west"]) / (frame["east"] - frame["west"]) * WIDTH
    y = (frame["north"] - lat) / (frame["north"] - frame["south"]) * frame["height"]
    return round(x, 1), round(y, 1)


def dots(points: Iterable[Sequence[float]], frame: dict[str, Any]) -> list[tuple[float, float]]:
    """Where points lie in a frame; those outside are left out."""
    placed = (_placed(frame, lon, lat) for lon, lat in points)
    return [(x, y) for x, y in placed if 0 <= x <= WIDTH and 0 <= y <= frame["height"]]


def picture_of_shapes(shapes: Any, crs: str, names: Sequence[str]) -> dict[str, Any]:
    """Outlines or lines as paths in a frame, simplified so that a page stays small."""
    import numpy as np
    import shapely

    from commonlight.sources.geometry_files import project_shapes

    own = np.asarray(shapes, dtype=object)
    corners = int(shapely.get_num_coordinates(own).sum())
    if crs == "planar":
        return {}
    west, south, east, north = shapely.total_bounds(own)
    coarse = max(east - west, north - south) / 1500 if corners > MOST_CORNERS else 0
    degrees = project_shapes(shapely.simplify(own, coarse), crs, "EPSG:4326")
    xy = shapely.get_coordinates(degrees)
    frame = frame_of(xy[:, 0].tolist(), xy[:, 1].tolist())
    if frame is None:
        return {}
    paths = [
        {"name": name, "d": _path(shape, frame)} for name, shape in zip(names, degrees, strict=True)
    ]
    return {"frame": frame, "paths": paths}


def _path(shape: Any, frame: dict[str, Any]) -> str:
    import shapely

    pieces = []
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            placed = [_placed(frame, x, y) for x, y, *_ in ring.coords]
            close = "Z" if part.geom_type == "Polygon" else ""
            pieces.append("M" + "L".join(f"{x:g} {y:g}" for x, y in placed) + close)
    return "".join(pieces)
