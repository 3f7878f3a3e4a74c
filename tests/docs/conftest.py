"""The pages that people read, and what stands in them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Block:
    """A block of code of a page, with what the page says it prints."""

    language: str
    text: str
    line: int
    printed: str | None


@dataclass(frozen=True)
class Page:
    """A page of Markdown."""

    name: str
    text: str

    @property
    def path(self) -> Path:
        return ROOT / self.name

    @property
    def blocks(self) -> list[Block]:
        return list(_blocks(self.text))

    @property
    def prose(self) -> str:
        """The page without its blocks of code."""
        return re.sub(r"^```.*?^```$", "", self.text, flags=re.DOTALL | re.MULTILINE)


def committed_files() -> list[str]:
    """Names of all files that git keeps, and of new ones that it would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted(set(listed.stdout.split("\0")) - {""})
    return [name for name in names if (ROOT / name).is_file()]


def all_pages() -> list[Page]:
    return [
        Page(name, (ROOT / name).read_text(encoding="utf-8"))
        for name in committed_files()
        if name.endswith(".md")
    ]


def _blocks(text: str) -> Iterator[Block]:
    lines = text.splitlines()
    i = 0
    found: list[Block] = []
    while i < len(lines):
        if lines[i].startswith("```"):
            end = next(j for j in range(i + 1, len(lines)) if lines[j].startswith("```"))
            body = "\n".join(lines[i + 1 : end])
            found.append(Block(lines[i][3:].strip(), body, i + 2, None))
            i = end
        i += 1
    for block, following in zip_longest(found, found[1:]):
        yield _with_output(block, following, lines)


def _with_output(block: Block, following: Block | None, lines: list[str]) -> Block:
    """What a plain block right after a Python block holds is what that block prints."""
    if block.language != "python" or following is None or following.language not in ("", "text"):
        return block
    end = block.line + len(block.text.splitlines())
    between = lines[end : following.line - 2]
    if any(line.strip() for line in between):
        return block
    return Block(block.language, block.text, block.line, following.text)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def committed_texts() -> dict[str, str]:
    """Name and text of every committed file that is a text."""
    texts = {}
    for name in committed_files():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data:
            texts[name] = data.decode("utf-8", errors="replace")
    return texts


PAGES = all_pages()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", PAGES, ids=[page.name for page in PAGES])
    if "example_page" in metafunc.fixturenames:
        chosen = [p for p in PAGES if any(b.language == "python" for b in p.blocks)]
        metafunc.parametrize("example_page", chosen, ids=[page.name for page in chosen])
