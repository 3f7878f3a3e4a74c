"""The documents that help is made of: one source, in the repository or inside the wheel."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

__all__ = ["document", "method_names"]

PACKAGED = Path(__file__).parent / "documents"
"""Where the wheel holds the documents; it is filled at build, from the repository."""

REPOSITORY = Path(__file__).resolve().parents[5]


@lru_cache
def _root() -> Path:
    return PACKAGED if PACKAGED.is_dir() else REPOSITORY


@lru_cache
def document(name: str) -> str:
    """The text of a document, such as ``GLOSSARY.md`` or ``docs/methods/trend.md``.

    Raises
    ------
    FileNotFoundError
        If there is no such document, or the name leads outside.
    """
    path = (_root() / name).resolve()
    if not path.is_relative_to(_root().resolve()):
        raise FileNotFoundError(name)
    return path.read_text(encoding="utf-8")


@lru_cache
def method_names() -> tuple[str, ...]:
    """The names of all pages about methods."""
    pages = (_root() / "docs" / "methods").glob("*.md")
    return tuple(sorted(page.stem for page in pages if page.stem != "index"))
