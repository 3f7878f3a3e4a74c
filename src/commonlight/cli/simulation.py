"""``commonlight simulate``: a city whose truth is known, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commonlight.cli.console import print_json, progress, say

__all__ = ["simulate"]


def simulate(
    folder: Annotated[Path, typer.Argument(help="Folder to write the city's files into.")],
    incidents: Annotated[
        int, typer.Option(min=10_000, max=10_000_000, help="Recorded incidents.")
    ] = 100_000,
    seed: Annotated[int, typer.Option(help="Same seed, same files.")] = 1,
    bad_rows: Annotated[
        float, typer.Option(min=0.0, max=0.2, help="Share of rows that an import must reject.")
    ] = 0.005,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a simulated city: incidents, areas, population, mapping, and what was planted.

    `truth.json` says what was planted, so that a method can be judged by whether it finds it.
    """
    from commonlight.simulate.city import simulate_city
    from commonlight.simulate.files import write_city

    with progress(quiet=json) as show:
        show("Simulating a city", 0, None)
        city = simulate_city(incidents=incidents, seed=seed)
        write_city(city, folder, rejects_share=bad_rows)
    written = sorted(path for path in folder.iterdir() if path.is_file())
    if json:
        print_json({"seed": seed, "incidents": incidents, "files": written})
        return
    for path in written:
        say(f"Wrote {path}")
