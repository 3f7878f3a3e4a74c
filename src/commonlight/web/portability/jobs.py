"""The export of a whole workspace, in the worker."""

from __future__ import annotations

import shutil
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from commonlight.web import runs
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.portability.archive import write_zip
from commonlight.web.portability.export import write_workspace
from commonlight.web.runs.models import Run

ARCHIVE = "workspace.zip"


@runs.job(
    "portability.export",
    lane="long",
    title=gettext_noop("Export of the whole workspace"),
    result_schema="commonlight.portability.export/1",
    action="workspace.export",
)
def export(work: runs.Work) -> dict[str, Any]:
    """The workspace as one zip file of open formats."""

    def tell(step: str, done: int, total: int) -> None:
        work.progress(gettext_noop("Writing tables and files"), done, total)

    folder = work.folder / "parts"
    facts = write_workspace(work.workspace, folder, progress=tell)
    work.progress(gettext_noop("Packing"))
    size = write_zip(folder, work.folder / ARCHIVE)
    shutil.rmtree(folder)
    return {**facts, "zip_bytes": size}


@export.check
def everybody_agrees(actor: Actor, run: Run) -> None:
    """A complete export holds data of all, so all whose data are in it must have agreed."""
    require(actor, "workspace.export", run.workspace)


@export.publish
def keep_export(run: Run, result: dict[str, Any]) -> None:
    """The export is entered in the event log, once."""
    from commonlight.web.workspaces.actors import actor_for

    actor = actor_for(run.requested_by, run.workspace) if run.requested_by else None
    facts = {"files": result["files"], "bytes": result["bytes"], "run": run.pk}
    record(
        actor, "workspace.export", run.workspace, workspace=run.workspace, kind="export", **facts
    )


@export.address
def export_address(run: Run) -> str:
    """The page of exports."""
    return reverse("portability:export", args=[run.workspace.slug])
