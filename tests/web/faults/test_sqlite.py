"""SQLite under faults: locked by another program, on a full disk, and after a power cut."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from processes import PATIENCE, free_port, until

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("COMMONLIGHT_TEST_DATABASE")), reason="is about SQLite"
)

TESTS = Path(__file__).resolve().parents[1]
JOBS = TESTS / "runs" / "jobs_for_tests.py"
WORKER = TESTS / "runs" / "worker_for_tests.py"
HEAD, FRAME = 32, 24 + 4096
"""Bytes of SQLite's log of writes: its head, and each page with its own."""
OVER = ("done", "failed")
CLI = "from commonlight.cli import main; main()"
START = f"""
import importlib.util, sys
from pathlib import Path
from commonlight.web.config.start import start_django
start_django()
spec = importlib.util.spec_from_file_location("jobs_for_tests", {str(JOBS)!r})
spec.loader.exec_module(importlib.util.module_from_spec(spec))
from commonlight.web.eventlog.record import record
from commonlight.web.eventlog.verify import chains, verify_chain
from commonlight.web.runs import request
from commonlight.web.runs.models import Run, WorkerBeat
from commonlight.web.workspaces.models import Workspace
place, _ = Workspace.objects.get_or_create(slug="lakeside", defaults={{"name": "L", "city": "L"}})
"""
ASK = """
given = {"log": sys.argv[1], "steps": int(sys.argv[2]), "pause": float(sys.argv[3])}
print(request(None, "test.steps", workspace=place, parameters=given).pk)
"""
TELL = """
run = Run.objects.everywhere("test").get(pk=sys.argv[1])
published = WorkerBeat.objects.filter(name__startswith=f"published {run.pk} ").count()
print(run.state, run.attempts, len(run.checkpoints), published)
"""
FAILURE = """
print(Run.objects.everywhere("test").get(pk=sys.argv[1]).failure_text)
"""
WRITE = """
for number in range(1_000_000):
    record(None, "data.view", place, workspace=place, kind="read", number=number)
    request(None, "test.sum", workspace=place, parameters={"numbers": [number]},
            title_values={"what": "x"})
"""
VERIFY = """
told = [verify_chain(chain) for chain in chains()]
done = Run.objects.everywhere("test").filter(state="done").values_list("pk", flat=True)
published = WorkerBeat.objects.filter(name__startswith="published ").values_list("name", flat=True)
once = sorted(int(name.split()[1]) for name in published) == sorted(done)
folders = all(run.result_path.is_dir() for run in Run.objects.everywhere("test").filter(
    state="done").select_related("workspace"))
events = sum(one.events for one in told)
print(all(one.is_whole for one in told), once, folders, events, len(done))
"""


class Installation:
    """A home folder of its own, with its processes."""

    def __init__(self, home: Path) -> None:
        self.home, self.processes = home, [subprocess.Popen(["true"])]
        self.database = home / "workbench.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONLIGHT", "DJANGO"))}
        return own | {"COMMONLIGHT_HOME": str(self.home)}

    def python(self, code: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
        )
        return done.stdout.strip()

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        self.processes.append(
            subprocess.Popen(
                [sys.executable, *command], env=self.environment, start_new_session=True
            )
        )
        return self.processes[-1]

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self.start(str(WORKER), str(self.home), str(self.database), "w", "20")

    def start_pages(self) -> int:
        port = free_port()
        self.start("-c", CLI, "pages", "--port", str(port))
        until(lambda: ask(port, "/health/live")[0] == 200)
        return port

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self.processes:
            process.wait(PATIENCE)


@pytest.fixture
def installed(fill_home: Callable[[Path], None]) -> Iterator[Callable[[Path], Installation]]:
    made: list[Installation] = []

    def make(home: Path) -> Installation:
        fill_home(home)
        made.append(Installation(home))
        return made[-1]

    yield make
    for one in made:
        one.end()


def ask(port: int, path: str, body: str | None = None, **headers: str) -> tuple[int, str, str]:
    """Status, text and cookies; 0 where nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET" if body is None else "POST", path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get("Set-Cookie", "")
    except (OSError, http.client.HTTPException):
        return 0, "", ""
    finally:
        line.close()


def sign_in(port: int) -> tuple[int, str]:
    """Try to sign in with a wrong password, which writes to the database."""
    _, _, cookies = ask(port, "/accounts/login/")
    secret = cookies.partition("csrftoken=")[2].partition(";")[0]
    body = f"login=nobody@example.org&password=wrong&csrfmiddlewaretoken={secret}"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return ask(port, "/accounts/login/", body, Cookie=f"csrftoken={secret}", **kind)[:2]


def test_locked_by_another_program_for_ten_seconds(installed: Any, tmp_path: Path) -> None:
    """Pages go on reading, a form waits and is kept, and the run ends done in one attempt."""
    place, log = installed(tmp_path / "home"), tmp_path / "steps"
    run = place.python(START + ASK, str(log), "60", "0.1")
    port = place.start_pages()
    place.start_worker()
    until(lambda: log.exists() and len(log.read_text().splitlines()) > 10)
    answers: list[tuple[int, str]] = []
    with closing(sqlite3.connect(place.database, timeout=20, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        form = threading.Thread(target=lambda: answers.append(sign_in(port)))
        form.start()
        time.sleep(1)
        reached = len(log.read_text().splitlines())
        assert ask(port, "/health/ready")[0] == 200
        assert ask(port, "/public/lakeside/")[0] in (200, 404)
        time.sleep(max(0.0, 10 - (time.monotonic() - begun)))
        assert len(log.read_text().splitlines()) <= reached + 1
        other.execute("ROLLBACK")
    form.join(PATIENCE)
    assert answers
    assert answers[0][0] == 200, answers
    told = until(lambda: (found := place.python(START + TELL, run)).startswith("done") and found)
    assert told == "done 1 60 1"


def test_the_database_on_a_full_disk(
    installed: Any, small_disk: Path, fill: Callable[..., Path], tmp_path: Path
) -> None:
    """Forms are refused with a sentence, the run waits, and all goes on with room again."""
    place, log = installed(small_disk / "home"), tmp_path / "steps"
    run = place.python(START + ASK, str(log), "60", "0.1")
    port = place.start_pages()
    place.start_worker()
    until(lambda: log.exists() and len(log.read_text().splitlines()) > 10)
    until(lambda: ask(port, "/health/ready")[0] == 200)
    filling = fill(small_disk)
    refused = until(lambda: (found := sign_in(port))[0] == 507 and found)
    assert "The disk of this installation is full" in refused[1]
    status, text, _ = ask(port, "/health/ready")
    assert (status, json.loads(text)["disk"]) == (503, False)
    assert ask(port, "/accounts/login/")[0] == 200
    time.sleep(3)
    filling.unlink()
    until(lambda: sign_in(port)[0] == 200)
    assert ask(port, "/health/ready")[0] == 200
    told = until(lambda: (found := place.python(START + TELL, run)).startswith(OVER) and found)
    state, failure = told.split()[0], place.python(START + FAILURE, run)
    assert state == "done" or failure.startswith("The disk is full. Nothing was lost"), failure
    again = place.python(START + ASK, str(tmp_path / "again"), "5", "0.01")
    told = until(lambda: (found := place.python(START + TELL, again)).startswith(OVER) and found)
    assert told == "done 1 5 1"
    assert place.python(START + VERIFY).startswith("True True True")


def test_a_power_cut_at_random_moments(installed: Any, tmp_path: Path) -> None:
    """Copies of the database as a power cut leaves it, its last writes torn: each opens whole."""
    rng, place = random.Random(9), installed(tmp_path / "home")
    writers = [place.start("-c", START + WRITE), place.start_worker()]
    wal = Path(f"{place.database}-wal")
    until((place.home / "workspaces").exists)
    cuts: list[tuple[Path, int, int]] = []
    while len(cuts) < 4:
        time.sleep(rng.uniform(0.1, 0.5))
        for writer in writers:
            os.killpg(writer.pid, signal.SIGSTOP)
        cuts.append(cut(place, tmp_path / f"cut-{len(cuts)}", wal))
        for writer in writers:
            os.killpg(writer.pid, signal.SIGCONT)
    place.end()
    found = [check(*one, rng) for one in cuts]
    assert [words[:3] for words in found] == [["True"] * 3] * 4
    assert max(int(words[3]) for words in found) > 10


def cut(place: Installation, home: Path, wal: Path) -> tuple[Path, int, int]:
    """What lies on the disk at this moment, and which frames of the log a power cut may tear."""
    home.mkdir()
    shutil.copyfile(place.database, home / "workbench.sqlite3")
    shutil.copyfile(wal, home / "workbench.sqlite3-wal")
    shutil.copytree(place.home / "workspaces", home / "workspaces")
    index = Path(f"{place.database}-shm").read_bytes()
    # The index of the log: its last frame, and the last one that is in the database already.
    (last,), (moved,) = struct.unpack_from("=I", index, 16), struct.unpack_from("=I", index, 96)
    return home, moved, last


def check(home: Path, moved: int, last: int, rng: random.Random) -> list[str]:
    """Tear the end of the log of writes, and see whether all holds that the database says."""
    wal = home / "workbench.sqlite3-wal"
    frame = rng.randint(max(moved, last - 15), last)
    torn = rng.randrange(FRAME) if frame < last else 0
    whole = wal.read_bytes()[: HEAD + frame * FRAME + torn]
    wal.write_bytes(whole + rng.randbytes(rng.randrange(5000)))
    told = Installation(home).python(START + VERIFY).split()
    with closing(sqlite3.connect(home / "workbench.sqlite3")) as own:
        assert own.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return told
