"""A dot with its interval per category, and a line where "no difference" lies."""

from __future__ import annotations

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
from commonlight.findings.drawing import label, segment
from commonlight.findings.model import IntervalChart
from commonlight.findings.palette import INK, MARK, MUTED, SERIES
from commonlight.findings.scales import Scale, nice_ticks, text_width
from commonlight.findings.svg import Element, element
from commonlight.findings.words import number

__all__ = ["interval_chart"]

_MARK_HEIGHT = 16.0


def interval_chart(chart: IntervalChart, *, width: float) -> str:
    """Draw a dot-interval chart as SVG."""
    check_series((chart.series,), len(chart.categories), chart.title)
    layout = row_layout(chart.categories, width=width, mark_height=_MARK_HEIGHT, bold=False)
    texts = _texts(chart)
    scale, ticks = _scale(chart, layout, texts)
    head = layout.size + 12 if chart.reference is not None and chart.reference_label else 4.0
    bottom = head + layout.row_height * len(chart.categories)
    body, height = bottom_axis(
        scale,
        ticks,
        top=head,
        bottom=bottom,
        text=chart.x_label,
        size=layout.size,
        left=layout.plot_left,
        width=width,
    )
    body += _reference(chart, scale, head, bottom, layout)
    for row, name in enumerate(chart.categories):
        top = head + row * layout.row_height
        beside = text_width(texts[row], layout.size) + 8
        body += row_name(layout, name, top, bold=False, beside=beside)
        body += _mark(chart, row, top, layout, scale, texts[row])
    note = interval_note((chart.series,), mark="Lines")
    return row_document(chart, body, note, layout=layout, bottom=bottom + height)


def _texts(chart: IntervalChart) -> list[str]:
    one = chart.series
    values = known(one.values) + known(one.lower) + known(one.upper)
    decimals = value_decimals(values)
    texts = []
    for row in range(len(chart.categories)):
        value, lower, upper = at(one.values, row), at(one.lower, row), at(one.upper, row)
        if value is None:
            texts.append(no_value(chart.withheld))
        elif lower is None or upper is None:
            texts.append(number(value, decimals=decimals))
        else:
            texts.append(
                f"{number(value, decimals=decimals)} "
                f"({number(lower, decimals=decimals)} to {number(upper, decimals=decimals)})"
            )
    return texts


def _scale(
    chart: IntervalChart, layout: RowLayout, texts: list[str]
) -> tuple[Scale, tuple[float, ...]]:
    one = chart.series
    values = known(one.values) + known(one.lower) + known(one.upper)
    if chart.reference is not None:
        values.append(chart.reference)
    values += chart.reaches
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    ticks = nice_ticks(low, high, count=4 if layout.narrow else 5)
    widest = max((text_width(text, layout.size) for text in texts), default=0.0)
    right = layout.width - (14 if layout.narrow else widest + 16)
    return Scale(ticks[0], ticks[-1], layout.plot_left + 8, right), ticks


def _reference(
    chart: IntervalChart, scale: Scale, top: float, bottom: float, layout: RowLayout
) -> list[Element]:
    if chart.reference is None:
        return []
    x = scale(chart.reference)
    drawn = [segment(x, top - 2, x, bottom, stroke=MARK, width=1.5, dash="5 3")]
    if chart.reference_label:
        half = text_width(chart.reference_label, layout.size) / 2
        at_x = min(max(x, half + 2), layout.width - half - 2)
        drawn.append(
            label(chart.reference_label, at_x, layout.size + 1, anchor="middle", fill=MARK)
        )
    return drawn


def _mark(
    chart: IntervalChart, row: int, top: float, layout: RowLayout, scale: Scale, text: str
) -> list[Element]:
    one = chart.series
    value, lower, upper = at(one.values, row), at(one.lower, row), at(one.upper, row)
    y = top + layout.mark_offset + _MARK_HEIGHT / 2
    drawn: list[Element] = []
    if lower is not None and upper is not None:
        drawn.append(segment(scale(lower), y, scale(upper), y, stroke=SERIES[0], width=3))
        drawn += [
            segment(x, y - 5, x, y + 5, stroke=SERIES[0], width=1.5)
            for x in (scale(lower), scale(upper))
        ]
    if value is not None:
        drawn.append(
            element(
                "circle",
                cx=scale(value),
                cy=y,
                r=5,
                fill=SERIES[0],
                stroke="#ffffff",
                stroke_width=1.5,
                data_row=row,
                data_series=0,
            )
        )
    at_y = top + layout.size if layout.narrow else y + 4.5
    fill = MUTED if value is None else INK
    drawn.append(label(text, layout.width - 2, at_y, anchor="end", fill=fill, halo=True))
    return drawn
