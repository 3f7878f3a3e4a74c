"""The primary navigation: each app names its own entries in `navigation.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.functional import Promise

__all__ = ["NavigationItem", "items"]


@dataclass(frozen=True)
class NavigationItem:
    """One entry: it is shown to those who may do `action`; a lower `order` stands further ahead."""

    label: str | Promise
    url_name: str
    action: str
    order: int = 100

    @property
    def app(self) -> str:
        """The app that the entry leads to."""
        return self.url_name.split(":")[0]


@lru_cache
def items() -> tuple[NavigationItem, ...]:
    """The entries of all apps, in order."""
    found: list[NavigationItem] = []
    for app in apps.get_app_configs():
        name = f"{app.name}.navigation"
        if app.name.startswith("commonlight.web.") and app.label != "ui" and find_spec(name):
            found += import_module(name).ITEMS
    return tuple(sorted(found, key=lambda item: (item.order, item.url_name)))
