"""Walk all pages that a person can reach by links, and look at each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

FILES = re.compile(
    r"\.(csv|pdf|docx|pptx|md|zip|json|jsonld|svg|png|geojson|ttl|toml|css|html|txt)$"
    r"|/files/|/report/"
)
NOT_WALKED = re.compile(r"^/(demo/|api/v1/(?!docs)|static/)")
MOST_OF_A_SHAPE = 2
SLUGS = (
    "data|audits|spaces|terms|methods|parts|practices|statements|templates|tensions|cards|voices"
    "|clauses|steps|blocks|guards|positive|gates|rows|read|models|thread/[^/]+|checks/0|count"
)
"""What stands before the name of one of many things that are shown alike."""
NO_NAMES = "new|trash|requests|uploads|search"
MANY = re.compile(r"^/(w|public)/[^/]+/findings/0/0/$|^/w/[^/]+/data/0/$")
"""Shapes of which every page is looked at, as each shows something else."""


@dataclass
class Found(HTMLParser):
    """Links of a page, and the structure of its main part without the insides of pictures."""

    links: list[str] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)
    trail: list[str] = field(default_factory=list)

    VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href") and "download" not in given:
            self.links.append(given["href"] or "")
        name = ".".join([tag, *sorted((given.get("class") or "").split())])
        if "main" in self._tags() and "svg" not in self._tags():
            self.parts.add(">".join([*self.trail[-2:], name]))
        if tag not in self.VOID:
            self.trail.append(name)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.trail.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.trail and tag not in self.VOID:
            if self.trail.pop().split(".")[0] == tag:
                return

    def _tags(self) -> list[str]:
        return [one.split(".")[0] for one in self.trail]


@dataclass(frozen=True)
class Page:
    """A page that somebody can open."""

    path: str
    shape: str
    structure: frozenset[str]
    links: tuple[str, ...]


def shape_of(path: str) -> str:
    """The form of an address: which page it is, without which thing it shows."""
    parts = urlsplit(path)
    plain = re.sub(r"/\d+(?=/|$)", "/0", parts.path)
    plain = re.sub(r"(/findings/0)/[^/]+", r"\1/0", plain)
    plain = re.sub(rf"/({SLUGS})/(?!(?:{NO_NAMES})/)[^/]+/", r"/\1/0/", plain)
    return "?".join([plain, *sorted({name for name, _ in parse_qsl(parts.query)})])


def fetch(context: Any, path: str) -> tuple[int, Page | None]:
    """The answer's status, and the page where it is one."""
    answer = context.request.get(path)
    if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
        return answer.status, None
    found = Found()
    found.feed(answer.text())
    links = [_inside(link, answer.url) for link in found.links]
    kept = tuple(one for one in dict.fromkeys(links) if one and _is_page(one))
    return 200, Page(path, shape_of(path), frozenset(found.parts), kept)


def crawl(context: Any, starts: list[str], faults: list[str]) -> Iterator[Page]:
    """All pages that links lead to, a few of each shape; a link that leads nowhere is a fault."""
    waiting = [(start, "") for start in starts]
    known, counts = set(starts), dict[str, int]()
    while waiting:
        path, source = waiting.pop(0)
        status, page = fetch(context, path)
        if status != 200:
            faults.append(f"{source} links to {path}, which answers {status}")
        if page is None:
            continue
        yield page
        for link in page.links:
            if link not in known and _is_wanted(link, counts):
                known.add(link)
                waiting.append((link, path))


def _inside(link: str, here: str) -> str:
    there, base = urlsplit(urljoin(here, link)), urlsplit(here)
    if there.netloc != base.netloc or there.scheme != base.scheme:
        return ""
    return there.path + (f"?{there.query}" if there.query else "")


def _is_page(address: str) -> bool:
    return not FILES.search(address.split("?")[0]) and not NOT_WALKED.search(address)


def _is_wanted(address: str, counts: dict[str, int]) -> bool:
    shape = shape_of(address)
    counts[shape] = counts.get(shape, 0) + 1
    return counts[shape] <= MOST_OF_A_SHAPE or bool(MANY.search(shape))
