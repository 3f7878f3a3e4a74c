"""Errors as problem details (RFC 9457), with the reason and whom to ask."""

from __future__ import annotations

import json
import logging
import math
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from commonlight.web.accounts.second_factor import SecondFactorNeeded
from commonlight.web.policy import Refused
from commonlight.web.runs.failures import is_disk_full

__all__ = ["MEDIA_TYPE", "Problem", "answer_with_problems", "problem"]

MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


class FieldError(Schema):
    """What is wrong with one part of the request."""

    where: str
    text: str


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    ask: str = ""
    errors: list[FieldError] = []


def problem(
    status: int, detail: Any, *, ask: Any = "", errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """The answer that carries a problem."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "ask": str(ask),
        "errors": errors or [],
    }
    text = json.dumps(content, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE)


def answer_with_problems(api: NinjaAPI) -> None:
    """Let every error of the interface become a problem."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(SecondFactorNeeded, _second_factor)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(Throttled, _too_often)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(SuspiciousOperation, _strange)
    api.add_exception_handler(OperationalError, _away)
    api.add_exception_handler(InterfaceError, _away)
    api.add_exception_handler(Exception, _fault)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(403, error.decision.reason, ask=error.decision.ask)


def _second_factor(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(403, str(error), ask=_("Set up a second factor on your own page."))


def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, _("There is nothing at this address, or it is not for you."))


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        {"where": ".".join(str(part) for part in one["loc"]), "text": str(one["msg"])}
        for one in error.errors
    ]
    return problem(422, _("The request does not fit. See “errors”."), errors=errors)


def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
    answer = problem(
        401,
        _("Sign in, or send a token that is neither expired nor revoked."),
        ask=_("Make a token on the page “Tokens” of your workspace."),
    )
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _too_often(request: HttpRequest, error: Any) -> HttpResponse:
    seconds = max(1, math.ceil(error.wait or 1))
    answer = problem(
        429, _("Too many requests. Try again in %(seconds)s seconds.") % {"seconds": seconds}
    )
    answer["Retry-After"] = str(seconds)
    return answer


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, error.message)


def _too_large(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(413, _("The request is too large."))


def _strange(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, _("The request cannot be read."))


def _away(request: HttpRequest, error: Any) -> HttpResponse:
    """The database cannot be reached; nothing is lost."""
    if is_disk_full(error):
        return _full()
    logger.warning("database away: %s", type(error).__name__)
    answer = problem(503, _("The database cannot be reached. Nothing is lost. Try again soon."))
    answer["Retry-After"] = "10"
    return answer


def _full() -> HttpResponse:
    logger.error("disk full")
    return problem(
        507,
        _("The disk is full. What you sent was not kept."),
        ask=_("Ask the person who runs this installation to free space."),
    )


def _fault(request: HttpRequest, error: Any) -> HttpResponse:
    """A fault of ours: the log and the answer carry the same number."""
    if is_disk_full(error):
        return _full()
    number = uuid4().hex[:12]
    logger.error("fault %s in the API", number, exc_info=error)
    return problem(
        500,
        _("A fault of ours. Its number is %(number)s.") % {"number": number},
        ask=_("Tell the operator of this installation the number."),
    )
