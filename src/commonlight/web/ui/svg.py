"""Pictures that our own library drew, let into a page by an allow-list.

The pictures are ours, but their words come from cities' files. Nothing is trusted: an element
or an attribute that is not on the list is left out, and so is every address outside the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from django.utils.safestring import SafeString, mark_safe

__all__ = ["UnsafePictureError", "inline_svg"]

SPACE = "{http://www.w3.org/2000/svg}"
ELEMENTS = frozenset(
    "svg title desc defs pattern clipPath g path rect circle ellipse line polyline polygon text "
    "tspan".split()
)
ATTRIBUTES = frozenset(
    "id class role viewBox width height x y x1 y1 x2 y2 cx cy r rx ry d points transform "
    "preserveAspectRatio patternUnits patternTransform patternContentUnits clip-path clip-rule "
    "fill fill-opacity fill-rule stroke stroke-width stroke-dasharray stroke-linejoin "
    "stroke-linecap stroke-opacity opacity paint-order font-family font-size font-weight "
    "font-style text-anchor dominant-baseline dx dy vector-effect aria-labelledby "
    "aria-describedby aria-hidden aria-label data-row data-series data-column data-from "
    "data-step".split()
)
INSIDE = re.compile(r"url\(#[A-Za-z0-9_-]+\)")
LARGEST = 8_000_000


class UnsafePictureError(ValueError):
    """The text is not a picture that our library draws."""


@lru_cache(maxsize=128)
def inline_svg(text: str) -> SafeString:
    """The picture with nothing in it but shapes and words.

    Raises
    ------
    UnsafePictureError
        If it is no SVG, declares a document type or entities, or is larger than 8 MB.
    """
    if len(text) > LARGEST or "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnsafePictureError("a picture must be plain SVG of at most 8 MB, without a DOCTYPE")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise UnsafePictureError(f"a picture cannot be read as SVG: {error}") from error
    if root.tag != f"{SPACE}svg":
        raise UnsafePictureError(f"a picture must be SVG; got <{root.tag[:40]}>")
    return mark_safe("".join(_written(root)))


def _written(node: ElementTree.Element) -> Iterator[str]:
    name = node.tag.removeprefix(SPACE) if isinstance(node.tag, str) else ""
    if name not in ELEMENTS:
        return
    kept = [(key, value) for key, value in node.items() if _is_allowed(key, value)]
    yield f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in kept) + ">"
    yield escape(node.text or "")
    for child in node:
        yield from _written(child)
        yield escape(child.tail or "")
    yield f"</{name}>"


def _is_allowed(key: str, value: str) -> bool:
    if key not in ATTRIBUTES:
        return False
    return "url(" not in value.lower() or INSIDE.fullmatch(value.strip()) is not None
