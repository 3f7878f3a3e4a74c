"""The content files of the partnership, by what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonlight.web.content import read_content

__all__ = ["by_id", "rows", "template_names", "template_of", "title_of", "words"]

PACKAGE = "commonlight.web.partnerships"
TEMPLATES = (
    "port_partnership",
    "joint_strategy",
    "business_park_forum",
    "data_committee",
    "four_week_cycle",
)


def rows(name: str, key: str) -> list[dict[str, Any]]:
    """The rows of one kind in a content file."""
    found: list[dict[str, Any]] = read_content(PACKAGE, name)[key]
    return found


def by_id(name: str, key: str) -> dict[str, dict[str, Any]]:
    """The same rows by their id."""
    return {one["id"]: one for one in rows(name, key)}


def title_of(name: str, key: str, one: str) -> Any:
    """The title of a row; what the content does not know stands as it is."""
    found = by_id(name, key).get(one)
    return found["title"] if found else one


def words(name: str) -> Mapping[str, Any]:
    """The words of a content file."""
    found: Mapping[str, Any] = read_content(PACKAGE, name)["words"]
    return found


def template_names() -> tuple[str, ...]:
    """The starting templates, in the order in which they are listed."""
    return TEMPLATES


def template_of(name: str) -> dict[str, Any]:
    """One starting template.

    Raises
    ------
    KeyError
        If there is none of this name.
    """
    if name not in TEMPLATES:
        raise KeyError(name)
    return read_content(PACKAGE, f"templates/{name}")
