"""``commonlight audit``: a configuration in, a report out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonlight.cli.console import print_json, progress, say
from commonlight.cli.first_run import tell_first_run

if TYPE_CHECKING:
    from commonlight.audit.run import AuditRun

__all__ = ["audit", "tell_audit"]


def audit(
    config: Annotated[
        Path, typer.Argument(help="TOML file naming sources, areas, period and outputs.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the report [default: out/ beside the configuration]."),
    ] = None,
    lake: Annotated[
        Path | None, typer.Option(help="Folder of the lake [default: lake/ in the report folder].")
    ] = None,
    only: Annotated[
        str | None, typer.Option(help="Write one version alone: internal or public.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Make a local safety audit from a city's own files.

    Reads each source named in CONFIG, keeps what can be used in the lake and what cannot with
    its reason, and asks the audit's questions. Writes two versions, internal/ and public/, each
    with report.html, report.pdf and a folder of CSV and JSON.
    """
    from commonlight.audit.config import load_config
    from commonlight.audit.run import run_audit

    settings = load_config(config)
    tell_first_run()
    folder = out or settings.folder or config.parent / "out" / config.stem
    with progress(quiet=json) as show:
        done = run_audit(
            settings, folder=folder, lake=lake or folder / "lake", only=only, progress=show
        )
    tell_audit(done, json=json)


def tell_audit(done: AuditRun, *, json: bool) -> None:
    """Say what an audit read, found and wrote."""
    if json:
        print_json(done.summary())
        return
    for source in done.report.sources:
        say(
            f"{source.name}: {source.rows_read:,} records read = {source.rows_accepted:,} accepted"
            f" + {source.rows_rejected:,} rejected"
        )
        for reason, count in sorted(source.rejected_reasons.items(), key=lambda item: -item[1]):
            say(f"    {count:,} {reason}")
    say()
    for finding in done.headline():
        say(f"- {finding.sentence}")
    say()
    for path in done.written:
        say(f"Wrote {path}")
