"""Commands of other rooms: found by entry point, grouped by their first word."""

from __future__ import annotations

import pytest

from commonlight.cli import plugged_in
from commonlight.cli.exits import run
from commonlight.cli.help_pages import Commands


class Entry:
    """An entry point, as installed packages have them."""

    def __init__(self, name: str, value: object) -> None:
        self.name, self.value = name, value

    def load(self) -> object:
        return self.value


def keep(name: str = "all") -> None:
    """Keep what was said."""
    print(f"kept {name}")


def fail() -> None:
    """Fail with a code of one's own."""
    error = RuntimeError("the tower is closed")
    error.exit_code = 3  # type: ignore[attr-defined]
    raise error


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Commands:
    entries = [
        Entry("b", {"backup": keep, "log": "The log.", "log keep": keep}),
        Entry("a", {"log fail": fail}),
    ]
    monkeypatch.setattr(plugged_in, "entry_points", lambda group: entries)
    app = Commands()
    app.command(name="own")(keep)
    plugged_in.add_commands(app, plugged_in.plugged_in())
    return app


def test_commands_of_several_rooms_share_a_group(
    app: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(app, ["log", "keep", "--name", "one"]) == 0
    assert run(app, ["backup"]) == 0
    assert capsys.readouterr().out == "kept one\nkept all\n"


def test_the_help_lists_what_was_plugged_in(
    app: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(app, ["--help"]) == 0
    page = capsys.readouterr().out
    assert "backup" in page
    assert "The log." in page
    assert run(app, ["log", "--help"]) == 0
    assert {"keep", "fail"} <= set(capsys.readouterr().out.split())


def test_an_error_may_bring_its_exit_code(
    app: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(app, ["log", "fail"]) == 3
    assert capsys.readouterr().err == "commonlight: the tower is closed\n"


def test_the_workbench_is_plugged_in() -> None:
    found = plugged_in.plugged_in()
    assert {"migrate"} <= set(found)
