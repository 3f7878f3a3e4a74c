"""Write a whole workspace as a folder of open formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from commonlight.web.eventlog.record import record
from commonlight.web.portability.dictionary import write_dictionary
from commonlight.web.portability.errors import PackageError, all_or_nothing
from commonlight.web.portability.keys import all_keys, plain
from commonlight.web.portability.log import events_of, log_names
from commonlight.web.portability.manifest import write_json, write_manifest
from commonlight.web.portability.rows import rows_of
from commonlight.web.portability.shapes import shapes
from commonlight.web.portability.snapshot import one_moment
from commonlight.web.portability.workspace_files import copy_workspace_files
from commonlight.web.problems.domain.framing import open_due

__all__ = ["FORMAT", "WORKSPACE_FIELDS", "export_workspace", "write_workspace"]

FORMAT = "commonlight.workspace/1"
WORKSPACE_FIELDS = {
    "slug": "Short name, used in addresses; it is part of the event log's seals.",
    "name": "Name.",
    "city": "City.",
    "country": "Country code.",
    "language": "Language.",
    "time_zone": "Time zone.",
    "crs": "Projected coordinate system.",
    "is_simulated": "Whether the city is simulated.",
    "theme": "Colours and logo.",
    "retention": "How long things are kept.",
    "licence": "Licence of what is released.",
    "second_factor_roles": "Roles that need a second factor.",
    "created_at": "When it was made.",
}

Progress = Callable[[str, int, int], None]


def export_workspace(
    workspace: Any, folder: Path, *, actor: Any = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Write the workspace to an empty folder; returns what was written, in figures.

    The export itself is entered in the event log afterwards, so that two exports of the same
    state are identical.
    """
    facts = write_workspace(workspace, folder, progress=progress)
    record(actor, "workspace.export", workspace, workspace=workspace, kind="export", **facts)
    return facts


def write_workspace(
    workspace: Any, folder: Path, *, progress: Progress | None = None
) -> dict[str, Any]:
    """Write the workspace to an empty folder, without an entry in the event log.

    Sealed answers whose closing time has come are opened first; the others stay here.

    Raises
    ------
    PackageError
        If the folder is not empty, or its disk is full.
    """
    _check_empty(folder)
    open_due(workspace)
    with all_or_nothing(folder):
        return _written(workspace, folder, progress or (lambda step, done, total: None))


def _written(workspace: Any, folder: Path, tell: Progress) -> dict[str, Any]:
    with one_moment():
        workspace.refresh_from_db()
        keys = all_keys(workspace)
        for done, shape in enumerate(shapes()):
            tell(shape.name, done, len(shapes()) + 2)
            write_lines(folder / "tables" / f"{shape.name}.jsonl", rows_of(shape, workspace, keys))
        tell("log", len(shapes()), len(shapes()) + 2)
        write_lines(folder / "log" / "events.jsonl", events_of(workspace))
        write_lines(folder / "log" / "names.jsonl", log_names(workspace, keys))
        write_json(folder / "workspace.json", _workspace_row(workspace))
    tell("files", len(shapes()) + 1, len(shapes()) + 2)
    copy_workspace_files(workspace, folder, keys)
    write_dictionary(folder)
    return _facts(write_manifest(folder, FORMAT))


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    """JSON Lines in a fixed form, so that the same content gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            file.write(text + "\n")


def _workspace_row(workspace: Any) -> dict[str, Any]:
    row = {name: plain(getattr(workspace, name)) for name in WORKSPACE_FIELDS}
    return {"format": FORMAT, "workspace": row}


def _check_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackageError(f"{folder} is not empty; name a folder that does not exist yet")
    folder.mkdir(parents=True, exist_ok=True)


def _facts(manifest: dict[str, Any]) -> dict[str, Any]:
    sizes = [one["bytes"] for one in manifest["files"].values()]
    return {"files": len(sizes), "bytes": sum(sizes)}
