"""An attempt: result, publication, failure; and nothing half-written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from commonlight.web.runs.attempt import attempt
from commonlight.web.runs.leases import claim_next
from commonlight.web.runs.models import Run, WorkerBeat
from commonlight.web.runs.worker import work_off

Ask = Callable[..., Any]


def published(run: Run) -> int:
    return WorkerBeat.objects.filter(name__startswith=f"published {run.pk} ").count()


def leftovers(run: Run) -> list[str]:
    folder = run.workspace.results_folder
    kept = {run.result_folder, ".unfinished"}
    found = [one.name for one in folder.iterdir() if one.name not in kept]
    return found + [one.name for one in (folder / ".unfinished").iterdir()]


def test_a_run_is_done_and_published_once(ask: Ask) -> None:
    asked = ask()
    (run,) = work_off()
    assert (run.pk, run.state, run.attempts) == (asked.pk, "done", 1)
    assert run.result == {"schema": "commonlight.test/1", "sum": 3}
    assert (run.result_path / "sum.txt").read_text() == "3"
    assert [row["text"] for row in run.message_rows] == ["Added 2 numbers."]
    assert published(run) == 1
    assert leftovers(run) == []
    assert run.name == "Sum of numbers"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("disk", "The disk is full. Nothing was lost"),
        ("memory", "more memory than this computer has"),
        ("library", "the mapping names no column for the time"),
        ("other", "This is a fault of ours"),
        ("nan", "This is a fault of ours"),
    ],
)
def test_a_failure_says_why_and_leaves_nothing(ask: Ask, how: str, words: str) -> None:
    ask("test.fail", parameters={"how": how})
    (run,) = work_off()
    assert run.state == "failed"
    assert words in run.failure_text
    assert "private" not in run.failure_text
    assert leftovers(run) == []
    assert run.result is None


def test_a_fault_of_ours_has_its_number_in_the_log(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    ask("test.fail", parameters={"how": "other"})
    with caplog.at_level(logging.ERROR, "commonlight.runs"):
        (run,) = work_off()
    (line,) = [record for record in caplog.records if record.message == "fault in a run"]
    assert line.fault in run.failure_text


def test_a_failing_publication_takes_everything_back(ask: Ask) -> None:
    ask("test.publish_fails")
    (run,) = work_off()
    assert (run.state, run.result, run.result_folder) == ("failed", None, "")
    assert published(run) == 0
    assert leftovers(run) == []


def test_a_lost_lease_writes_nothing(ask: Ask) -> None:
    ask()
    old = claim_next(["quick"], "slow", lease=timedelta(seconds=-1))
    new = claim_next(["quick"], "quick", lease=timedelta(seconds=60))
    assert old is not None
    assert new is not None
    assert attempt(old) == "lost"
    assert attempt(new) == "done"
    assert attempt(old) == "lost"
    run = Run.objects.everywhere("test").get()
    assert (run.attempts, run.fencing_token, published(run)) == (2, 2, 1)


def test_permission_is_asked_again_at_the_start(ask: Ask, people: dict[str, Any]) -> None:
    ask()
    membership = people["analyst"].memberships.get()
    membership.role = "guest"
    membership.save()
    (run,) = work_off()
    assert run.state == "failed"
    assert "Your role does not include this." in run.failure_text


def test_a_person_who_left_starts_nothing(ask: Ask, people: dict[str, Any]) -> None:
    ask()
    people["analyst"].memberships.update(ended_at="2026-01-01T00:00Z")
    (run,) = work_off()
    assert run.state == "failed"
    assert "not a member" in run.failure_text


def test_a_run_of_an_unknown_kind_fails_with_a_sentence(ask: Ask) -> None:
    run = ask()
    Run.objects.everywhere("test").filter(pk=run.pk).update(kind="test.gone")
    (run,) = work_off()
    assert run.state == "failed"
    assert "no job of the kind 'test.gone'" in run.failure_text
