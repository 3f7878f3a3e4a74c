"""Where the guided tour stands, for every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from commonlight.web.demo.tours import Place, place_of

__all__ = ["SESSION_KEY", "tour"]

SESSION_KEY = "demo-tour"
PANEL = {"template": "demo/tour.html"}


def tour(request: HttpRequest) -> dict[str, Any]:
    """The step of the tour that the person takes, if any."""
    session = getattr(request, "session", None)
    if not settings.COMMONLIGHT_DEMO or session is None or SESSION_KEY not in session:
        return {}
    found: Place | None = place_of(*session[SESSION_KEY])
    if found is None or request.path == reverse("demo-site:choose"):
        return {}
    return {"tour": found, "is_at_stop": found.is_at(request.path), "panel": PANEL}
