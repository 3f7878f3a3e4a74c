"""Charts as SVG, drawn on the server: one drawing for page, print and file.

Every chart draws its intervals, names its series beside them, and uses shape, dash or hatch
before colour, so that it survives a black-and-white printer. The title states the finding and
is part of the picture's accessible name; the page that embeds it sets it as text.

A chart holds no more than its specification: it tests nothing, and where an interval is not
given, it shows none.
"""

from __future__ import annotations

from commonlight.findings.charts.bars import bar_chart
from commonlight.findings.charts.heat import heat_chart
from commonlight.findings.charts.intervals import interval_chart
from commonlight.findings.charts.lines import line_chart
from commonlight.findings.model import BarChart, Chart, HeatChart, IntervalChart, LineChart

__all__ = ["render_chart"]


def render_chart(chart: Chart, *, width: float = 720) -> str:
    """Draw a chart as a standalone SVG document.

    Parameters
    ----------
    chart : BarChart, LineChart, IntervalChart or HeatChart
        What to draw.
    width : float, optional
        Width in pixels. Below 480 the layout for phones is used.

    Returns
    -------
    str
        The document, without any outside reference.

    Raises
    ------
    ValueError
        Where the width is too small, or where the specification contradicts itself.
    """
    if not 240 <= width < float("inf"):
        raise ValueError(f"a chart's width must be at least 240, in pixels; got {width}")
    match chart:
        case BarChart():
            return bar_chart(chart, width=width)
        case LineChart():
            return line_chart(chart, width=width)
        case IntervalChart():
            return interval_chart(chart, width=width)
        case HeatChart():
            return heat_chart(chart, width=width)
