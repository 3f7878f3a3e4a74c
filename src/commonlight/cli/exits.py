"""Errors as one line on stderr, and what each exit code means."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["EXIT_CODES", "exit_code", "run"]

#: Exit code -> what it tells a script.
EXIT_CODES = {
    0: "done",
    1: "an unexpected fault in Commonlight itself",
    2: "the command was written wrongly",
    3: "a configuration or mapping cannot be used",
    4: "the file holds data about persons; nothing was kept",
    5: "a file cannot be read",
    6: "the lake has no such source or version, or is damaged",
    7: "the data do not allow what was asked",
    130: "interrupted",
}


def exit_code(error: BaseException) -> int:
    """The exit code for an error; one that was plugged in may bring its own."""
    own = getattr(error, "exit_code", None)
    if isinstance(own, int):
        return own
    from commonlight.audit.errors import AuditConfigError
    from commonlight.sources.errors import (
        LakeError,
        MappingError,
        PersonDataError,
        UnreadableFileError,
    )

    classes: list[tuple[int, tuple[type[BaseException], ...]]] = [
        (130, (KeyboardInterrupt,)),
        (3, (AuditConfigError, MappingError)),
        (4, (PersonDataError,)),
        (5, (UnreadableFileError, OSError, UnicodeDecodeError)),
        (6, (LakeError,)),
        (7, (ValueError,)),
    ]
    for code, kinds in classes:
        if isinstance(error, kinds):
            return code
    return 1


def run(app: Callable[..., Any], arguments: list[str] | None = None) -> int:
    """Run `app` and turn whatever it raises into one line and a code."""
    from typer.exceptions import Abort, Exit, TyperException

    try:
        result = app(args=arguments, standalone_mode=False)
    except Exit as leave:
        return leave.exit_code
    except TyperException as error:
        _say(f"{error.format_message()} (see commonlight --help)")
        return 2
    except (Abort, KeyboardInterrupt):
        _say("interrupted; nothing half-written was kept")
        return 130
    except Exception as error:
        if os.environ.get("COMMONLIGHT_DEBUG"):
            raise
        return _report(error)
    return result if isinstance(result, int) else 0


def _report(error: Exception) -> int:
    code = exit_code(error)
    text = " ".join(_words(error).split()) or type(error).__name__
    if code == 1:
        text = f"{type(error).__name__}: {text} (set COMMONLIGHT_DEBUG=1 to see where)"
    _say(text)
    return code


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"cannot use {error.filename}: {error.strerror}"
    return str(error)


def _say(text: str) -> None:
    print(f"commonlight: {text}", file=sys.stderr)
