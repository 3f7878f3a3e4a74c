"""The primary navigation: each app names its own entries in `navigation.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

__all__ = ["MORE", "Entry", "NavigationItem", "entries", "items"]

MORE = 80
"""Entries of this order and above stand together, under "More"."""


@dataclass(frozen=True)
class NavigationItem:
    """One entry: it is shown to those who may do `action`; a lower `order` stands further ahead."""

    label: str | Promise
    url_name: str
    action: str
    order: int = 50


@dataclass(frozen=True)
class Entry:
    """An entry in a workspace: `current` is "page" here, "true" above this page, else empty."""

    item: NavigationItem
    address: str
    current: str


@lru_cache
def items() -> tuple[NavigationItem, ...]:
    """The entries of all apps, in order."""
    found: list[NavigationItem] = []
    for app in apps.get_app_configs():
        name = f"{app.name}.navigation"
        if app.name.startswith("commonlight.web.") and app.label != "ui" and find_spec(name):
            found += import_module(name).ITEMS
    return tuple(sorted(found, key=lambda item: (item.order, item.url_name)))


def entries(chosen: Iterable[NavigationItem], workspace: str, path: str) -> list[Entry]:
    """The entries with their addresses; one is current, the nearest above the page at `path`."""
    addresses = {item: _address(item, workspace) for item in chosen}
    above = [one for one in addresses.values() if one and path.startswith(one)]
    nearest = max(above, key=len, default="")
    if nearest != path and nearest == min(filter(None, addresses.values()), key=len, default=""):
        nearest = ""  # the overview lies above every page, but is current only itself
    return [
        Entry(item, address, _current(address, nearest, path))
        for item, address in addresses.items()
        if address
    ]


def _current(address: str, nearest: str, path: str) -> str:
    if address == path:
        return "page"
    return "true" if address == nearest else ""


def _address(item: NavigationItem, workspace: str) -> str:
    try:
        return reverse(item.url_name, kwargs={"workspace": workspace})
    except NoReverseMatch:
        return ""
