"""Addresses of the sign-in library; what this installation does not use is not there."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from commonlight.web.accounts.views import closed

__all__ = ["NOT_USED", "urlpatterns"]

NOT_USED = (
    "signup/",
    "email/",
    "confirm-email/",
    "password/set/",
    "login/code/",
    "login/code/confirm/",
    "signup/passkey/",
    "3rdparty/",
    "3rdparty/signup/",
    "social/signup/",
    "social/connections/",
    "social/login/error/",
    "social/login/cancelled/",
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(address, closed) for address in NOT_USED),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", closed),
    path("", include("allauth.urls")),
]
