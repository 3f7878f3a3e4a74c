"""Statements about things, written as JSON-LD or as Turtle."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

__all__ = ["Node", "Text", "Uri", "as_json_ld", "as_turtle"]

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_UNSAFE = re.compile(r'[\x00-\x20<>"{}|\\^`]')


@dataclass(frozen=True)
class Uri:
    """A thing with an address."""

    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _UNSAFE.sub(lambda m: quote(m.group()), self.value))


@dataclass(frozen=True)
class Text:
    """Words in a language."""

    value: str
    language: str = ""


Value = Uri | Text | date | datetime


@dataclass
class Node:
    """A thing: its address, its kind, and what is said of it."""

    uri: Uri
    kind: str
    says: dict[str, list[Value]] = field(default_factory=dict)

    def say(self, name: str, *values: Value | None) -> None:
        """Add what is known; what is not known is left out."""
        known = [one for one in values if one is not None and one != Text("")]
        if known:
            self.says.setdefault(name, []).extend(known)


def as_json_ld(nodes: Iterable[Node]) -> str:
    """The statements as JSON-LD."""
    graph = [
        {
            "@id": node.uri.value,
            "@type": node.kind,
            **{name: [_json(value) for value in values] for name, values in node.says.items()},
        }
        for node in nodes
    ]
    document = {"@context": PREFIXES, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_turtle(nodes: Iterable[Node]) -> str:
    """The statements as Turtle."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    for node in nodes:
        parts = [f"a {node.kind}"]
        for name, values in node.says.items():
            parts.append(f"{name} {', '.join(_turtle(value) for value in values)}")
        lines.append(f"\n<{node.uri.value}> " + " ;\n    ".join(parts) + " .")
    return "\n".join(lines) + "\n"


def _json(value: Value) -> dict[str, Any]:
    if isinstance(value, Uri):
        return {"@id": value.value}
    if isinstance(value, Text):
        return {"@value": value.value, **({"@language": value.language} if value.language else {})}
    return {"@value": value.isoformat(), "@type": _kind(value)}


def _turtle(value: Value) -> str:
    if isinstance(value, Uri):
        return f"<{value.value}>"
    if isinstance(value, Text):
        return _quoted(value.value) + (f"@{value.language}" if value.language else "")
    return f'"{value.isoformat()}"^^{_kind(value)}'


def _kind(value: date) -> str:
    return "xsd:dateTime" if isinstance(value, datetime) else "xsd:date"


def _quoted(text: str) -> str:
    """A text as Turtle writes it; JSON escapes the same characters in the same way."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
