"""Times are shown as the clocks of the city show them."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from commonlight.web.workspaces.models import Workspace

__all__ = ["CityClockMiddleware", "use_clock_of"]


def use_clock_of(workspace: Workspace) -> None:
    """From here to the end of the request, times are those of this city."""
    timezone.activate(ZoneInfo(workspace.time_zone))


class CityClockMiddleware:
    """No request keeps the clock of the one before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Start from the clock of the installation."""
        timezone.deactivate()
        return self.get_response(request)
