"""Commands about the event log."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["COMMANDS"]


def verify(
    workspace: Annotated[
        str | None, typer.Argument(help="Short name of the workspace; without it, all chains.")
    ] = None,
    noted: Annotated[
        list[str] | None,
        typer.Option(help="A head that was written down, as NUMBER:DIGEST. Needs WORKSPACE."),
    ] = None,
) -> None:
    """Check that nobody altered the event log. Exit code 1 if somebody did."""
    from django.db import connection

    from commonlight.web.eventlog import guards
    from commonlight.web.eventlog.verify import chains, verify_chain

    if noted and workspace is None:
        raise ValueError("--noted belongs to one chain: name the workspace, or - for none")
    notes = dict(_note(one) for one in noted or [])
    chosen = chains() if workspace is None else [_chain(workspace)]
    checks = [verify_chain(chain, noted=notes) for chain in chosen]
    for check in checks:
        print(check)
    guarded = guards.are_present(connection)
    if not guarded:
        print("the database no longer refuses changes of events: its triggers are gone")
    if not guarded or not all(check.is_whole for check in checks):
        raise SystemExit(1)


def head(
    workspace: Annotated[
        str | None, typer.Argument(help="Short name of the workspace; without it, all chains.")
    ] = None,
) -> None:
    """Print the newest number and digest of each chain, to be written down elsewhere."""
    from commonlight.web.eventlog.verify import heads

    for one in heads(None if workspace is None else [_chain(workspace)]):
        print(f"{one.chain or '-'} {one.number}:{one.digest}")


def _chain(workspace: str) -> str:
    """The chain of a workspace; a hyphen stands for that of the installation."""
    return "" if workspace == "-" else workspace


def _note(given: str) -> tuple[int, str]:
    number, _, digest = given.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise ValueError(
            f"--noted must look like 12:0a1b... (a number and 64 hexadecimal digits); got {given}"
        )
    return int(number), digest


COMMANDS = {"log verify": verify, "log head": head}
