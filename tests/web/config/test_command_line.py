"""Commands of the apps: gathered by place, at home in the folder named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated

import pytest
import typer

from commonlight.cli.exits import run
from commonlight.cli.help_pages import Commands
from commonlight.cli.plugged_in import add_commands
from commonlight.web.config import command_line, start
from processes import PATIENCE

CALL = "from commonlight.cli import main; main()"


def greet(
    name: Annotated[str, typer.Argument(help="Whom.")],
    times: Annotated[int, typer.Option(help="How often.")] = 1,
) -> None:
    """Greet somebody."""
    print(" ".join([f"Hello {name}."] * times))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Commands:
    module = ModuleType("commands")
    vars(module).update(COMMANDS={"log greet": greet}, WITHOUT_DJANGO={"log greet"})
    monkeypatch.setattr(command_line, "_modules", lambda: [module])
    app = Commands()
    app.command(name="own")(greet)
    add_commands(app, command_line.gathered())
    return app


def test_arguments_and_options_reach_the_function(
    app: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(app, ["log", "greet", "Anna", "--times", "2"]) == 0
    assert capsys.readouterr().out == "Hello Anna. Hello Anna.\n"


def test_every_command_takes_a_home(
    app: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMMONLIGHT_HOME", raising=False)
    assert run(app, ["log", "greet", "Anna", "--home", str(tmp_path)]) == 0
    assert os.environ["COMMONLIGHT_HOME"] == str(tmp_path)


def test_the_group_has_its_help(app: Commands, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["--help"]) == 0
    assert command_line.GROUPS["log"] in capsys.readouterr().out


def test_a_command_that_is_there_twice_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("commands")
    vars(module).update(COMMANDS={"greet": greet})
    monkeypatch.setattr(command_line, "_modules", lambda: [module, module])
    with pytest.raises(ValueError, match="there twice"):
        command_line.gathered()


def test_every_group_of_the_apps_has_its_help() -> None:
    found = command_line.gathered()
    groups = {words.split()[0] for words in found if " " in words}
    assert groups <= {words for words, value in found.items() if isinstance(value, str)}


def test_commands_are_listed_without_django() -> None:
    code = "import sys; import commonlight.cli.app; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    code = [sys.executable, "-c", CALL, "worker", "--home", str(tmp_path)]
    own = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONLIGHT", "DJANGO"))}
    done = subprocess.run(
        code, capture_output=True, text=True, check=False, timeout=PATIENCE, env=own
    )
    assert done.returncode == 3
    assert "run 'commonlight migrate' first" in done.stderr


@pytest.mark.django_db
def test_the_test_database_is_complete() -> None:
    assert start.pending_migrations() == 0
    start.refuse_other_database()
