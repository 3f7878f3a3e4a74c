"""One attempt at a run, from the permission to the published result."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from commonlight.web.runs.domain import may_start
from commonlight.web.runs.failures import explain
from commonlight.web.runs.leases import Claim, LeaseLostError, end_claim, fenced_update
from commonlight.web.runs.models import Run, RunState
from commonlight.web.runs.patience import patiently
from commonlight.web.runs.registry import Job, find_job
from commonlight.web.runs.results import (
    fresh_folder,
    publish_folder,
    remove_leftovers,
    remove_tree,
)
from commonlight.web.runs.work import Cancelled, Work

__all__ = ["attempt"]

log = logging.getLogger("commonlight.runs")


def attempt(claim: Claim) -> str:
    """Do the work of a claimed run and keep how it ended: its state, or ``"lost"``."""
    run = patiently(lambda: claim.rows().select_related("workspace", "requested_by").first())
    if run is None:
        return "lost"
    try:
        return _done(run, claim)
    except LeaseLostError:
        log.warning("lease lost", extra={"run": claim.run_id, "token": claim.token})
        return "lost"
    except Cancelled:
        _ended(claim, state=RunState.CANCELLED)
        return RunState.CANCELLED
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return _failed(claim, error)


def _done(run: Run, claim: Claim) -> str:
    job = find_job(run.kind)
    remove_leftovers(run.workspace, claim)
    work = Work(run, claim, fresh_folder(run.workspace, claim))
    try:
        may_start(work.actor, job, run)
        if run.attempts > 1:
            work.message(
                gettext_noop("Started again: attempt {number} of {most}."),
                number=run.attempts,
                most=run.max_attempts,
            )
        result = {"schema": job.result_schema, **job(work)}
        json.dumps(result, allow_nan=False)
        work.flush()
        _publish(job, run, claim, result, publish_folder(work.folder, run.workspace, claim))
    finally:
        remove_tree(work.folder)
    return RunState.DONE


def _publish(job: Job, run: Run, claim: Claim, result: dict[str, Any], folder: str) -> None:
    """Make the result visible, with all that it changes, in one transaction."""
    try:
        patiently(lambda: _complete(job, run, claim, result, folder))
    except BaseException:
        if folder and not _is_ours(run, folder):
            remove_tree(run.workspace.results_folder / folder)
        raise


def _complete(job: Job, run: Run, claim: Claim, result: dict[str, Any], folder: str) -> None:
    if _was_completed(run, claim):
        return
    with transaction.atomic():
        fenced_update(
            claim,
            state=RunState.DONE,
            result=result,
            result_folder=folder,
            step="",
            lease_until=None,
            worker="",
            finished_at=timezone.now(),
        )
        run.refresh_from_db()
        if job.publisher is not None:
            job.publisher(run, result)


def _was_completed(run: Run, claim: Claim) -> bool:
    """Whether this very attempt is stored as done: the database went away after its commit."""
    found = Run.objects.of(run.workspace).filter(pk=run.pk, fencing_token=claim.token)
    return bool(found.filter(state=RunState.DONE).exists())


def _is_ours(run: Run, folder: str) -> bool:
    try:
        found = Run.objects.of(run.workspace).filter(pk=run.pk, result_folder=folder)
        return bool(found.exists())
    except Exception:
        return True


def _failed(claim: Claim, error: BaseException) -> str:
    failure = explain(error)
    if failure.fault:
        log.error(
            "fault in a run",
            exc_info=error,
            extra={"run": claim.run_id, "kind": claim.kind, "fault": failure.fault},
        )
    _ended(claim, state=RunState.FAILED, failure=failure.text, failure_values=failure.values)
    return RunState.FAILED


def _ended(claim: Claim, **fields: Any) -> None:
    patiently(lambda: end_claim(claim, **fields))
