"""Formulas of the documentation site as MathML, which browsers draw without a script.

mkdocs calls :func:`on_page_content`. Arithmatex marks what stands between dollar signs.
"""

from __future__ import annotations

import html
import re
from typing import Any

from latex2mathml.converter import convert

_MARKED = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)


def on_page_content(content: str, **_page: Any) -> str:
    """The page with each marked formula turned into MathML."""
    return _MARKED.sub(_drawn, content)


def _drawn(found: re.Match[str]) -> str:
    display = "block" if found[1] == "div" else "inline"
    return str(convert(html.unescape(found[2]), display=display))
