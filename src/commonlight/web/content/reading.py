"""Read a content file; what people read in it comes in their language.

Each file says under `texts` which of its keys hold text that is translated; what stands in a table
`words` is text without being named, and `sources` keep the language that they were published in.
The texts stand in the catalogues beside those of the pages (`scripts/messages` collects both).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

__all__ = ["ContentError", "read_content", "texts_of"]


WORDS = "words"
SOURCES = frozenset({"source", "sources"})


class ContentError(ValueError):
    """A content file that cannot be used, with the file and what is wrong."""


@lru_cache
def read_content(package: str, name: str) -> dict[str, Any]:
    """What stands in `content/<name>.toml` of an app, with its texts in the reader's language.

    Raises
    ------
    ContentError
        If the file lacks its version or does not say which keys hold texts.
    """
    content = _parsed(package, name)
    marked: dict[str, Any] = _marked(content, _keys(content))
    return marked


def texts_of(package: str, name: str) -> Iterator[str]:
    """Every text of a content file, as it stands there, each once."""
    content = _parsed(package, name)
    yield from dict.fromkeys(_texts(content, _keys(content)))


def _parsed(package: str, name: str) -> dict[str, Any]:
    path = files(package).joinpath("content", f"{name}.toml")
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for key in ("version", "texts"):
        if key not in content:
            raise ContentError(f"{package}/content/{name}.toml: the key {key!r} is missing")
    return content


def _keys(content: dict[str, Any]) -> frozenset[str]:
    return frozenset({*content["texts"], WORDS})


def _marked(value: Any, keys: frozenset[str], *, is_text: bool = False) -> Any:
    if isinstance(value, dict):
        return {
            key: one if key in SOURCES else _marked(one, keys, is_text=is_text or key in keys)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_marked(one, keys, is_text=is_text) for one in value]
    if isinstance(value, str) and is_text and value:
        translated: Promise = gettext_lazy(value)
        return translated
    return value


def _texts(value: Any, keys: frozenset[str], *, is_text: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in SOURCES:
                yield from _texts(one, keys, is_text=is_text or key in keys)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, keys, is_text=is_text)
    elif isinstance(value, str) and is_text and value:
        yield value
