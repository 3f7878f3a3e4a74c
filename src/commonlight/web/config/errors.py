"""Pages for requests that cannot be answered: each says why, and what to do next."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from commonlight.web.api.problems import problem
from commonlight.web.runs.failures import is_disk_full

__all__ = [
    "bad_request",
    "fault",
    "form_expired",
    "full",
    "is_away",
    "not_allowed",
    "not_found",
    "too_large",
    "unavailable",
    "wrong_method",
]

log = logging.getLogger("commonlight.requests")
RETRY_AFTER = 10
OUR_FAULTS = ("no such table", "no such column", "syntax error", "has no column")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be understood; or 413 where it was too much."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _bare(
        request,
        400,
        _("This address or form cannot be read"),
        _("Go back, load the page again and try once more."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than this page takes."""
    return _bare(
        request,
        413,
        _("That was too much at once"),
        _("You sent more than this page takes. Nothing was kept. Send a smaller file or text."),
    )


def wrong_method(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """405: the page is there, but it is not asked in this way."""
    made = _bare(
        request,
        405,
        _("This page cannot be used like this"),
        _("It is opened by a link or sent by its own form. Go back and use the button there."),
    )
    made["Allow"] = answer.get("Allow", "")
    return made


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was not sent from a page of ours, or from one that is too old."""
    return _bare(
        request,
        403,
        _("This form is no longer valid"),
        _(
            "You signed in or out since you opened it, or your browser keeps no cookies. "
            "Nothing was changed. Go back, load the page again and send it once more."
        ),
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 without a reason of the policy."""
    return _in_frame(
        request,
        403,
        _("You may not do this"),
        _("Ask the coordinator of your workspace. Nothing was changed."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not for this person, which is told alike."""
    return _in_frame(
        request,
        404,
        _("There is no such page"),
        _(
            "Check the address. The page may have been removed, or it may belong to a workspace "
            "of which you are not a member."
        ),
    )


def fault(request: HttpRequest) -> HttpResponse:
    """500 for a fault of ours, 503 while the database is away, 507 while the disk is full.

    None of them asks the database.
    """
    error = sys.exc_info()[1]
    number = getattr(request, "number", "")
    if error is not None and is_disk_full(error):
        log.error("disk full", extra={"request": number, "error": type(error).__name__})
        return full(request)
    if error is not None and is_away(error):
        log.warning("database away", extra={"request": number, "error": type(error).__name__})
        return unavailable(request)
    log.error("fault in a page", exc_info=error, extra={"request": number})
    return _bare(
        request,
        500,
        _("This is a fault of ours"),
        _("Nothing that you sent was kept. Try again in a moment. If it happens again, report it."),
        number=number,
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database cannot be reached at the moment."""
    response = _bare(
        request,
        503,
        _("The workbench is not available at the moment"),
        _(
            "The database cannot be reached. Nothing is lost. Wait a moment, then load the page "
            "again; if you sent a form, send it again."
        ),
    )
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def full(request: HttpRequest) -> HttpResponse:
    """507: there is no room for what was sent."""
    return _bare(
        request,
        507,
        _("There is no room left"),
        _(
            "The disk of this installation is full. What you sent was not kept, and nothing else "
            "was changed. Ask the person who runs this installation to free space, then send it "
            "again."
        ),
    )


def is_away(error: BaseException) -> bool:
    """Whether the database is away, locked or without room, rather than asked nonsense."""
    if isinstance(error, InterfaceError):
        return True
    text = str(error).lower()
    return isinstance(error, OperationalError) and not any(words in text for words in OUR_FAULTS)


def _in_frame(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """In the frame of the site, if the database lets it be drawn."""
    if _is_program(request):
        return problem(status, text)
    context = {"title": title, "text": text}
    try:
        return render(request, "config/error.html", context, status=status)
    except DatabaseError:
        return _bare(request, status, title, text)


def _bare(request: HttpRequest, status: int, title: str, text: str, **more: Any) -> HttpResponse:
    """A page that needs neither session nor database; a program gets a problem document."""
    if _is_program(request):
        return problem(status, text)
    context = {"title": title, "text": text, **more}
    return HttpResponse(render_to_string("config/bare.html", context), status=status)


def _is_program(request: HttpRequest) -> bool:
    """Whether the address is one of the interface for programs."""
    return request.path.startswith("/api/")
