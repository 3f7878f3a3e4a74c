"""The files of a workspace: registered versions of the lake, data files, results of runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commonlight.web.portability.errors import PackageError
from commonlight.web.portability.keys import Key
from commonlight.web.portability.manifest import copy_file, files_below
from commonlight.web.portability.rows import result_folder_of

__all__ = ["REGISTER", "copy_lake", "copy_tree", "copy_workspace_files", "is_hidden"]

REGISTER = "register.json"


def copy_workspace_files(
    workspace: Any, folder: Path, keys: Mapping[str, Mapping[Any, Key]]
) -> None:
    """Copy what the rows of the export speak of; versions and results never change."""
    copy_lake(workspace.lake_folder, folder / "lake")
    copy_tree(workspace.files_folder, folder / "files")
    runs = keys["runs.run"]
    chosen = _runs(workspace).filter(pk__in=list(runs)).exclude(result_folder="")
    for pk, name in chosen.values_list("pk", "result_folder"):
        copy_tree(workspace.results_folder / name, folder / result_folder_of(runs[pk]))


def copy_lake(lake: Path, target: Path) -> None:
    """Copy every registered version; the register as read first, so it names no more."""
    if not lake.is_dir():
        return
    for source in sorted(path for path in lake.iterdir() if (path / REGISTER).is_file()):
        text = (source / REGISTER).read_bytes()
        for version in sorted(_registered(source, text)):
            copy_tree(source / "versions" / version, target / source.name / "versions" / version)
        path = target / source.name / REGISTER
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def copy_tree(source: Path, target: Path) -> list[str]:
    """Copy all files of a folder but hidden ones, which are unfinished; returns their names."""
    if not source.is_dir():
        return []
    names = [name for name in files_below(source) if not is_hidden(name)]
    for name in names:
        copy_file(source / name, target / name)
    return names


def _registered(source: Path, text: bytes) -> list[str]:
    try:
        return [str(version) for version in json.loads(text)["versions"]]
    except (ValueError, KeyError, TypeError) as error:
        raise PackageError(f"{source / REGISTER} cannot be read ({error!r})") from error


def is_hidden(name: str) -> bool:
    """Whether a file, or a folder above it, is hidden: unfinished or no business of ours."""
    return any(part.startswith(".") for part in name.split("/"))


def _runs(workspace: Any) -> Any:
    from commonlight.web.runs.models import Run

    return Run.objects.of(workspace)
