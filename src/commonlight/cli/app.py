"""The commands and their help."""

from __future__ import annotations

from typing import Annotated

import typer

from commonlight.cli import analyse, audits, demo, evidence, simulation, source_files
from commonlight.cli.help_pages import Commands
from commonlight.cli.plugged_in import add_commands, plugged_in

__all__ = ["app"]

app = Commands(
    name="commonlight",
    pretty_exceptions_enable=False,
    help=(
        "From a city's own files to a local safety audit that can be trusted.\n\n"
        "Start with **commonlight demo** to see a finished audit of a simulated city. "
        "With files of your own: **commonlight sources guess FILE** writes a first mapping, "
        "**commonlight sources check** tells what an import would accept and reject, and "
        "**commonlight audit CONFIG** makes the report."
    ),
    epilog=(
        "Exit codes: 0 done, 2 wrong command, 3 configuration or mapping, 4 data about persons, "
        "5 unreadable file, 6 lake, 7 data do not allow it, 1 a fault of ours."
    ),
)
app.command(name="demo")(demo.demo)
app.command(name="audit")(audits.audit)
app.add_typer(source_files.app, name="sources")
app.command(name="simulate")(simulation.simulate)
app.command(name="analyse")(analyse.analyse)
app.add_typer(evidence.app, name="evidence")
add_commands(app, plugged_in())


def _version(wanted: bool) -> None:
    if wanted:
        from commonlight import __version__

        typer.echo(f"commonlight {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    """Take the options that every command shares."""
