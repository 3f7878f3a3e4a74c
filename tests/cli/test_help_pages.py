"""Help pages: their look, their colours, and how little is loaded to show them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from commonlight.cli.app import app
from commonlight.cli.exits import run

HEAVY = ("numpy", "pyarrow", "numba", "scipy", "shapely", "rich", "pygments", "markdown_it", "yaml")

LOADED = """
import json, sys
from commonlight.cli import main
sys.argv = ["commonlight", *sys.argv[1:]]
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def modules_after(*arguments: str) -> list[str]:
    command = [sys.executable, "-c", LOADED, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stderr.splitlines()[-1])


@pytest.mark.parametrize("command", [(), ("audit",), ("sources",), ("sources", "import")])
def test_help_loads_nothing_heavy(command: tuple[str, ...]) -> None:
    loaded = modules_after(*command, "--help")
    assert not [name for name in loaded if name.split(".")[0] in HEAVY]
    assert len(loaded) < 300


def test_a_page_keeps_to_its_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for width in (60, 80, 140):
        monkeypatch.setenv("COLUMNS", str(width))
        for command in ([], ["analyse"], ["sources", "check"]):
            assert run(app, [*command, "--help"]) == 0
            lines = capsys.readouterr().out.splitlines()
            assert max(map(len, lines)) <= width
            boxed = [line for line in lines if line[:1] in "╭│╰" and line]
            assert {len(line) for line in boxed} == {width}


def test_a_page_names_every_command_and_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["--help"]) == 0
    page = capsys.readouterr().out
    for word in ("[OPTIONS] COMMAND", "─ Commands ─", "sources", "Exit codes:"):
        assert word in page
    assert "*" not in page
    assert "\x1b" not in page
    assert run(app, ["audit", "--help"]) == 0
    page = capsys.readouterr().out
    assert "─ Arguments ─" in page
    assert "[required]" in page


def test_colours_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    run(app, ["--help"])
    assert "\x1b[1mcommonlight demo\x1b[0m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    run(app, ["--help"])
    assert "\x1b" not in capsys.readouterr().out


def test_an_output_without_box_lines_gets_plain_signs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from commonlight.cli import main; main()", "--help"],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )
    assert b"+- Commands -" in done.stdout


def test_no_command_shows_the_page_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, []) == 2
    out = capsys.readouterr()
    assert "Usage: " in out.out
    assert out.err == ""


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    import commonlight

    assert commonlight.__version__ == version("commonlight")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = commonlight.nothing
