"""What the frame of every page needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from commonlight import __version__
from commonlight.web.ui.languages import LANGUAGES
from commonlight.web.ui.navigation import items
from commonlight.web.ui.session import session_ends
from commonlight.web.ui.theme import Theme, chosen_theme

__all__ = ["frame"]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Theme, languages, navigation and the end of the session; asked for only when drawn."""
    return {
        "frame": {
            "theme": chosen_theme(request),
            "themes": Theme.choices,
            "languages": LANGUAGES,
            "navigation": items(),
            "workspaces": SimpleLazyObject(lambda: _workspaces(request)),
            "session_ends": _ends(request),
            "version": __version__,
        }
    }


def _workspaces(request: HttpRequest) -> list[Any]:
    """The workspaces between which the person may switch."""
    memberships = getattr(getattr(request, "user", None), "memberships", None)
    if memberships is None:
        return []
    found = memberships.filter(ended_at__isnull=True).select_related("workspace")
    return sorted((one.workspace for one in found), key=lambda workspace: workspace.name)


def _ends(request: HttpRequest) -> datetime | None:
    user = getattr(request, "user", None)
    return session_ends(request) if user is not None and user.is_authenticated else None
