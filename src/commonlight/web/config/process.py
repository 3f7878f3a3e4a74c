"""The processes of an installation: ``python -m commonlight.web.config.process NAME``.

`serve` starts them and stays small itself, so that it holds neither Django nor the server.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from commonlight.web.config.start import InstallationError, refuse_other_database, start_django

__all__ = ["check_settings", "main", "pages", "prepare", "worker"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def main(arguments: list[str] | None = None) -> int:
    """Run one of the processes; a refusal is one line and the code of its class."""
    parser = argparse.ArgumentParser(prog="commonlight.web.config.process")
    parser.add_argument("name", choices=["prepare", "pages", "worker"])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--parent", type=int, default=0)
    given = parser.parse_args(arguments)
    try:
        if given.name == "prepare":
            prepare(host=given.host, port=given.port, demo=given.demo)
        elif given.name == "pages":
            pages(host=given.host, port=given.port, workers=given.workers, parent=given.parent)
        else:
            worker(parent=given.parent)
    except InstallationError as error:
        print(f"commonlight: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def prepare(*, host: str, port: int = 8000, demo: bool = False) -> None:
    """Check the settings, bring the database up to date, and make the demo city if asked."""
    start_django(needs_database=False)
    _refuse_careless(host)
    check_settings()
    from django.conf import settings
    from django.core.management import call_command

    home = Path(settings.COMMONLIGHT_HOME)
    home.mkdir(parents=True, exist_ok=True)
    if demo:
        _forget_interrupted_demo(home)
    call_command("migrate", interactive=False, verbosity=0)
    if demo:
        _prepare_demo()
    else:
        _tell_set_up(port)


def _forget_interrupted_demo(home: Path) -> None:
    """A start that was stopped half-way leaves nothing that the next one would trip over."""
    from commonlight.web.demo.leftovers import forget_interrupted

    forget_interrupted(home)


def _prepare_demo() -> None:
    from commonlight.web.demo.setup import DemoError
    from commonlight.web.demo.setup import prepare as prepare_demo

    try:
        prepare_demo(_tell)
    except DemoError as error:
        raise InstallationError(str(error)) from error


def _tell_set_up(port: int) -> None:
    """Where nobody has an account yet: the link that makes the first coordinator."""
    from commonlight.web.workspaces.first_run import set_up_address

    if address := set_up_address(port):
        print(f"Nobody has an account yet. Open this link once it answers: {address}", flush=True)


def pages(*, host: str, port: int, workers: int, parent: int = 0) -> None:
    """Serve the pages until told to stop."""
    _follow(parent)
    start_django(needs_database=not parent)
    _refuse_careless(host)
    from django.conf import settings
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from commonlight.web.config.warm import load_what_pages_need

    load_what_pages_need()
    # The server forks; connections and the threads of a pool must not be there when it does.
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        getattr(connection, "close_pool", _nothing)()
    os.register_at_fork(after_in_child=_end_when_told)
    Granian(
        "commonlight.web.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        backlog=256,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_dictconfig=settings.LOGGING,
        log_level=LogLevels.warning,
    ).serve()


def _end_when_told() -> None:
    """In a process of the server that does not answer yet: a request to stop ends it at once.

    It begins with the handlers of its parent, which would swallow the request until it has set
    its own; the parent would then wait for it in vain.
    """
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_DFL)


def worker(*, parent: int = 0) -> None:
    """Work on runs until told to stop."""
    _follow(parent)
    start_django(needs_database=False)
    from django.conf import settings

    from commonlight.web.runs.worker import work_forever

    drop_pool()
    if not parent:
        refuse_other_database()
    work_forever(lease=settings.COMMONLIGHT_LEASE)


def drop_pool() -> None:
    """A worker forks, so it must have no threads: it takes a plain connection, not a pool."""
    from django.db import connection

    connection.settings_dict["OPTIONS"].pop("pool", None)


def _nothing() -> None:
    """Close nothing: this database has no pool."""


def _refuse_careless(host: str) -> None:
    from django.conf import settings

    if host not in LOOPBACK and not settings.COMMONLIGHT_IS_PUBLIC:
        raise InstallationError(
            f"{host} can be reached by others: name the public host in COMMONLIGHT_HOSTS and set "
            "COMMONLIGHT_SECRET_KEY, or serve on 127.0.0.1"
        )


def check_settings() -> None:
    """Refuse settings that would lose work or leak."""
    from django.core.checks import ERROR, run_checks

    errors = [one for one in run_checks(include_deployment_checks=False) if one.level >= ERROR]
    if errors:
        raise InstallationError("; ".join(f"{one.msg} {one.hint or ''}".strip() for one in errors))


def _follow(parent: int) -> None:
    """End in good order when the process that started this one ends."""
    if parent:
        from commonlight.web.runs.parent import die_with_parent

        die_with_parent(parent, signal.SIGTERM)


def _tell(step: str) -> None:
    """Progress on stderr, one line a step."""
    print(step, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
