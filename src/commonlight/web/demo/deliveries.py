"""The partners bring their files: by the same way that a browser's upload takes."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django.utils import timezone

from commonlight.web.data.domain import importing, receiving
from commonlight.web.data.models import DataSet
from commonlight.web.demo.partnership import SOURCES, DemoSource
from commonlight.web.runs.models import Run
from commonlight.web.workspaces.actors import actor_for

__all__ = ["deliver", "plan_next"]


def deliver(partnership: SimpleNamespace, source: DemoSource, folder: Path) -> Run:
    """Send one file in and ask for its import; the run waits for the worker."""
    actor = actor_for(partnership.members[source.steward].user, partnership.workspace)
    dataset = partnership.datasets[source.slug]
    uploads = partnership.workspace.uploads_folder
    uploads.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=uploads) as aside:
        path = Path(aside) / source.file
        shutil.copyfile(folder / source.file, path)
        upload = receiving.keep_file(
            actor, dataset, name=source.file, path=path, size=path.stat().st_size, drop=[]
        )
    importing.change_answers(
        upload,
        mapping=_text(folder, source.mapping),
        codebook=_text(folder, source.codebook),
        columns=source.columns,
        crs=source.crs,
    )
    return importing.ask_for_import(actor, upload)


def plan_next(partnership: SimpleNamespace) -> None:
    """Say when each data set is expected again; one is overdue, so that the mark is seen."""
    for source in SOURCES:
        if source.every_days:
            due = timezone.localdate() + timedelta(days=source.due_in_days)
            DataSet.objects.of(partnership.workspace).filter(slug=source.slug).update(
                next_delivery_on=due
            )


def _text(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8") if name else ""
