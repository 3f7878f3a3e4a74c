"""Real imports and audits, killed at random moments: each ends done, once, with nothing half."""

from __future__ import annotations

import os
import random
import signal
import time
from functools import partial
from typing import Any

import pytest

from commonlight.web.runs.domain import run_again

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def kill_at_random(place: Any, run: Any, *, times: int, within: float, seed: int) -> int:
    """Kill the worker, or its child alone, so many times while the run is worked on."""
    rng, killed, seen = random.Random(seed), 0, 0
    while killed < times:
        found = place.until(partial(is_over_or_claimed, place, run, seen))
        if found.is_over:
            break
        seen = found.fencing_token
        time.sleep(rng.uniform(0, within))
        worker = int(found.worker)
        victims = place.children(worker) if rng.random() < 0.4 else []
        try:
            os.kill(victims[0] if victims else worker, signal.SIGKILL)
        except ProcessLookupError:
            continue
        killed += 1
    return killed


def is_over_or_claimed(place: Any, run: Any, seen: int) -> Any:
    found = place.stored(run)
    is_claimed = found.worker and found.fencing_token > seen
    return found if found.is_over or is_claimed else None


def test_an_import_killed_at_random_moments(place: Any, dataset: Any) -> None:
    burglary = dataset()
    first = place.ask_for_import(burglary)
    place.start_worker("many", 0.8)
    begun = time.monotonic()
    place.ended(first)
    takes = time.monotonic() - begun
    place.check_import(first, burglary)
    killed = 0
    for number in range(3):
        run = place.ask_for_import(burglary, without=number + 1)
        killed += kill_at_random(place, run, times=4, within=takes, seed=number)
        place.ended(run)
        place.check_import(run, burglary)
    assert killed >= 3
    assert burglary.versions.count() == 4
    burglary.refresh_from_db()
    assert burglary.current.run == run
    runs = {place.stored(first).result_folder, *folders_of(burglary)}
    assert set(place.result_folders()) == runs


def folders_of(dataset: Any) -> set[str]:
    return {one.run.result_folder for one in dataset.versions.select_related("run")}


def test_an_audit_killed_at_random_moments(place: Any) -> None:
    undisturbed = place.ask_for_audit()
    place.start_worker("many", 0.8)
    begun = time.monotonic()
    place.ended(undisturbed)
    takes = time.monotonic() - begun
    wanted = place.check_audit(undisturbed)
    run = place.with_tries(run_again(place.actor_of("analyst"), undisturbed), 50)
    killed = kill_at_random(place, run, times=3, within=takes, seed=3)
    place.ended(run)
    assert killed >= 2
    assert place.check_audit(run) == wanted
    kept = {place.stored(one).result_folder for one in (undisturbed, run)}
    assert set(place.result_folders()) == kept
