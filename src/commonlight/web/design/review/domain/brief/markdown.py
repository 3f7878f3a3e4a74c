"""The brief as Markdown: the same sections and the same words, for whoever edits on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from commonlight.web.design.review.domain.brief.blocks import Block, lead_and_rest, text_of

__all__ = ["as_markdown"]

MARKS = re.compile(r"([\\`*_\[\]<>|#])")


def as_markdown(content: Mapping[str, Any]) -> str:
    """The whole brief as Markdown text."""
    return "\n\n".join(_parts(content)) + "\n"


def _parts(content: Mapping[str, Any]) -> Iterator[str]:
    words = content["words"]
    yield f"# {_plain(content['title'])}"
    issued = [_plain(content[name]) for name in ("city", "partnership")]
    yield " · ".join([f"**{_plain(words['kind'])}**", *issued])
    if content["is_simulated"]:
        yield f"> {_plain(words['simulated'])}"
    if content["one_sided"]:
        yield f"> {_plain(content['one_sided'])}"
    yield "\n".join(f"- **{_plain(name)}:** {_plain(value)}" for name, value in content["cover"])
    yield _plain(f"{words['as_of']} {words['no_persons']}")
    lead, rest = lead_and_rest(content)
    for section in lead:
        yield from _section(section, words)
    if content["missing"]:
        rows = "\n".join(f"- {_plain(one)}" for one in content["missing"])
        yield f"**{_plain(words['missing'])}**\n\n{rows}"
    for section in rest:
        yield from _section(section, words)


def _section(section: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    yield f"## {_plain(section['title'])}"
    if section["text"]:
        yield "\n\n".join(_plain(line) for line in section["text"].splitlines() if line.strip())
    if section["is_empty"]:
        yield f"*{_plain(section['when_empty'])}*"
    for block in section["blocks"]:
        yield from _block(block)
    if section["asks_for"] and section["is_empty"]:
        yield f"*{_plain(words['unwritten'])} {_plain(section['asks_for'])}*"


def _block(block: Block) -> Iterator[str]:
    kind = block["kind"]
    if kind == "note":
        yield f"*{_plain(block['text'])}*"
    elif kind == "quote":
        yield f"> {_line(block['text'])}\n>\n> {_plain(block['source'])}"
    elif kind == "figure":
        yield f"**{_plain(block['title'])}.** {_plain(block['alt'])}"
    elif kind == "table":
        yield f"**{_plain(block['caption'])}**"
        yield _table(block)
    else:
        if block["label"]:
            yield f"**{_plain(block['label'])}**"
        yield "\n".join(_rows(block))


def _rows(block: Block) -> Iterator[str]:
    if block["kind"] == "facts":
        yield from (f"- **{_plain(name)}:** {_broken(value)}" for name, value in block["pairs"])
    else:
        yield from (f"- {_line(text_of(one))}" for one in block["items"])


def _table(block: Block) -> str:
    heads = [_line(one) or " " for one in block["heads"]]
    lines = [heads, ["---"] * len(heads)]
    lines += [[_line(text_of(cell)) for cell in row] for row in block["rows"]]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _plain(text: Any) -> str:
    """A text in which nothing is taken for markup."""
    return MARKS.sub(r"\\\1", str(text))


def _broken(text: Any) -> str:
    """A text on as many lines as it has, within one item of a list."""
    return "  \n  ".join(_line(line) for line in str(text).splitlines() if line.strip())


def _line(text: Any) -> str:
    """A text on one line."""
    return _plain(" ".join(str(text).split()))
