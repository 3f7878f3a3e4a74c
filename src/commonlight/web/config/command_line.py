"""The commands of the workbench, gathered from the apps' own `commands.py`.

An app's module holds `COMMANDS`: the words that call a command, and its function. Each command
gets `--home`, and finds Django set up and the database at the version of the code, unless the
module names it in `WITHOUT_DATABASE`; those in `WITHOUT_DJANGO` set it up themselves. Nothing
heavy is loaded before a command is called.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from commonlight.web.config.start import settle_home, start_django

__all__ = ["COMMANDS", "GROUPS", "gathered"]

GROUPS = {
    "workspace": "Make a workspace, let it leave, or bring one in.",
    "user": "Accounts of people.",
    "log": "The event log and its chain.",
}

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Folder of the installation [COMMONLIGHT_HOME, else commonlight-home].",
        file_okay=False,
        show_default=False,
    ),
]


Start = Callable[[Path | None], None]


def gathered() -> dict[str, Callable[..., Any] | str]:
    """The commands of all apps, each ready to be called from a terminal."""
    found: dict[str, Callable[..., Any] | str] = {}
    for module in _modules():
        without = getattr(module, "WITHOUT_DATABASE", ())
        bare = getattr(module, "WITHOUT_DJANGO", ())
        for words, function in module.COMMANDS.items():
            if words in found:
                raise ValueError(f"the command {words!r} is there twice")
            start = settle_home if words in bare else _starter(words not in without)
            found[words] = _at_home(function, start)
    return found | {name: text for name, text in GROUPS.items() if _is_used(name, found)}


def _modules() -> Iterator[ModuleType]:
    """Every app's `commands.py`, without loading the apps that have none."""
    for path in sorted(Path(__file__).parents[1].glob("*/commands.py")):
        yield import_module(f"commonlight.web.{path.parent.name}.commands")


def _is_used(group: str, found: dict[str, Any]) -> bool:
    return any(words.startswith(f"{group} ") for words in found)


def _starter(needs_database: bool) -> Start:
    return lambda home: start_django(home, needs_database=needs_database)


def _at_home(function: Callable[..., Any], start: Start) -> Callable[..., Any]:
    """The function with `--home`, called once Django stands."""

    @wraps(function)
    def command(*, home: Path | None = None, **given: Any) -> Any:
        start(home)
        return function(**given)

    known = inspect.signature(function, eval_str=True)
    by_name = inspect.Parameter.KEYWORD_ONLY
    option = inspect.Parameter("home", by_name, default=None, annotation=Home)
    own = [one.replace(kind=by_name) for one in known.parameters.values()]
    command.__signature__ = known.replace(parameters=[*own, option])  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in [*own, option]}
    return command


COMMANDS = gathered()
