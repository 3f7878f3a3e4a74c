"""The columns of an extract: labels to count by, and values cut to the agreed detail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from commonlight.analysis.assign import AreaIndex
from commonlight.audit.layers import AreaLayer, text_codes
from commonlight.sources.areas import AreaSet
from commonlight.sources.crs import PLANAR
from commonlight.sources.lake import Version
from commonlight.sources.streets import StreetLines

__all__ = [
    "ALL",
    "NOT_KNOWN",
    "TIME_DETAILS",
    "ExtractError",
    "labels_of_area",
    "labels_of_period",
    "labels_of_text",
    "record_columns",
]

TIME_DETAILS = ("hour", "day", "week", "month", "year")

ALL = "all"
"""What stands in a column of a row that counts over all its values."""

NOT_KNOWN = "not known"

STREET_REACH = 50.0
"""A record farther from every street belongs to none, in metres."""

_SECONDS = {"hour": 3600, "day": 86_400, "week": 7 * 86_400, "month": 31 * 86_400}
_PLACES_AND_TIMES = frozenset({"start", "end", "time_kind", "x", "y", "precision_m", "area"})


class ExtractError(ValueError):
    """The extract cannot be made as asked; the message says what to change."""


Labels = tuple[np.ndarray, tuple[str, ...]]


def labels_of_text(column: pa.ChunkedArray) -> Labels:
    """Number of each row's text, and the texts in the order of the alphabet."""
    names, codes = text_codes(column)
    return codes, tuple(f"{name} (as recorded)" if name == ALL else name for name in names)


def labels_of_period(table: pa.Table, detail: str) -> Labels:
    """Number of each row's period, and the periods in order."""
    if "start" not in table.column_names:
        return np.zeros(table.num_rows, dtype=np.int64), (NOT_KNOWN,)
    known, start = _moments(table, detail)
    labels = np.full(table.num_rows, NOT_KNOWN, dtype=object)
    distinct, place = np.unique(_cut(start[known], detail), return_inverse=True)
    named = np.array([_period(value, detail) for value in distinct], dtype=object)
    labels[known] = named[place] if distinct.size else labels[known]
    names, codes = np.unique(labels.astype(str), return_inverse=True)
    return codes, tuple(map(str, names))


def _moments(table: pa.Table, detail: str) -> tuple[np.ndarray, np.ndarray]:
    """Which rows have a time as close as the detail, and the middle of each."""
    start, end = (table[name].to_numpy().astype("datetime64[s]") for name in ("start", "end"))
    length = (end - start).astype(np.int64)
    longest = _SECONDS.get(detail, 366 * 86_400)
    known = ~np.isnat(start) & ~np.isnat(end) & (length <= longest)
    return known, start + (end - start) // 2


def _cut(moments: np.ndarray, detail: str) -> np.ndarray:
    if detail == "week":  # 1970-01-05 was a Monday
        days = moments.astype("datetime64[D]").astype(np.int64)
        monday: np.ndarray = (days - 4) // 7 * 7 + 4
        return monday.astype("datetime64[D]")
    unit = {"hour": "h", "day": "D", "month": "M", "year": "Y"}[detail]
    return np.asarray(moments.astype(f"datetime64[{unit}]"))


def _period(value: np.datetime64, detail: str) -> str:
    """A period as ISO 8601 writes it."""
    if detail == "week":
        year, week, _ = value.astype("datetime64[D]").item().isocalendar()
        return f"{year}-W{week:02d}"
    return f"{value}:00" if detail == "hour" else str(value)


def labels_of_area(table: pa.Table, version: Version, areas: AreaLayer | AreaSet | None) -> Labels:
    """Number of each row's area code, by its code or else by its point, and the codes."""
    column = table["area"] if "area" in table.column_names else None
    texts = (
        np.full(table.num_rows, None, dtype=object)
        if column is None
        else np.array(column.cast(pa.string()).to_pylist(), dtype=object)
    )
    known = np.array([bool(text) for text in texts], dtype=bool)
    if areas is not None and "x" in table.column_names:
        _fill_by_point(texts, known, table, version, areas)
    texts[~known] = NOT_KNOWN
    names, codes = np.unique(texts.astype(str), return_inverse=True)
    return codes, tuple(map(str, names))


def _fill_by_point(
    texts: np.ndarray,
    known: np.ndarray,
    table: pa.Table,
    version: Version,
    areas: AreaLayer | AreaSet,
) -> None:
    """Give rows without a code that of the area their point lies in."""
    codes, polygons = np.array([*areas.codes, None], dtype=object), list(areas.polygons)
    x, y = (table[name].to_numpy(zero_copy_only=False).astype(float) for name in "xy")
    known &= np.isin(texts.astype(str), list(areas.codes))
    open_ = ~known & np.isfinite(x) & np.isfinite(y)
    if not polygons or not open_.any():
        return
    _check_system(version, str(areas.crs), "areas")
    found = AreaIndex(polygons).assign(x[open_], y[open_])
    texts[open_] = codes[found]
    known[open_] = found >= 0


def _check_system(version: Version, given: str, what: str) -> None:
    own = metric_crs(version)
    if own and given and own != given:
        raise ExtractError(
            f"the {what} are in {given} and the points of {version.name} in {own}; read the "
            f"{what} with target_crs={own!r}"
        )


def metric_crs(version: Version) -> str:
    """The projected system of a version's points; empty where it has none."""
    return str((version.manifest.get("place") or {}).get("metric_crs") or "")


Made = dict[str, tuple[pa.Array | pa.ChunkedArray, str]]


def record_columns(
    version: Version,
    *,
    fields: Sequence[str],
    place_detail: str,
    time_detail: str,
    cell_size: float,
    streets: StreetLines | None,
) -> Made:
    """Values and meaning of each column of an extract of records."""
    kept = [n for n in dict.fromkeys(fields) if n not in _PLACES_AND_TIMES and n != "file"]
    if TIME_DETAILS.index(time_detail) > TIME_DETAILS.index("day"):
        kept = [name for name in kept if name != "recorded"]
    basis = [n for n in ("start", "end", "x", "y") if n in version.schema.names]
    table = version.table([*basis, *(name for name in kept if name not in basis)])
    made: Made = {}
    if "start" in basis:
        codes, names = labels_of_period(table, time_detail)
        period = pa.array(np.array(names, dtype=object)[codes], pa.string())
        made["period"] = (period, f"{time_detail}, local time; {NOT_KNOWN} = known less closely")
    if "x" in basis:
        made |= _place(table, version, place_detail, cell_size, streets)
    for name in kept:
        meaning = (version.schema.field(name).metadata or {}).get(b"meaning", b"").decode()
        column = table[name]
        text = pa.types.is_dictionary(column.type)
        made[name] = (column.cast(pa.string()) if text else column, meaning)
    return made


def _place(
    table: pa.Table,
    version: Version,
    place_detail: str,
    cell_size: float,
    streets: StreetLines | None,
) -> Made:
    x, y = (table[name].to_numpy(zero_copy_only=False).astype(float) for name in "xy")
    if place_detail == "street":
        assert streets is not None
        _check_system(version, streets.crs, "streets")
        return {"street": (_nearest(x, y, streets), "identifier of the nearest street")}
    if place_detail == "cell":
        x, y = ((np.floor(v / cell_size) + 0.5) * cell_size for v in (x, y))
    what = "the point" if place_detail == "point" else f"the middle of a cell of {cell_size:g} m"
    return _coordinates(x, y, metric_crs(version), what)


def _nearest(x: np.ndarray, y: np.ndarray, streets: StreetLines) -> pa.Array:
    import shapely

    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = shapely.points(x[known], y[known])
    tree = shapely.STRtree(list(streets.lines))
    near, line = tree.query_nearest(points, max_distance=STREET_REACH, all_matches=False)
    found: list[str | None] = [None] * x.size
    for k, i in zip(near.tolist(), line.tolist(), strict=True):
        found[int(known[k])] = streets.ids[i]
    return pa.array(found, pa.string())


def _coordinates(x: np.ndarray, y: np.ndarray, crs: str, what: str) -> Made:
    """Longitude and latitude, or metres on a plane."""
    if not crs or crs == PLANAR:
        return {
            "x": (_numbers(x, 1), f"easting of {what}, metres"),
            "y": (_numbers(y, 1), f"northing of {what}, metres"),
        }
    from pyproj import Transformer

    lon, lat = (np.full(x.size, np.nan) for _ in range(2))
    known = np.isfinite(x) & np.isfinite(y)
    moved = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x[known], y[known])
    lon[known], lat[known] = moved
    return {
        "longitude": (_numbers(lon, 6), f"longitude of {what}, degrees (WGS 84)"),
        "latitude": (_numbers(lat, 6), f"latitude of {what}, degrees (WGS 84)"),
    }


def _numbers(values: np.ndarray, decimals: int) -> pa.Array:
    made: pa.Array = pa.array(np.round(values, decimals), mask=~np.isfinite(values))
    return made
