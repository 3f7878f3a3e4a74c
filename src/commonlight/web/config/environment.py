"""Settings from environment variables: safe defaults at home, strict in public."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from commonlight.web.config.logs import LEVELS

__all__ = ["Environment", "database_of", "read_environment"]

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the environment says, checked."""

    home: Path
    secret_key: str
    is_public: bool
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    database: dict[str, object]
    behind_proxy: bool
    mail: str
    mail_from: str
    oidc: Mapping[str, str]
    tiles: str
    is_demo: bool
    log_level: str
    largest_upload: int
    lease: float


def read_environment(given: Mapping[str, str] | None = None) -> Environment:
    """Read and check the variables that start with ``COMMONLIGHT_``.

    Raises
    ------
    ImproperlyConfigured
        If the workbench would be public without a secret or without a host name.
    """
    variables = os.environ if given is None else given
    home = Path(variables.get("COMMONLIGHT_HOME") or "commonlight-home").resolve()
    hosts = _listed(variables.get("COMMONLIGHT_HOSTS", ""))
    is_public = any(host not in LOCAL_HOSTS for host in hosts)
    return Environment(
        home=home,
        secret_key=_secret(variables.get("COMMONLIGHT_SECRET_KEY", ""), home, is_public),
        is_public=is_public,
        hosts=hosts or LOCAL_HOSTS,
        origins=tuple(f"https://{host}" for host in hosts if host not in LOCAL_HOSTS),
        database=database_of(variables.get("COMMONLIGHT_DATABASE_URL", ""), home),
        behind_proxy=variables.get("COMMONLIGHT_BEHIND_PROXY", "") == "1",
        mail=variables.get("COMMONLIGHT_MAIL_URL", ""),
        mail_from=variables.get("COMMONLIGHT_MAIL_FROM", "commonlight@localhost"),
        oidc={
            key.removeprefix("COMMONLIGHT_OIDC_").lower(): value
            for key, value in variables.items()
            if key.startswith("COMMONLIGHT_OIDC_")
        },
        tiles=variables.get("COMMONLIGHT_TILES", ""),
        log_level=_log_level(variables.get("COMMONLIGHT_LOG_LEVEL", ""), is_public),
        largest_upload=_number(variables, "COMMONLIGHT_LARGEST_UPLOAD_MB", 4096, 1, 1_000_000),
        lease=_number(variables, "COMMONLIGHT_LEASE_SECONDS", 20, 1, 3600),
        is_demo=_demo(variables.get("COMMONLIGHT_DEMO", "") == "1", is_public),
    )


def database_of(url: str, home: Path) -> dict[str, object]:
    """The database: SQLite in the home folder, or PostgreSQL at the address given.

    Raises
    ------
    ImproperlyConfigured
        If the address is not that of a PostgreSQL database.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "workbench.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or len(parts.path) < 2:
        raise ImproperlyConfigured(
            "COMMONLIGHT_DATABASE_URL must look like postgresql://user:password@host/name"
        )
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", "")) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "CONN_HEALTH_CHECKS": True,
        "PORT": str(options.pop("port", "") or parts.port or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}, **options},
    }


def _secret(given: str, home: Path, is_public: bool) -> str:
    """The secret that signs sessions; at home, one is made and kept in a file."""
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured(
                f"COMMONLIGHT_SECRET_KEY has {len(given)} characters; it needs at least 32"
            )
        return given
    if is_public:
        raise ImproperlyConfigured(
            "COMMONLIGHT_HOSTS names a public host, so COMMONLIGHT_SECRET_KEY must be set: "
            "make one with python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return _kept_secret(home / "secret.key")


def _kept_secret(path: Path) -> str:
    """The secret in the file, made on first use and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _demo(wanted: bool, is_public: bool) -> bool:
    """Whether demo people sign in without a password; never where others can reach it."""
    if wanted and is_public:
        raise ImproperlyConfigured(
            "COMMONLIGHT_DEMO lets everybody in without a password, so it cannot be combined "
            "with a public host in COMMONLIGHT_HOSTS; unset one of them"
        )
    return wanted


def _log_level(given: str, is_public: bool) -> str:
    """How much is logged; at home, only what somebody should look at."""
    level = given.lower() or ("info" if is_public else "warning")
    if level not in LEVELS:
        raise ImproperlyConfigured(
            f"COMMONLIGHT_LOG_LEVEL must be one of {', '.join(LEVELS)}; got {given!r}"
        )
    return level


def _number(variables: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A whole number within its limits."""
    given = variables.get(name) or str(usual)
    if not given.isdigit() or not least <= int(given) <= most:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} to {most}; got {given!r}"
        )
    return int(given)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
