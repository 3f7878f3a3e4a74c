"""Commands that other rooms add, found by their entry points; the rooms need not know us.

An entry point of the group ``commonlight.commands`` names a mapping. ``"backup"`` or
``"log verify"`` leads to a function written for Typer, ``"log"`` to the help of that group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

from commonlight.cli.help_pages import Commands

__all__ = ["GROUP", "add_commands", "plugged_in"]

GROUP = "commonlight.commands"


def plugged_in() -> dict[str, Callable[..., Any] | str]:
    """All that was plugged in, by the words that call it."""
    found: dict[str, Callable[..., Any] | str] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        found |= entry.load()
    return found


def add_commands(app: Commands, given: Mapping[str, Callable[..., Any] | str]) -> None:
    """Add functions as commands; those of two words go into the group of the first."""
    groups: dict[str, Commands] = {}
    for words, value in sorted(given.items()):
        first, _, second = words.partition(" ")
        if isinstance(value, str):
            continue
        if not second:
            app.command(name=first)(value)
            continue
        if first not in groups:
            groups[first] = Commands(help=str(given.get(first, "")))
            app.add_typer(groups[first], name=first)
        groups[first].command(name=second)(value)
