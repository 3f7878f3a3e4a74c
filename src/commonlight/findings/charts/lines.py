"""Lines over ordered positions, with bands, and marks on the points that matter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from commonlight.findings.charts.axes import (
    at,
    check_series,
    decimals_for,
    interval_note,
    known,
    spread_labels,
)
from commonlight.findings.drawing import (
    NARROW,
    Key,
    document,
    font_size,
    key_row,
    label,
    lines_of_text,
    segment,
)
from commonlight.findings.model import LineChart, Series
from commonlight.findings.palette import GRID, INK, MARK, MUTED, SERIES
from commonlight.findings.scales import Scale, nice_ticks, text_width, wrap
from commonlight.findings.svg import Element, element
from commonlight.findings.words import number

__all__ = ["line_chart"]

_MOST_NOTES = 8
_DASHES = (None, "7 4", "2 3", "9 3 2 3")


@dataclass(frozen=True)
class _Plot:
    x: Scale
    y: Scale
    ticks: tuple[float, ...]
    size: float
    narrow: bool
    width: float


def line_chart(chart: LineChart, *, width: float) -> str:
    """Draw a line chart as SVG."""
    check_series(chart.series, len(chart.x), chart.title)
    size = font_size(width)
    keys, head = _keys(chart, width, size) if _needs_keys(chart, width) else ([], 0.0)
    top = head + size + 14
    plot = _plot(chart, width=width, size=size, keyed=bool(keys), top=top)
    body = [*keys, label(chart.y_label, 2, head + size, fill=MUTED)]
    body += _grid(plot) + _x_axis(chart, plot)
    order = sorted(range(len(chart.series)), key=lambda i: chart.series[i].emphasis)
    for i in order:
        body += _band(chart, i, plot)
    for i in order:
        body += _line(chart, i, plot)
    if not keys and len(chart.series) > 1:
        body += _end_labels(chart, plot)
    marks, notes = _marks(chart, plot)
    body += marks
    bottom = plot.y.start + 2 * size + 20
    shading = interval_note(chart.series, mark="Shaded")
    for text in filter(None, (shading, *notes, chart.withheld)):
        drawn, taken = lines_of_text(text, 2, bottom + size, width=width - 4, size=size)
        body += drawn
        bottom += taken
    return document(
        body, title=chart.title, description=chart.description, width=width, height=bottom + 8
    )


def _needs_keys(chart: LineChart, width: float) -> bool:
    """A legend, where there is no room at the line ends or where the ends lie too close."""
    if len(chart.series) < 2:
        return False
    values = [v for one in chart.series for v in known(one.values)]
    reach = max(values, default=0.0) - (0.0 if chart.from_zero else min(values, default=0.0))
    ends = sorted(known(one.values)[-1] for one in chart.series if known(one.values))
    close = any(high - low < 0.05 * reach for low, high in pairwise(ends))
    return width < NARROW or close


def _style(index: int, one: Series) -> tuple[str, str | None, float]:
    width = 2.6 if one.emphasis or index == 0 else 1.8
    return SERIES[index % len(SERIES)], _DASHES[index % len(_DASHES)], width


def _keys(chart: LineChart, width: float, size: float) -> tuple[list[Element], float]:
    keys = []
    for i, one in enumerate(chart.series):
        stroke, dash, thick = _style(i, one)
        keys.append(Key(segment(0, 6, 26, 6, stroke=stroke, dash=dash, width=thick), one.label))
    return key_row(keys, x=2, y=2, width=width - 4, size=size)


def _plot(chart: LineChart, *, width: float, size: float, keyed: bool, top: float) -> _Plot:
    narrow = width < NARROW
    values = [m[1] for m in chart.marks]
    for one in chart.series:
        values += known(one.values) + known(one.lower) + known(one.upper)
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if chart.from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    ticks = nice_ticks(low, high, count=4 if narrow else 5)
    decimals = decimals_for(ticks)
    left = max(text_width(number(t, decimals=decimals), size) for t in ticks) + 10
    right = width - 12
    if not keyed and len(chart.series) > 1:
        longest = max(text_width(one.label, size, bold=one.emphasis) for one in chart.series)
        right = width - min(longest, width * 0.26) - 14
    height = 200.0 if narrow else 270.0
    first, last = (min(chart.x), max(chart.x)) if chart.x else (0.0, 1.0)
    if first == last:
        first, last = first - 0.5, last + 0.5
    return _Plot(
        Scale(first, last, left, right),
        Scale(ticks[0], ticks[-1], top + height, top),
        ticks,
        size,
        narrow,
        width,
    )


def _grid(plot: _Plot) -> list[Element]:
    decimals = decimals_for(plot.ticks)
    drawn = []
    for tick in plot.ticks:
        y = plot.y(tick)
        zero = tick == 0
        drawn.append(segment(plot.x.start, y, plot.x.end, y, stroke=INK if zero else GRID, width=1))
        drawn.append(
            label(
                number(tick, decimals=decimals),
                plot.x.start - 7,
                y + plot.size * 0.36,
                anchor="end",
                fill=MUTED,
            )
        )
    return drawn


def _x_axis(chart: LineChart, plot: _Plot) -> list[Element]:
    base = plot.y.start
    drawn: list[Element] = []
    last = float("-inf")
    for position in sorted(chart.x_tick_labels):
        if not plot.x.low <= position <= plot.x.high:
            continue
        x, words = plot.x(position), chart.x_tick_labels[position]
        half = text_width(words, plot.size) / 2
        middle = min(max(x, half), plot.width - half)
        if middle - half < last + 8:
            continue
        drawn.append(segment(x, base, x, base + 5, stroke=INK))
        drawn.append(label(words, middle, base + plot.size + 7, anchor="middle", fill=MUTED))
        last = middle + half
    drawn.append(label(chart.x_label, plot.x.start, base + 2 * plot.size + 13, fill=MUTED))
    return drawn


def _points(
    chart: LineChart, values: tuple[float | None, ...], plot: _Plot
) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for i, position in enumerate(chart.x):
        value = at(values, i)
        if value is None:
            runs.append([])
            continue
        runs[-1].append((plot.x(position), plot.y(value)))
    return [_stepped(run) if chart.step else run for run in runs if run]


def _stepped(run: list[tuple[float, float]]) -> list[tuple[float, float]]:
    corners = [run[0]]
    for (_, before), (x, y) in pairwise(run):
        corners += [(x, before), (x, y)]
    return corners


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _band(chart: LineChart, index: int, plot: _Plot) -> list[Element]:
    one = chart.series[index]
    stroke = SERIES[index % len(SERIES)]
    drawn: list[Element] = []
    lower, upper = _points(chart, one.lower, plot), _points(chart, one.upper, plot)
    for below, above in zip(lower, upper, strict=False):
        outline = _path(above + below[::-1]) + "Z"
        drawn.append(element("path", d=outline, fill=stroke, fill_opacity=0.16))
        drawn += [
            element("path", d=_path(edge), fill="none", stroke=stroke, stroke_width=0.8)
            for edge in (below, above)
        ]
    return drawn


def _line(chart: LineChart, index: int, plot: _Plot) -> list[Element]:
    one = chart.series[index]
    stroke, dash, width = _style(index, one)
    drawn: list[Element] = []
    runs = _points(chart, one.values, plot)
    for run, first in zip(runs, _firsts(one.values), strict=True):
        place = {"data_series": index, "data_from": first, "data_step": 2 if chart.step else None}
        if len(run) == 1:
            x, y = run[0]
            drawn.append(element("circle", cx=x, cy=y, r=2.5, fill=stroke, **place))
            continue
        drawn.append(
            element(
                "path",
                d=_path(run),
                fill="none",
                stroke=stroke,
                stroke_width=width,
                stroke_dasharray=dash,
                stroke_linejoin="round",
                **place,
            )
        )
    return drawn


def _firsts(values: tuple[float | None, ...]) -> list[int]:
    """The position of the first value of each unbroken run."""
    given = [at(values, i) is not None for i in range(len(values))]
    return [i for i, here in enumerate(given) if here and (i == 0 or not given[i - 1])]


def _end_labels(chart: LineChart, plot: _Plot) -> list[Element]:
    room = plot.width - plot.x.end - 12
    names, heights = [], []
    for i, one in enumerate(chart.series):
        values = known(one.values)
        if values:
            names.append((i, wrap(one.label, room, plot.size, lines=3, bold=one.emphasis)))
            heights.append(plot.y(values[-1]))
    most = max((len(lines) for _, lines in names), default=1)
    step = plot.size * 1.2
    placed = spread_labels(heights, gap=step * most + 2, low=plot.y.end + 4, high=plot.y.start - 2)
    drawn: list[Element] = []
    for (i, lines), y in zip(names, placed, strict=True):
        first = y + plot.size * 0.36 - step * (len(lines) - 1) / 2
        drawn += [
            label(
                part,
                plot.x.end + 8,
                first + n * step,
                fill=SERIES[i % len(SERIES)],
                bold=chart.series[i].emphasis,
                halo=True,
            )
            for n, part in enumerate(lines)
        ]
    return drawn


def _marks(chart: LineChart, plot: _Plot) -> tuple[list[Element], list[str]]:
    """Ringed points; named in place where there is room, else numbered with notes below."""
    direct = not plot.narrow and len(chart.marks) <= 3
    rings: list[Element] = []
    names: list[Element] = []
    notes: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for i, (position, value, words) in enumerate(chart.marks, start=1):
        x, y = plot.x(position), plot.y(value)
        rings.append(_ring(x, y))
        if not words:
            continue
        text = words if direct else str(i)
        place = _mark_place(x, y, text_width(text, plot.size, bold=True) / 2, plot, taken)
        taken.append(place)
        names.append(label(text, *place[:2], anchor="middle", bold=True, fill=MARK, halo=True))
        if not direct:
            notes.append(f"{i}  {words}")
    if len(notes) > _MOST_NOTES:
        rest = len(notes) - _MOST_NOTES + 1
        notes = [*notes[: _MOST_NOTES - 1], f"and {rest} more, named in the table"]
    return rings + names, notes


def _mark_place(
    x: float, y: float, half: float, plot: _Plot, taken: list[tuple[float, float, float]]
) -> tuple[float, float, float]:
    """The first place above or below the point where the words meet no others."""
    middle = min(max(x, plot.x.start + half), plot.x.end - half)
    step = plot.size + 2
    above = [y - 11 - n * step for n in range(6)]
    below = [y + plot.size + 10 + n * step for n in range(6)]
    for level in sorted(above + below, key=lambda at_y: abs(at_y - y + 0.1)):
        inside = plot.y.end + plot.size * 0.4 <= level <= plot.y.start - 4
        clear = all(
            abs(level - other_y) >= step or abs(middle - other_x) >= half + other_half + 5
            for other_x, other_y, other_half in taken
        )
        if inside and clear:
            return middle, level, half
    return middle, above[0], half


def _ring(x: float, y: float) -> Element:
    return element("circle", cx=x, cy=y, r=5, fill="#ffffff", stroke=MARK, stroke_width=2.5)
