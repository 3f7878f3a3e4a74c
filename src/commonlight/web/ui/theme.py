"""Light or dark: as the device says, or as the person chose."""

from __future__ import annotations

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

__all__ = ["COOKIE", "Theme", "chosen_theme", "keep_theme"]

COOKIE = "theme"
YEAR = 365 * 24 * 60 * 60


class Theme(TextChoices):
    """The choice that is kept in a cookie."""

    DEVICE = "device", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def chosen_theme(request: HttpRequest) -> str:
    """The theme in the cookie; anything unknown means as the device says."""
    kept = request.COOKIES.get(COOKIE, "")
    return kept if kept in Theme.values else Theme.DEVICE.value


def keep_theme(response: HttpResponse, theme: str) -> None:
    """Keep the choice for a year; the choice of the device needs no cookie."""
    if theme == Theme.DEVICE or theme not in Theme.values:
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(COOKIE, theme, max_age=YEAR, httponly=True, samesite="Lax")
