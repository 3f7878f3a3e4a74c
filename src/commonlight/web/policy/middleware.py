"""Deny by default, and show a refusal with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import RedirectView

from commonlight.web.policy.decisions import Refused

__all__ = ["PolicyMiddleware"]

#: Views of libraries, which guard themselves.
TRUSTED_MODULES = ("allauth.", "ninja.", "django.views.static", "django.views.i18n")


class PolicyMiddleware:
    """Refuses views that do not say who may open them; turns a refusal into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Stop at a view without a mark."""
        if not is_marked(view):
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} has no policy")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page that says why not, and whom to ask."""
        if not isinstance(error, Refused):
            return None
        context = {"decision": error.decision, "action": error.action}
        return render(request, "policy/refused.html", context, status=403)


def is_marked(view: Any) -> bool:
    """Whether a view says who may open it, or belongs to a library that guards itself.

    A redirect shows nothing; the page that it leads to is asked.
    """
    written = getattr(view, "view_class", None) or getattr(view, "func", None) or view
    if written is RedirectView:
        return True
    return hasattr(view, "policy") or written.__module__.startswith(TRUSTED_MODULES)
