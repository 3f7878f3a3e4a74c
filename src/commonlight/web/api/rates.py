"""How often one may ask, counted in the database so that all processes share it."""

from __future__ import annotations

import hashlib
import hmac
import time

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from commonlight.web.api.models import RateWindow

__all__ = ["PerMinute", "asker_of"]

MINUTE = 60
_COUNT = (
    "INSERT INTO api_ratewindow (asker, minute, count) VALUES (%s, %s, 1) "
    "ON CONFLICT (asker, minute) DO UPDATE SET count = api_ratewindow.count + 1 RETURNING count"
)


class PerMinute(BaseThrottle):
    """At most `limit` requests a minute for each token, session or address."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request, and say whether it may pass."""
        return hits(asker_of(request), _minute()) <= self.limit

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - time.time() % MINUTE


def asker_of(request: HttpRequest) -> str:
    """A digest of the token or session, else of the address; nothing that names anybody."""
    actor = getattr(request, "auth", None)
    token = request.headers.get("Authorization", "")
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    known = token or session if actor else ""
    text = known or str(request.META.get("REMOTE_ADDR", ""))
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def hits(asker: str, minute: int) -> int:
    """Count one more request in this minute; the first one clears away old minutes."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [asker, minute])
        count = int(cursor.fetchone()[0])
    if count == 1:
        RateWindow.objects.filter(minute__lt=minute - 1).delete()
    return count


def _minute() -> int:
    return int(time.time() // MINUTE)
