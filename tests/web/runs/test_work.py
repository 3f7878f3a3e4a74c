"""What a job tells: seldom written, never lost, refused once another attempt took over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from commonlight.web.runs.leases import Claim, LeaseLostError, claim_next
from commonlight.web.runs.models import Run
from commonlight.web.runs.work import MOST_MESSAGES, Cancelled, Work

Ask = Callable[..., Any]


@pytest.fixture
def work(ask: Ask, tmp_path: Path) -> Work:
    run = ask()
    claim = claim_next(["quick"], "w", lease=timedelta(seconds=60))
    assert claim is not None
    run.refresh_from_db()
    return Work(run, claim, tmp_path)


def stored(work: Work) -> Run:
    return Run.objects.everywhere("test").get(pk=work.run.pk)


def test_progress_reaches_the_run_at_most_twice_a_second(
    work: Work, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    now = [100.0]
    monkeypatch.setattr("commonlight.web.runs.work.time.monotonic", lambda: now[0])
    with django_assert_max_num_queries(30):
        for done in range(1000):
            now[0] += 0.002
            work.progress("reading", done, 1000)
    assert stored(work).progress_done >= 700
    work.flush()
    assert (stored(work).step, stored(work).progress_done) == ("reading", 999)


def test_a_checkpoint_is_there_at_once(work: Work) -> None:
    work.progress("reading", 1, 2)
    work.checkpoint("first", {"rows": 5})
    work.checkpoint("second", 2)
    assert stored(work).checkpoints == {"first": {"rows": 5}, "second": 2}


def test_messages_are_kept_with_their_values(work: Work) -> None:
    work.message("Read {rows} rows.", rows=5)
    work.message("a brace { alone and 100 % sure")
    work.flush()
    assert [row["text"] for row in stored(work).message_rows] == [
        "Read 5 rows.",
        "a brace { alone and 100 % sure",
    ]
    with translation.override("de"):
        assert len(stored(work).message_rows) == 2


def test_only_the_last_messages_are_kept(work: Work) -> None:
    for number in range(MOST_MESSAGES + 20):
        work.message("Message {number}", number=number)
    work.flush()
    assert len(stored(work).messages) == MOST_MESSAGES
    assert stored(work).message_rows[-1]["text"] == f"Message {MOST_MESSAGES + 19}"


def test_a_cancelled_job_stops_at_its_next_step(work: Work) -> None:
    Run.objects.everywhere("test").update(cancel_requested=True)
    with pytest.raises(Cancelled):
        work.progress("reading")


def test_nothing_is_written_after_a_takeover(work: Work) -> None:
    Run.objects.everywhere("test").update(fencing_token=2)
    with pytest.raises(LeaseLostError):
        work.checkpoint("late", 1)
    with pytest.raises(LeaseLostError):
        work.stop_if_cancelled()
    assert stored(work).checkpoints == {}


def test_the_actor_is_the_person_of_now(work: Work, people: dict[str, Any]) -> None:
    membership = people["analyst"].memberships.get()
    membership.role = "guest"
    membership.save()
    assert work.actor is not None
    assert (work.actor.role, work.actor.kind) == ("guest", "job")


def test_a_claim_names_its_run(work: Work) -> None:
    assert isinstance(work._claim, Claim)
    assert work._claim.run_id == work.run.pk
