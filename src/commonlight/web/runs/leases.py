"""Who works on a run: a lease that is claimed, renewed and lost, and a token that fences it.

The token rises with every claim, and every write asks for it. So a clock may jump and a process
may sleep: in the worst case work is done twice, but only the newest claim can leave a trace.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from commonlight.web.runs.failures import worn_out
from commonlight.web.runs.models import Run, RunState

__all__ = [
    "Claim",
    "LeaseLostError",
    "claim_next",
    "database_now",
    "end_claim",
    "fenced_update",
    "give_back",
    "is_cancelled",
    "renew",
]

REASON = "the worker serves every workspace"


class LeaseLostError(RuntimeError):
    """Another worker has taken the run over; nothing may be written to it any more."""


@dataclass(frozen=True)
class Claim:
    """A run that is ours for as long as its token is the newest."""

    run_id: int
    token: int
    lane: str
    kind: str

    def rows(self) -> Any:
        """The run, if it is still ours."""
        return Run.objects.everywhere(REASON).filter(
            pk=self.run_id, fencing_token=self.token, state=RunState.RUNNING
        )


def database_now() -> datetime:
    """The time by which leases are judged: that of the database, which all workers share."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def claim_next(
    lanes: Collection[str], worker: str, *, lease: timedelta, not_these: Collection[int] = ()
) -> Claim | None:
    """The oldest run that waits, or whose worker was lost, in one of these lanes."""
    if not lanes or not _anything_to_do(lanes, not_these, lease):
        return None
    while True:
        with transaction.atomic():
            now = database_now()
            _cap_leases(now, lease)
            open_runs = Run.objects.everywhere(REASON).filter(_is_open(now), lane__in=lanes)
            run = (
                open_runs.exclude(pk__in=not_these)
                .select_for_update(skip_locked=True)
                .order_by("created_at", "pk")
                .first()
            )
            if run is None:
                return None
            if run.state == RunState.QUEUED or not _ended_instead(run):
                return _claimed(run, worker, now + lease)


def renew(claim: Claim, *, lease: timedelta) -> bool:
    """Hold the run for another lease; whether it is still ours."""
    return bool(claim.rows().update(lease_until=database_now() + lease))


def is_cancelled(claim: Claim) -> bool:
    """Whether somebody asked to stop the run."""
    return bool(claim.rows().filter(cancel_requested=True).exists())


def fenced_update(claim: Claim, **fields: Any) -> None:
    """Write to the run, if it is still ours.

    Raises
    ------
    LeaseLostError
        If it is not.
    """
    if not claim.rows().update(**fields):
        raise LeaseLostError(f"run {claim.run_id} is no longer held under token {claim.token}")


def give_back(claim: Claim, *, counts: bool) -> None:
    """Let another worker have the run at once; `counts` says whether the attempt was one."""
    with transaction.atomic():
        run = claim.rows().select_for_update().first()
        if run is None:
            return
        if counts and _ended_instead(run):
            return
        attempts = F("attempts") if counts else F("attempts") - 1
        claim.rows().update(
            state=RunState.QUEUED, lease_until=None, worker="", attempts=attempts, step=""
        )


def end_claim(claim: Claim, **fields: Any) -> bool:
    """End the run with a last state; whether it was still ours."""
    fields |= {"lease_until": None, "worker": "", "finished_at": timezone.now()}
    return bool(claim.rows().update(**fields))


def _anything_to_do(lanes: Collection[str], not_these: Collection[int], lease: timedelta) -> bool:
    """A look without a lock, since most looks find nothing."""
    now = database_now()
    wanted = _is_open(now) | _is_far_ahead(now, lease)
    runs = Run.objects.everywhere(REASON).filter(wanted, lane__in=lanes)
    return bool(runs.exclude(pk__in=not_these).exists())


def _is_open(now: datetime) -> Q:
    """Runs that wait, and runs whose lease is over."""
    is_lost = Q(lease_until__lt=now) | Q(lease_until__isnull=True)
    return Q(state=RunState.QUEUED) | (Q(state=RunState.RUNNING) & is_lost)


def _is_far_ahead(now: datetime, lease: timedelta) -> Q:
    """Leases that end later than a lease can: the clock was set back."""
    return Q(state=RunState.RUNNING, lease_until__gt=now + 2 * lease)


def _cap_leases(now: datetime, lease: timedelta) -> None:
    """After the clock was set back, a lease must not seem to last for hours."""
    runs = Run.objects.everywhere(REASON).filter(_is_far_ahead(now, lease))
    runs.update(lease_until=now + lease)


def _claimed(run: Run, worker: str, until: datetime) -> Claim:
    run.state = RunState.RUNNING
    run.worker = worker
    run.attempts += 1
    run.fencing_token += 1
    run.lease_until = until
    run.started_at = run.started_at or timezone.now()
    run.save(
        update_fields=[
            "state", "worker", "attempts", "fencing_token", "lease_until", "started_at",
        ]
    )  # fmt: skip
    return Claim(run_id=run.pk, token=run.fencing_token, lane=run.lane, kind=run.kind)


def _ended_instead(run: Run) -> bool:
    """Whether the run ends here: somebody cancelled it, or no attempts are left."""
    if run.cancel_requested:
        _end(run, state=RunState.CANCELLED)
    elif run.attempts >= run.max_attempts:
        failure = worn_out(run.attempts)
        _end(run, state=RunState.FAILED, failure=failure.text, failure_values=failure.values)
    else:
        return False
    return True


def _end(run: Run, **fields: Any) -> None:
    """The token rises here too, so that an attempt that still lives can write nothing more."""
    Run.objects.everywhere(REASON).filter(pk=run.pk).update(
        lease_until=None,
        worker="",
        fencing_token=F("fencing_token") + 1,
        finished_at=timezone.now(),
        **fields,
    )
