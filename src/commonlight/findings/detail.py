"""How closely a finding looks at places and times, so that an agreement can be held against it.

What counts is what a reader could take from the finding, in its picture, its table or the counts
that its sentences are made of: a map of areas is as fine as an area, and a chart of the hours of
the week as fine as an hour, although it names no date. What this does not answer: whether a count
in it is small; that is the matter of publishing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commonlight.findings.model import AreaMap, Finding, GridMap

__all__ = ["PLACE_DETAILS", "TIME_DETAILS", "Detail", "finding_detail"]

PLACE_DETAILS = ("point", "cell", "street", "area", "city")
"""How closely a place may be told, finest first."""

TIME_DETAILS = ("hour", "day", "week", "month", "year")
"""How closely a time may be told, finest first. A whole period counts as a year."""

_PLACES = {"cell": "cell", "area": "area", "on a street": "street", "distance": "street"}
_TIMES = {
    "hour": "hour",
    "quarter": "hour",
    "stretch": "hour",
    "weekday": "day",
    "day": "day",
    "days": "day",
    "week": "week",
    "month": "month",
    "span": "month",
}
#: Columns of a table that name a place or a time, for findings that count nothing.
_PLACE_COLUMNS = {"code": "area", "area": "area", "area_code": "area", "cell": "cell"}
_TIME_COLUMNS = {"hour": "hour", "day": "day", "week": "week", "month": "month"}


@dataclass(frozen=True, kw_only=True)
class Detail:
    """The finest place and time that a finding tells, of `PLACE_DETAILS` and `TIME_DETAILS`."""

    place: str
    time: str


def finding_detail(finding: Finding, *, within: str = "city") -> Detail:
    """Tell the finest place and time that a finding shows.

    Parameters
    ----------
    finding : Finding
        A finding of an internal report; a public one no longer says what its counts are by.
    within : str
        The place that the whole report is about: ``area`` where it is a view of some areas, so
        that a total of them is no total of the city.

    Returns
    -------
    Detail
        ``city`` (or `within`) and ``year`` where it tells neither a place nor a time.
    """
    dimensions = {name for item in finding.cells for name in item.dimensions}
    columns = () if finding.table is None else tuple(c.name for c in finding.table.columns)
    places = [
        *_known(dimensions, _PLACES),
        *_known(columns, _PLACE_COLUMNS),
        *_map(finding),
        within,
    ]
    if within not in PLACE_DETAILS:
        raise ValueError(f"within must be one of {', '.join(PLACE_DETAILS)}; got {within!r}")
    times = [*_known(dimensions, _TIMES), *_known(columns, _TIME_COLUMNS)]
    return Detail(place=_finest(places, PLACE_DETAILS), time=_finest(times, TIME_DETAILS))


def _known(names: Iterable[str], levels: Mapping[str, str]) -> list[str]:
    return [levels[name] for name in names if name in levels]


def _map(finding: Finding) -> list[str]:
    if isinstance(finding.map, GridMap):
        return ["cell"]
    return ["area"] if isinstance(finding.map, AreaMap) else []


def _finest(levels: list[str], order: tuple[str, ...]) -> str:
    return min(levels, key=order.index, default=order[-1])
