"""Commands about the installation itself."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["COMMANDS", "WITHOUT_DATABASE", "WITHOUT_DJANGO", "check", "migrate", "pages", "serve"]

Host = Annotated[str, typer.Option(help="Address to serve on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")]
Workers = Annotated[int, typer.Option(min=1, max=32, help="Processes that answer requests.")]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Workers = 2,
    demo: Annotated[
        bool, typer.Option("--demo", help="With a simulated city and one person a role.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Stop once the first page has answered.")
    ] = False,
) -> None:
    """Run the workbench: database, pages and worker, until stopped."""
    from commonlight.web.config.serve import serve as run

    run(host=host, port=port, workers=workers, demo=demo, check=check, say=_say)


def pages(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 2) -> None:
    """Serve the pages alone, for a team that runs workers as services of their own."""
    from commonlight.web.config import process

    process.pages(host=host, port=port, workers=workers)


def worker() -> None:
    """Work on runs alone, beside pages that run elsewhere; several workers share the work."""
    from commonlight.web.config import process

    process.worker()


def migrate() -> None:
    """Bring the database to this version of Commonlight; does nothing where it is there."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    print("The database is at this version.")


def check() -> None:
    """Look whether settings, database, disk and worker are well; ends with 1 if not."""
    from commonlight.web.config.health import report
    from commonlight.web.config.process import check_settings

    check_settings()
    found = report()
    for name, is_well in found.items():
        print(f"{name}: {'well' if is_well else 'not well'}")
    if not found["ready"]:
        raise SystemExit(1)


def _say(text: str) -> None:
    print(text, flush=True)


COMMANDS = {
    "serve": serve,
    "pages": pages,
    "worker": worker,
    "migrate": migrate,
    "check": check,
}
WITHOUT_DATABASE = {"migrate", "check"}
WITHOUT_DJANGO = {"serve", "pages", "worker"}
