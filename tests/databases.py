"""A home and a database with all tables, made once for all processes of a test run and copied."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from processes import PATIENCE

__all__ = ["fill_home", "locked", "migrated_database", "migrated_home"]

MIGRATE = "from commonlight.cli import main; main()"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among the processes of a test run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def migrated_home(folder: Path) -> Path:
    """A home that `commonlight migrate` has set up, to be copied and never to be used."""
    home = folder / "migrated"
    with locked(folder / "migrated.lock"):
        if not home.exists():
            begun = folder / "being-migrated"
            _migrate(begun)
            begun.rename(home)
    return home


def fill_home(home: Path, folder: Path) -> None:
    """Make a home as `commonlight migrate` would."""
    shutil.copytree(migrated_home(folder), home, dirs_exist_ok=True)


def migrated_database(folder: Path, server: str) -> str:
    """The name of a database of the server that `commonlight migrate` has set up."""
    import psycopg

    name = f"migrated_{sha256(str(folder).encode()).hexdigest()[:16]}"
    parts = urlsplit(server)
    with locked(folder / "migrated.lock"), psycopg.connect(server, autocommit=True) as admin:
        known = admin.execute("SELECT datname FROM pg_database").fetchall()
        if (name,) not in known:
            begun = f"{name}_begun"
            admin.execute(f"DROP DATABASE IF EXISTS {begun}")
            admin.execute(f"CREATE DATABASE {begun}")
            address = urlunsplit(parts._replace(path=f"/{begun}"))
            _migrate(folder / "home-of-database", COMMONLIGHT_DATABASE_URL=address)
            admin.execute(f"ALTER DATABASE {begun} RENAME TO {name}")
    return name


def _migrate(home: Path, **more: str) -> None:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONLIGHT", "DJANGO"))}
    command = [sys.executable, "-c", MIGRATE, "migrate"]
    environment = own | {"COMMONLIGHT_HOME": str(home)} | more
    subprocess.run(command, env=environment, check=True, timeout=PATIENCE)
