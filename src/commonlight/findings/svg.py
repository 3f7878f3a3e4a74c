"""A very small builder for SVG that escapes everything it is given.

An element is a value: a name, attributes and children. Nothing is drawn by joining text, so a
label from a city's file cannot become markup. Numbers are written with at most two decimals,
attributes that are None are left out, and characters that XML forbids are dropped.

It knows nothing of charts, and it does not check that an attribute exists in SVG.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from math import isfinite

__all__ = ["Element", "element", "format_number"]

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Element:
    """One SVG element; ``str(element)`` is its markup."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Element | str, ...]

    def __str__(self) -> str:
        opening = self.name + "".join(f' {key}="{value}"' for key, value in self.attributes)
        if not self.children:
            return f"<{opening}/>"
        inner = "".join(
            str(child) if isinstance(child, Element) else _clean(child) for child in self.children
        )
        return f"<{opening}>{inner}</{self.name}>"


def _clean(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text), quote=True)


def element(
    name: str, *children: Element | str | None, **attributes: str | float | None
) -> Element:
    """Build an element.

    Parameters
    ----------
    name : str
        The element's name, for example ``"rect"``.
    *children : Element, str or None
        Elements, or text that will be escaped. None is left out.
    **attributes : str, float or None
        Attributes; an underscore becomes a hyphen (``stroke_width``), a trailing underscore is
        dropped (``class_``), None is left out.

    Returns
    -------
    Element
        The element.

    Examples
    --------
    >>> str(element("text", "Fish & chips", x=1.5, font_size=12))
    '<text x="1.5" font-size="12">Fish &amp; chips</text>'
    """
    pairs = tuple(
        (_attribute_name(key), _attribute_value(value))
        for key, value in attributes.items()
        if value is not None
    )
    return Element(name, pairs, tuple(child for child in children if child is not None))


def format_number(value: float, decimals: int = 2) -> str:
    """Write a coordinate with at most `decimals` decimals and no superfluous zeros.

    Examples
    --------
    >>> format_number(3.14159), format_number(2.0), format_number(-0.0)
    ('3.14', '2', '0')
    """
    if not isfinite(value):
        raise ValueError(f"a coordinate must be finite, in pixels; got {value}")
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _attribute_name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _attribute_value(value: str | float) -> str:
    return _clean(value) if isinstance(value, str) else format_number(float(value))
