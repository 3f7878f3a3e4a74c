"""Every record is checked against the schema: accepted, or rejected with one reason.

The checks are made in a fixed order: structure, contacts, time, recording date, place, count,
numbers of answers and visits. The first that fails is the reason that is kept.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commonlight.sources import numbers, times
from commonlight.sources import rejects as why
from commonlight.sources.cells import Column, column_of_array, text_array, tidy
from commonlight.sources.contacts import holds_contact
from commonlight.sources.errors import MappingError
from commonlight.sources.mapping import Mapping, TimeColumns
from commonlight.sources.places import PlaceRule

__all__ = ["Checked", "Checker", "Records", "check_mapping", "columns_used", "text_columns"]

_MOST = 2**31 - 1


@dataclass(frozen=True)
class Records:
    """A piece of a file, as its columns.

    Parameters
    ----------
    row : ndarray of int64, shape (n,)
        Line or row number in the file, from 1.
    columns : mapping of str to Column
        The columns the mapping uses, by their name in the file.
    reason : ndarray of int16, shape (n,)
        0, or why the record was rejected by the structural pass.
    """

    row: NDArray[np.int64]
    columns: MappingType[str, Column]
    reason: NDArray[np.int16]


@dataclass
class Checked:
    """Records with their values, and the reason of each that is rejected.

    `failed` is the index into `names` of the columns at fault; -1 = none. Values are
    only meaningful where `reason` is 0. `raw` is easting and northing, or longitude and
    latitude, as the file gives them.
    """

    records: Records
    reason: NDArray[np.int16]
    failed: NDArray[np.int16]
    names: list[tuple[str, ...]]
    start: NDArray[np.int64] | None = None
    end: NDArray[np.int64] | None = None
    time_kind: NDArray[np.int8] | None = None
    recorded: NDArray[np.int64] | None = None
    has_recorded: NDArray[np.bool_] | None = None
    x: NDArray[np.float64] | None = None
    y: NDArray[np.float64] | None = None
    raw: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    numbers: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def reject(self, mask: NDArray[np.bool_], code: int, *names: str) -> None:
        """Reject the records in `mask` that are not rejected yet."""
        new = np.flatnonzero(mask & (self.reason == 0))
        if len(new):
            self.reason[new] = code
            self.failed[new] = self._index(names)

    def _index(self, names: tuple[str, ...]) -> int:
        if names not in self.names:
            self.names.append(names)
        return self.names.index(names)


def columns_used(mapping: Mapping) -> tuple[str, ...]:
    """Names of the source columns that a mapping reads, each once."""
    time, place, kind = mapping.time, mapping.place, mapping.type
    names = [mapping.id, mapping.count, mapping.recorded]
    if time is not None:
        names += [time.start, time.hour, time.end, time.end_hour]
    if place is not None:
        names += [place.x, place.y, place.area]
    if kind is not None:
        names.append(kind.column)
    names += [mapping.stratum, mapping.cluster, mapping.weight, mapping.item, mapping.value]
    names += [*mapping.replicate_weights, mapping.stratum_size]
    names += [*mapping.wide, *mapping.keep.values()]
    return tuple(dict.fromkeys(name for name in names if name is not None))


def text_columns(mapping: Mapping) -> tuple[str, ...]:
    """Names of the source columns whose cells are kept as they are."""
    names = [mapping.id]
    names += [] if mapping.place is None else [mapping.place.area]
    names += [] if mapping.type is None else [mapping.type.column]
    names += [mapping.stratum, mapping.cluster, mapping.item, *mapping.keep.values()]
    return tuple(dict.fromkeys(name for name in names if name is not None))


class Checker:
    """Checks records of one source; decides on coordinate systems when it sees the first.

    Parameters
    ----------
    mapping : Mapping
        The publisher's format.
    metric_crs : str or None
        The projected system wanted; None = chosen for the place.
    study_area : geometry, AreaSet or None
        See :meth:`PlaceRule.decide`.

    Attributes
    ----------
    place_rule : PlaceRule or None
        The decision on coordinate systems, once it is made.
    """

    def __init__(
        self, mapping: Mapping, *, metric_crs: str | None = None, study_area: object = None
    ) -> None:
        self._mapping = mapping
        self._metric_crs = metric_crs
        self._study_area = study_area
        self.place_rule: PlaceRule | None = None
        time = mapping.time
        self._start_programs = _programs(time.formats if time else ())
        ends = (time.end_formats or time.formats) if time else ()
        self._end_programs = _programs(ends)
        self._recorded_programs = _programs(mapping.recorded_formats)

    def check(self, records: Records) -> Checked:
        """Read the values of all columns and reject what does not fit."""
        missing = self._mapping.file.missing
        columns = {name: tidy(column, missing) for name, column in records.columns.items()}
        records = Records(records.row, columns, records.reason)
        n = len(records.row)
        checked = Checked(records, records.reason.copy(), np.full(n, -1, dtype=np.int16), [])
        self._check_contacts(checked)
        if self._mapping.time is not None:
            self._check_time(checked, self._mapping.time)
        self._check_recorded(checked)
        self._check_place(checked)
        self._check_counts(checked)
        self._check_numbers(checked)
        return checked

    def _check_contacts(self, checked: Checked) -> None:
        """Reject records with an e-mail address or phone number in a cell kept as text."""
        well_formed = np.flatnonzero(checked.reason == 0)
        for name in text_columns(self._mapping):
            rows = holds_contact(checked.records.columns[name], well_formed)
            if len(rows):
                mask = np.zeros(len(checked.reason), dtype=np.bool_)
                mask[rows] = True
                checked.reject(mask, why.CONTACT, name)

    def _times(
        self, checked: Checked, name: str, programs: _Programs, *, allow_24: bool = False
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8], NDArray[np.uint8]]:
        column = checked.records.columns[name]
        program = programs[1] if column.typed else programs[0]
        out = times.parse_times(column, program, allow_24=allow_24)
        checked.reject(out[3] == times.NO_FORMAT, why.TIME_FORMAT, name)
        checked.reject(out[3] == times.IMPOSSIBLE, why.IMPOSSIBLE_TIME, name)
        return out

    def _check_time(self, checked: Checked, time: TimeColumns) -> None:
        first, last, kind, status = self._times(checked, time.start, self._start_programs)
        checked.reject(status == times.EMPTY, why.NO_TIME, time.start)
        if time.hour is not None:
            first, last, kind = self._add_hour(checked, time.hour, first, last, kind)
        if time.end is not None:
            first, last, kind = self._until(checked, time, first, last, kind)
        checked.start, checked.end, checked.time_kind = first, last, kind

    def _add_hour(
        self,
        checked: Checked,
        name: str,
        first: NDArray[np.int64],
        last: NDArray[np.int64],
        kind: NDArray[np.int8],
        *,
        allow_24: bool = False,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
        """Put the hour of the day, or the time of day, to the day."""
        column = checked.records.columns[name]
        values, status = numbers.parse_numbers(column)
        hours, fine = times.parse_hours(values, allow_24=allow_24)
        seconds, length, finer = hours * 3600, np.full(len(hours), 3600), times.HOUR
        is_clock = np.zeros(len(hours), dtype=np.bool_)
        if (status == numbers.NOT_NUMBER).any():
            clock, is_clock = times.parse_clocks(_well_formed(column, checked.reason))
            seconds, length = np.where(is_clock, clock, seconds), np.where(is_clock, 0, length)
        given = status != numbers.EMPTY
        checked.reject(given & ~fine & ~is_clock, why.BAD_HOUR, name)
        moment = first - first % 86400 + seconds
        return (
            np.where(given, moment, first),
            np.where(given, moment + length, last),
            np.where(given, np.where(is_clock, times.INSTANT, finer), kind).astype(np.int8),
        )

    def _until(
        self,
        checked: Checked,
        time: TimeColumns,
        first: NDArray[np.int64],
        last: NDArray[np.int64],
        kind: NDArray[np.int8],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
        assert time.end is not None
        until, end, end_kind, status = self._times(
            checked, time.end, self._end_programs, allow_24=True
        )
        given = status == times.OK
        if time.end_hour is not None:
            until, end, end_kind = self._add_hour(
                checked, time.end_hour, until, end, end_kind, allow_24=True
            )
        same = given & (until == first) & (end_kind == kind)
        reach = np.where(end_kind >= times.DAY, end, until)
        last = np.where(given & ~same, reach, last)
        names = [time.start, time.hour, time.end, time.end_hour]
        at_fault = tuple(name for name in names if name is not None)
        over = np.where(end_kind >= times.DAY, end <= first, until < first)
        checked.reject(given & ~same & over, why.END_BEFORE_START, *at_fault)
        return first, last, np.where(given & ~same, times.INTERVAL, kind).astype(np.int8)

    def _check_recorded(self, checked: Checked) -> None:
        name = self._mapping.recorded
        if name is None:
            return
        first, _, _, status = self._times(checked, name, self._recorded_programs)
        checked.recorded, checked.has_recorded = first // 86400, status == times.OK

    def _check_place(self, checked: Checked) -> None:
        place = self._mapping.place
        if place is None:
            return
        n = len(checked.reason)
        located = np.zeros(n, dtype=np.bool_)
        at_fault = [name for name in (place.x, place.y, place.area) if name is not None]
        if place.x is not None and place.y is not None:
            located = self._check_coordinates(checked, place.x, place.y)
        if place.area is not None:
            area = checked.records.columns[place.area]
            located |= area.end != area.begin
        if place.required:
            checked.reject(~located, why.NO_PLACE, *at_fault)

    def _check_coordinates(self, checked: Checked, x_name: str, y_name: str) -> NDArray[np.bool_]:
        """Fill `x` and `y`; returns which records have coordinates at all."""
        decimal = self._mapping.file.decimal
        columns = checked.records.columns
        x, x_status = numbers.parse_numbers(columns[x_name], decimal=decimal)
        y, y_status = numbers.parse_numbers(columns[y_name], decimal=decimal)
        for status, name in ((x_status, x_name), (y_status, y_name)):
            checked.reject(status == numbers.NOT_NUMBER, why.COORDINATE_NOT_NUMBER, name)
            checked.reject(status == numbers.NOT_FINITE, why.COORDINATE_NOT_FINITE, name)
        half = (x_status == numbers.EMPTY) != (y_status == numbers.EMPTY)
        checked.reject(half, why.HALF_COORDINATE, x_name, y_name)
        given = (x_status == numbers.OK) & (y_status == numbers.OK)
        use = np.flatnonzero(given & (checked.reason == 0))
        checked.x, checked.y = np.full(len(x), np.nan), np.full(len(x), np.nan)
        if self._decided(x[use], y[use]):
            assert self.place_rule is not None
            east, north, reason = self.place_rule.apply(x[use], y[use])
            checked.x[use], checked.y[use] = east, north
            checked.raw = (y, x) if self.place_rule.swapped else (x, y)
            for code in np.unique(reason[reason > 0]):
                mask = np.zeros(len(x), dtype=np.bool_)
                mask[use[reason == code]] = True
                checked.reject(mask, int(code), x_name, y_name)
        else:
            checked.reject(given, why.COORDINATE_ZERO, x_name, y_name)
        return np.asarray(given)

    def _decided(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
        """Decide on the coordinate systems once there is a point other than (0, 0)."""
        if self.place_rule is None:
            some = np.flatnonzero((x != 0) | (y != 0))[:10_000]
            if len(some):
                assert self._mapping.place is not None
                self.place_rule = PlaceRule.decide(
                    self._mapping.place.crs,
                    x[some],
                    y[some],
                    metric=self._metric_crs,
                    study_area=self._study_area,
                )
        return self.place_rule is not None

    def _check_counts(self, checked: Checked) -> None:
        mapping = self._mapping
        single = [] if mapping.count is None else [mapping.count]
        for name in (*single, *mapping.wide):
            column = checked.records.columns[name]
            values, status = numbers.parse_numbers(column, decimal=mapping.file.decimal)
            if name == mapping.count:
                checked.reject(status == numbers.EMPTY, why.NO_COUNT, name)
            unread = (status == numbers.NOT_NUMBER) | (status == numbers.NOT_FINITE)
            checked.reject(unread, why.BAD_NUMBER, name)
            checked.reject(values < 0, why.COUNT_NEGATIVE, name)
            part = ~np.isnan(values) & (values != np.floor(values))
            checked.reject(part, why.COUNT_NOT_WHOLE, name)
            checked.reject(values > _MOST, why.COUNT_TOO_LARGE, name)
            checked.numbers[name] = values
        if mapping.wide:
            none = np.logical_and.reduce([np.isnan(checked.numbers[n]) for n in mapping.wide])
            checked.reject(none, why.NO_COUNT, *mapping.wide)

    def _check_numbers(self, checked: Checked) -> None:
        mapping = self._mapping
        weights = (mapping.weight, *mapping.replicate_weights)
        for name in (*weights, mapping.stratum_size, mapping.value):
            if name is None:
                continue
            column = checked.records.columns[name]
            values, status = numbers.parse_numbers(column, decimal=mapping.file.decimal)
            unread = (status == numbers.NOT_NUMBER) | (status == numbers.NOT_FINITE)
            checked.reject(unread, why.BAD_NUMBER, name)
            if name in weights:
                checked.reject(status == numbers.EMPTY, why.NO_WEIGHT, name)
                checked.reject(values < 0, why.NEGATIVE_WEIGHT, name)
            if name == mapping.stratum_size:
                checked.reject(~(values >= 1), why.BAD_STRATUM_SIZE, name)
            checked.numbers[name] = values


_Programs = tuple[NDArray[np.int16], NDArray[np.int16]]


def _programs(formats: Sequence[str]) -> _Programs:
    """Programs for text, and for columns that have a type of their own."""
    text = tuple(formats)
    typed = text and (*times.ISO_FORMATS[:-1], *text)
    return times.compile_formats(text), times.compile_formats(typed)


def _well_formed(column: Column, reason: NDArray[np.int16]) -> Column:
    """The column with the cells of broken records emptied, whose bytes may be no text."""
    end = np.where(reason == 0, column.end, column.begin).astype(np.int32)
    return Column(column.data, column.begin, end, column.typed)


def identifier_column(checked: Checked, name: str) -> Column:
    """The column of identifiers with doubled quotes made single."""
    column = checked.records.columns[name]
    if (column.end >= 0).all():
        return column
    every = np.arange(len(column.begin), dtype=np.int64)
    return column_of_array(text_array(column, np.where(checked.reason == 0, every, 0)))


def check_mapping(mapping: Mapping) -> None:
    """Refuse a mapping that contradicts itself."""
    if mapping.kind not in ("incidents", "reports", "answers", "visits"):
        raise MappingError(
            f"kind must be incidents, reports, answers or visits to be imported; "
            f"got {mapping.kind!r}"
        )
    if mapping.duplicates not in ("reject", "keep"):
        raise MappingError(f"duplicates must be reject or keep; got {mapping.duplicates!r}")
    place = mapping.place
    if place is not None and (place.x is None) != (place.y is None):
        raise MappingError("place needs both x and y, or neither; got one of them")
    if mapping.wide and (mapping.count or (mapping.type and mapping.type.column)):
        raise MappingError("wide gives type and count already; leave out type.column and count")
