"""Folders of results: only what a run refers to, or an attempt is writing, stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from commonlight.web.runs.leases import claim_next
from commonlight.web.runs.results import fresh_folder, publish_folder, remove_leftovers, sweep
from commonlight.web.runs.worker import work_off

Ask = Callable[..., Any]
LEASE = timedelta(seconds=60)


def test_a_sweep_takes_what_nobody_refers_to(ask: Ask, city: SimpleNamespace) -> None:
    ask()
    (done,) = work_off()
    ask(reuse=False)
    claim = claim_next(["quick"], "w", lease=LEASE)
    assert claim is not None
    results = city.workspace.results_folder
    writing = fresh_folder(city.workspace, claim)
    lost = [f"{claim.run_id}-99-aaaaaaaa", "12345-1-bbbbbbbb", f".unfinished/{done.pk}-1"]
    kept = ["notes", "report-2026"]
    for name in [*lost, *kept]:
        (results / name).mkdir()
    assert sorted(sweep(city.workspace)) == sorted(name.split("/")[-1] for name in lost)
    assert writing.is_dir()
    assert done.has_files
    assert all((results / name).is_dir() for name in kept)


def test_a_new_attempt_removes_what_the_lost_one_left(ask: Ask, city: SimpleNamespace) -> None:
    ask()
    old = claim_next(["quick"], "slow", lease=timedelta(seconds=-1))
    assert old is not None
    half = fresh_folder(city.workspace, old)
    (half / "part").write_text("x")
    whole = fresh_folder(city.workspace, old)
    (whole / "part").write_text("x")
    name = publish_folder(whole, city.workspace, old)
    new = claim_next(["quick"], "quick", lease=LEASE)
    assert new is not None
    remove_leftovers(city.workspace, new)
    assert not half.exists()
    assert not (city.workspace.results_folder / name).exists()


def test_an_empty_folder_leaves_no_name(ask: Ask, city: SimpleNamespace) -> None:
    ask("test.shared")
    (run,) = work_off()
    assert (run.state, run.result_folder, run.has_files) == ("done", "", False)
