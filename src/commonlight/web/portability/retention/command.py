"""The command that removes what is past its time."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["retention"]


def retention(
    workspace: Annotated[
        str | None, typer.Argument(help="Short name of the workspace; without it, all of them.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would go; remove nothing.")
    ] = False,
) -> None:
    """Remove what is past its time by the rules of each workspace."""
    from commonlight.web.portability.retention.due import due
    from commonlight.web.portability.retention.removal import remove_due
    from commonlight.web.workspaces.models import Workspace

    places = Workspace.objects.order_by("slug")
    if workspace is not None:
        places = places.filter(slug=workspace)
        if not places:
            raise ValueError(f"there is no workspace {workspace!r}")
    for place in places:
        if dry_run:
            for one in due(place):
                print(f"{place.slug}: {one.key}: {one.count} would go, {one.size} bytes")
            continue
        for key, told in remove_due(None, place).items():
            print(f"{place.slug}: {key}: {told['count']} removed, {told['bytes']} bytes")
    print("Backups that were made before still hold what goes, until they are deleted.")
