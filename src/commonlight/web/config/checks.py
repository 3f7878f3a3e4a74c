"""Checks at the start: an installation that would lose work or leak does not start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

__all__ = ["check_database", "check_public"]


@register(Tags.database)
def check_database(**_: Any) -> list[CheckMessage]:
    """SQLite must wait for its turn at the start of a transaction, and let readers read."""
    database: dict[str, Any] = settings.DATABASES["default"]
    options = database.get("OPTIONS", {})
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    found: list[CheckMessage] = []
    if options.get("transaction_mode") != "IMMEDIATE":
        found.append(
            Error(
                "SQLite is used without IMMEDIATE transactions; half of all writes would fail "
                "with 'database is locked'",
                hint='Set OPTIONS["transaction_mode"] = "IMMEDIATE".',
                id="commonlight.E001",
            )
        )
    if "journal_mode=wal" not in str(options.get("init_command", "")).replace(" ", "").lower():
        found.append(
            Error(
                "SQLite is used without its write-ahead log; readers would block writers",
                hint='Set OPTIONS["init_command"] = "PRAGMA journal_mode=WAL; ...".',
                id="commonlight.E002",
            )
        )
    return found


@register(Tags.security)
def check_public(**_: Any) -> list[CheckMessage]:
    """What others can reach must sign in safely."""
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "every host name is accepted",
                hint="Name the hosts in COMMONLIGHT_HOSTS.",
                id="commonlight.E003",
            )
        )
    if len(settings.SECRET_KEY) < 32:
        found.append(
            Error(
                "the secret is shorter than 32 characters",
                hint="Set COMMONLIGHT_SECRET_KEY.",
                id="commonlight.E004",
            )
        )
    if settings.COMMONLIGHT_IS_PUBLIC and not settings.COMMONLIGHT_BEHIND_PROXY:
        found.append(
            Warning(
                "a public host is named, but no proxy that encrypts",
                hint="Put a proxy in front and set COMMONLIGHT_BEHIND_PROXY=1.",
                id="commonlight.W001",
            )
        )
    return found
