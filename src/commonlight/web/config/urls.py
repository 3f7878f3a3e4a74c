"""All addresses, gathered from the apps that are there."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.urls import include, path

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

APPS = (
    "ui",
    "accounts",
    "workspaces",
    "eventlog",
    "thread",
    "runs",
    "agreements",
    "data",
    "audits",
    "knowledge",
    "problems",
    "problems.fieldwork",
    "partnerships",
    "design",
    "design.theory",
    "design.engagement",
    "design.review",
    "assessment",
    "portability",
    "portability.retention",
    "api",
    "demo",
    "config",
)


def _included(prefix: str, module: str) -> list[Any]:
    """The addresses of every app that has this module."""
    names = [f"commonlight.web.{app}.{module}" for app in APPS]
    return [path(prefix, include(name)) for name in names if name != __name__ and find_spec(name)]


urlpatterns = [
    path("accounts/", include("commonlight.web.accounts.sign_in_urls")),
    *_included("", "site_urls"),
    *_included("public/<slug:workspace>/", "public_urls"),
    *_included("w/<slug:workspace>/", "urls"),
]

handler400 = "commonlight.web.config.errors.bad_request"
handler403 = "commonlight.web.config.errors.not_allowed"
handler404 = "commonlight.web.config.errors.not_found"
handler500 = "commonlight.web.config.errors.fault"
