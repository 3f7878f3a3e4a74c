"""Coordinates in the publisher's system become metres, or a reason for rejection.

What this does not answer: whether a point is where the event was. Publishers move
points to the middle of a street or an area; see
:mod:`commonlight.analysis.precision`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonlight.sources.errors import MappingError
from commonlight.sources.rejects import COORDINATE_RANGE, COORDINATE_ZERO, OUTSIDE_STUDY_AREA

__all__ = ["PlaceRule", "study_area_in"]

MARGIN_DEGREES = 6.0
"""How far beyond the stated area of use of a projected system a point may lie."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PlaceRule:
    """How coordinates of one source become metres.

    Parameters
    ----------
    source_crs, metric_crs : str
        As pyproj reads them.
    swapped : bool
        Whether the column called x holds the northing or latitude.
    note : str
        Which system was taken, and why.
    accuracy_m : float or None
        Accuracy of the change of system as pyproj states it, in metres.
    geographic : bool
        Whether the source gives degrees.
    """

    source_crs: str
    metric_crs: str
    swapped: bool
    note: str
    accuracy_m: float | None
    geographic: bool
    _transform: Callable[[Floats, Floats], tuple[Floats, Floats]]
    _bounds: tuple[float, float, float, float] | None
    _inside: Callable[[Floats, Floats], NDArray[np.bool_]] | None

    @classmethod
    def decide(
        cls, text: str | None, x: Floats, y: Floats, *, metric: str | None, study_area: Any = None
    ) -> PlaceRule:
        """Decide on the systems from what the mapping says and a sample of coordinates.

        Parameters
        ----------
        text : str or None
            The system the mapping names.
        x, y : ndarray
            Finite coordinates as the file gives them.
        metric : str or None
            The projected system wanted; None = chosen for the place.
        study_area : shapely Polygon or MultiPolygon, AreaSet or None
            Points outside are rejected. A bare geometry is in the system `metric`.
        """
        from pyproj import CRS

        from commonlight.sources.crs import resolve_crs

        metric = metric or _own_metric(study_area)
        expected = _bounds_in_degrees(study_area, metric)
        decision = resolve_crs(text, x, y, study_area=expected, target=metric)
        source = CRS.from_user_input(decision.crs)
        east, north = (y, x) if decision.swapped else (x, y)
        note = str(decision.reason)
        if metric is None:
            metric, why = _chosen_metric(source, east, north)
            note = f"{note} Distances are measured in {metric}: {why}."
        target = CRS.from_user_input(metric)
        if target.is_geographic:
            raise MappingError(f"crs must be a projected system in metres; got {metric}")
        return cls(
            source_crs=str(decision.crs),
            metric_crs=metric,
            swapped=bool(decision.swapped),
            note=note,
            accuracy_m=decision.accuracy_m,
            _transform=_transformer(source, target),
            _bounds=_valid_bounds(target),
            geographic=bool(source.is_geographic),
            _inside=_inside(study_area_in(study_area, metric)),
        )

    def apply(self, x: Floats, y: Floats) -> tuple[Floats, Floats, NDArray[np.int16]]:
        """Metres, and for each point 0 or the code of the reason for its rejection."""
        east, north = (y, x) if self.swapped else (x, y)
        reason = np.zeros(len(x), dtype=np.int16)
        reason[(x == 0) & (y == 0)] = COORDINATE_ZERO
        if self.geographic:
            wrong = (np.abs(north) > 90) | (np.abs(east) > 180)
            reason[wrong] = COORDINATE_RANGE
        fine = np.flatnonzero(reason == 0)
        easting, northing = np.full(len(x), np.nan), np.full(len(x), np.nan)
        easting[fine], northing[fine] = self._transform(east[fine], north[fine])
        reason[(reason == 0) & ~self._in_bounds(easting, northing)] = COORDINATE_RANGE
        if self._inside is not None:
            fine = np.flatnonzero(reason == 0)
            outside = ~self._inside(easting[fine], northing[fine])
            reason[fine[outside]] = OUTSIDE_STUDY_AREA
        return easting, northing, reason

    def _in_bounds(self, x: Floats, y: Floats) -> NDArray[np.bool_]:
        if self._bounds is None:
            return np.isfinite(x) & np.isfinite(y)
        west, south, east, north = self._bounds
        return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _own_metric(study_area: Any) -> str | None:
    """The system of the study area, where it has one and counts in metres."""
    from pyproj import CRS

    own = getattr(study_area, "crs", None)
    if own is not None and CRS.from_user_input(own).is_projected:
        return str(own)
    return None


def _bounds_in_degrees(
    study_area: Any, metric: str | None
) -> tuple[float, float, float, float] | None:
    """West, south, east and north of the study area."""
    if study_area is None:
        return None
    if metric is None and not hasattr(study_area, "crs"):
        raise MappingError(
            "the study area is a geometry without a coordinate system; give crs, the projected "
            "system it is in, for example 'EPSG:25833'"
        )
    from pyproj import Transformer

    geometry = study_area_in(study_area, metric or "EPSG:4326")
    change = Transformer.from_crs(metric or "EPSG:4326", "EPSG:4326", always_xy=True)
    west, south, east, north = change.transform_bounds(*geometry.bounds)
    return west, south, east, north


def _chosen_metric(source: Any, east: Floats, north: Floats) -> tuple[str, str]:
    from pyproj import Transformer

    from commonlight.sources.crs import choose_metric_crs

    to_degrees = Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(east, north)
    chosen = choose_metric_crs(np.asarray(lon), np.asarray(lat))
    return chosen.crs, chosen.reason


def _transformer(source: Any, target: Any) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    from pyproj import Transformer

    if source.equals(target, ignore_axis_order=True):
        return lambda x, y: (x, y)
    return Transformer.from_crs(source, target, always_xy=True).transform


def _valid_bounds(target: Any) -> tuple[float, float, float, float] | None:
    """The area of use of a projected system with a margin, in its own metres."""
    from pyproj import Transformer

    area = target.area_of_use
    if area is None or area.west > area.east:
        return None
    box = (
        max(area.west - MARGIN_DEGREES, -180.0),
        max(area.south - MARGIN_DEGREES, -89.0),
        min(area.east + MARGIN_DEGREES, 180.0),
        min(area.north + MARGIN_DEGREES, 89.0),
    )
    bounds = Transformer.from_crs("EPSG:4326", target, always_xy=True).transform_bounds(*box)
    return bounds if np.isfinite(bounds).all() else None


def study_area_in(study_area: Any, metric: str) -> Any:
    """The study area as one shapely geometry in the metric system."""
    if study_area is None or not hasattr(study_area, "polygons"):
        return study_area
    import shapely
    from pyproj import CRS, Transformer

    union = shapely.union_all(list(study_area.polygons))
    own, target = CRS.from_user_input(study_area.crs), CRS.from_user_input(metric)
    if own.equals(target, ignore_axis_order=True):
        return union
    change = Transformer.from_crs(own, target, always_xy=True).transform
    return shapely.transform(union, lambda xy: np.column_stack(change(xy[:, 0], xy[:, 1])))


def _inside(study_area: Any) -> Callable[[Floats, Floats], NDArray[np.bool_]] | None:
    if study_area is None:
        return None
    from commonlight.analysis.assign import AreaIndex

    index = AreaIndex([study_area])
    return lambda x, y: np.asarray(index.assign(x, y) >= 0)
