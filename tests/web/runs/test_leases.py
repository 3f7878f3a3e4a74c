"""Claims, renewals and give-backs; with the clock of the database moved by moving the leases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from commonlight.web.runs import cancel
from commonlight.web.runs.leases import (
    Claim,
    LeaseLostError,
    claim_next,
    end_claim,
    fenced_update,
    give_back,
    is_cancelled,
    renew,
)
from commonlight.web.runs.models import Run

Ask = Callable[..., Any]
LEASE = timedelta(seconds=20)


def claim(worker: str = "w", **options: Any) -> Claim | None:
    return claim_next(["quick", "long"], worker, lease=LEASE, **options)


def held(worker: str = "w") -> Claim:
    found = claim(worker)
    assert found is not None
    return found


def stored(claim: Claim) -> Run:
    return Run.objects.everywhere("test").get(pk=claim.run_id)


def shift(claim: Claim, seconds: float) -> None:
    """Move the end of the lease: the clock of the database jumped the other way."""
    run = stored(claim)
    run.lease_until += timedelta(seconds=seconds)
    run.save()


def test_the_oldest_is_claimed_first_and_only_once(ask: Ask) -> None:
    first, second = ask(), ask(parameters={"numbers": [3]})
    assert [held().run_id, held().run_id] == [first.pk, second.pk]
    assert claim() is None


def test_a_lane_takes_its_own_runs_only(ask: Ask) -> None:
    ask()
    assert claim_next(["long"], "w", lease=LEASE) is None
    assert claim_next([], "w", lease=LEASE) is None
    assert claim_next(["quick"], "w", lease=LEASE) is not None


def test_a_lost_lease_is_claimed_with_a_higher_token(ask: Ask) -> None:
    ask()
    old = held("slow")
    assert claim() is None
    shift(old, -25)
    new = held("quick")
    assert (new.run_id, new.token) == (old.run_id, old.token + 1)
    assert stored(new).attempts == 2
    with pytest.raises(LeaseLostError):
        fenced_update(old, step="I was asleep")
    assert not renew(old, lease=LEASE)
    assert not end_claim(old, state="done")
    give_back(old, counts=True)
    assert (stored(new).state, stored(new).step, stored(new).worker) == ("running", "", "quick")


def test_a_clock_set_forward_costs_time_but_no_work(ask: Ask) -> None:
    """All leases seem over; the holder renews unless another one was quicker."""
    ask()
    mine = held()
    shift(mine, -3600)
    assert renew(mine, lease=LEASE)
    assert claim() is None
    fenced_update(mine, step="still here")


def test_a_clock_set_back_leaves_no_run_in_limbo(ask: Ask) -> None:
    """A lease that seems to last for an hour is cut to one lease, then it is claimed."""
    ask()
    lost = held("dead")
    shift(lost, 3600)
    assert claim() is None
    assert stored(lost).lease_until <= timezone.now() + LEASE
    shift(lost, -25)
    assert held("new").token == lost.token + 1


def test_a_clock_set_back_does_not_take_a_run_from_a_worker_that_lives(ask: Ask) -> None:
    ask()
    mine = held()
    shift(mine, 3600)
    assert claim("other") is None
    assert renew(mine, lease=LEASE)
    assert claim("other") is None


def test_attempts_come_to_an_end(ask: Ask) -> None:
    run = ask()
    for _ in range(run.max_attempts):
        shift(held(), -25)
    assert claim() is None
    run.refresh_from_db()
    assert run.state == "failed"
    assert "stopped 3 times" in run.failure_text


def test_a_run_given_back_in_good_order_was_not_tried(ask: Ask) -> None:
    ask()
    for _ in range(5):
        give_back(held(), counts=False)
    assert stored(held()).attempts == 1


def test_an_attempt_that_died_counts(ask: Ask) -> None:
    run = ask()
    for _ in range(run.max_attempts):
        give_back(held(), counts=True)
    run.refresh_from_db()
    assert run.state == "failed"


def test_a_cancelled_run_whose_worker_was_lost_ends_cancelled(
    ask: Ask, actor_of: Callable[[str], Any]
) -> None:
    run = ask()
    mine = held()
    assert not is_cancelled(mine)
    cancel(actor_of("analyst"), run)
    assert is_cancelled(mine)
    shift(mine, -25)
    assert claim() is None
    run.refresh_from_db()
    assert (run.state, run.finished_at is None) == ("cancelled", False)


def test_runs_named_are_left_alone(ask: Ask) -> None:
    ask()
    mine = held()
    shift(mine, -25)
    assert claim(not_these=[mine.run_id]) is None


def test_looking_takes_one_query(ask: Ask, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        assert claim() is None
