"""A consistent copy of the database, and the way back.

SQLite is copied by its online backup, which keeps nobody from writing. PostgreSQL is copied table
by table with COPY in one REPEATABLE READ transaction: no other program and no matching version
of one is needed.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from commonlight.web.portability.errors import PackageError
from commonlight.web.portability.manifest import write_json
from commonlight.web.portability.snapshot import one_moment

__all__ = ["KeptVersion", "check_database", "check_empty", "dump_database", "load_database"]

SQLITE = "database.sqlite3"
TABLES = "tables.json"
BLOCK = 1024 * 1024
MIGRATIONS = "django_migrations"

_VERSIONS = (
    "SELECT w.slug, d.slug, v.number, v.lake_version, v.file, v.digest "
    "FROM data_dataversion v JOIN data_dataset d ON d.id = v.dataset_id "
    "JOIN workspaces_workspace w ON w.id = v.workspace_id ORDER BY v.id"
)


@dataclass(frozen=True)
class KeptVersion:
    """A version of a data set that the copied database speaks of."""

    workspace: str
    dataset: str
    number: int
    lake_version: str
    file: str
    digest: str

    @property
    def path(self) -> str:
        """Where its file or folder lies, below the folder of workspaces."""
        if self.lake_version:
            return f"{self.workspace}/lake/{self.dataset}/versions/{self.lake_version}"
        return f"{self.workspace}/files/{self.file}"


def dump_database(folder: Path) -> list[KeptVersion]:
    """Copy the database as of one moment; returns the versions that it speaks of."""
    folder.mkdir(parents=True)
    return _DUMPS[connection.vendor](folder)


def check_database(folder: Path, vendor: str) -> None:
    """See that the copy is whole.

    Raises
    ------
    PackageError
        If it is not.
    """
    if vendor != "sqlite":
        return
    with closing(sqlite3.connect(f"file:{folder / SQLITE}?mode=ro&immutable=1", uri=True)) as copy:
        try:
            (answer,) = copy.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            answer = str(error)
    if answer != "ok":
        raise PackageError(f"the copy of the database is damaged: {answer}")


def check_empty() -> None:
    """A restore never writes over a database with something in it.

    Raises
    ------
    PackageError
        If there are tables.
    """
    if connection.vendor == "sqlite" and not _sqlite_path().exists():
        return
    if connection.introspection.table_names():
        raise PackageError(
            "the database is not empty; restore into a new home folder, or a new database"
        )


def load_database(folder: Path, vendor: str) -> None:
    """Bring the copy into the empty database, and up to this version.

    Raises
    ------
    PackageError
        If the copy is of another kind of database or of a newer version.
    """
    if vendor != connection.vendor:
        raise PackageError(
            f"the backup is of {vendor}, this installation uses {connection.vendor}; to change "
            "the database, use `commonlight workspace export` and `commonlight workspace import`"
        )
    _LOADS[vendor](folder)
    call_command("migrate", verbosity=0, interactive=False)


def _dump_sqlite(folder: Path) -> list[KeptVersion]:
    target = folder / SQLITE
    source = sqlite3.connect(f"file:{_sqlite_path()}?mode=ro", uri=True, timeout=60)
    with closing(source), closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return [KeptVersion(*row) for row in copy.execute(_VERSIONS)]


def _load_sqlite(folder: Path) -> None:
    path = _sqlite_path()
    connection.close()
    aside = path.with_suffix(".restoring")
    aside.write_bytes(b"")
    with (
        closing(sqlite3.connect(folder / SQLITE)) as source,
        closing(sqlite3.connect(aside)) as target,
    ):
        source.backup(target)
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)
    os.replace(aside, path)  # noqa: PTH105


def _dump_postgresql(folder: Path) -> list[KeptVersion]:
    with one_moment(), connection.cursor() as cursor:
        applied = sorted(MigrationRecorder(connection).applied_migrations())
        tables = {name: _columns(cursor, name) for name in _tables(cursor)}
        for name, columns in tables.items():
            _copy_out(folder / f"{name}.copy", name, columns)
        write_json(folder / TABLES, {"migrations": applied, "tables": tables})
        cursor.execute(_VERSIONS)
        return [KeptVersion(*row) for row in cursor.fetchall()]


def _load_postgresql(folder: Path) -> None:
    plan = json.loads((folder / TABLES).read_bytes())
    _migrate_to([(app, name) for app, name in plan["migrations"]])
    with transaction.atomic(), connection.cursor() as cursor:
        known = {name: _columns(cursor, name) for name in _tables(cursor)}
        for name, columns in plan["tables"].items():
            if sorted(known.get(name, ())) != sorted(columns):
                raise PackageError(f"the table {name} of the backup does not fit this version")
            cursor.execute(f"DELETE FROM {_quoted(name)}")
            _copy_in(folder / f"{name}.copy", name, columns)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def _migrate_to(applied: list[tuple[str, str]]) -> None:
    """Build the tables as they were when the backup was made."""
    executor = MigrationExecutor(connection)
    unknown = [one for one in applied if one not in executor.loader.graph.nodes]
    if unknown:
        raise PackageError(
            f"the backup was made by a newer version ({unknown[0][0]}: {unknown[0][1]}); "
            "install that version and restore with it"
        )
    graph, done = executor.loader.graph, set(applied)
    ends = [
        one for one in applied if not done & {child.key for child in graph.node_map[one].children}
    ]
    executor.migrate(ends)


def _tables(cursor: Any) -> list[str]:
    names = [
        table.name for table in connection.introspection.get_table_list(cursor) if table.type == "t"
    ]
    return sorted(name for name in names if name != MIGRATIONS)


def _columns(cursor: Any, table: str) -> list[str]:
    described = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in described]


def _copy_out(path: Path, table: str, columns: list[str]) -> None:
    sql = f"COPY {_quoted(table)} ({_listed(columns)}) TO STDOUT"
    with path.open("wb") as file, _raw() as cursor, cursor.copy(sql) as copy:
        for block in copy:
            file.write(block)


def _copy_in(path: Path, table: str, columns: list[str]) -> None:
    sql = f"COPY {_quoted(table)} ({_listed(columns)}) FROM STDIN"
    with path.open("rb") as file, _raw() as cursor, cursor.copy(sql) as copy:
        while block := file.read(BLOCK):
            copy.write(block)


def _raw() -> Any:
    """A cursor of the driver itself, which knows COPY."""
    connection.ensure_connection()
    return connection.connection.cursor()


def _listed(columns: list[str]) -> str:
    return ", ".join(_quoted(column) for column in columns)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _sqlite_path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


_DUMPS = {"sqlite": _dump_sqlite, "postgresql": _dump_postgresql}
_LOADS = {"sqlite": _load_sqlite, "postgresql": _load_postgresql}
