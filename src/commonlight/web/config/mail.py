"""Where mail goes: to the server of COMMONLIGHT_MAIL_URL, else into files of the home folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

__all__ = ["mail_settings"]

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_settings(url: str, sender: str, home: Path) -> dict[str, Any]:
    """Django's settings for mail.

    ``smtp://`` sends as it is, ``smtp+tls://`` begins encryption after the greeting, ``smtps://``
    is encrypted from the first byte.

    Raises
    ------
    ImproperlyConfigured
        If the address is not one of these.
    """
    common = {"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender, "EMAIL_TIMEOUT": 15}
    if not url:
        return {
            **common,
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": home / "mail",
        }
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "COMMONLIGHT_MAIL_URL must look like smtp+tls://user:password@host:587, with smtp, "
            "smtp+tls or smtps in front"
        )
    return {
        **common,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
