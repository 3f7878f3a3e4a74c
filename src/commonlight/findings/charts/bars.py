"""Horizontal bars, with limits where they are known, and the value printed at each bar."""

from __future__ import annotations

from dataclasses import dataclass

from commonlight.findings.charts.axes import (
    at,
    bottom_axis,
    check_series,
    interval_note,
    known,
    no_value,
    value_decimals,
)
from commonlight.findings.charts.rows import RowLayout, row_document, row_layout, row_name
from commonlight.findings.drawing import (
    Key,
    hatch,
    identifier,
    key_row,
    label,
    segment,
)
from commonlight.findings.model import BarChart, Series
from commonlight.findings.palette import INK, MUTED, SERIES
from commonlight.findings.scales import Scale, nice_ticks, text_width
from commonlight.findings.svg import Element, element
from commonlight.findings.words import number

__all__ = ["bar_chart"]

_BAR = 18.0
_GROUPED_BAR = 15.0


@dataclass(frozen=True)
class _Style:
    fill: str
    stroke: str | None


def bar_chart(chart: BarChart, *, width: float) -> str:
    """Draw a bar chart as SVG."""
    check_series(chart.series, len(chart.categories), chart.title)
    key = identifier(chart.title, chart.description, width)
    bar = _BAR if len(chart.series) == 1 else _GROUPED_BAR
    layout = row_layout(chart.categories, width=width, mark_height=bar * len(chart.series))
    styles = _styles(chart, key)
    body: list[Element] = [hatch(key + "-h", stroke=SERIES[0])]
    keys, top = _keys(chart, styles, layout)
    body += keys
    scale, ticks = _scale(chart, layout)
    bottom = top + layout.row_height * len(chart.categories)
    axis, height = bottom_axis(
        scale,
        ticks,
        top=top,
        bottom=bottom,
        text=chart.x_label,
        size=layout.size,
        left=layout.plot_left,
        width=width,
    )
    body += axis
    for row, name in enumerate(chart.categories):
        body += _row(chart, row, name, top + row * layout.row_height, layout, scale, bar, styles)
    body.append(segment(scale(0), top, scale(0), bottom, stroke=INK))
    note = interval_note(chart.series, mark="Whiskers")
    return row_document(chart, body, note, layout=layout, bottom=bottom + height)


def _styles(chart: BarChart, key: str) -> list[_Style]:
    if len(chart.series) == 1:
        return [_Style(SERIES[0], None)]
    wheel = [
        _Style(SERIES[0], SERIES[0]),
        _Style(f"url(#{key}-h)", SERIES[0]),
        _Style("#ffffff", SERIES[0]),
        _Style(SERIES[1], SERIES[1]),
    ]
    return [wheel[i % len(wheel)] for i in range(len(chart.series))]


def _keys(chart: BarChart, styles: list[_Style], layout: RowLayout) -> tuple[list[Element], float]:
    if len(chart.series) == 1:
        return [], 4.0
    keys = [
        Key(_rect(0, 0, 26, 12, style), one.label)
        for one, style in zip(chart.series, styles, strict=True)
    ]
    drawn, height = key_row(keys, x=2, y=2, width=layout.width - 4, size=layout.size)
    return drawn, height + 8


def _scale(chart: BarChart, layout: RowLayout) -> tuple[Scale, tuple[float, ...]]:
    values = [0.0]
    for one in chart.series:
        values += known(one.values) + known(one.lower) + known(one.upper)
    count = 4 if layout.narrow else 5
    ticks = nice_ticks(min(values), max(values) or 1.0, count=count)
    decimals = _decimals(chart)
    widest = max(text_width(number(v, decimals=decimals), layout.size, bold=True) for v in values)
    low = ticks[0] if min(values) < 0 else 0.0
    left = layout.plot_left + (widest + 8 if min(values) < 0 else 0)
    return Scale(low, ticks[-1], left, layout.width - max(widest + 10, 16)), ticks


def _decimals(chart: BarChart) -> int:
    return value_decimals([v for one in chart.series for v in known(one.values)])


def _row(
    chart: BarChart,
    row: int,
    name: str,
    top: float,
    layout: RowLayout,
    scale: Scale,
    bar: float,
    styles: list[_Style],
) -> list[Element]:
    strong = name in chart.highlight
    drawn = row_name(layout, name, top, bold=strong)
    decimals = _decimals(chart)
    for number_in_row, one in enumerate(chart.series):
        y = top + layout.mark_offset + number_in_row * bar
        style = styles[number_in_row]
        if chart.highlight and len(chart.series) == 1 and not strong:
            style = _Style(SERIES[1], None)
        place = (row, number_in_row)
        drawn += _bar(one, place, y, bar, scale, style, decimals, strong, no_value(chart.withheld))
    return drawn


def _bar(
    one: Series,
    place: tuple[int, int],
    y: float,
    bar: float,
    scale: Scale,
    style: _Style,
    decimals: int,
    strong: bool,
    missing: str,
) -> list[Element]:
    row, _ = place
    value, lower, upper = at(one.values, row), at(one.lower, row), at(one.upper, row)
    middle = y + bar / 2
    if value is None:
        return [label(missing, scale(0) + 6, middle + 4.5, fill=MUTED)]
    start, end = sorted((scale(0), scale(value)))
    drawn = [_rect(start, y + 1, max(end - start, 1), bar - 2, style, place=place)]
    reach = [value]
    if lower is not None and upper is not None:
        drawn += _whisker(scale(lower), scale(upper), middle)
        reach += [lower, upper]
    text = number(value, decimals=decimals)
    if value < 0:
        x, anchor = scale(min(reach)) - 6, "end"
    else:
        x, anchor = scale(max(reach)) + 6, "start"
    drawn.append(label(text, x, middle + 4.5, anchor=anchor, bold=strong, halo=True))
    return drawn


def _whisker(left: float, right: float, y: float) -> list[Element]:
    parts = [
        element("path", d=_whisker_path(left, right, y), stroke="#ffffff", stroke_width=4),
        element("path", d=_whisker_path(left, right, y), stroke=INK, stroke_width=1.5),
    ]
    return [element("g", *parts, fill="none")]


def _whisker_path(left: float, right: float, y: float) -> str:
    return (
        f"M{left:.1f} {y:.1f}H{right:.1f}M{left:.1f} {y - 4:.1f}V{y + 4:.1f}"
        f"M{right:.1f} {y - 4:.1f}V{y + 4:.1f}"
    )


def _rect(
    x: float,
    y: float,
    width: float,
    height: float,
    style: _Style,
    *,
    place: tuple[int, int] | None = None,
) -> Element:
    """A bar; one that stands for a value says which row and series it is."""
    return element(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        fill=style.fill,
        stroke=style.stroke,
        stroke_width=1.2 if style.stroke else None,
        data_row=place[0] if place else None,
        data_series=place[1] if place else None,
    )
