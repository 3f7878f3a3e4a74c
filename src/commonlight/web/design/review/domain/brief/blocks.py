"""The parts of which a brief is made: plain values that page, print, PDF and Markdown all show.

An item that names a thing of the thread carries its key, so that a reader who may not see the
thing does not read its name in the brief either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.design.review.domain.sentences import mended
from commonlight.web.policy import Actor
from commonlight.web.thread.domain.support import Nodes
from commonlight.web.thread.kinds import Key
from commonlight.web.ui.punctuation import listed

__all__ = [
    "Block",
    "Item",
    "facts",
    "figure",
    "is_lead",
    "item",
    "items",
    "lead_and_rest",
    "note",
    "quote",
    "redacted",
    "table",
    "text_of",
]

Block = dict[str, Any]
Item = str | dict[str, Any]
Cell = Item | list[Item]


def item(text: Any, node: Key | None = None) -> Item:
    """One thing in a list; `node` is the thing of the thread that it names."""
    told = mended(str(text))
    return told if node is None else {"text": told, "node": list(node)}


def note(text: Any) -> Block:
    """A sentence that says what is missing, or how to read what follows."""
    return {"kind": "note", "text": mended(str(text))}


def quote(text: Any, source: Any = "") -> Block:
    """Words that stand out: a statement, with where it comes from."""
    return {"kind": "quote", "text": str(text), "source": str(source)}


def items(label: Any, rows: Iterable[Item]) -> Block:
    """A list under a label, which may be empty; each line of a text is an item of its own."""
    return {
        "kind": "items",
        "label": str(label),
        "items": [one for row in rows for one in _lines(row)],
    }


def facts(label: Any, pairs: Iterable[tuple[Any, Any]]) -> Block:
    """Facts with their names; what is empty is left out."""
    told = [[str(name), mended(str(value))] for name, value in pairs if str(value)]
    return {"kind": "facts", "label": str(label), "pairs": told}


def table(caption: Any, heads: Sequence[Any], rows: Iterable[Sequence[Cell]]) -> Block:
    """A table with its caption and heads; the first column names the row."""
    return {
        "kind": "table",
        "caption": str(caption),
        "heads": [str(one) for one in heads],
        "rows": [[_cell(one) for one in row] for row in rows],
    }


def figure(title: Any, alt: Any, svg: str, *, is_wide: bool = False) -> Block:
    """A drawing with its words for those who do not see it; a wide one lies on paper."""
    return {
        "kind": "figure",
        "title": str(title),
        "alt": str(alt),
        "svg": svg,
        "is_wide": is_wide,
    }


def text_of(cell: Any) -> str:
    """A cell or an item as plain text."""
    if isinstance(cell, list):
        return mended(listed(text_of(one) for one in cell))
    return str(cell["text"]) if isinstance(cell, Mapping) else str(cell)


def lead_and_rest(content: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """The sections of the first page, and those behind it.

    A brief that was kept before sections said so leads with its summary alone.
    """
    lead = [one for one in content["sections"] if is_lead(one)]
    return lead, [one for one in content["sections"] if not is_lead(one)]


def is_lead(section: Mapping[str, Any]) -> bool:
    """Whether a section stands on the first page."""
    return bool(section.get("is_lead", section["id"] == "summary"))


def redacted(content: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The brief as the actor may read it: what is closed to her is not named."""
    keys = list(dict.fromkeys(_keys(content)))
    nodes = Nodes(actor.workspace, keys, actor=actor)
    closed = {key for key in keys if key in nodes.things and not nodes.is_open(key)}
    shown: dict[str, Any] = _without(content, closed)
    return shown


def _cell(cell: Any) -> Any:
    if isinstance(cell, list):
        return [_cell(one) for one in cell]
    if isinstance(cell, dict):
        return cell
    lines = _lines(str(cell))
    return lines if len(lines) > 1 else "".join(map(text_of, lines))


def _lines(text: Item) -> list[Item]:
    """The lines of a text, mended; a text that names a thing stays whole."""
    if isinstance(text, dict):
        return [text]
    return [mended(line.strip()) for line in str(text).splitlines() if line.strip()]


def _keys(value: Any) -> Iterable[Key]:
    if isinstance(value, Mapping):
        if "node" in value:
            yield tuple(value["node"])
        for one in value.values():
            yield from _keys(one)
    elif isinstance(value, list):
        for one in value:
            yield from _keys(one)


def _without(value: Any, closed: set[Key]) -> Any:
    if isinstance(value, Mapping):
        if "node" in value and tuple(value["node"]) in closed:
            return {**value, "text": _("A source that is closed to you")}
        return {name: _without(one, closed) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, closed) for one in value]
    return value
