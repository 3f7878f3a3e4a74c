"""Around every request: its number, its line in the log, and what is refused at the door."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from commonlight.web.config.errors import bad_request, too_large, wrong_method

__all__ = ["DoorMiddleware", "RequestLogMiddleware"]

log = logging.getLogger("commonlight.requests")
GIVEN = re.compile(r"^[A-Za-z0-9-]{8,64}$")

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestLogMiddleware:
    """Gives each request a number and writes one line: route, status, time. No address, no name.

    The number stands in the header ``X-Request-ID`` and on the page of a fault.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Time the request."""
        begun = time.perf_counter()
        request.number = _number(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.number  # type: ignore[attr-defined]
        # What is answered at the door, and static files, are shown in no frame either.
        response.headers.setdefault("X-Frame-Options", "DENY")
        match = request.resolver_match
        log.info(
            "request",
            extra={
                "request": request.number,  # type: ignore[attr-defined]
                "method": request.method if request.method in METHODS else "other",
                "route": match.view_name or match.route if match else "none",
                "status": response.status_code,
                "ms": round((time.perf_counter() - begun) * 1000, 1),
            },
        )
        return response


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class DoorMiddleware:
    """Refuses what no page can mean: zero bytes in addresses, bodies larger than any upload."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the address and the length of the body."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit() and len(length) < 20):
            return bad_request(request)
        if int(length) > settings.COMMONLIGHT_LARGEST_BODY:
            return too_large(request)
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and len(response.content) < 30:
            return wrong_method(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A zero byte that came in a form is a bad request, not a fault."""
        if isinstance(error, ValueError) and "NUL" in str(error):
            return bad_request(request)
        if isinstance(error, UnicodeEncodeError):
            return bad_request(request)
        return None


def _number(request: HttpRequest) -> str:
    """The proxy's number for the request, where there is a proxy of ours; else a new one."""
    given = request.headers.get("X-Request-ID", "") if settings.COMMONLIGHT_BEHIND_PROXY else ""
    return given if GIVEN.match(given) else secrets.token_hex(8)
