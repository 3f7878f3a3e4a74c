"""Remove files whose rows are gone; one that is used again is left in peace."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from commonlight.web.data.models import DataSet, DataVersion, Upload
from commonlight.web.portability.retention.models import PendingRemoval
from commonlight.web.runs.models import Run

__all__ = ["finish"]


def finish(workspace: Any) -> int:
    """Remove all files that wait for it; returns how many. Can be repeated at any time."""
    waiting = list(PendingRemoval.objects.of(workspace))
    for one in waiting:
        if not _is_used(workspace, one):
            _remove(workspace, one)
        one.delete()
    return len(waiting)


def _remove(workspace: Any, one: PendingRemoval) -> None:
    if one.lake_source:
        from commonlight.web.portability.retention.methods import forget_in_lake

        forget_in_lake(workspace.lake_folder, one.lake_source, one.lake_version)
        return
    path = (workspace.folder / one.path).resolve()
    if not path.is_relative_to(Path(workspace.folder).resolve()):
        raise ValueError(f"{one.path} lies outside the workspace's folder; nothing was removed")
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_used(workspace: Any, one: PendingRemoval) -> bool:
    """Whether a row that came later stands on the same path."""
    root, _, rest = one.path.partition("/")
    if root == "lake":
        named = DataSet.objects.of(workspace).filter(slug=one.lake_source)
        versions = DataVersion.objects.of(workspace).filter(
            dataset__in=named, lake_version=one.lake_version
        )
        return bool(versions.exists() if one.lake_version else named.exists())
    if root == "files":
        named = DataSet.objects.of(workspace).filter(slug=rest)
        return bool(named.exists() or DataVersion.objects.of(workspace).filter(file=rest).exists())
    if root == "uploads":
        return bool(rest.isdigit() and Upload.objects.of(workspace).filter(pk=rest).exists())
    return bool(Run.objects.of(workspace).filter(result_folder=rest).exists())
