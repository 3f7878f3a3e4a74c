"""Remove what is past its time: rows first, in one transaction, then their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.data.models import DataSet, DataVersion
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.portability.retention import files
from commonlight.web.portability.retention.accounts import anonymise
from commonlight.web.portability.retention.due import Item, due_of, runs_resting_on
from commonlight.web.portability.retention.models import PendingRemoval
from commonlight.web.portability.retention.periods import PERIODS
from commonlight.web.runs.models import Run

__all__ = ["remove_due"]


def remove_due(
    actor: Actor | None, workspace: Any, *, now: datetime | None = None
) -> dict[str, dict[str, int]]:
    """Remove everything that is due; returns counts and bytes by kind.

    What an earlier, interrupted removal left is finished first.
    """
    files.finish(workspace)
    with transaction.atomic():
        told = {
            period.key: _remove(actor, workspace, period.key, now or timezone.now())
            for period in PERIODS
        }
        if any(one["count"] for one in told.values()):
            record(actor, "retention.run", workspace, workspace=workspace, removed=told)
    files.finish(workspace)
    return told


def _remove(actor: Actor | None, workspace: Any, key: str, now: datetime) -> dict[str, int]:
    found = due_of(workspace, key, now)
    told = {"count": found.count, "bytes": found.size}
    for item in found.items:
        _REMOVERS[key](actor, item)
    return told


def _upload(actor: Actor | None, item: Item) -> None:
    _later(item.thing.workspace, item.paths)
    item.thing.delete()


def _result(actor: Actor | None, item: Item) -> None:
    forget_result(item.thing)


def forget_result(run: Run) -> None:
    """Take result, files and findings from a run; what it was and when stays."""
    if run.result_folder:
        _later(run.workspace, [run.result_path])
    StoredFinding.objects.of(run.workspace).filter(run=run).delete()
    AuditPlan.objects.of(run.workspace).filter(latest_run=run).update(latest_run=None)
    Run.objects.of(run.workspace).filter(pk=run.pk).update(
        result=None,
        result_folder="",
        fingerprint="",
        checkpoints={"removed_on": timezone.now().date().isoformat(), "was": run.fingerprint},
    )


def _version(actor: Actor | None, item: Item) -> None:
    """The lake forgets a version with its files."""
    version: DataVersion = item.thing
    if version.lake_version:
        _lake(version.workspace, version.dataset.slug, version.lake_version)
    else:
        _later(version.workspace, item.paths)
    version.delete()


def _dataset(actor: Actor | None, item: Item) -> None:
    """A data set goes with its files, its uploads, and the results that rest on it."""
    dataset: DataSet = item.thing
    place = dataset.workspace
    for run in runs_resting_on(place).get(dataset.slug, []):
        forget_result(run)
    _lake(place, dataset.slug, "")
    _later(place, [place.files_folder / dataset.slug])
    _later(place, [place.uploads_folder / str(one.pk) for one in dataset.uploads.all()])
    record(actor, "data.delete", dataset, workspace=place, removed=True, slug=dataset.slug)
    dataset.delete()


def _row(actor: Actor | None, item: Item) -> None:
    item.thing.delete()


def _account(actor: Actor | None, item: Item) -> None:
    anonymise(item.thing, actor=actor)


def _later(workspace: Any, paths: Iterable[Path]) -> None:
    """Note files to be removed once the rows are gone for good."""
    for path in paths:
        PendingRemoval.objects.of(workspace).get_or_create(
            workspace=workspace, path=path.relative_to(workspace.folder).as_posix()
        )


def _lake(workspace: Any, source: str, version: str) -> None:
    path = f"lake/{source}/versions/{version}" if version else f"lake/{source}"
    PendingRemoval.objects.of(workspace).get_or_create(
        workspace=workspace,
        path=path,
        defaults={
            "lake_source": source,
            "lake_version": version,
        },
    )


_REMOVERS: dict[str, Callable[[Actor | None, Item], None]] = {
    "uploads": _upload,
    "previews": _result,
    "exports": _result,
    "versions": _version,
    "results": _result,
    "trash": _dataset,
    "invitations": _row,
    "accounts": _account,
}
