"""Help pages, drawn by ourselves: rich would take twice as long to load as all the rest.

The look is that of rich: options and commands stand in boxes, and ``**words**`` are bold. Where
the output is no terminal, or NO_COLOR is set, nothing is coloured; where it cannot show the
lines of a box, these are drawn with plain signs.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

__all__ = ["Commands"]

_BOLD, _NAME, _LABEL, _PLAIN = "\x1b[1m", "\x1b[1;36m", "\x1b[33m", "\x1b[0m"
_MARKED = re.compile(r"(?<!\w)\*{1,2}(?=\S)(.+?)(?<=\S)\*{1,2}(?!\w)", re.DOTALL)
_LEAST_WIDTH = 40
_NAMES_SHARE = 0.45  # of the width, at most, for names of options


class _HelpCommand(TyperCommand):
    """A command whose help is drawn here."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page into click's formatter."""
        formatter.write(_page(self, ctx, []))


class _HelpGroup(TyperGroup):
    """A group of commands whose help is drawn here."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page into click's formatter."""
        names = self.list_commands(ctx)
        commands = [(name, self.get_command(ctx, name)) for name in names]
        rows = [
            (name, command.get_short_help_str(10_000))
            for name, command in commands
            if command is not None and not command.hidden
        ]
        formatter.write(_page(self, ctx, rows))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Show the page, and leave as after a wrong command, when no command is given."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            ctx.exit(2)
        return super().parse_args(ctx, args)


class Commands(typer.Typer):
    """A Typer whose commands have these help pages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(cls=_HelpGroup, rich_markup_mode=None, **options)

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:
        """Add a function as a command."""
        return super().command(name, cls=_HelpCommand, **options)


def _page(command: Any, ctx: Any, commands: Sequence[tuple[str, str]]) -> str:
    """The whole page of a command, with the commands of a group."""
    width = max(_LEAST_WIDTH, shutil.get_terminal_size().columns)
    usage = " ".join(command.collect_usage_pieces(ctx))
    parts = [
        "",
        f" {_styled('Usage:', _LABEL)} {_styled(f'{ctx.command_path} {usage}', _BOLD)}",
        "",
    ]
    for paragraph in _paragraphs(command.help):
        parts += [*_wrapped(paragraph, width), ""]
    arguments, options = _parameters(command, ctx)
    for title, rows in (("Arguments", arguments), ("Options", options), ("Commands", commands)):
        if rows:
            parts += _box(title, rows, width)
    for paragraph in _paragraphs(command.epilog):
        parts += ["", *_wrapped(paragraph, width)]
    return "\n".join(parts) + "\n\n"


def _parameters(command: Any, ctx: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Names and help of the arguments, and of the options."""
    sides: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            sides[parameter.param_type_name == "option"].append(record)
    return sides


def _paragraphs(text: str | None) -> list[str]:
    """Paragraphs as single lines."""
    return [" ".join(part.split()) for part in (text or "").split("\n\n") if part.strip()]


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of a paragraph, marked words in bold, also where a line ends between them."""
    lines = textwrap.wrap(text, width - 2, break_on_hyphens=False, break_long_words=False)
    return [f" {line}" for line in _MARKED.sub(_each_line_bold, "\n".join(lines)).split("\n")]


def _each_line_bold(found: re.Match[str]) -> str:
    return "\n".join(_styled(line, _BOLD) for line in found.group(1).split("\n"))


def _box(title: str, rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Names to the left, their help to the right, with a line around both."""
    corner = _corners()
    inner = width - 4
    names = min(max(len(name) for name, _ in rows), int(inner * _NAMES_SHARE))
    lines = [f"{corner[0]}{corner[4]} {title} {corner[4] * (width - 5 - len(title))}{corner[1]}"]
    for name, text in rows:
        left = textwrap.wrap(name, names, break_on_hyphens=False) or [""]
        right = textwrap.wrap(_MARKED.sub(r"\1", text), inner - names - 2) or [""]
        for k in range(max(len(left), len(right))):
            first = (left[k] if k < len(left) else "").ljust(names)
            second = (right[k] if k < len(right) else "").ljust(inner - names - 2)
            lines.append(f"{corner[5]} {_styled(first, _NAME)}  {second} {corner[5]}")
    return [*lines, f"{corner[2]}{corner[4] * (width - 2)}{corner[3]}"]


def _corners() -> str:
    """The signs of a box: four corners, a level and an upright line."""
    signs = "╭╮╰╯─│"
    try:
        signs.encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return "++++-|"
    return signs


def _styled(text: str, style: str) -> str:
    """The text in a style, on a terminal only."""
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ and text.strip():
        return f"{style}{text}{_PLAIN}"
    return text
