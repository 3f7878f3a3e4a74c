"""When a session ends, and how all sessions of a person are ended."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from commonlight.web.accounts.models import User
from commonlight.web.ui.session import KEY, extend_session

__all__ = ["LONGEST", "STARTED", "end_sessions", "is_over", "start_clock"]

STARTED = "signed_in_at"
LONGEST = timedelta(hours=12)
"""However often a session is extended, after this time one signs in again."""


def start_clock(request: HttpRequest) -> None:
    """Note when the session began and when it ends."""
    request.session[STARTED] = time.time()
    extend_session(request)


def is_over(request: HttpRequest) -> bool:
    """Whether the time of the session is up; a session without a clock has none to be over."""
    session = request.session
    started, ends = session.get(STARTED), session.get(KEY)
    if started is not None and time.time() - float(started) >= LONGEST.total_seconds():
        return True
    return ends is not None and timezone.now() >= datetime.fromisoformat(ends)


def end_sessions(user: User) -> int:
    """Sign a person out everywhere, at once; the number of sessions that ended."""
    keys = set(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended: Any = UserSession.objects.filter(user=user).delete()[0]
    return int(ended)
