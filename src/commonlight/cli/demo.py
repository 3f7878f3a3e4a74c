"""``commonlight demo``: a simulated city and its audit, in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commonlight.cli.console import progress, say
from commonlight.cli.first_run import tell_first_run

__all__ = ["demo"]


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the city and its report.")] = Path(
        "commonlight-demo"
    ),
    incidents: Annotated[
        int, typer.Option(min=10_000, max=10_000_000, help="Recorded incidents to simulate.")
    ] = 100_000,
    seed: Annotated[int, typer.Option(help="Same seed, same city.")] = 1,
    only: Annotated[
        str | None, typer.Option(help="Write one version alone: internal or public.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Simulate a city, import its files and make its local safety audit.

    The city is invented. Every page of the report says so.
    """
    from commonlight.audit.config import load_config
    from commonlight.audit.run import run_audit
    from commonlight.cli.audits import tell_audit
    from commonlight.simulate.city import simulate_city
    from commonlight.simulate.files import write_city

    tell_first_run()
    files = out / "city"
    with progress(quiet=json) as show:
        show("Simulating a city", 0, None)
        city = simulate_city(incidents=incidents, seed=seed)
        write_city(city, files, rejects_share=0.005)
        show("Simulating a city", 1, 1)
        settings = load_config(files / "audit.toml")
        done = run_audit(settings, folder=out, lake=out / "lake", only=only, progress=show)
    if not json:
        say(f"{settings.city} is a simulated city: its records, places and figures are invented.")
        say()
    tell_audit(done, json=json)
