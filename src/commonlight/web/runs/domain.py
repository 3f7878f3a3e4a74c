"""Ask for a run, cancel it, ask again; and which runs a person sees."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from commonlight import __version__
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, decide, require
from commonlight.web.runs.models import Run, RunState
from commonlight.web.runs.registry import Job, find_job, shared_kinds
from commonlight.web.workspaces.models import Workspace

__all__ = ["cancel", "fingerprint", "request", "run_again", "visible_runs"]


def request(
    actor: Actor | None,
    kind: str,
    *,
    workspace: Workspace,
    title_values: Mapping[str, Any] | None = None,
    inputs: Sequence[Mapping[str, Any]] = (),
    parameters: Mapping[str, Any] | None = None,
    seed: int = 0,
    reuse: bool = True,
    key: str | None = None,
) -> Run:
    """Ask for a computation; the same one, waiting, running or done, is given back instead.

    Without an actor the installation itself asks, as commands do. `key` makes a repeated
    request, such as a form sent twice, the same run.

    Raises
    ------
    Refused
        If the person may not do this.
    ValueError
        If the key was used for something else.
    """
    job = find_job(kind)
    run = Run(
        workspace=workspace,
        kind=kind,
        title=job.title,
        title_values=_plain(title_values or {}),
        inputs=_plain(list(inputs)),
        parameters=_plain(parameters or {}),
        seed=seed,
        library_version=__version__,
        key=key,
        lane=job.lane,
        max_attempts=job.max_attempts,
        requested_by_id=actor.user_id if actor else None,
        organisation_id=actor.organisation_id if actor else None,
    )
    run.fingerprint = fingerprint(run)
    may_start(actor, job, run)
    return _with_key(run) or (_same(actor, run) if reuse else None) or _kept(actor, run)


def may_start(actor: Actor | None, job: Job, run: Run) -> None:
    """Pass, or stop with the reason; asked at the request and again before the work begins."""
    if actor is None:
        return
    # A run of another workspace is refused as such; else the role decides, and the job's check.
    require(actor, job.action, run if actor.workspace != run.workspace else None)
    if job.checker is not None:
        job.checker(actor, run)


def fingerprint(run: Run) -> str:
    """SHA-256 of what decides the result: kind, inputs, parameters, seed, version."""
    content = [run.kind, run.inputs, run.parameters, run.seed, run.library_version]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def visible_runs(actor: Actor) -> Any:
    """The runs that the actor may see, newest first; `run.view` decides about one alone."""
    runs = Run.objects.of(actor.workspace).select_related("requested_by", "organisation")
    own = Q(requested_by_id=actor.user_id) if actor.user_id else Q(pk__in=[])
    if actor.organisation_id:
        own |= Q(organisation_id=actor.organisation_id)
    return runs.filter(own | Q(kind__in=shared_kinds()))


def cancel(actor: Actor, run: Run) -> None:
    """Stop a run: at once where it waits, at its next step where it runs."""
    require(actor, "run.cancel", run)
    with transaction.atomic():
        found = Run.objects.of(run.workspace).filter(pk=run.pk)
        waiting = found.filter(state=RunState.QUEUED)
        if waiting.update(
            state=RunState.CANCELLED, cancel_requested=True, finished_at=timezone.now()
        ) or found.filter(state=RunState.RUNNING).update(cancel_requested=True):
            record(actor, "run.cancel", run)
    run.refresh_from_db()


def run_again(actor: Actor, run: Run) -> Run:
    """Ask for the same computation once more, with the library as it is now."""
    require(actor, "run.view", run)
    return request(
        actor,
        run.kind,
        workspace=run.workspace,
        title_values=run.title_values,
        inputs=run.inputs,
        parameters=run.parameters,
        seed=run.seed,
        reuse=False,
    )


def _with_key(run: Run) -> Run | None:
    """The run that an earlier request with this key made."""
    if run.key is None:
        return None
    found: Run | None = Run.objects.of(run.workspace).filter(key=run.key).first()
    if found is not None and (found.kind, found.fingerprint) != (run.kind, run.fingerprint):
        raise ValueError(f"the key {run.key!r} was used for another run; choose a new one")
    return _given_back(found)


def _same(actor: Actor | None, run: Run) -> Run | None:
    """A run with the same content that the actor may see and whose files are still there."""
    wanted = (RunState.DONE, RunState.QUEUED, RunState.RUNNING)
    found = Run.objects.of(run.workspace).filter(fingerprint=run.fingerprint, state__in=wanted)
    for one in found.filter(cancel_requested=False):
        seen = actor is None or decide(actor, "run.view", one)
        if seen and (not one.result_folder or one.has_files):
            return _given_back(one)
    return None


def _given_back(run: Run | None) -> Run | None:
    if run is not None:
        run.is_reused = True
    return run


def _kept(actor: Actor | None, run: Run) -> Run:
    """The new run, waiting; or the one that the same key made in the same moment."""
    try:
        with transaction.atomic():
            run.save(force_insert=True)
            record(actor, "run.start", run, workspace=run.workspace, kind="change", job=run.kind)
    except IntegrityError:
        found = _with_key(run)
        if found is None:
            raise
        return found
    return run


def _plain(value: Any) -> Any:
    """The value as JSON keeps it."""
    return json.loads(json.dumps(value, default=str, allow_nan=False))
