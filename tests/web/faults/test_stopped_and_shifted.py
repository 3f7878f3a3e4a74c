"""Processes that sleep beyond their lease, and clocks that jump: work may cost time, not truth."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("ends", ["woken", "killed"])
def test_an_import_stopped_beyond_its_lease(place: Any, dataset: Any, ends: str) -> None:
    """The sleeper holds the lake; its successor waits, and the import comes once."""
    burglary = dataset()
    run = place.ask_for_import(burglary, tries=3)
    draft = place.workspace.lake_folder / "burglary" / ".draft"
    sleeper = place.start_worker("sleeper", 1)
    place.until(draft.exists)
    stopped = [sleeper.pid, *place.children(sleeper.pid)]
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    assert len(stopped) == 2
    place.start_worker("second", 1)
    place.until(lambda: place.stored(run).step.startswith("Waiting for another import"))
    for process in reversed(stopped):
        os.kill(process, signal.SIGCONT if ends == "woken" else signal.SIGKILL)
    found = place.ended(run)
    assert found.fencing_token == 2
    place.check_import(run, burglary)
    assert place.result_folders() == [found.result_folder]
    assert burglary.versions.count() == 1


def test_clocks_that_jump(place: Any, tmp_path: Path) -> None:
    """Hours forward and back, under two workers: every step is done, and the run once."""
    rng, clock, log = random.Random(11), tmp_path / "clock", tmp_path / "steps"
    clock.write_text("0")
    run = place.with_tries(place.ask_for_steps(log, 60, pause=0.05), 50)
    for name in ("one", "two"):
        place.start_worker(name, 2, clock=clock)
    for number in range(1, 6):
        place.until(
            lambda n=number: len(place.stored(run).checkpoints) >= 9 * n or over(place, run)
        )
        aside = clock.with_name("next")
        aside.write_text(str(rng.choice([-7200, -60, 60, 3600, 86_400])))
        aside.replace(clock)
    found = place.ended(run)
    assert found.state == "done", found.failure_text
    assert found.result["steps"] == list(range(60))
    lines = [line.split() for line in log.read_text().splitlines()]
    assert {int(step) for *_, step in lines} == set(range(60))
    assert len(lines) <= 60 + found.fencing_token
    assert place.result_folders() == [found.result_folder]
    other = place.ask_for_steps(tmp_path / "more", 3, pause=0.01)
    assert place.ended(other).state == "done"


def over(place: Any, run: Any) -> bool:
    return bool(place.stored(run).is_over)
