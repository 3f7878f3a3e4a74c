"""Choices that everybody may make: language, colours, a longer session."""

from __future__ import annotations

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from commonlight.web.ui.marks import for_everybody
from commonlight.web.ui.session import extend_session
from commonlight.web.ui.theme import keep_theme
from commonlight.web.ui.theme_style import ThemeError, theme_style

__all__ = ["language_choice", "session_extend", "style", "theme_choice"]


@csrf_exempt
@for_everybody
@require_POST
def language_choice(request: HttpRequest) -> HttpResponse:
    """Keep the language that was chosen and go back to the page.

    No token guards this choice: a token would set a cookie on pages that everybody reads.
    """
    answer = set_language(request)
    assert isinstance(answer, HttpResponse)
    return answer


@csrf_exempt
@for_everybody
@require_POST
def theme_choice(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or as the device, and go back to the page; without a token, as above."""
    answer = HttpResponseRedirect(_next(request))
    keep_theme(answer, request.POST.get("theme", ""))
    return answer


@for_everybody
@require_POST
def session_extend(request: HttpRequest) -> HttpResponse:
    """Let the session of a signed-in person run for its whole time again."""
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("You are signed out.")}, status=401)
    ends = extend_session(request)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ends": ends.isoformat(timespec="seconds")})
    return HttpResponseRedirect(_next(request))


@for_everybody
@require_GET
@cache_control(public=True, max_age=86_400)
def style(request: HttpRequest) -> HttpResponse:
    """The style sheet that sets a city's own colours; it depends on the address alone."""
    try:
        text = theme_style(request.GET.dict())
    except ThemeError as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain; charset=utf-8")
    return HttpResponse(text, content_type="text/css; charset=utf-8")


def _next(request: HttpRequest) -> str:
    """The page that the form stood on, if it is one of ours."""
    target = str(request.POST.get("next", ""))
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
