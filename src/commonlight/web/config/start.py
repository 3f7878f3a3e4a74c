"""Set Django up for a command, and refuse with a sentence where that cannot be."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = [
    "InstallationError",
    "pending_migrations",
    "refuse_other_database",
    "settle_home",
    "start_django",
]


class InstallationError(RuntimeError):
    """The installation cannot be used as it is; the sentence says what to do."""

    exit_code = 3


def settle_home(home: Path | None) -> None:
    """Say which folder is the home of the installation, for this process and its children."""
    if home is not None:
        os.environ["COMMONLIGHT_HOME"] = str(home)


def start_django(home: Path | None = None, *, needs_database: bool = True) -> None:
    """Load the settings for this home folder, and the apps.

    Raises
    ------
    InstallationError
        If a package or a setting is missing, or the database is not that of this version.
    """
    # What this process writes is for its own account alone: database, files, results, logs.
    os.umask(0o077)
    settle_home(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonlight.web.config.settings")
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
    except ImportError as error:
        raise InstallationError(
            f"the workbench needs the package {error.name}: pip install 'commonlight[web]'"
        ) from error
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise InstallationError(str(error)) from error
    if needs_database:
        refuse_other_database()


def refuse_other_database() -> None:
    """Stop where the database has not been brought to this version of the code.

    Raises
    ------
    InstallationError
        If so, or if the database cannot be reached.
    """
    from django.db import DatabaseError

    try:
        pending = pending_migrations()
    except DatabaseError as error:
        raise InstallationError(
            f"the database cannot be reached ({type(error).__name__}): check "
            "COMMONLIGHT_DATABASE_URL and COMMONLIGHT_HOME"
        ) from error
    if pending:
        raise InstallationError(
            "the database is not that of this version of Commonlight: "
            "run 'commonlight migrate' first"
        )


def pending_migrations() -> int:
    """How many changes of the database have not been applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
