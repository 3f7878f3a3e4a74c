"""Pictures that keep their title, source and date when somebody takes them out of the page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

__all__ = ["Stamp", "stamped"]

LINE, TITLE_LINE, MARGIN = 17, 20, 8
#: Mean width of a letter as a share of its size, for our sans-serif, on the safe side.
LETTER = 0.56
OPENING = re.compile(r"<svg\b[^>]*>")
SIZE = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)" width="[0-9.]+" height="[0-9.]+"')


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What stands inside a picture: its title above, and lines on source and date below."""

    title: str
    lines: tuple[str, ...]


def stamped(svg: str, stamp: Stamp, *, opaque: bool = False) -> str:
    """The drawing with its title and source drawn into it.

    `opaque` lays white paper below, for a file that leaves the page. A drawing of another make
    than ours comes back as it is.
    """
    opening = OPENING.search(svg)
    size = SIZE.search(opening.group()) if opening else None
    end = svg.rfind("</svg>")
    if opening is None or size is None or end < 0:
        return svg
    width, height = float(size.group(1)), float(size.group(2))
    above = _wrapped((stamp.title,), width, 15)
    below = _wrapped(stamp.lines, width, 12)
    top, bottom = len(above) * TITLE_LINE + MARGIN, len(below) * LINE + MARGIN
    whole = height + top + bottom
    view = f'viewBox="0 {-top} {width:g} {whole:g}" width="{width:g}" height="{whole:g}"'
    tag = opening.group().replace(size.group(), view)
    paper = _paper(width, height, top, bottom) if opaque else ""
    texts = _title(above, top) + _notes(below, height)
    return svg[: opening.start()] + tag + svg[opening.end() : end] + paper + texts + "</svg>"


def _wrapped(lines: Sequence[str], width: float, size: int) -> list[str]:
    fitting = max(20, int(width / (size * LETTER)))
    return [part for line in lines if line for part in textwrap.wrap(line, fitting)]


def _paper(width: float, height: float, top: int, bottom: int) -> str:
    return (
        f'<rect x="0" y="{-top}" width="{width:g}" height="{top}" fill="#ffffff"/>'
        f'<rect x="0" y="{height:g}" width="{width:g}" height="{bottom}" fill="#ffffff"/>'
    )


def _title(lines: list[str], top: int) -> str:
    return "".join(
        f'<text x="2" y="{-top + (number + 1) * TITLE_LINE - 4}" font-size="15" '
        f'font-weight="700">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _notes(lines: list[str], height: float) -> str:
    return "".join(
        f'<text x="2" y="{height + MARGIN + (number + 1) * LINE - 5:g}" font-size="12" '
        f'fill="#4a5459">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
