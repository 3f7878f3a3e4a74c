"""Maps as static SVG: classes of one hue, scale bar, north arrow, legend and source.

Geometries are given in projected metres and drawn with north up. They are simplified together,
so that neighbours keep their common border, by about half a pixel. Marked areas carry a heavy
outline and a number; :func:`marked_list` gives the same numbers with names and values for
people who do not use the map.

A map shows where recorded values are high. It does not show how dangerous a place is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import atan2, floor, hypot, isfinite, log10, pi, sqrt
from typing import Any

import numpy as np

from commonlight.findings.drawing import (
    NARROW,
    document,
    dots,
    font_size,
    hatch,
    identifier,
    label,
    lines_of_text,
    segment,
)
from commonlight.findings.free_places import free_place
from commonlight.findings.legend import class_legend
from commonlight.findings.model import AreaMap, GridMap, Map
from commonlight.findings.palette import AXIS, INK, MUTED, PAPER, categorical, sequential
from commonlight.findings.scales import class_of
from commonlight.findings.svg import Element, element
from commonlight.findings.words import capital, number

__all__ = ["NUMBERED", "MarkedPlace", "marked_list", "place_names", "render_map", "value_words"]

NUMBERED = 20
"""So many marked shapes get a number and a place in the list; more would hide the map."""

_TOLERANCE = 0.45
_SMALLEST_CELL = 6.0  # pixels; below it, equal neighbours are drawn as one shape
_LEGEND_WIDTH = 212.0


@dataclass(frozen=True)
class MarkedPlace:
    """A marked area or cell: its number on the map, its name and its value without the unit."""

    number: int
    label: str
    value: str


@dataclass(frozen=True)
class _View:
    """From metres to pixels."""

    west: float
    north: float
    metres_per_pixel: float
    left: float
    top: float
    width: float
    height: float

    def points(self, coordinates: np.ndarray) -> np.ndarray:
        x = (coordinates[:, 0] - self.west) / self.metres_per_pixel + self.left
        y = (self.north - coordinates[:, 1]) / self.metres_per_pixel + self.top
        return np.column_stack([x, y])

    def disc(self, x: float, y: float, radius: float) -> Any:
        """A disc of pixels as a shape in metres."""
        from shapely import Point

        east = self.west + (x - self.left) * self.metres_per_pixel
        north = self.north - (y - self.top) * self.metres_per_pixel
        return Point(east, north).buffer(radius * self.metres_per_pixel, quad_segs=4)


def marked_list(map: Map) -> tuple[MarkedPlace, ...]:
    """Return the numbered areas or cells in the order of their numbers on the map.

    At most `NUMBERED` of the marked ones carry a number; the others have the outline alone.
    """
    shapes, names = _shapes(map), map.labels
    middle = None if names else _middle(shapes)
    places = []
    for position, index in enumerate(map.marked[:NUMBERED], start=1):
        name = names[index] if middle is None else _whereabouts(shapes[index], middle)
        value = float(map.values[index])
        places.append(MarkedPlace(position, name, value_words(value)))
    return tuple(places)


def place_names(map: Map) -> tuple[str, ...]:
    """Return the name of each area or cell; a nameless cell is told by where it lies."""
    if map.labels:
        return tuple(map.labels)
    shapes = _shapes(map)
    middle = _middle(shapes)
    return tuple(_whereabouts(shape, middle) for shape in shapes)


def render_map(map: Map, *, width: float = 720) -> str:
    """Draw a map as a standalone SVG document.

    Parameters
    ----------
    map : AreaMap or GridMap
        What to draw; geometries in projected metres.
    width : float, optional
        Width in pixels. Below 480 the layout for phones is used.

    Returns
    -------
    str
        The document, without any outside reference.

    Raises
    ------
    ValueError
        Where the width is too small, there is nothing to draw, values and shapes differ in
        number, borders do not rise, or a marked index does not exist.
    """
    _check(map, width)
    size, narrow = font_size(width), width < NARROW
    view = _view(map, width=width, narrow=narrow)
    key = identifier(map.title, map.description, width) + "-h"
    colours = _colours(map)
    body: list[Element] = [hatch(key, stroke="#8b959b")]
    if map.withheld:
        body.append(dots(key + "w", fill=MUTED))
    body += _ground(map, view)
    body += _fills(map, view, colours, f"url(#{key})", f"url(#{key}w)")
    body += _outline(map, view)
    body += _marks(map, view, size)
    side, bottom = _side(map, view, colours, key, width=width, narrow=narrow, size=size)
    body += side
    source = _source(map)
    drawn, taken = lines_of_text(source, 2, bottom + size + 6, width=width - 4, size=12)
    body += drawn
    return document(
        body,
        title=map.title,
        description=map.description,
        width=width,
        height=bottom + taken + 10,
    )


def _shapes(map: Map) -> tuple[Any, ...]:
    return map.geometries if isinstance(map, AreaMap) else map.cells


def _check(map: Map, width: float) -> None:
    shapes = _shapes(map)
    if not 240 <= width < float("inf"):
        raise ValueError(f"a map's width must be at least 240, in pixels; got {width}")
    if not shapes:
        raise ValueError(f"map {map.title!r} has no areas or cells to draw")
    if len(map.values) != len(shapes):
        raise ValueError(f"map {map.title!r}: {len(map.values)} values for {len(shapes)} shapes")
    kinds = _categories(map)
    known = map.values[np.isfinite(map.values)]
    if kinds and not np.isin(known, np.arange(len(kinds))).all():
        raise ValueError(f"map {map.title!r}: values must be 0 to {len(kinds) - 1}, as its kinds")
    if any(low >= high for low, high in pairwise(map.breaks)):
        raise ValueError(f"map {map.title!r}: class borders must rise; got {map.breaks}")
    if any(not 0 <= index < len(shapes) for index in map.marked):
        raise ValueError(f"map {map.title!r}: a marked index is not among the {len(shapes)} shapes")


def _categories(map: Map) -> tuple[str, ...]:
    return map.categories if isinstance(map, AreaMap) else ()


def _colours(map: Map) -> tuple[str, ...]:
    kinds = _categories(map)
    return categorical(len(kinds)) if kinds else sequential(len(map.breaks) + 1)


def _class_of(map: Map, value: float) -> int:
    return int(value) if _categories(map) else class_of(value, map.breaks)


def _without_value(map: Map) -> bool:
    """Whether a shape has no value although nothing was withheld there."""
    none = ~np.isfinite(map.values)
    none[list(map.withheld)] = False
    return bool(none.any())


def _context(map: Map) -> tuple[Any, ...]:
    return map.context if isinstance(map, AreaMap) else map.outline


def _view(map: Map, *, width: float, narrow: bool) -> _View:
    from shapely import total_bounds

    west, south, east, north = total_bounds([*_shapes(map), *_context(map)])
    wide, high = max(east - west, 1.0), max(north - south, 1.0)
    room = width - 4 if narrow else width - _LEGEND_WIDTH - 22
    scale = max(wide / room, high / (width if narrow else width * 0.7))
    return _View(west, north, scale, 2.0, 4.0, wide / scale, high / scale)


def _simplified(shapes: tuple[Any, ...], tolerance: float) -> list[Any]:
    import shapely

    whole = np.asarray(shapes, dtype=object)
    if shapely.coverage_is_valid(whole):
        return list(shapely.coverage_simplify(whole, tolerance))
    return list(shapely.simplify(whole, tolerance * 0.6, preserve_topology=True))


def _rings(shape: Any) -> list[np.ndarray]:
    parts = getattr(shape, "geoms", [shape])
    rings = []
    for part in parts:
        if part.geom_type == "Polygon" and not part.is_empty:
            rings.append(np.asarray(part.exterior.coords)[:, :2])
            rings += [np.asarray(ring.coords)[:, :2] for ring in part.interiors]
    return rings


def _path(shape: Any, view: _View) -> str:
    return "".join(_ring_path(view.points(ring)) for ring in _rings(shape))


def _ring_path(points: np.ndarray) -> str:
    """A ring as relative steps of whole tenths of a pixel; rounding does not add up."""
    tenths = np.rint(points[:-1] * 10).astype(np.int64)
    steps = np.diff(tenths, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    start = f"M{_tenth(tenths[0, 0])} {_tenth(tenths[0, 1])}"
    if not len(steps):
        return start + "z"
    return start + "l" + " ".join(f"{_tenth(dx)} {_tenth(dy)}" for dx, dy in steps) + "z"


def _tenth(value: int) -> str:
    sign, whole, part = "-" if value < 0 else "", abs(int(value)) // 10, abs(int(value)) % 10
    return f"{sign}{whole}" if part == 0 else f"{sign}{whole or ''}.{part}"


def _ground(map: Map, view: _View) -> list[Element]:
    if isinstance(map, GridMap) or not map.context:
        return []
    path = "".join(_path(shape, view) for shape in _simplified_alone(map.context, view))
    return [element("path", d=path, fill="#f3f4f5", stroke=AXIS, stroke_width=0.8)]


def _simplified_alone(shapes: tuple[Any, ...], view: _View) -> list[Any]:
    import shapely

    return [
        shapely.simplify(shape, view.metres_per_pixel * _TOLERANCE * 0.6, preserve_topology=True)
        for shape in shapes
    ]


def _fills(
    map: Map, view: _View, colours: tuple[str, ...], missing: str, withheld: str
) -> list[Element]:
    grid = isinstance(map, GridMap)
    shapes = list(_shapes(map))
    if not grid:
        shapes = _simplified(tuple(shapes), view.metres_per_pixel * _TOLERANCE)
    classes: dict[str, list[Any]] = {}
    kept_back = frozenset(map.withheld)
    for index, (shape, value) in enumerate(zip(shapes, map.values, strict=True)):
        fill = withheld if index in kept_back else missing
        if isfinite(value):
            fill = colours[_class_of(map, float(value))]
        classes.setdefault(fill, []).append(shape)
    joined = grid and _cell_pixels(shapes, view) < _SMALLEST_CELL
    drawn = [
        element("path", d="".join(_path(shape, view) for shape in _parts(group, joined)), fill=fill)
        for fill, group in sorted(classes.items())
    ]
    return [
        element(
            "g",
            *drawn,
            stroke=None if joined else PAPER if grid else "#55636d",
            stroke_width=None if joined else _stroke_width(len(shapes), grid),
            stroke_linejoin="round",
            fill_rule="evenodd",
        )
    ]


def _cell_pixels(shapes: list[Any], view: _View) -> float:
    return sqrt(shapes[0].area) / view.metres_per_pixel


def _parts(shapes: list[Any], joined: bool) -> list[Any]:
    """The shapes of one class; joined, cells too small for edges become one shape."""
    from shapely import coverage_union_all

    return [coverage_union_all(shapes)] if joined else shapes


def _stroke_width(shapes: int, grid: bool) -> float:
    if grid:
        return 0.3
    return 0.8 if shapes < 150 else 0.4


def _outline(map: Map, view: _View) -> list[Element]:
    if not isinstance(map, GridMap) or not map.outline:
        return []
    path = "".join(_path(shape, view) for shape in _simplified_alone(map.outline, view))
    return [element("path", d=path, fill="none", stroke=AXIS, stroke_width=1.2)]


def _marks(map: Map, view: _View, size: float) -> list[Element]:
    shapes = _shapes(map)
    chosen = _simplified_alone(tuple(shapes[i] for i in map.marked), view)
    drawn: list[Element] = []
    for colour, width in ((PAPER, 4.0), (INK, 2.2)):
        drawn += [
            element(
                "path",
                d=_path(shape, view),
                fill="none",
                stroke=colour,
                stroke_width=width * _fineness(shape, view),
                stroke_linejoin="round",
            )
            for shape in chosen
        ]
    return drawn + _badges(chosen, view, size) if chosen else drawn


def _fineness(shape: Any, view: _View) -> float:
    """A full outline for shapes of 24 pixels or more, a finer one where it would fill them."""
    side = sqrt(shape.area) / view.metres_per_pixel
    return min(max(side / 24.0, 0.45), 1.0)


def _badges(shapes: list[Any], view: _View, size: float) -> list[Element]:
    """Numbers on the marked shapes, or beside them with a line where they would hide one."""
    from shapely import prepare, union_all

    radius = size * 0.78
    marked = union_all(shapes)
    prepare(marked)
    taken: list[tuple[float, float]] = []
    lines: list[Element] = []
    discs: list[Element] = []
    for position, shape in enumerate(shapes[:NUMBERED], start=1):
        point = shape.representative_point()
        x, y = (float(v) for v in view.points(np.array([[point.x, point.y]]))[0])
        at_x, at_y = free_place(
            (x, y),
            shape,
            marked,
            taken,
            radius,
            right=view.left + view.width,
            bottom=view.top + view.height,
            disc=lambda x, y: view.disc(x, y, radius),
        )
        taken.append((at_x, at_y))
        if hypot(at_x - x, at_y - y) > 1:
            lines.append(segment(x, y, at_x, at_y, stroke=PAPER, width=2.8))
            lines.append(segment(x, y, at_x, at_y, stroke=INK, width=1.2))
            lines.append(element("circle", cx=x, cy=y, r=1.8, fill=INK))
        discs += _disc(position, at_x, at_y, radius, size)
    return lines + discs


def _disc(number_: int, x: float, y: float, radius: float, size: float) -> list[Element]:
    text = label(str(number_), x, y + size * 0.33, anchor="middle", bold=True, size=12, fill=PAPER)
    return [element("circle", cx=x, cy=y, r=radius, fill=INK, stroke=PAPER, stroke_width=1.5), text]


def _side(
    map: Map,
    view: _View,
    colours: tuple[str, ...],
    key: str,
    *,
    width: float,
    narrow: bool,
    size: float,
) -> tuple[list[Element], float]:
    """Legend, mark key, scale bar and north arrow; returns the lower edge of the picture."""
    below = view.top + view.height + 12
    x, y = (2.0, below) if narrow else (width - _LEGEND_WIDTH, 6.0)
    room = width - x - 2
    unit, height = lines_of_text(capital(map.unit), x, y + size, width=room, size=size, fill=INK)
    drawn, y = list(unit), y + height + 6
    keys, height = class_legend(
        map.breaks,
        colours,
        unit="",
        no_value=f"url(#{key})" if _without_value(map) else None,
        no_value_label=map.no_value_label if isinstance(map, AreaMap) else "no value",
        names=_categories(map),
        withheld=f"url(#{key}w)" if map.withheld else None,
        x=x,
        y=y,
        width=room,
        size=size,
        stacked=not narrow,
    )
    drawn += keys
    y += height
    if map.withheld_label and map.withheld:
        words, height = lines_of_text(
            f"{capital(map.withheld_label)}.", x, y + size, width=room, size=12
        )
        drawn += words
        y += height + 12
    if map.marked:
        mark, height = _mark_key(map, x, y, room, size)
        drawn += mark
        y += height + 10
    bar_y = y + size + 14
    drawn += _scale_bar(view, x, bar_y, room - 50, size)
    drawn += _north(x + room - 22, bar_y - 22, size)
    return drawn, max(bar_y + 10, view.top + view.height)


def _mark_key(
    map: Map, x: float, y: float, room: float, size: float
) -> tuple[list[Element], float]:
    middle = y + 6
    words = map.mark_label or "marked"
    radius = size * 0.7
    drawn = [
        element("circle", cx=x + 13, cy=middle, r=radius, fill=INK),
        label("1", x + 13, middle + size * 0.33, anchor="middle", bold=True, size=12, fill=PAPER),
    ]
    text, height = lines_of_text(
        words, x + 33, y + size * 0.85, width=room - 34, size=size, fill=INK, lines=2
    )
    return drawn + text, height


def _scale_bar(view: _View, x: float, y: float, room: float, size: float) -> list[Element]:
    metres = _round_length(min(room, 120.0) * view.metres_per_pixel)
    length = metres / view.metres_per_pixel
    words = f"{number(metres / 1000)} km" if metres >= 1000 else f"{number(metres)} m"
    half = length / 2
    return [
        element("rect", x=x, y=y, width=half, height=5, fill=INK, stroke=INK, stroke_width=1),
        element(
            "rect", x=x + half, y=y, width=half, height=5, fill=PAPER, stroke=INK, stroke_width=1
        ),
        label("0", x, y - 5, fill=MUTED),
        label(words, x + length, y - 5, anchor="middle" if length > 60 else "start", fill=MUTED),
    ]


def _round_length(metres: float) -> float:
    magnitude = 10.0 ** floor(log10(metres))
    return next(f * magnitude for f in (5.0, 2.0, 1.0) if f * magnitude <= metres)


def _north(x: float, y: float, size: float) -> list[Element]:
    return [
        element("path", d=f"M{x:.1f} {y:.1f}l6 18l-6 -4l-6 4z", fill=INK),
        label("N", x, y + 18 + size, anchor="middle", bold=True),
    ]


def _source(map: Map) -> str:
    source = f"Source: {map.attribution.rstrip('. ')}. " if map.attribution else ""
    return f"{source}North is up. Coordinates: {map.crs}."


def value_words(value: float) -> str:
    """A value as the list of places writes it, without the unit."""
    if not isfinite(value):
        return "no value"
    return number(value, decimals=0 if value.is_integer() or abs(value) >= 100 else 1)


_SECTORS = (
    "east",
    "north-east",
    "north",
    "north-west",
    "west",
    "south-west",
    "south",
    "south-east",
)


def _middle(shapes: tuple[Any, ...]) -> tuple[float, float]:
    """Easting and northing of the middle of all shapes."""
    from shapely import total_bounds

    west, south, east, north = total_bounds(list(shapes))
    return (west + east) / 2, (south + north) / 2


def _whereabouts(shape: Any, middle: tuple[float, float]) -> str:
    """Where a nameless cell lies, from the middle of all cells."""
    centre = shape.centroid
    dx, dy = centre.x - middle[0], centre.y - middle[1]
    distance = hypot(dx, dy)
    if distance < 0.75 * sqrt(shape.area):
        return "at the middle of the map"
    sector = _SECTORS[round(atan2(dy, dx) / (pi / 4)) % 8]
    return f"{number(distance / 1000, decimals=1)} km {sector} of the middle of the map"
