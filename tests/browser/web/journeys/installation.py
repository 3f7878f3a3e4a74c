"""One live installation with the demo city for all journeys of a test run."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from browser.web.journeys.alone import alone, guarded, tries
from databases import locked
from processes import PATIENCE, free_port, is_alive, until

INCIDENTS = 10_000
MADE_BEFORE = "COMMONLIGHT_TEST_DEMO"
"""Names a home with a demo city that is copied instead of making one, to try tests quickly."""
READY_WITHIN = 600
COMMAND = [sys.executable, "-c", "from commonlight.cli import main; main()"]


@dataclass(frozen=True)
class Workbench:
    """A running installation: its address, its folder and its commands."""

    url: str
    home: Path

    def command(self, *arguments: str) -> str:
        """What a command of the installation prints."""
        done = subprocess.run(
            [*COMMAND, *arguments, "--home", str(self.home)],
            env=environment(self.home),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def change(self, statement: str, *values: Any) -> int:
        """Change the database behind the pages' back, as time would; how many rows changed."""
        if address := _address_of(self.home):
            with psycopg.connect(address) as database:
                return database.execute(statement.replace("?", "%s"), values).rowcount
        place = self.home / "workbench.sqlite3"
        with closing(sqlite3.connect(place, timeout=30)) as database, database:
            return database.execute(statement, values).rowcount

    def tries_to_reach_others(self) -> list[str]:
        """Each try of a process of the installation to leave the machine."""
        return tries(_guard_of(self.home))

    def unguarded(self) -> list[int]:
        """Processes of the installation that could leave the machine unseen.

        A fork keeps the guard of its parent.
        """
        known = guarded(_guard_of(self.home))
        ours = list(_processes("commonlight", self.url.rpartition(":")[2]))
        assert len(ours) > 2
        return [process for process, parent in ours if not {process, parent} & known]


def environment(home: Path) -> dict[str, str]:
    """The environment without the settings of the other tests, but on their kind of database."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONLIGHT", "DJANGO"))}
    own["COMMONLIGHT_DEMO_INCIDENTS"] = str(INCIDENTS)
    if address := _made_database(home):
        own["COMMONLIGHT_DATABASE_URL"] = address
    return own


def _address_of(home: Path) -> str:
    """The address of the home's own database; empty where it is a file in the home."""
    parts = urlsplit(os.environ.get("COMMONLIGHT_TEST_DATABASE", ""))
    return urlunsplit(parts._replace(path=f"/{_name_of(home)}")) if parts.scheme else ""


def _name_of(home: Path) -> str:
    return f"journeys_{sha256(str(home).encode()).hexdigest()[:16]}"


def _made_database(home: Path) -> str:
    """The address of the home's own database, made where there is none; empty for a file."""
    address = _address_of(home)
    if address:
        with psycopg.connect(os.environ["COMMONLIGHT_TEST_DATABASE"], autocommit=True) as server:
            known = server.execute("SELECT datname FROM pg_database").fetchall()
            if (_name_of(home),) not in known:
                server.execute(f"CREATE DATABASE {_name_of(home)}")
    return address


def _processes(*words: str) -> Iterator[tuple[int, int]]:
    """Processes in whose command all the words stand, each with its parent."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes().decode()
            parent = (place / "stat").read_text().rsplit(")", 1)[1].split()[1]
        except OSError:  # it has ended meanwhile
            continue
        if all(word in command for word in words):
            yield int(place.name), int(parent)


def _guard_of(home: Path) -> Path:
    return home.parent / f"{home.name}-alone"


@contextmanager
def running(home: Path, *, demo: bool = False) -> Iterator[Workbench]:
    """An installation of one's own, from start to clean stop."""
    found = _start(home, demo=demo)
    try:
        yield Workbench(found["url"], home)
    finally:
        _stop(found["process"])


@contextmanager
def shared(folder: Path) -> Iterator[Workbench]:
    """The one installation of a test run: the first process starts it, the last one stops it."""
    note = folder / "installation.json"
    home = folder / "home"
    with locked(folder / "lock"):
        found = json.loads(note.read_text()) if note.exists() else {}
        if not found or not is_alive(found["process"]):
            _copy_made(home)
            found = _start(home, demo=True) | {"users": []}
        found["users"] = [*filter(is_alive, found["users"]), os.getpid()]
        note.write_text(json.dumps(found))
    try:
        yield Workbench(found["url"], home)
    finally:
        with locked(folder / "lock"):
            found = json.loads(note.read_text())
            left = [one for one in found["users"] if one != os.getpid() and is_alive(one)]
            note.write_text(json.dumps(found | {"users": left}))
            if not left:
                _stop(found["process"])


def _copy_made(home: Path) -> None:
    made = os.environ.get(MADE_BEFORE)
    if made and not home.exists():
        shutil.copytree(made, home)


def _start(home: Path, *, demo: bool) -> dict[str, Any]:
    port = free_port()
    home.parent.mkdir(parents=True, exist_ok=True)
    options = ["--demo"] if demo else []
    with (home.parent / f"{home.name}.log").open("wb") as log:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--home", str(home), "--port", str(port), *options],
            env=alone(_guard_of(home), environment(home)),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    until(lambda: process.poll() is not None or _is_well(port), READY_WITHIN)
    assert process.poll() is None, (home.parent / f"{home.name}.log").read_text()
    return {"url": f"http://127.0.0.1:{port}", "process": process.pid}


def _stop(process: int) -> None:
    os.kill(process, signal.SIGINT)
    until(lambda: not is_alive(process))


def _is_well(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", "/health/ready")
        answer = line.getresponse()
        return answer.status == 200 and bool(json.loads(answer.read())["worker"])
    except OSError:
        return False
    finally:
        line.close()
