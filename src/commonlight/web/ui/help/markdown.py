"""Documents as pages. Markup in a document is shown as text, never run."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

__all__ = ["render_line", "render_text"]

OUTSIDE = re.compile(r"https?://")
FORMULA = re.compile(r"(?<![\\$`])\$([^$`\n]+)\$(?!\$)")


@lru_cache
def _reader() -> MarkdownIt:
    """CommonMark with tables; HTML is off, so what is rendered is safe to show."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def render_line(text: str) -> SafeString:
    """One line of a document, without a paragraph around it."""
    return mark_safe(str(_reader().renderInline(text)))


def render_text(text: str, *, link: Callable[[str], str], level: int = 2) -> SafeString:
    """A document, its headings starting at `level`, formulas shown as they are written.

    `link` turns the target of a link inside our documents into an address; where it gives
    nothing, the words stay and the link goes.
    """
    tokens = _reader().parse(FORMULA.sub(r"`\1`", text))
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + level - 2, 6)}"
        if token.type == "inline":
            token.children = _linked(token.children or [], link)
    html = _reader().renderer.render(tokens, _reader().options, {})
    return mark_safe(_scrolling(html))


def _linked(children: list[Any], link: Callable[[str], str]) -> list[Any]:
    kept, dropped = [], 0
    for child in children:
        if child.type == "link_open":
            target = str(child.attrs["href"])
            address = target if OUTSIDE.match(target) else link(target)
            if not address:
                dropped += 1
                continue
            child.attrs["href"] = address
        elif child.type == "link_close" and dropped:
            dropped -= 1
            continue
        kept.append(child)
    return kept


def _scrolling(html: str) -> str:
    """Wide tables and examples scroll in a box of their own, which the keyboard reaches."""
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    return html.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')
