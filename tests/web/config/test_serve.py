"""`commonlight serve` with real processes: it starts, recovers, stays light and stops cleanly."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from processes import PATIENCE, called, descendants, free_port, is_alive, until

COMMAND = [sys.executable, "-c", "from commonlight.cli import main; main()"]
HEAVY = ("numpy", "pyarrow", "numba", "scipy", "shapely", "pyproj", "pyogrio", "llvmlite")


def clean_environment(home: Path) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONLIGHT", "DJANGO"))}
    return own | {"COMMONLIGHT_HOME": str(home)}


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=clean_environment(home) | more,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def get(port: int, path: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""
    finally:
        line.close()


def is_well(port: int) -> bool:
    status, body = get(port, "/health/ready")
    return status == 200 and json.loads(body)["worker"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, fill_home: Callable[[Path], None]) -> Path:
    made = tmp_path_factory.mktemp("serve") / "home"
    fill_home(made)
    return made


def start(home: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A server that answers, and its port."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)], env=clean_environment(home)
    )
    until(lambda: is_well(port) or process.poll() is not None)
    assert process.poll() is None
    return process, port


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """One server for all tests that leave it running; what stops one starts its own."""
    process, port = start(home)
    yield process, port
    process.terminate()
    process.wait(PATIENCE)


def test_pages_and_worker_answer(served: Any) -> None:
    _, port = served
    assert get(port, "/health/live") == (200, b'{"live": true}')
    status, _ = get(port, "/")
    assert status in (200, 302)
    assert get(port, "/nowhere")[0] == 404
    assert get(port, "/w/%00/")[0] == 400


def test_nothing_heavy_is_loaded_while_idle(served: Any) -> None:
    """Neither pages nor worker hold the libraries that compute; a job's child loads them."""
    process, _ = served
    for number in [process.pid, *descendants(process.pid)]:
        maps = Path(f"/proc/{number}/maps").read_text()
        assert not [name for name in HEAVY if f"/{name}/" in maps], called(number)


def test_all_of_it_idles_in_500_mb(served: Any) -> None:
    process, _ = served
    total = 0
    for number in [process.pid, *descendants(process.pid)]:
        text = Path(f"/proc/{number}/smaps_rollup").read_text()
        total += int(text.split("\nPss:")[1].split()[0])
    assert total < 500 * 1024


@pytest.mark.parametrize("name", ["pages", "worker"])
def test_what_is_killed_is_started_again(served: Any, name: str) -> None:
    process, port = served
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    children = [int(number) for number in path.read_text().split()]
    (victim,) = [child for child in children if f" {name} " in called(child)]
    below = descendants(victim)
    os.kill(victim, signal.SIGKILL)
    until(lambda: not any(is_alive(one) for one in (victim, *below)))
    now = until(lambda: [one for one in descendants(process.pid) if f" {name} " in called(one)])
    assert victim not in now
    until(lambda: is_well(port))


def test_a_worker_of_the_pages_that_is_killed_is_replaced(served: Any) -> None:
    process, port = served
    pages = next(one for one in descendants(process.pid) if " pages " in called(one))
    os.kill(descendants(pages)[0], signal.SIGKILL)
    until(lambda: is_well(port))
    until(lambda: len([one for one in descendants(process.pid) if " pages " in called(one)]) == 3)


def test_a_second_one_on_the_port_is_refused(served: Any, tmp_path: Path) -> None:
    _, port = served
    done = run(tmp_path, "serve", "--port", str(port))
    assert done.returncode == 3
    assert "choose another port with --port" in done.stderr


def test_it_stops_cleanly(home: Path) -> None:
    process, port = start(home)
    below = descendants(process.pid)
    assert len(below) == 4
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert not [one for one in below if is_alive(one)]
    assert get(port, "/health/live")[0] == 0


def test_pages_stop_while_they_start(home: Path) -> None:
    """A server told to stop before its processes answer waits for none of them."""
    command = [sys.executable, "-m", "commonlight.web.config.process"]
    for pause in (0.0, 0.05, 0.2):
        pages = subprocess.Popen(
            [*command, "pages", "--workers=2", f"--port={free_port()}", f"--parent={os.getpid()}"],
            env=clean_environment(home),
            stderr=subprocess.PIPE,
            text=True,
        )
        until(lambda of=pages: len(descendants(of.pid)) == 2)
        time.sleep(pause)
        pages.terminate()
        _, told = pages.communicate(timeout=60)
        assert (pages.returncode, told) == (0, "")


def test_check_starts_answers_and_stops(home: Path) -> None:
    done = run(home, "serve", "--check", "--port", str(free_port()))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Commonlight answers at http://127.0.0.1:" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "more", "words"),
    [
        (["--host", "0.0.0.0"], {}, "can be reached by others"),
        ([], {"COMMONLIGHT_HOSTS": "safer.example.org"}, "COMMONLIGHT_SECRET_KEY must be set"),
        ([], {"COMMONLIGHT_DATABASE_URL": "mysql://x/y"}, "postgresql://"),
    ],
)
def test_what_would_not_be_safe_is_refused(
    tmp_path: Path, arguments: list[str], more: dict[str, str], words: str
) -> None:
    done = run(tmp_path, "serve", "--port", str(free_port()), *arguments, **more)
    assert done.returncode == 3
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_end_of_the_parent_is_the_end_of_all(home: Path) -> None:
    process, _ = start(home)
    below = descendants(process.pid)
    process.kill()
    process.wait()
    until(lambda: not any(is_alive(one) for one in below), seconds=20)
