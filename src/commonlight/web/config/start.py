"""Set Django up for a command, and refuse with a sentence where that cannot be."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["InstallationError", "pending_migrations", "start_django"]


class InstallationError(RuntimeError):
    """The installation cannot be used as it is; the sentence says what to do."""

    exit_code = 3


def start_django(home: Path | None = None, *, needs_database: bool = True) -> None:
    """Load the settings for this home folder, and the apps.

    Raises
    ------
    InstallationError
        If a package or a setting is missing, or the database is not that of this version.
    """
    if home is not None:
        os.environ["COMMONLIGHT_HOME"] = str(home)
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
    if needs_database and pending_migrations():
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
