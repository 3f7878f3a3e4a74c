"""The row layout that bar and interval charts share: a name, then its mark.

On a wide picture the names stand in a column on the left; on a phone each name stands above
its mark, so that the mark can use the whole width.
"""

from __future__ import annotations

from dataclasses import dataclass

from commonlight.findings.drawing import NARROW, document, font_size, label, lines_of_text
from commonlight.findings.model import BarChart, IntervalChart
from commonlight.findings.scales import text_width, wrap
from commonlight.findings.svg import Element

__all__ = ["RowLayout", "row_document", "row_layout", "row_name"]


@dataclass(frozen=True)
class RowLayout:
    """Where names and marks stand, in pixels."""

    width: float
    size: float
    narrow: bool
    name_width: float
    plot_left: float
    row_height: float
    mark_offset: float
    bold: bool


def row_layout(
    names: tuple[str, ...], *, width: float, mark_height: float, bold: bool = True
) -> RowLayout:
    """Measure the names and decide where marks begin and how high a row is.

    Without `bold`, no name is set in bold, and none is given the room for it.
    """
    size = font_size(width)
    if width < NARROW:
        heading = size + 8
        height = heading + mark_height + 8
        return RowLayout(width, size, True, width - 8, 2, height, heading, bold)
    longest = max((text_width(name, size, bold=bold) for name in names), default=0)
    name_width = min(longest * 1.04, width * 0.36)  # some bold fonts run wider than the estimate
    lines = max((len(wrap(name, name_width, size, bold=bold)) for name in names), default=1)
    height = max(mark_height + 10, lines * size * 1.25 + 8)
    return RowLayout(
        width,
        size,
        False,
        name_width,
        name_width + 14,
        height,
        (height - mark_height) / 2,
        bold,
    )


def row_name(
    layout: RowLayout, name: str, top: float, *, bold: bool, beside: float = 0.0
) -> list[Element]:
    """The name of a row, wrapped on a wide picture.

    On a phone it is one line and leaves `beside` pixels for a value on the right.
    """
    size = layout.size
    if layout.narrow:
        text = wrap(name, layout.name_width - beside, size, lines=1, bold=bold)
        return [label(part, 2, top + size, bold=bold, halo=True) for part in text]
    lines = wrap(name, layout.name_width, size, bold=layout.bold)
    step = size * 1.2
    first = top + layout.row_height / 2 + size * 0.36 - step * (len(lines) - 1) / 2
    return [
        label(part, layout.name_width, first + i * step, anchor="end", bold=bold)
        for i, part in enumerate(lines)
    ]


def row_document(
    chart: BarChart | IntervalChart,
    body: list[Element],
    note: str,
    *,
    layout: RowLayout,
    bottom: float,
) -> str:
    """The finished picture, with the note on its limits under the axis that ends at `bottom`."""
    height = bottom
    for text in filter(None, (note, chart.withheld)):
        drawn, taken = lines_of_text(
            text,
            layout.plot_left,
            height + 12,
            width=layout.width - layout.plot_left,
            size=layout.size,
        )
        body = [*body, *drawn]
        height += taken + 4
    return document(
        body,
        title=chart.title,
        description=chart.description,
        width=layout.width,
        height=height + 4,
    )
