"""A database that goes away for ten seconds: pages say so, the run goes on, nothing is lost."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from processes import PATIENCE, free_port, until

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "scripts/postgres"
WORKER = ROOT / "tests/web/runs/worker_for_tests.py"
PORT = free_port()
AWAY_FOR = 10

ASK = """
import sys
from commonlight.web.config.start import start_django
start_django()
import importlib.util
spec = importlib.util.spec_from_file_location("jobs_for_tests", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
from commonlight.web.runs import request
from commonlight.web.workspaces.models import Workspace
place, _ = Workspace.objects.get_or_create(slug="lakeside", defaults={"name": "L", "city": "L"})
given = {"log": sys.argv[2], "steps": 60, "pause": 0.1}
print(request(None, "test.steps", workspace=place, parameters=given).pk)
"""
TELL = """
import sys
from commonlight.web.config.start import start_django
start_django()
from commonlight.web.runs.models import Run, WorkerBeat
run = Run.objects.everywhere("test").get(pk=sys.argv[1])
print(run.state, run.attempts, len(run.checkpoints),
      WorkerBeat.objects.filter(name__startswith=f"published {run.pk} ").count())
"""

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMMONLIGHT_TEST_DATABASE"),
    reason="runs in the pass on PostgreSQL, with a server of its own to stop",
)


@pytest.fixture
def postgres() -> Iterator[Callable[[str], str]]:
    folder = Path(tempfile.mkdtemp(prefix="commonlight-away-"))
    folder.chmod(0o755)

    def tell(what: str) -> str:
        own = os.environ | {"COMMONLIGHT_POSTGRES": str(folder / "pg")}
        done = subprocess.run(
            [SCRIPT, what], env=own, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE
        )
        return done.stdout.strip()

    yield tell
    tell("stop")
    shutil.rmtree(folder, ignore_errors=True)


def page(path: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        line.close()


def test_ten_seconds_without_a_database(postgres: Callable[[str], str], tmp_path: Path) -> None:
    url = postgres("start")
    own = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("COMMONLIGHT", "DJANGO"))},
        "COMMONLIGHT_HOME": str(tmp_path / "home"),
        "COMMONLIGHT_DATABASE_URL": url,
        "COMMONLIGHT_TEST_DATABASE": url,
    }

    def python(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, env=own, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE
        ).stdout.strip()

    cli = "from commonlight.cli import main; main()"
    python("-c", cli, "migrate")
    log, jobs = tmp_path / "steps", str(WORKER.with_name("jobs_for_tests.py"))
    run = python("-c", ASK, jobs, str(log))
    processes = [
        subprocess.Popen([sys.executable, "-c", cli, "pages", "--port", str(PORT)], env=own),
        subprocess.Popen(
            [sys.executable, str(WORKER), own["COMMONLIGHT_HOME"], "commonlight", "w", "20"],
            env=own,
        ),
    ]
    try:
        until(lambda: page("/public/lakeside/")[0] in (200, 404) and log.exists())
        until(lambda: len(log.read_text().splitlines()) > 10)
        postgres("halt")
        stopped = time.monotonic()
        status, body = until(lambda: (found := page("/health/ready"))[0] == 503 and found)
        status, body = page("/w/lakeside/")
        assert status == 302, "who is not signed in is sent to the sign-in, which asks nothing"
        status, body = page("/public/lakeside/")
        assert status == 503
        assert "Nothing is lost" in body
        time.sleep(max(0.0, AWAY_FOR - (time.monotonic() - stopped)))
        postgres("start")
        until(lambda: page("/health/ready")[0] == 200)
        assert page("/public/lakeside/")[0] in (200, 404)
        told = until(lambda: (found := python("-c", TELL, run)).startswith("done") and found)
        assert told == "done 1 60 1"
        assert len(log.read_text().splitlines()) in (60, 61)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(PATIENCE)
