"""Real processes in tests: their ports, their children, and the patience that they need."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["PATIENCE", "called", "children", "descendants", "free_port", "is_alive", "until"]

PATIENCE = 300.0
"""Seconds until a test gives up: a machine that does other work is slow, and nothing is wrong.
Only what is told to stop is given fewer."""


def until(is_so: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait until something holds, and give it back."""
    end = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def children(process: int) -> list[int]:
    """What a process started itself; nothing where it is gone."""
    path = Path(f"/proc/{process}/task/{process}/children")
    try:
        return [int(number) for number in path.read_text().split()]
    except OSError:
        return []


def descendants(process: int) -> list[int]:
    """What a process started, and what that started, and so on."""
    found = children(process)
    return found + [below for child in found for below in descendants(child)]


def is_alive(process: int) -> bool:
    """Whether a process is there and does not only wait to be buried."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def called(process: int) -> str:
    """The words by which a process was called; none where it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
