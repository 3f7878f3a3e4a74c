"""The folder of a result: written aside, made durable, renamed when whole."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from commonlight.web.runs.leases import REASON, Claim
from commonlight.web.runs.models import Run
from commonlight.web.workspaces.models import Workspace

__all__ = ["fresh_folder", "publish_folder", "remove_leftovers", "remove_tree", "sweep"]

ASIDE = ".unfinished"


def fresh_folder(workspace: Workspace, claim: Claim) -> Path:
    """An empty folder for this attempt alone, on the same disk as the results."""
    folder = workspace.results_folder / ASIDE / f"{claim.run_id}-{claim.token}"
    remove_tree(folder)
    folder.mkdir(parents=True)
    return folder


def publish_folder(folder: Path, workspace: Workspace, claim: Claim) -> str:
    """The name under which the folder now stands; empty when nothing was written."""
    if not any(folder.iterdir()):
        folder.rmdir()
        return ""
    name = f"{claim.run_id}-{claim.token}-{secrets.token_hex(4)}"
    _make_durable(folder)
    folder.rename(workspace.results_folder / name)
    _sync(workspace.results_folder)
    return name


def remove_leftovers(workspace: Workspace, claim: Claim) -> None:
    """Take away what lost attempts at this run left behind."""
    own = f"{claim.run_id}-{claim.token}"
    for folder in _numbered(workspace.results_folder):
        if _run_of(folder) == claim.run_id and not _is_of(folder, own):
            remove_tree(folder)


def sweep(workspace: Workspace) -> list[str]:
    """Take away folders that no run refers to and no attempt is writing; their names."""
    runs = Run.objects.everywhere(REASON).filter(workspace=workspace)
    kept = set(runs.exclude(result_folder="").values_list("result_folder", flat=True))
    alive = set(runs.filter(state="running").values_list("pk", "fencing_token"))
    gone = []
    for folder in _numbered(workspace.results_folder):
        parts = folder.name.split("-")
        if folder.name not in kept and (int(parts[0]), int(parts[1])) not in alive:
            remove_tree(folder)
            gone.append(folder.name)
    return gone


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)


def _numbered(results: Path) -> list[Path]:
    """Folders named by run and token, finished or not."""
    found = [*_folders(results), *_folders(results / ASIDE)]
    return [folder for folder in found if _is_numbered(folder.name)]


def _folders(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.is_dir()] if folder.is_dir() else []


def _is_numbered(name: str) -> bool:
    parts = name.split("-")
    return len(parts) in (2, 3) and parts[0].isdigit() and parts[1].isdigit()


def _run_of(folder: Path) -> int:
    return int(folder.name.split("-")[0])


def _is_of(folder: Path, own: str) -> bool:
    return folder.name == own or folder.name.startswith(f"{own}-")


def _make_durable(folder: Path) -> None:
    """Have all files on the disk before the folder gets its name."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
