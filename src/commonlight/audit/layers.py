"""One imported data set, laid out as the arrays that the questions ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from commonlight.analysis.assign import AreaIndex
from commonlight.analysis.precision import CoordinatePrecision
from commonlight.audit.selection import AreaView, Selection, areas_in_view, view_noun
from commonlight.findings.model import SourceNote

if TYPE_CHECKING:
    from commonlight.sources.areas import AreaSet

__all__ = ["AreaLayer", "Layer", "areas_of_records", "make_layer", "text_codes"]

#: A resolution counts as the layer's own when at most this share of records is coarser.
COARSER_SHARE = 0.1

_RESOLUTIONS = ("instant", "hour", "interval", "day", "month", "year")


@dataclass(frozen=True, kw_only=True)
class AreaLayer:
    """Areas with their residents; `polygons` is empty where only a table of codes is known."""

    name: str
    noun: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    polygons: tuple[Any, ...] = ()
    population: np.ndarray | None = None
    population_source: str | None = None
    boundaries_source: str | None = None
    crs: str = ""
    notes: tuple[str, ...] = ()
    unmatched_population: tuple[str, ...] = ()
    without_population: tuple[str, ...] = ()
    groups: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)

    def group_residents(self, name: str, labels: Sequence[str]) -> np.ndarray | None:
        """Residents of the groups with these labels, over all areas; None where one is unknown.

        `groups` holds residents by area for each label of a division such as ``sex``.
        """
        counts = self.groups.get(name, {})
        if not labels or not all(label in counts for label in labels):
            return None
        return np.array([np.nansum(counts[label]) for label in labels])

    @property
    def residents_who_could_answer(self) -> np.ndarray | None:
        """Residents by area of those counted by group (adults), else all; None where not known."""
        for labels in self.groups.values():
            return np.asarray(np.sum(list(labels.values()), axis=0))
        return self.population

    @property
    def mapped(self) -> bool:
        """Whether the areas can be drawn."""
        return bool(self.polygons)

    @cached_property
    def outline(self) -> Any:
        """The areas taken together, one polygon or several."""
        import shapely

        return shapely.union_all(list(self.polygons))

    @classmethod
    def from_set(cls, areas: AreaSet, *, name: str, noun: str, **more: Any) -> AreaLayer:
        """An area layer over polygons that were read from a file."""
        return cls(
            name=name,
            noun=noun,
            codes=tuple(areas.codes),
            labels=tuple(areas.names or areas.codes),
            polygons=tuple(areas.polygons),
            crs=str(areas.crs),
            notes=tuple(areas.notes),
            **more,
        )


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Records of one source inside the audit's period.

    Arrays have one entry per observation. `area` is an index into `areas.codes` (-1 = none),
    `kind` an index into `kinds`, `code` the ICCS code of each kind (None = unmapped).
    `stated_precision_m` is how precise the publisher says its points are, in metres. Where a
    selection was made, `outside_view` counts what it left out, and `delivered` holds the months
    (numbered from January 1970) in which the whole source has a record.
    """

    name: str
    noun: str
    record_kind: str
    source: SourceNote
    start: np.ndarray
    end: np.ndarray
    resolution: str
    x: np.ndarray
    y: np.ndarray
    area: np.ndarray
    areas: AreaLayer | None
    kind: np.ndarray
    kinds: tuple[str, ...]
    codes: tuple[str | None, ...]
    count: np.ndarray
    recorded: np.ndarray | None
    place_kind: tuple[str, np.ndarray, tuple[str, ...]] | None
    period: tuple[date, date]
    crs: str
    precision: CoordinatePrecision | None
    without_place: int
    outside_period: int
    outside_areas: int
    only_inside: bool = False
    stated_precision_m: float | None = None
    in_view: bool = False
    outside_view: int = 0
    delivered: np.ndarray | None = None

    @property
    def n(self) -> int:
        """Number of incidents (records weighted by what they stand for)."""
        return int(self.count.sum())

    @property
    def has_points(self) -> bool:
        """Whether at least nine records in ten carry coordinates."""
        return bool(self.x.size) and float(np.isfinite(self.x).mean()) >= 1 - COARSER_SHARE

    @property
    def street_level(self) -> bool:
        """Whether the points may be read closer than an area."""
        return self.has_points and (self.precision is None or self.precision.street_level)

    def kind_counts(self) -> np.ndarray:
        """Incidents per kind, in the order of `kinds`."""
        return np.bincount(self.kind, weights=self.count, minlength=len(self.kinds)).astype(
            np.int64
        )

    def area_counts(self, chosen: np.ndarray | None = None) -> np.ndarray:
        """Incidents per area, in the order of `areas.codes`; `chosen` limits the records."""
        if self.areas is None:
            raise ValueError(f"source {self.name!r} has no areas to count in")
        use = self.area >= 0
        if chosen is not None:
            use &= chosen
        return np.bincount(
            self.area[use], weights=self.count[use], minlength=len(self.areas.codes)
        ).astype(np.int64)


def make_layer(
    table: pa.Table,
    *,
    name: str,
    noun: str,
    record_kind: str,
    source: SourceNote,
    period: tuple[date, date],
    areas: AreaLayer | None,
    crs: str,
    precision: CoordinatePrecision | None,
    place_kind: str | None = None,
    exclude_types: tuple[str, ...] = (),
    only_inside: bool = False,
    stated_precision_m: float | None = None,
    select: Selection | None = None,
    view: AreaView | None = None,
) -> Layer:
    """Lay out the accepted rows of one source that fall in the period.

    `only_inside` leaves out records whose place lies in none of the areas, for files that cover
    more than the city. Rows are put in order of time and place, so that the order in the file
    changes nothing. `select` leaves out what is not in view; which months were delivered is told
    from all records, so that a rare kind does not seem to have gaps. `view` holds the areas in
    view, where several layers share them.
    """
    select = select or Selection()
    columns, texts = _columns(table, place_kind)
    if exclude_types and "type" in columns:
        columns = _drop_types(columns, texts["type"], exclude_types)
    columns["in view"] = select.kinds_in_view(columns, texts)
    inside = _in_period(columns["start"], period)
    outside = int(columns["count"][~inside & columns["in view"]].sum())
    chosen = np.flatnonzero(inside)
    chosen = chosen[_order({key: value[chosen] for key, value in columns.items()})]
    columns = {key: value[chosen] for key, value in columns.items()}
    area, beyond = _areas_of(columns, texts.get("area", ()), areas)
    outside_areas = int(columns["count"][beyond & columns["in view"]].sum())
    if only_inside:
        columns = {key: value[~beyond] for key, value in columns.items()}
        area = area[~beyond]
    period = _delivered_period(columns, period)
    delivered, outside_view = None, 0
    if select:
        delivered = _months(columns, period)
        view = view or (None if areas is None else areas_in_view(areas, select))
        viewed = columns["in view"] & _in_areas(area, view, select)
        outside_view = int(columns["count"][~viewed].sum())
        columns = {key: value[viewed] for key, value in columns.items()}
        area = area[viewed]
        if view is not None:
            area, areas = view.number[area], view.areas
        outside_areas = 0 if select.areas else outside_areas
        noun = view_noun(noun, select, areas)
    kinds, kind = _codes_of(columns.get("type"), texts.get("type", ()), area.size)
    return Layer(
        name=name,
        noun=noun,
        record_kind=record_kind,
        source=source,
        start=columns["start"],
        end=columns["end"],
        resolution=_resolution(columns["time_kind"], texts["time_kind"]),
        x=columns["x"],
        y=columns["y"],
        area=area,
        areas=areas,
        kind=kind,
        kinds=kinds,
        codes=_iccs_of(kinds, kind, columns.get("iccs"), texts.get("iccs", ())),
        count=columns["count"],
        recorded=columns.get("recorded"),
        place_kind=_place_kind(columns, texts, place_kind),
        period=period,
        crs=crs,
        precision=precision,
        without_place=_without_place(columns),
        outside_period=outside,
        outside_areas=outside_areas,
        only_inside=only_inside,
        stated_precision_m=stated_precision_m,
        in_view=bool(select),
        outside_view=outside_view,
        delivered=delivered,
    )


def _in_areas(area: np.ndarray, view: AreaView | None, select: Selection) -> np.ndarray:
    """Whether each record lies in an area that is in view, shape (n,)."""
    if not select.areas:
        return np.ones(area.size, dtype=bool)
    if view is None or not view.holds:
        return np.zeros(area.size, dtype=bool)
    return np.asarray(view.number[area] >= 0)


def _months(columns: Mapping[str, np.ndarray], period: tuple[date, date]) -> np.ndarray:
    """Months in which any record has its middle, numbered from January 1970."""
    last = np.datetime64(period[1]).astype("datetime64[s]") + np.timedelta64(86_399, "s")
    middle = columns["start"] + (columns["end"] - columns["start"]) // 2
    return np.unique(np.minimum(middle, last).astype("datetime64[M]").astype(np.int64))


def areas_of_records(table: pa.Table, areas: AreaLayer | None) -> np.ndarray:
    """Index of each record's area, shape (n,); -1 = none."""
    columns = {name: _array(table.column(name)) for name in ("start", "x", "y")}
    columns["area"], names = _text(table.column("area"))
    return _areas_of(columns, names, areas)[0]


def text_codes(column: pa.ChunkedArray) -> tuple[tuple[str, ...], np.ndarray]:
    """The different texts of a column in the order of the alphabet, and each row's own."""
    codes, names = _text(column)
    return _codes_of(codes, names, len(column))


def _order(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Positions of the rows by time and place."""
    return np.lexsort(
        (columns["count"], columns["y"], columns["x"], columns["end"], columns["start"])
    )


def _columns(
    table: pa.Table, place_kind: str | None
) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """The table's columns as arrays; of a text column the codes, and its texts beside them."""
    wanted = ["start", "end", "time_kind", "x", "y", "area", "type", "iccs", "count", "recorded"]
    if place_kind:
        wanted.append(f"local_{place_kind}")
    columns, texts = {}, {}
    for name in wanted:
        if name not in table.column_names:
            continue
        if name in ("time_kind", "area", "type", "iccs") or name.startswith("local_"):
            columns[name], texts[name] = _text(table.column(name))
        else:
            columns[name] = _array(table.column(name))
    columns.setdefault("count", np.ones(table.num_rows, dtype=np.int64))
    columns["count"] = np.nan_to_num(columns["count"].astype(float), nan=1.0).astype(np.int64)
    if "recorded" in columns and np.isnat(columns["recorded"]).all():
        del columns["recorded"]
    return columns, texts


def _array(column: pa.ChunkedArray) -> np.ndarray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return column.to_numpy().astype("datetime64[s]")
    if pa.types.is_date(kind):
        return column.to_numpy().astype("datetime64[D]")
    return column.to_numpy(zero_copy_only=False)


def _text(column: pa.ChunkedArray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Number of each row's text, -1 where there is none, and the texts."""
    coded: Any = column.cast(pa.string()).dictionary_encode().unify_dictionaries().combine_chunks()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return codes, tuple(coded.dictionary.to_pylist())


def _drop_types(
    columns: Mapping[str, np.ndarray], names: tuple[str, ...], exclude: tuple[str, ...]
) -> dict[str, np.ndarray]:
    dropped = np.asarray([name in exclude for name in names] + [False], dtype=bool)
    keep = ~dropped[columns["type"]]
    return {key: value[keep] for key, value in columns.items()}


def _in_period(start: np.ndarray, period: tuple[date, date]) -> np.ndarray:
    day = start.astype("datetime64[D]")
    first, last = (np.datetime64(item) for item in period)
    return (day >= first) & (day <= last)


def _delivered_period(
    columns: Mapping[str, np.ndarray], period: tuple[date, date]
) -> tuple[date, date]:
    """The part of the period, in whole months, from the first record to the last."""
    if not columns["start"].size:
        return period
    first = columns["start"].min().astype("datetime64[M]")
    # The end of a month or a year is the first moment after it.
    latest = np.maximum(columns["start"], columns["end"] - np.timedelta64(1, "s")).max()
    last = latest.astype("datetime64[M]") + 1
    return (
        max(period[0], first.astype("datetime64[D]").item()),
        min(period[1], (last.astype("datetime64[D]") - 1).item()),
    )


def _areas_of(
    columns: Mapping[str, np.ndarray], names: tuple[str, ...], areas: AreaLayer | None
) -> tuple[np.ndarray, np.ndarray]:
    """Index of each record's area, by its code where known, else by its point; who lies beyond."""
    n = columns["start"].size
    if areas is None:
        return np.full(n, -1, dtype=np.int32), np.zeros(n, dtype=bool)
    position = {code: index for index, code in enumerate(areas.codes)}
    by_code = np.asarray([position.get(name, -1) for name in names] + [-1], dtype=np.int32)
    known = columns["area"] >= 0
    result = by_code[columns["area"]]
    if areas.mapped:
        open_ = (result < 0) & np.isfinite(columns["x"]) & np.isfinite(columns["y"])
        if open_.any():
            found = AreaIndex(areas.polygons).assign(columns["x"][open_], columns["y"][open_])
            result[open_] = found
    placed = known | np.isfinite(columns["x"])
    return result, (result < 0) & placed


def _codes_of(
    codes: np.ndarray | None, names: tuple[str, ...], n: int
) -> tuple[tuple[str, ...], np.ndarray]:
    """Names that occur, in the order of the alphabet, and the number of each record's own."""
    if codes is None or not n:
        return ("all",), np.zeros(n, dtype=np.int32)
    named = (*names, "not stated")
    occurs = np.bincount(codes + 1, minlength=len(named)) > 0  # number 0 is "not stated"
    found = sorted({name for name, here in zip((named[-1], *names), occurs, strict=True) if here})
    place = {name: index for index, name in enumerate(found)}
    number = np.asarray([place.get(name, -1) for name in named], dtype=np.int32)
    return tuple(found), number[codes]


def _iccs_of(
    kinds: tuple[str, ...], kind: np.ndarray, iccs: np.ndarray | None, names: tuple[str, ...]
) -> tuple[str | None, ...]:
    """The ICCS code of each kind, read from its first record."""
    if iccs is None or not kind.size:
        return (None,) * len(kinds)
    first = np.zeros(len(kinds), dtype=np.int64)
    found, index = np.unique(kind, return_index=True)
    first[found] = index
    return tuple(None if iccs[i] < 0 else names[iccs[i]] for i in first)


def _resolution(time_kind: np.ndarray, texts: tuple[str, ...]) -> str:
    """The finest resolution that all but a few records have."""
    if not time_kind.size:
        return "none"
    names, codes = _codes_of(time_kind, texts, time_kind.size)
    counts = np.bincount(codes, minlength=len(names))
    share = {str(k): v / time_kind.size for k, v in zip(names, counts, strict=True)}
    coarser = 0.0
    for name in reversed(_RESOLUTIONS):
        coarser += share.get(name, 0.0)
        if coarser > COARSER_SHARE:
            return name
    return str(names[np.argmax(counts)])


def _place_kind(
    columns: Mapping[str, np.ndarray], texts: Mapping[str, tuple[str, ...]], place_kind: str | None
) -> tuple[str, np.ndarray, tuple[str, ...]] | None:
    values = columns.get(f"local_{place_kind}")
    if place_kind is None or values is None:
        return None
    names, codes = _codes_of(values, texts[f"local_{place_kind}"], values.size)
    return place_kind, codes, names


def _without_place(columns: Mapping[str, np.ndarray]) -> int:
    return int(columns["count"][(columns["area"] < 0) & ~np.isfinite(columns["x"])].sum())
