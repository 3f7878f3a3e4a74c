"""Commands shown in a page exist, and the command-line page agrees with --help."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.main import get_command

from commonlight.cli.app import app
from commonlight.cli.exits import EXIT_CODES

PAGE = "docs/reference/command-line.md"
SHOWN = re.compile(r"(?:^|`|\.venv/bin/)commonlight ((?:[a-z]|--)[^`\n]*)", re.MULTILINE)


def commands() -> dict[str, set[str]]:
    """Every command, such as "sources guess", with the options it takes."""
    return dict(_walk("", get_command(app)))


def _walk(name, command):
    for key, below in getattr(command, "commands", {}).items():
        yield from _walk(f"{name} {key}".strip(), below)
    if not getattr(command, "commands", None):
        yield name, {option for item in command.params for option in item.opts if "-" in option}


COMMANDS = commands()
GROUPS = {name.split()[0] for name in COMMANDS if " " in name}


def test_shown_commands_exist(page) -> None:
    for shown in SHOWN.findall(page.text):
        shown = shown.split("#")[0].split("|")[0].strip()
        words = shlex.split(shown.replace("'", "’"))
        if (
            not words
            or not re.fullmatch(r"[a-z]+", words[0])
            or (words[0] in GROUPS and not words[1:])
        ):
            continue
        name = " ".join(words[:2]) if words[0] in GROUPS else words[0]
        assert name in COMMANDS, f"{page.name} shows: commonlight {shown}"
        taken = COMMANDS[name] | {"--help"}
        used = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert used <= taken, f"{page.name} shows: commonlight {shown}"


def sections(root) -> dict[str, str]:
    text = (root / PAGE).read_text(encoding="utf-8")
    parts = re.split(r"^## `commonlight ([^`]+)`$", text, flags=re.MULTILINE)
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {
        re.sub(r"( [A-Z.]+)+$", "", name): body.split("\n## ")[0] for name, body in named.items()
    }


def test_the_page_has_every_command(root) -> None:
    assert set(sections(root)) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_page_lists_the_options_of_a_command(root, name) -> None:
    rows = [line for line in sections(root)[name].splitlines() if line.startswith("| `-")]
    listed = {option for row in rows for option in re.findall(r"`(--?[\w-]+)", row)}
    assert listed == COMMANDS[name] - {"--help"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_page_gives_the_defaults(root, name) -> None:
    command = get_command(app)
    for part in name.split():
        command = command.commands[part]
    body = sections(root)[name]
    for item in command.params:
        if item.param_type_name == "option" and item.default not in (None, False, ()):
            row = next(line for line in body.splitlines() if f"`{item.opts[0]}" in line)
            shown = f"{item.default:g}" if isinstance(item.default, float) else str(item.default)
            assert shown in row, f"{name}: {item.opts[0]} has the default {item.default}"


def test_the_page_lists_the_exit_codes(root) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\d+) \| (.+?) \|$", text, flags=re.MULTILINE)
    assert {int(code): meaning for code, meaning in listed} == EXIT_CODES


def test_makefile_targets_named_in_pages_exist(page, root) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = re.findall(r"`make ([a-z]+)`", page.prose)
    for block in page.blocks:
        named += re.findall(r"^make ([a-z]+)", block.text, flags=re.MULTILINE)
    for target in named:
        assert target in targets, f"{page.name} names: make {target}"
