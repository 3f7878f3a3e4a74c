"""Commands that take a workspace out and in, and keep the whole installation safe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commonlight.web.portability.retention.command import retention


def export_workspace(
    workspace: Annotated[str, typer.Argument(help="Short name of the workspace.")],
    to: Annotated[Path, typer.Option("--to", help="Folder to write; it must not exist yet.")],
) -> None:
    """Write a whole workspace as a folder of open formats.

    The folder holds data, agreements, runs, findings and the event log, with a data dictionary
    and checksums. It holds no passwords and no tokens. Keep it as carefully as the workspace.
    """
    from commonlight.web.portability.export import export_workspace as export
    from commonlight.web.workspaces.models import Workspace

    chosen = Workspace.objects.filter(slug=workspace).first()
    if chosen is None:
        known = ", ".join(Workspace.objects.values_list("slug", flat=True)) or "none"
        raise ValueError(f"there is no workspace “{workspace}” here; there are: {known}")
    facts = export(chosen, to, progress=_tell)
    print(f"Wrote {facts['files']} files, {facts['bytes']} bytes, to {to}")


def import_workspace(
    source: Annotated[Path, typer.Argument(help="Folder or zip file of an export.")],
    largest: Annotated[
        int, typer.Option("--largest", help="Most gigabytes that it may hold.", min=1)
    ] = 50,
) -> None:
    """Read an exported workspace into this installation: all of it, or nothing.

    Checksums and the event log are verified first. People come without a password and need a
    new invitation.
    """
    from commonlight.web.portability.importing import import_workspace as read
    from commonlight.web.workspaces.people.by_command import password_link

    found = read(source, largest=largest * 1024**3)
    print(f"Imported the workspace “{found.workspace.slug}”; {found.events} events verified")
    if found.without_password:
        print(f"{len(found.without_password)} people have no password here yet:")
        for person in found.without_password:
            print(f"  {person.email} sets one within three days: {password_link(person)}")


def backup(
    to: Annotated[Path, typer.Option("--to", help="Folder to write; it must not exist yet.")],
    verify: Annotated[
        bool, typer.Option("--verify", help="Check a backup that is there; write nothing.")
    ] = False,
) -> None:
    """Back up the whole installation while people work.

    The folder holds the database and all files. It holds no secret key.
    """
    from commonlight.web.portability.backup.making import make_backup
    from commonlight.web.portability.backup.verifying import verify_backup

    if verify:
        facts = verify_backup(to)
        print(f"The backup is whole: {facts.files} files, {facts.versions} versions of data sets")
        return
    made = make_backup(to, progress=_tell)
    print(f"Backed up {made.files} files, {made.bytes} bytes, to {to}")


def restore(
    source: Annotated[Path, typer.Argument(help="Folder of a backup.")],
) -> None:
    """Restore a backup into an empty home folder and an empty database.

    Every file is checked before anything is written. All people sign in again afterwards.
    """
    from django.conf import settings

    from commonlight.web.portability.backup.restoring import restore_backup

    facts = restore_backup(source)
    print(f"Restored {facts.files} files and {facts.versions} versions of data sets")
    print(f"Start it with: commonlight serve --home {settings.COMMONLIGHT_HOME}")


def _tell(step: str, done: int, total: int) -> None:
    """Progress goes to the error stream, so that results can be piped."""
    import sys

    print(f"{done}/{total} {step}", file=sys.stderr)


COMMANDS = {
    "workspace export": export_workspace,
    "workspace import": import_workspace,
    "backup": backup,
    "restore": restore,
    "retention": retention,
}
WITHOUT_DATABASE = {"restore"}
