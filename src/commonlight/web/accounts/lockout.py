"""Lock-out after failed sign-ins: per account and network address, for a quarter of an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commonlight.web.accounts.settings_part import LOCKED_FOR

__all__ = ["client_address", "locked_page", "locked_until", "typed_address"]

LONGEST = 254


def typed_address(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The account that somebody tries to sign in to, in one spelling.

    A sign-in form names it `email`, a change of the attempts after success names it by field.
    """
    given = credentials or {}
    typed = given.get("email") or given.get("username") or request.POST.get("login") or ""
    return str(typed).strip().lower().replace("\0", "")[:LONGEST]


def client_address(request: HttpRequest) -> str:
    """The network address of the client; behind a proxy, the one that the proxy names."""
    return get_client_ip(request) or "0.0.0.0"


def locked_until(email: str, address: str) -> datetime:
    """When the next try is possible."""
    last = (
        AccessAttempt.objects.filter(username=email, ip_address=address)
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    until: datetime = (last or timezone.now()) + LOCKED_FOR
    return until


def locked_page(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Say until when, and whom to ask."""
    until = locked_until(typed_address(request, credentials), client_address(request))
    left = max(until - timezone.now(), timedelta(seconds=1))
    answer = render(request, "accounts/locked.html", {"until": until}, status=429)
    answer["Retry-After"] = str(int(left.total_seconds()) + 1)
    return answer
