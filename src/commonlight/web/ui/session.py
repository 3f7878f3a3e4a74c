"""When a session ends, and how it is extended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

__all__ = ["KEY", "extend_session", "note_sign_in", "session_ends"]

KEY = "session_ends"
"""Where the session keeps the moment of its end."""


def session_ends(request: HttpRequest) -> datetime | None:
    """The moment at which the session ends; None where there is no session."""
    session = getattr(request, "session", None)
    if session is None:
        return None
    kept = session.get(KEY)
    return datetime.fromisoformat(kept) if kept else session.get_expiry_date()


def extend_session(request: HttpRequest) -> datetime:
    """Let the session run for its whole time again, from now on."""
    ends = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    request.session[KEY] = ends.isoformat(timespec="seconds")
    return ends


def note_sign_in(sender: Any, *, request: HttpRequest | None = None, **_: Any) -> None:
    """A session that begins is noted with its end."""
    if request is not None and hasattr(request, "session"):
        extend_session(request)
