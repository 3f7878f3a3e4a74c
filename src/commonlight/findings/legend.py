"""The legend of classes that heat charts and maps share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from commonlight.findings.drawing import Key, key_row, label
from commonlight.findings.palette import AXIS
from commonlight.findings.svg import Element, element
from commonlight.findings.words import capital, number

__all__ = ["class_legend", "class_names"]


def class_names(breaks: Sequence[float]) -> tuple[str, ...]:
    """Names of the classes, lowest first; a border belongs to the class above it.

    Examples
    --------
    >>> class_names((10, 20))
    ('under 10', '10 to under 20', '20 or more')
    """
    if not breaks:
        return ("all values",)
    shown = [number(b, decimals=_decimals(breaks)) for b in breaks]
    inner = [f"{low} to under {high}" for low, high in pairwise(shown)]
    return (f"under {shown[0]}", *inner, f"{shown[-1]} or more")


def _decimals(breaks: Sequence[float]) -> int:
    for decimals in range(4):
        if len({round(b, decimals) for b in breaks}) == len(breaks) and all(
            abs(round(b, decimals) - b) < 1e-9 for b in breaks
        ):
            return decimals
    return 3


def class_legend(
    breaks: Sequence[float],
    colours: Sequence[str],
    *,
    unit: str,
    no_value: str | None,
    no_value_label: str = "no value",
    withheld: str | None = None,
    withheld_label: str = "withheld",
    names: Sequence[str] = (),
    x: float,
    y: float,
    width: float,
    size: float,
    stacked: bool = False,
) -> tuple[list[Element], float]:
    """Draw the classes with their borders and unit; returns the elements and their height.

    `names` stand in place of the borders for kinds that have no order.
    """
    keys = [
        Key(_swatch(colour), name)
        for colour, name in zip(colours, names or class_names(breaks), strict=True)
    ]
    if no_value is not None:
        keys.append(Key(_swatch(no_value), no_value_label))
    if withheld is not None:
        keys.append(Key(_swatch(withheld), withheld_label))
    if not unit:
        return key_row(keys, x=x, y=y, width=width, size=size, stacked=stacked)
    heading = label(capital(unit), x, y + size, bold=True)
    drawn, height = key_row(keys, x=x, y=y + size + 9, width=width, size=size, stacked=stacked)
    return [heading, *drawn], height + size + 9


def _swatch(fill: str) -> Element:
    return element("rect", width=26, height=12, fill=fill, stroke=AXIS, stroke_width=0.8)
