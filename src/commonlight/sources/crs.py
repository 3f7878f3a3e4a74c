"""Which coordinate system the numbers are in, and which one to measure in.

A decision carries one sentence that says what was taken and why. What this does not
answer: whether a point is where the event was. Two systems of nearly the same numbers
(ETRS89 and WGS 84, say) cannot be told apart from the numbers; the mapping must say.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonlight.sources.errors import MappingError

__all__ = ["PLANAR", "CrsDecision", "MetricCrs", "choose_metric_crs", "resolve_crs"]

PLANAR = "planar"
"""Stands for a plane without a place on earth, as in some teaching data."""

SAMPLE_POINTS = 10_000
"""At most this many coordinates are looked at."""

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

# Outline of Great Britain, drawn generously at sea (degrees); Ireland and France are outside.
_GREAT_BRITAIN = (
    (-6.6, 49.8),
    (-1.0, 50.4),
    (0.3, 50.6),
    (1.1, 50.8),
    (1.45, 51.05),
    (1.7, 51.5),
    (2.1, 52.6),
    (0.4, 53.6),
    (-1.0, 55.0),
    (-1.4, 57.6),
    (-0.4, 60.0),
    (-0.4, 61.0),
    (-2.5, 61.0),
    (-8.8, 58.0),
    (-7.9, 56.7),
    (-6.8, 55.6),
    (-5.3, 55.0),
    (-5.0, 53.9),
    (-5.3, 53.0),
    (-5.7, 51.8),
)
# Southern limit of Europe at sea: from longitude, latitude, to longitude.
_SOUTHERN_SHORE = ((-25.0, 36.0, -2.0), (-2.0, 37.6, 11.3), (11.3, 34.4, 35.0))


@dataclass(frozen=True)
class CrsDecision:
    """The coordinate system of a source.

    Parameters
    ----------
    crs : str
        As pyproj reads it, for example ``EPSG:4326``.
    swapped : bool
        True where the column called x holds latitude or northing.
    reason : str
        What was taken and why, in one or two sentences.
    accuracy_m : float or None
        Accuracy of the change to the system of measurement, in metres, as the EPSG
        register states it; None = not stated.
    """

    crs: str
    swapped: bool
    reason: str
    accuracy_m: float | None


@dataclass(frozen=True)
class MetricCrs:
    """The projected system that distances are measured in.

    Parameters
    ----------
    crs : str
        Its code, for example ``EPSG:25833``.
    reason : str
        Why this one.
    """

    crs: str
    reason: str

    def __str__(self) -> str:
        return self.crs


@dataclass(frozen=True)
class _Order:
    """One reading of the axes: which points fit, and where they are."""

    swapped: bool
    fits: float
    lon: float
    lat: float


def resolve_crs(
    text: str | None,
    x: Floats,
    y: Floats,
    *,
    study_area: Bounds | None = None,
    target: str | None = None,
    stated_by: str = "the mapping",
) -> CrsDecision:
    """Decide which system a source's coordinates are in, and in which order.

    Parameters
    ----------
    text : str or None
        What the mapping says: an EPSG code, a name, a PROJ or WKT string; None = find out.
    x, y : ndarray, shape (n,)
        A sample of coordinates as the file gives them.
    study_area : tuple of float or None
        West, south, east, north in degrees; where the points are expected.
    target : str or None
        The system of measurement, for the stated accuracy; None = chosen for the place.
    stated_by : str
        Who names `text`, for the reason.

    Returns
    -------
    CrsDecision
        The system, the order of the axes and the reason.

    Raises
    ------
    MappingError
        If pyproj does not know the system, if the numbers cannot be in it, or if no system
        is named and the numbers are not degrees.

    Notes
    -----
    Each order of the axes is tried. An order fits as far as its points lie in the study
    area, or without one in the area of use that the EPSG register gives for the system.
    The order as named wins ties. The assumption that fails most often: that the area of
    use can tell the orders apart. For degrees without a study area it often cannot, since
    both readings are places on earth.

    Examples
    --------
    >>> decision = resolve_crs("EPSG:25833", np.array([5_820_000.0]), np.array([392_000.0]))
    >>> decision.swapped
    True
    """
    east, north = _sample(x, y)
    if text is not None and text.strip().casefold() == PLANAR:
        raise MappingError(
            "place.crs is 'planar', so the points have no place on earth and cannot be mapped; "
            "name the coordinate system, for example 'EPSG:4326'"
        )
    if text is None:
        text, why = _found_out(east, north)
    else:
        why = f"{text} as {stated_by} says"
    crs = _known(text)
    if not len(east):
        return CrsDecision(_code(crs), False, f"No coordinates to check {crs.name} with.", None)
    _check_unit(crs, text, east, north)
    best, other = _best_order(crs, east, north, study_area)
    if best.fits == 0:
        raise MappingError(_nowhere(crs, text, best, study_area))
    reason = f"Coordinates are in {crs.name} ({why}). {_order_words(crs, best, other, study_area)}"
    accuracy = _accuracy(_code(crs), target or choose_metric_crs(best.lon, best.lat).crs)
    return CrsDecision(_code(crs), best.swapped, f"{reason} {accuracy[1]}".strip(), accuracy[0])


def choose_metric_crs(lon: Any, lat: Any) -> MetricCrs:
    """Choose the projected system in metres for a place.

    Parameters
    ----------
    lon, lat : float or ndarray
        Longitude and latitude in degrees; the median point decides.

    Returns
    -------
    MetricCrs
        The British National Grid in Great Britain, ETRS89 / UTM elsewhere in Europe,
        WGS 84 / UTM in the rest of the world.

    Raises
    ------
    MappingError
        If no point is finite.

    Notes
    -----
    A UTM zone stretches distances by at most 0.1 % inside its six degrees. The assumption
    that fails most often: that the study area is a city and not a country.

    Examples
    --------
    >>> choose_metric_crs(13.4, 52.5).crs
    'EPSG:25833'
    >>> choose_metric_crs(-2.7, 53.76).crs
    'EPSG:27700'
    """
    lon, lat = _sample(np.atleast_1d(lon), np.atleast_1d(lat))
    if not len(lon):
        raise MappingError("no point has finite longitude and latitude, so no system fits")
    east, north = float(np.median(lon)), float(np.median(lat))
    if _in_great_britain(east, north):
        return MetricCrs("EPSG:27700", "British National Grid, since the place is in Great Britain")
    zone = _utm_zone(east, north)
    if _in_europe(east, north) and 28 <= zone <= 38:
        code = f"EPSG:{25800 + zone}"
        return MetricCrs(code, f"ETRS89 / UTM zone {zone}, since the place is in Europe")
    half = "N" if north >= 0 else "S"
    code = f"EPSG:{(32600 if north >= 0 else 32700) + zone}"
    return MetricCrs(code, f"WGS 84 / UTM zone {zone}{half}, the zone of the place")


def _sample(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    use = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0)))
    use = use[:: max(1, len(use) // SAMPLE_POINTS)]
    return x[use], y[use]


def _found_out(x: Floats, y: Floats) -> tuple[str, str]:
    """The system where the mapping names none: degrees, or nothing."""
    if len(x) and np.median(np.abs(x)) <= 180 and np.median(np.abs(y)) <= 180:
        return "EPSG:4326", "the numbers are degrees and no system is named"
    raise MappingError(
        "the coordinates are not degrees and no coordinate system is named; "
        f"a typical pair is {_pair(x, y)}. Set place.crs, for example 'EPSG:25833'"
    )


def _pair(x: Floats, y: Floats) -> str:
    if not len(x):
        return "missing"
    return f"({_plain(float(np.median(x)))}, {_plain(float(np.median(y)))})"


def _plain(value: float) -> str:
    return f"{value:.6g}" if abs(value) < 100_000 else f"{value:.0f}"


@lru_cache(maxsize=32)
def _known(text: str) -> Any:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(text)
    except CRSError:
        pass
    try:
        return CRS.from_user_input(f"EPSG:{int(text)}")
    except (CRSError, ValueError):
        raise MappingError(
            f"the coordinate system {text!r} is not known; give an EPSG code such as "
            "'EPSG:4326', its full name, or a PROJ or WKT string"
        ) from None


def _code(crs: Any) -> str:
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority else str(crs.srs)


def _check_unit(crs: Any, text: str, x: Floats, y: Floats) -> None:
    """Degrees in a system of metres, or metres in a system of degrees, cannot be right."""
    small = np.median(np.abs(x)) <= 180 and np.median(np.abs(y)) <= 180
    if crs.is_geographic and not small:
        raise MappingError(
            f"place.crs is {text} ({crs.name}), which counts in degrees, but a typical pair is "
            f"{_pair(x, y)}; name the projected system the file is in, for example 'EPSG:25833'"
        )
    if crs.is_projected and small:
        raise MappingError(
            f"place.crs is {text} ({crs.name}), which is projected, but a typical pair is "
            f"{_pair(x, y)}, which looks like degrees; try 'EPSG:4326'"
        )


def _best_order(crs: Any, x: Floats, y: Floats, study_area: Bounds | None) -> tuple[_Order, _Order]:
    as_named = _order(crs, x, y, False, study_area)
    turned = _order(crs, x, y, True, study_area)
    if study_area is not None and as_named.fits == turned.fits == 0:
        as_named, turned = _order(crs, x, y, False, None), _order(crs, x, y, True, None)
    return (turned, as_named) if turned.fits > as_named.fits else (as_named, turned)


def _order(crs: Any, x: Floats, y: Floats, swapped: bool, study_area: Bounds | None) -> _Order:
    east, north = (y, x) if swapped else (x, y)
    lon, lat = _degrees(crs, east, north)
    fine = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    if not fine.any():
        return _Order(swapped, 0.0, 0.0, 0.0)
    inside = fine & _within(lon, lat, study_area or _area_of_use(crs))
    use = inside if inside.any() else fine
    middle = float(np.median(lon[use])), float(np.median(lat[use]))
    return _Order(swapped, float(inside.mean()), *middle)


def _degrees(crs: Any, east: Floats, north: Floats) -> tuple[Floats, Floats]:
    if crs.is_geographic:
        return east, north
    lon, lat = _transformer(crs.to_wkt()).transform(east, north)
    return np.asarray(lon), np.asarray(lat)


@lru_cache(maxsize=32)
def _transformer(wkt: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(wkt, "EPSG:4326", always_xy=True)


def _area_of_use(crs: Any) -> Bounds | None:
    area = crs.area_of_use
    if area is None or area.west > area.east:
        return None
    return (area.west - 0.5, area.south - 0.5, area.east + 0.5, area.north + 0.5)


def _within(lon: Floats, lat: Floats, box: Bounds | None) -> NDArray[np.bool_]:
    if box is None:
        return np.ones(len(lon), dtype=np.bool_)
    west, south, east, north = box
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _order_words(crs: Any, best: _Order, other: _Order, study_area: Bounds | None) -> str:
    where = "the study area" if study_area else "its area of use"
    x, y = ("longitude", "latitude") if crs.is_geographic else ("easting", "northing")
    if best.swapped:
        return (
            f"The axes are swapped: x holds the {y}, since {best.fits:.0%} of the points lie in "
            f"{where} that way and {other.fits:.0%} as named."
        )
    if best.fits == other.fits and crs.is_geographic:
        return f"x was taken as {x}, as named; swapped, the points would be on earth as well."
    return f"x was taken as {x}: {best.fits:.0%} of the points lie in {where}."


def _nowhere(crs: Any, text: str, best: _Order, study_area: Bounds | None) -> str:
    area = crs.area_of_use
    where = f" ({area.name})" if area is not None else ""
    return (
        f"no point lies in the area of use of {text} ({crs.name}){where}, in either order of the "
        f"axes; in that system they would be near longitude {best.lon:.2f}, latitude "
        f"{best.lat:.2f}. Name another system in place.crs"
    )


@lru_cache(maxsize=32)
def _accuracy(source: str, target: str) -> tuple[float | None, str]:
    """Stated accuracy of the change of system, in metres, and a remark where it is coarse."""
    from pyproj.transformer import TransformerGroup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        group = TransformerGroup(source, target, always_xy=True)
    if not group.transformers:
        return None, ""
    accuracy = float(group.transformers[0].accuracy)
    known = accuracy if accuracy >= 0 else None
    if group.best_available:
        return known, ""
    shown = "an unknown distance" if known is None else f"{known:g} m"
    return known, (
        f"The best shift from {source} to {target} needs a grid that is not installed; "
        f"the one used is good to {shown}."
    )


def _in_great_britain(lon: float, lat: float) -> bool:
    """Even-odd rule on the outline."""
    inside, corners = False, _GREAT_BRITAIN
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _in_europe(lon: float, lat: float) -> bool:
    """Europe north of Africa, Iceland to the Urals' foot, Cyprus included."""
    if not (-25 <= lon <= 40 and lat <= 84):
        return False
    south = next((limit for west, limit, east in _SOUTHERN_SHORE if west <= lon < east), 41.0)
    return lat >= south


def _utm_zone(lon: float, lat: float) -> int:
    if 56 <= lat < 64 and 3 <= lon < 12:
        return 32
    if 72 <= lat <= 84 and 0 <= lon < 42:
        return 31 + 2 * int((lon + 3) // 12)
    return int((lon + 180) // 6) % 60 + 1
