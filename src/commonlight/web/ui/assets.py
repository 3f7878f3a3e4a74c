"""Addresses of our own style and scripts, which change when their content does."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

__all__ = ["asset_address"]


@lru_cache
def asset_address(name: str) -> str:
    """The address of a static file, with a mark of its content, so that no old copy is used.

    Raises
    ------
    LookupError
        If there is no such file.
    """
    found = finders.find(name)
    if not found:
        raise LookupError(f"no static file {name!r}")
    digest = sha256(Path(found).read_bytes()).hexdigest()[:10]
    return f"{static(name)}?v={digest}"
