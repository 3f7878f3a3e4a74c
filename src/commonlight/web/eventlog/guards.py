"""The database itself refuses to change or remove events."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["are_present", "install", "remove"]

TABLE = "eventlog_event"
SENTENCE = "events are never changed and never removed"

SQLITE = {
    "events_keep_their_content": f"BEFORE UPDATE ON {TABLE}",
    "events_stay": f"BEFORE DELETE ON {TABLE}",
}
POSTGRESQL = {
    "events_keep_their_content": f"BEFORE UPDATE ON {TABLE} FOR EACH ROW",
    "events_stay": f"BEFORE DELETE ON {TABLE} FOR EACH ROW",
    "events_stay_together": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Let the database refuse updates and deletions of events."""
    with connection.cursor() as cursor:
        for statement in installing(connection.vendor):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away, to undo the migration."""
    with connection.cursor() as cursor:
        for statement in removing(connection.vendor):
            cursor.execute(statement)


def are_present(connection: BaseDatabaseWrapper) -> bool:
    """Whether all guards stand; a rebuilt table could have lost them."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTING[connection.vendor], [TABLE])
        found = {row[0] for row in cursor.fetchall()}
    return found >= set(_guards(connection.vendor))


def installing(vendor: str) -> list[str]:
    """The statements that put the guards in place."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {name} {event} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            for name, event in SQLITE.items()
        ]
    refuse = (
        "CREATE OR REPLACE FUNCTION eventlog_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
    )
    return [refuse] + [
        f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION eventlog_refuse()"
        for name, event in POSTGRESQL.items()
    ]


def removing(vendor: str) -> list[str]:
    """The statements that take the guards away."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE]
    return [f"DROP TRIGGER IF EXISTS {name} ON {TABLE}" for name in POSTGRESQL]


def _guards(vendor: str) -> dict[str, Any]:
    return SQLITE if vendor == "sqlite" else POSTGRESQL


_LISTING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'",
}
