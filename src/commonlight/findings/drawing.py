"""What every chart and map shares: the document, text, hatching and keys.

Only presentation attributes are used, no style sheet and no outside reference, so that a
browser, a printer and a typesetting program draw the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from commonlight.findings.palette import AXIS, INK, MUTED, PAPER
from commonlight.findings.scales import text_width, wrap
from commonlight.findings.svg import Element, element

__all__ = [
    "FONT",
    "NARROW",
    "Key",
    "document",
    "dots",
    "font_size",
    "hatch",
    "identifier",
    "key_row",
    "label",
    "lines_of_text",
    "segment",
]

FONT = "Helvetica Neue, Arial, Liberation Sans, DejaVu Sans, sans-serif"

NARROW = 480
"""Below this width in pixels a chart uses its layout for phones."""


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a drawing of 26 by 12 pixels with its top left at 0, 0, and words."""

    symbol: Element
    text: str


def identifier(title: str, description: str, width: float) -> str:
    """Return an id for the parts of a picture, equal for equal pictures and else different."""
    digest = sha256(f"{title}\x1f{description}\x1f{width}".encode(errors="replace"))
    return "g" + digest.hexdigest()[:10]


def document(
    body: Iterable[Element], *, title: str, description: str, width: float, height: float
) -> str:
    """Wrap drawn elements as a standalone SVG document with an accessible name."""
    key = identifier(title, description, width)
    root = element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", description, id=f"{key}-desc"),
        element("rect", width=width, height=height, fill=PAPER),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=round(width),
        height=round(height),
        role="img",
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
        font_family=FONT,
        font_size=font_size(width),
        fill=INK,
    )
    return str(root)


def font_size(width: float) -> float:
    """Text size in pixels for a picture of this width."""
    return 12.0 if width < NARROW else 13.0


def label(
    text: str,
    x: float,
    y: float,
    *,
    anchor: str | None = None,
    bold: bool = False,
    size: float | None = None,
    fill: str | None = None,
    halo: bool = False,
) -> Element:
    """One line of text; `halo` draws a white edge so that it reads over lines."""
    return element(
        "text",
        text,
        x=x,
        y=y,
        text_anchor=anchor,
        font_weight="700" if bold else None,
        font_size=size,
        fill=fill,
        stroke=PAPER if halo else None,
        stroke_width=3.5 if halo else None,
        stroke_linejoin="round" if halo else None,
        paint_order="stroke" if halo else None,
    )


def lines_of_text(
    text: str, x: float, y: float, *, width: float, size: float, fill: str = MUTED, lines: int = 6
) -> tuple[list[Element], float]:
    """Wrapped text and the height it takes."""
    parts = wrap(text, width, size, lines=lines)
    step = round(size * 1.35)
    drawn = [label(part, x, y + i * step, size=size, fill=fill) for i, part in enumerate(parts)]
    return drawn, step * len(parts)


def segment(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    stroke: str = AXIS,
    width: float = 1.0,
    dash: str | None = None,
) -> Element:
    """A straight line."""
    return element(
        "line",
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        stroke=stroke,
        stroke_width=width,
        stroke_dasharray=dash,
    )


def hatch(key: str, *, stroke: str, paper: str = PAPER, gap: float = 5.0) -> Element:
    """A diagonal hatch to be used as ``fill="url(#key)"``."""
    return element(
        "defs",
        element(
            "pattern",
            element("rect", width=gap, height=gap, fill=paper),
            element("path", d=f"M0 0V{gap}", stroke=stroke, stroke_width=2),
            id=key,
            width=gap,
            height=gap,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        ),
    )


def dots(key: str, *, fill: str, paper: str = PAPER, gap: float = 6.0) -> Element:
    """A pattern of dots to be used as ``fill="url(#key)"``, unlike any hatch."""
    return element(
        "defs",
        element(
            "pattern",
            element("rect", width=gap, height=gap, fill=paper),
            element("circle", cx=gap / 2, cy=gap / 2, r=1.3, fill=fill),
            id=key,
            width=gap,
            height=gap,
            patternUnits="userSpaceOnUse",
        ),
    )


def key_row(
    keys: Sequence[Key],
    *,
    x: float,
    y: float,
    width: float,
    size: float,
    stacked: bool = False,
) -> tuple[list[Element], float]:
    """Legend entries set in rows, or one a row; returns the elements and the height they take."""
    drawn: list[Element] = []
    left, top, step = x, y, size + 9
    for key in keys:
        need = 34 + text_width(key.text, size)
        if left > x and (stacked or left + need > x + width):
            left, top = x, top + step
        drawn.append(element("g", key.symbol, transform=f"translate({left:.1f} {top:.1f})"))
        text = wrap(key.text, width - 34, size, lines=1)[0] if key.text else ""
        drawn.append(label(text, left + 33, top + size * 0.85))
        left += need + 18
    return drawn, (top - y + step) if keys else 0.0
