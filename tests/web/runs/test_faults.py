"""Faults, with real processes: killed, stopped and competing workers lose and repeat nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from commonlight.web.runs import cancel
from commonlight.web.runs.models import Run, WorkerBeat
from processes import children, is_alive, until

pytestmark = pytest.mark.django_db(transaction=True)

Ask = Callable[..., Any]
Start = Callable[..., subprocess.Popen[bytes]]
SCRIPT = Path(__file__).with_name("worker_for_tests.py")


@pytest.fixture
def start(transactional_db: None, home: Path) -> Iterator[Start]:
    """Start a worker with a lease of a second, or another; all are ended after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def make(name: str = "worker", lease: float = 1.0) -> subprocess.Popen[bytes]:
        database = str(connection.settings_dict["NAME"])
        command = [sys.executable, str(SCRIPT), str(home), database, name, str(lease)]
        started.append(subprocess.Popen(command, start_new_session=True))
        return started[-1]

    yield make
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
    time.sleep(0.1)


def stored(run: Run) -> Run:
    return Run.objects.everywhere("test").get(pk=run.pk)


def in_state(run: Run, *states: str) -> Callable[[], bool]:
    return lambda: stored(run).state in states


def published(run: Run) -> int:
    return WorkerBeat.objects.filter(name__startswith=f"published {run.pk} ").count()


def folders(run: Run) -> list[str]:
    results = run.workspace.results_folder
    aside = results / ".unfinished"
    found = [one.name for one in results.iterdir() if one.name != ".unfinished"]
    return sorted(found + ([one.name for one in aside.iterdir()] if aside.exists() else []))


def assert_done_once(run: Run, log: Path, steps: int) -> None:
    """Done, published once, every checkpoint there, and nothing left of lost attempts."""
    run = stored(run)
    assert run.state == "done", run.failure
    assert run.result is not None
    assert run.result["steps"] == list(range(steps))
    assert published(run) == 1
    assert folders(run) == ([run.result_folder] if run.result_folder else [])
    lines = [tuple(map(int, line.split())) for line in log.read_text().splitlines()]
    assert {step for _, _, step in lines} == set(range(steps))
    # A step is done again only if the kill fell between its effect and its checkpoint.
    assert len(lines) <= steps + run.fencing_token


def test_a_worker_killed_at_20_moments(ask: Ask, start: Start, tmp_path: Path) -> None:
    rng = random.Random(20)
    log, steps = tmp_path / "steps", 300
    run = ask("test.steps", parameters={"log": str(log), "steps": steps, "pause": 0.01})
    Run.objects.everywhere("test").filter(pk=run.pk).update(max_attempts=50)
    start("many", 0.5)
    killed: set[str] = set()
    while len(killed) < 20:
        worker = until(lambda: stored(run).worker not in {"", *killed} and stored(run).worker)
        time.sleep(rng.uniform(0, 0.15))
        os.kill(int(worker), signal.SIGKILL)
        killed.add(worker)
    until(in_state(run, "done", "failed"))
    assert stored(run).attempts <= 21
    assert_done_once(run, log, steps)


def test_a_child_that_is_killed_is_tried_again(ask: Ask, start: Start, tmp_path: Path) -> None:
    log = tmp_path / "steps"
    run = ask("test.steps", parameters={"log": str(log), "steps": 20, "pause": 0.05})
    worker = start(lease=20)
    until(lambda: "3" in stored(run).checkpoints)
    os.kill(until(lambda: children(worker.pid))[0], signal.SIGKILL)
    until(in_state(run, "done", "failed"))
    assert stored(run).attempts == 2
    assert "Started again: attempt 2 of 3." in [row["text"] for row in stored(run).message_rows]
    assert_done_once(run, log, 20)


def test_a_child_dies_with_its_worker(ask: Ask, start: Start) -> None:
    run = ask("test.sleep", parameters={"seconds": 600})
    worker = start(lease=20)
    child = until(lambda: children(worker.pid))[0]
    until(in_state(run, "running"))
    worker.kill()
    worker.wait()
    until(lambda: not is_alive(child))


def test_a_poison_run_fails_and_lets_the_others_pass(ask: Ask, start: Start) -> None:
    poison = ask("test.fail", parameters={"how": "kill"})
    other = ask()
    start()
    until(in_state(poison, "failed"))
    until(in_state(other, "done"))
    assert "stopped 3 times" in stored(poison).failure_text


@pytest.mark.parametrize("whole", [True, False], ids=["worker and child", "worker alone"])
def test_stopped_beyond_its_lease_and_woken(
    ask: Ask, start: Start, tmp_path: Path, whole: bool
) -> None:
    log, gate = tmp_path / "steps", tmp_path / "gate"
    run = ask(
        "test.steps", parameters={"log": str(log), "steps": 40, "pause": 0.05, "gate": str(gate)}
    )
    sleeper = start("sleeper", 3)
    until(lambda: "5" in stored(run).checkpoints)
    stopped = [sleeper.pid, *([until(lambda: children(sleeper.pid))[0]] if whole else [])]
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    start("second", 20)
    until(lambda: stored(run).worker == "second")
    gate.touch()
    until(lambda: stored(run).state == "done" or len(stored(run).checkpoints) > 20)
    for process in reversed(stopped):
        os.kill(process, signal.SIGCONT)
    until(in_state(run, "done", "failed"))
    time.sleep(0.5)
    assert_done_once(run, log, 40)
    assert stored(run).fencing_token == 2
    assert sleeper.poll() is None


def test_two_workers_share_200_runs(ask: Ask, start: Start) -> None:
    runs = [ask(parameters={"numbers": [number]}) for number in range(200)]
    workers = [start("one", 20), start("two", 20)]
    waiting = Run.objects.everywhere("test").exclude(state="done")
    until(lambda: not waiting.exists())
    assert {stored(run).attempts for run in runs} == {1}
    assert [published(run) for run in runs] == [1] * 200
    assert all(worker.poll() is None for worker in workers)


def test_a_worker_told_to_stop_gives_its_run_back_at_once(ask: Ask, start: Start) -> None:
    run = ask("test.sleep", parameters={"seconds": 600})
    worker = start(lease=60)
    until(in_state(run, "running"))
    worker.terminate()
    assert worker.wait(5) == 0
    run = stored(run)
    assert (run.state, run.attempts, run.lease_until, run.worker) == ("queued", 0, None, "")
    assert not WorkerBeat.objects.filter(name="worker").exists()


def test_a_cancelled_run_stops_soon(ask: Ask, start: Start, actor_of: Callable[[str], Any]) -> None:
    run = ask("test.sleep", parameters={"seconds": 600})
    start()
    until(lambda: stored(run).step == "sleeping")
    cancel(actor_of("analyst"), run)
    until(in_state(run, "cancelled"), seconds=5)
    assert folders(stored(run)) == []


def test_a_run_that_takes_too_long_is_stopped(ask: Ask, start: Start) -> None:
    run = ask("test.stubborn")
    start()
    until(in_state(run, "failed"), seconds=10)
    assert "took longer than" in stored(run).failure_text
