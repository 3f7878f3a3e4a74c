from __future__ import annotations

import pytest

from commonlight.audit.errors import AuditConfigError
from commonlight.cli.app import app
from commonlight.cli.exits import EXIT_CODES, exit_code, run
from commonlight.sources.errors import (
    LakeError,
    MappingError,
    PersonDataError,
    UnreadableFileError,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AuditConfigError("x"), 3),
        (MappingError("x"), 3),
        (PersonDataError("x"), 4),
        (UnreadableFileError("x"), 5),
        (FileNotFoundError("x"), 5),
        (LakeError("x"), 6),
        (ValueError("x"), 7),
        (RuntimeError("x"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_class_of_error_has_its_code(error: BaseException, code: int) -> None:
    assert exit_code(error) == code
    assert code in EXIT_CODES


def test_an_error_is_one_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(app, ["audit", "there-is-no-such.toml"])
    captured = capsys.readouterr()
    assert code == 3
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("commonlight: there-is-no-such.toml: there is no such file")


def test_a_wrong_option_is_code_2_and_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["audit", "--colour", "x"]) == 2
    assert "--colour" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["demo"],
        ["audit"],
        ["simulate"],
        ["analyse"],
        ["sources"],
        ["sources", "guess"],
        ["sources", "check"],
        ["sources", "import"],
        ["sources", "list"],
        ["sources", "presets"],
    ],
)
def test_every_command_has_a_help_page(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(app, [*command, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["--version"]) == 0
    assert capsys.readouterr().out.startswith("commonlight ")
