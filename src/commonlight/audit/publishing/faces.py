"""Tables and charts of a finding without what may not be published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor, isfinite, log10
from typing import Any

from commonlight.audit.publishing.hidden import Hidden
from commonlight.findings.model import (
    WITHHELD,
    BarChart,
    Chart,
    Column,
    CountCells,
    Finding,
    HeatChart,
    IntervalChart,
    LineChart,
    Series,
    Table,
)

__all__ = ["RAW_LABELS", "PublicTable", "in_order", "public_chart", "public_table", "undeclared"]

RAW_LABELS = frozenset({"kind", "place kind", "reason"})
"""Dimensions whose values are free words of a source: a rare one can itself tell who is meant."""

_IN_ORDER = frozenset(
    {"year", "month", "week", "weekday", "quarter", "hour", "distance", "days", "span", "wave"}
)
_FITTED_DIGITS = 2


@dataclass(frozen=True, kw_only=True)
class PublicTable:
    """A table as it is published, with the rows of the internal one that it withholds.

    `table` is None where nothing of it can be published.
    """

    table: Table | None
    hidden: tuple[int, ...]


def undeclared(finding: Finding) -> tuple[str, ...]:
    """Numeric columns and pictures of which nobody said what they count."""
    named = {name for item in finding.cells for name in (item.column, *item.derived, *item.fitted)}
    columns = () if finding.table is None else finding.table.columns
    found = [c.name for c in columns if c.numeric and not c.free and c.name not in named]
    faces = {item.shown_in for item in finding.cells}
    drawn = any(item.chart for item in finding.cells) or faces & {"chart", "curve"}
    if finding.chart is not None and not drawn and "chart" not in finding.free:
        found.append("its chart")
    if finding.map is not None and "map" not in faces and "map" not in finding.free:
        found.append("its map")
    return tuple(found)


def public_table(finding: Finding, hidden: Hidden) -> PublicTable | None:
    """The table with withheld cells, and its rows in an order that tells nothing of them."""
    table = finding.table
    if table is None:
        return None
    items = [item for item in finding.cells if item.shown_in == "table"]
    rows = [list(row) for row in table.rows]
    index = {column.name: number for number, column in enumerate(table.columns)}
    gone = {row for item in items for row in hidden.rows(item)}
    for item in items:
        _write_counts(rows, item, hidden, index)
    _round(rows, table.columns, {item.column for item in items})
    if gone:
        _round_fitted(rows, items, index)
    if len(gone) == len(rows) > 0 or any(item.selected and hidden.rows(item) for item in items):
        # Rows chosen by value: where one is missing, those left say where it would stand.
        return PublicTable(table=None, hidden=tuple(sorted(gone)))
    rare = _rare(items, hidden)
    kept = [r for r in range(len(rows)) if r not in rare]
    if not in_order(items):
        name = _name_column(table, items)
        kept.sort(key=lambda r: (r in gone, str(rows[r][name]) if r in gone else ""))
    return PublicTable(
        table=replace(table, rows=tuple(tuple(rows[r]) for r in kept)),
        hidden=tuple(sorted(gone)),
    )


def _write_counts(
    rows: list[list[Any]], item: CountCells, hidden: Hidden, index: dict[str, int]
) -> None:
    if item.column:
        for row, count in enumerate(item.counts):
            rows[row][index[item.column]] = count
    for row in hidden.rows(item):
        if item.column:
            rows[row][index[item.column]] = hidden.word(item, row)
        for name in (*item.derived, *item.fitted):
            rows[row][index[name]] = WITHHELD


def _rare(items: list[CountCells], hidden: Hidden) -> set[int]:
    """Rows named by rare words of a source: the words can tell who is meant."""
    return {
        row
        for item in items
        for row in hidden.rows(item)
        if RAW_LABELS & set(item.dimensions) and hidden.is_small(item, row)
    }


def in_order(items: list[CountCells]) -> bool:
    """Whether the rows stand in an order of time or space, which tells nothing of values."""
    return all(set(item.dimensions) <= _IN_ORDER for item in items)


def _name_column(table: Table, items: list[CountCells]) -> int:
    derived = {name for item in items for name in item.derived}
    names = [n for n, c in enumerate(table.columns) if not c.numeric and c.name not in derived]
    return names[0] if names else 0


def _round(rows: list[list[Any]], columns: tuple[Column, ...], counts: set[str]) -> None:
    """What the page shows, and no digit more: the digits of a fit say something about each row."""
    for number, column in enumerate(columns):
        if not column.numeric or column.name in counts:
            continue
        for row in rows:
            if isinstance(row[number], float) and isfinite(row[number]):
                row[number] = round(row[number], column.decimals)


def _round_fitted(rows: list[list[Any]], items: list[CountCells], index: dict[str, int]) -> None:
    for name in {name for item in items for name in item.fitted}:
        for row in rows:
            if isinstance(row[index[name]], float):
                row[index[name]] = _leading(row[index[name]])


def _leading(value: float) -> float:
    if value == 0 or not isfinite(value):
        return value
    return float(round(value, _FITTED_DIGITS - 1 - floor(log10(abs(value)))))


def public_chart(finding: Finding, shown: PublicTable | None, hidden: Hidden) -> Chart | None:
    """The chart without withheld values; None where nothing of it can be shown."""
    chart = finding.chart
    if chart is None or "chart" in finding.free:
        return chart
    for item in finding.cells:
        if item.shown_in == "curve":
            # Where the curve would break off tells the rank of a withheld place.
            return None if hidden.rows(item) else chart
        if item.shown_in == "chart":
            return _blanked(_counted(chart, item), hidden.rows(item), finding)
    drawn = next((item for item in finding.cells if item.chart), None)
    if drawn is None or shown is None:
        return chart
    if isinstance(chart, BarChart | IntervalChart):
        return _redrawn(chart, drawn, shown, finding)
    return _blanked(chart, shown.hidden, finding)


def _counted(chart: Chart, item: CountCells) -> Chart:
    """The whole numbers that were protected, where the cells of a heat chart show counts.

    Spread over their windows, events make fractions, and a fraction says more than a count.
    """
    if not isinstance(chart, HeatChart):
        return chart
    width = len(chart.column_labels)
    shown = [value for row in chart.values for value in row]
    if any(v is None or abs(v - n) > 1 for v, n in zip(shown, item.counts, strict=True)):
        return chart
    rows = range(0, len(item.counts), width)
    return replace(chart, values=tuple(tuple(map(float, item.counts[r : r + width])) for r in rows))


def _note(hidden: int, of: int) -> str:
    return f"{hidden} of {of} values are withheld in this public version." if hidden else ""


def _described(chart: Chart, finding: Finding) -> Chart:
    """A heading and a description by rule: those of the internal version may name a value."""
    caption = finding.table.caption if finding.table is not None else finding.question
    words = f"{caption}. Some values are withheld; the others are in the table."
    return replace(chart, title=caption, description=words)


def _blanked(chart: Chart, hidden: tuple[int, ...], finding: Finding) -> Chart | None:
    """A line or heat chart with gaps; None where nothing is left."""
    if not hidden:
        return chart
    gone = set(hidden)
    if len(gone) == _positions(chart):
        return None
    chart = _described(chart, finding)
    if isinstance(chart, HeatChart):
        width = len(chart.column_labels)
        values = tuple(
            tuple(None if r * width + c in gone else v for c, v in enumerate(row))
            for r, row in enumerate(chart.values)
        )
        note = _note(len(gone), width * len(chart.row_labels))
        return replace(chart, values=values, withheld=note)
    if isinstance(chart, LineChart):
        marks = tuple(m for m in chart.marks if m[0] not in {chart.x[i] for i in gone})
        series = tuple(_without(one, gone) for one in chart.series)
        note = _note(len(gone), len(chart.x))
        return replace(chart, series=series, marks=marks, withheld=note)
    raise ValueError(f"chart {chart.title!r} has categories; declare the columns that it draws")


def _positions(chart: Chart) -> int:
    if isinstance(chart, HeatChart):
        return sum(len(row) for row in chart.values)
    return len(chart.x if isinstance(chart, LineChart) else chart.categories)


def _without(one: Series, gone: set[int]) -> Series:
    def blank(values: tuple[float | None, ...]) -> tuple[float | None, ...]:
        return tuple(None if i in gone else v for i, v in enumerate(values))

    return replace(one, values=blank(one.values), lower=blank(one.lower), upper=blank(one.upper))


def _redrawn(
    chart: BarChart | IntervalChart, item: CountCells, shown: PublicTable, finding: Finding
) -> Chart | None:
    """Categories and values taken from the public table, as many as there were.

    A chart of the highest twelve shows the highest twelve of those published, so that neither
    a gap nor a missing name tells where a withheld value lies.
    """
    if not shown.hidden:
        return chart
    if shown.table is None:
        return None
    columns = {column.name: n for n, column in enumerate(shown.table.columns)}
    name = _label_column(chart.categories, finding)
    rows = _drawn_rows(shown.table, columns[item.chart[0]], len(chart.categories))
    if not rows or name is None:
        return None
    categories = tuple(str(row[name]) for row in rows)
    drawn = [tuple(_number(row[columns[column]]) for row in rows) for column in item.chart]
    first = chart.series[0] if isinstance(chart, BarChart) else chart.series
    one = replace(
        first,
        values=drawn[0],
        lower=drawn[1] if len(drawn) > 1 else (),
        upper=drawn[2] if len(drawn) > 2 else (),
    )
    gone = sum(value is None for value in drawn[0])
    note = _note(gone, len(rows)) or "Those withheld in this public version are left out."
    if isinstance(chart, IntervalChart):
        return _described(replace(chart, categories=categories, series=one, withheld=note), finding)
    highlight = tuple(name for name in chart.highlight if name in categories)
    return _described(
        replace(chart, categories=categories, series=(one,), highlight=highlight, withheld=note),
        finding,
    )


def _drawn_rows(table: Table, value: int, most: int) -> list[tuple[Any, ...]]:
    """The first rows with a value; where that is all of them, the withheld ones too."""
    known = [row for row in table.rows if _number(row[value]) is not None]
    if len(known) < most and table.rows:
        return list(table.rows[:most])
    return known[:most]


def _label_column(categories: tuple[str, ...], finding: Finding) -> int | None:
    """The column of the table that holds the names beside the bars; None where none does."""
    assert finding.table is not None
    for number in range(len(finding.table.columns)):
        if set(categories) <= {str(row[number]) for row in finding.table.rows}:
            return number
    return None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
