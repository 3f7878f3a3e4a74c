"""The page of a method: its question, how to read it, what it cannot say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.safestring import SafeString

from commonlight.web.ui.help.markdown import render_text
from commonlight.web.ui.help.sources import document, method_names

__all__ = ["MethodGroup", "MethodPage", "method_groups", "method_page"]

FOR_SPECIALISTS = ("Formula", "Example", "Worked example", "How it is checked", "References")
PAGE = re.compile(r"(?:\.\./methods/)?([a-z0-9-]+)\.md(?:#.*)?")
GROUP = re.compile(r"^## (.+)$", re.MULTILINE)
ENTRY = re.compile(r"^\| \[(?P<title>.+?)\]\((?P<slug>[a-z0-9-]+)\.md\) \| (?P<question>.+) \|$")


@dataclass(frozen=True)
class MethodPage:
    """A method for everybody, and the rest for specialists."""

    slug: str
    title: str
    body: SafeString
    details: SafeString


@dataclass(frozen=True)
class MethodGroup:
    """Methods that answer questions of one kind: (slug, title, question)."""

    title: str
    entries: tuple[tuple[str, str, str], ...]


@lru_cache
def method_page(slug: str) -> MethodPage:
    """The page of a method.

    Raises
    ------
    LookupError
        If there is no such method.
    """
    if slug not in method_names():
        raise LookupError(f"no method page {slug!r}")
    heading, *sections = re.split(r"^(?=## )", document(f"docs/methods/{slug}.md"), flags=re.M)
    title, _, opening = heading.removeprefix("# ").partition("\n")
    plain = [one for one in sections if not _is_for_specialists(one)]
    special = [one for one in sections if _is_for_specialists(one)]
    return MethodPage(
        slug=slug,
        title=title.strip(),
        body=render_text(opening + "".join(plain), link=address_of),
        details=render_text("".join(special), link=address_of, level=3),
    )


@lru_cache
def method_groups() -> tuple[MethodGroup, ...]:
    """All methods by the kind of their question, as the list of methods has them."""
    _, *parts = GROUP.split(document("docs/methods/index.md"))
    groups = [
        MethodGroup(title, tuple(_entries(body)))
        for title, body in zip(parts[::2], parts[1::2], strict=True)
    ]
    return tuple(group for group in groups if group.entries)


def _entries(body: str) -> list[tuple[str, str, str]]:
    rows = [ENTRY.match(line) for line in body.splitlines()]
    return [(row["slug"], row["title"], row["question"]) for row in rows if row]


def _is_for_specialists(section: str) -> bool:
    return section.removeprefix("## ").startswith(FOR_SPECIALISTS)


def address_of(target: str) -> str:
    """Where a link to another method leads; other documents are not part of the help."""
    found = PAGE.fullmatch(target)
    if found is None or found[1] not in method_names():
        return ""
    return reverse("ui-site:method", args=[found[1]])
