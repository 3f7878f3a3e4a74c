"""A network that reaches nobody: processes see their own machine only, and every try is noted."""

from __future__ import annotations

import os
from pathlib import Path

TRIES, GUARDED = "tries.txt", "guarded.txt"
GUARD = '''\
"""Refuse and note whatever would leave this machine."""

import os
import sys

NOTES = {notes!r}
HERE = ("", "127.0.0.1", "::1", "localhost", "0.0.0.0", "::")
NAMED = ("socket.getaddrinfo", "socket.gethostbyname")
ADDRESSED = ("socket.connect", "socket.sendto", "socket.sendmsg")


def guard(event, given):
    if event in NAMED:
        host = given[0]
    elif event in ADDRESSED and isinstance(given[1], tuple):
        host = given[1][0]
    else:  # no call at all, or one to a socket file of this machine
        return
    host = host.decode() if isinstance(host, bytes) else host
    if not isinstance(host, str) or host in HERE:
        return
    with open(NOTES, "a") as notes:
        notes.write(f"{{event}} {{host}}\\n")
    raise OSError(f"no network reaches {{host}}")


sys.addaudithook(guard)
with open({guarded!r}, "a") as guarded:
    guarded.write(f"{{os.getpid()}}\\n")
'''


def alone(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """The environment of processes that reach nobody; Python reads the guard as it starts."""
    folder.mkdir(parents=True, exist_ok=True)
    guard = GUARD.format(notes=str(folder / TRIES), guarded=str(folder / GUARDED))
    (folder / "sitecustomize.py").write_text(guard)
    path = os.pathsep.join(filter(None, [str(folder), environment.get("PYTHONPATH", "")]))
    return environment | {"PYTHONPATH": path}


def tries(folder: Path) -> list[str]:
    """Each try to reach somebody."""
    return _lines(folder / TRIES)


def guarded(folder: Path) -> set[int]:
    """The processes that began under the guard."""
    return {int(line) for line in _lines(folder / GUARDED)}


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
