"""The terms of the field, each defined once, in GLOSSARY.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from django.utils.safestring import SafeString
from django.utils.text import slugify

from commonlight.web.ui.help.markdown import render_line
from commonlight.web.ui.help.sources import document

__all__ = ["Term", "find_term", "glossary"]

ROW = re.compile(r"^\| \*\*(?P<name>.+?)\*\* \| (?P<meaning>.+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Term:
    """A term and what it means here."""

    slug: str
    name: str
    meaning: SafeString


@lru_cache
def glossary() -> Mapping[str, Term]:
    """All terms, in the order of the glossary, by slug."""
    found = [_term(row["name"], row["meaning"]) for row in ROW.finditer(document("GLOSSARY.md"))]
    return MappingProxyType({term.slug: term for term in found})


def find_term(name: str) -> Term:
    """The term of this name, also where "audit, local safety" is asked for as "local safety audit".

    Raises
    ------
    LookupError
        If the glossary does not define it.
    """
    slug = slugify(name)
    term = glossary().get(slug) or glossary().get(slugify(_turned(name)))
    if term is None:
        raise LookupError(f"GLOSSARY.md does not define {name!r}")
    return term


def _term(name: str, meaning: str) -> Term:
    plain = name.replace("\\*", "*").replace("\\|", "|")
    return Term(slugify(plain), plain, render_line(meaning))


def _turned(name: str) -> str:
    *rest, head = name.split()
    return " ".join([head, *rest])
