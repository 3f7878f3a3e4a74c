"""A strip of values by rows and columns, for example weekday by hour, in one hue."""

from __future__ import annotations

from commonlight.findings.charts.axes import known
from commonlight.findings.drawing import (
    document,
    font_size,
    hatch,
    identifier,
    label,
    lines_of_text,
)
from commonlight.findings.legend import class_legend
from commonlight.findings.model import HeatChart
from commonlight.findings.palette import INK, MUTED, sequential
from commonlight.findings.scales import class_breaks, class_of, text_width, wrap
from commonlight.findings.svg import Element, element
from commonlight.findings.words import number

__all__ = ["heat_chart"]


def heat_chart(chart: HeatChart, *, width: float) -> str:
    """Draw a heat strip as SVG."""
    _check(chart)
    size = font_size(width)
    key = identifier(chart.title, chart.description, width) + "-h"
    left = max((text_width(name, size) for name in chart.row_labels), default=0.0) + 14
    cell = (width - left - 2) / max(len(chart.column_labels), 1)
    height = min(max(cell, 24.0), 34.0)
    names, every = _column_names(chart, cell, size)
    top = size * 1.2 * max(map(len, names), default=1) + 7
    breaks = class_breaks([v for row in chart.values for v in known(row)])
    colours = sequential(len(breaks) + 1)
    body: list[Element] = [hatch(key, stroke="#8b959b")]
    body += [
        label(
            part,
            left + (i + 0.5) * cell,
            top - 7 - (len(name) - 1 - k) * size * 1.2,
            anchor="middle",
            fill=MUTED,
        )
        for i, name in enumerate(names)
        if i % every == 0
        for k, part in enumerate(name)
    ]
    for r, row in enumerate(chart.values):
        y = top + r * height
        body.append(label(chart.row_labels[r], left - 8, y + height / 2 + 4.5, anchor="end"))
        body.append(_row(row, left, y, cell, height, breaks, colours, key, place=r))
    bottom = top + height * len(chart.row_labels)
    body += _peak(chart, left, top, cell, height)
    legend, taken = class_legend(
        breaks,
        colours,
        unit=chart.unit,
        no_value=f"url(#{key})" if any(v is None for row in chart.values for v in row) else None,
        no_value_label="withheld" if chart.withheld else "no value",
        x=2,
        y=bottom + 14,
        width=width - 4,
        size=size,
    )
    body += legend
    bottom += taken + 14
    for note in filter(None, (_peak_words(chart), chart.withheld)):
        drawn, taken = lines_of_text(note, 2, bottom + size, width=width - 4, size=size)
        body += drawn
        bottom += taken + 6
    return document(
        body, title=chart.title, description=chart.description, width=width, height=bottom + 4
    )


def _check(chart: HeatChart) -> None:
    columns = len(chart.column_labels)
    if len(chart.values) != len(chart.row_labels) or any(
        len(row) != columns for row in chart.values
    ):
        raise ValueError(
            f"chart {chart.title!r}: values must be {len(chart.row_labels)} rows of "
            f"{columns} columns"
        )


def _column_names(chart: HeatChart, cell: float, size: float) -> tuple[list[list[str]], int]:
    """The lines of each column's name, and each how many columns one is shown."""
    widest = max((text_width(name, size) for name in chart.column_labels), default=0.0)
    if widest + 6 > cell:
        wrapped = [wrap(name, cell - 4, size, lines=4) for name in chart.column_labels]
        if not any(part.endswith("…") for name in wrapped for part in name):
            return wrapped, 1
    every = next((n for n in (1, 2, 3, 4, 6, 12) if n * cell >= widest + 6), 24)
    return [[name] for name in chart.column_labels], every


def _row(
    row: tuple[float | None, ...],
    left: float,
    y: float,
    cell: float,
    height: float,
    breaks: tuple[float, ...],
    colours: tuple[str, ...],
    key: str,
    *,
    place: int,
) -> Element:
    cells = [
        element(
            "rect",
            x=left + i * cell,
            y=y,
            width=cell,
            height=height,
            fill=f"url(#{key})" if value is None else colours[class_of(value, breaks)],
        )
        for i, value in enumerate(row)
    ]
    return element("g", *cells, stroke="#ffffff", stroke_width=1, data_row=place)


def _peak_at(chart: HeatChart) -> tuple[int, int, float] | None:
    cells = [
        (value, -r, -c)
        for r, row in enumerate(chart.values)
        for c, value in enumerate(row)
        if value is not None
    ]
    if not cells:
        return None
    value, r, c = max(cells)
    return -r, -c, value


def _peak(chart: HeatChart, left: float, top: float, cell: float, height: float) -> list[Element]:
    peak = _peak_at(chart)
    if peak is None:
        return []
    row, column, _ = peak
    box: dict[str, str | float | None] = {
        "x": left + column * cell,
        "y": top + row * height,
        "width": cell,
        "height": height,
        "fill": "none",
    }
    return [
        element("rect", **box, stroke="#ffffff", stroke_width=5),
        element("rect", **box, stroke=INK, stroke_width=2.5),
    ]


def _peak_words(chart: HeatChart) -> str:
    peak = _peak_at(chart)
    if peak is None:
        return ""
    row, column, value = peak
    decimals = 0 if value.is_integer() or value >= 100 else 1
    return (
        f"Outlined: the highest value, {chart.row_labels[row]} "
        f"{_column_words(chart.column_labels[column])} "
        f"({number(value, decimals=decimals)} {chart.unit})"
    )


def _column_words(name: str) -> str:
    """A column's name in a sentence; two digits under 24 are an hour of the day."""
    if len(name) == 2 and name.isdecimal() and int(name) < 24:
        return f"{name}:00 to {int(name) + 1:02d}:00"
    return name
