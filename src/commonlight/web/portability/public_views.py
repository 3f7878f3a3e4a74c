"""The public start page of a workspace, and its catalogue; nobody who reads is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from commonlight.web.audits.domain.public import released
from commonlight.web.policy import open_page
from commonlight.web.portability.catalogue.contents import catalogue_of, public_datasets
from commonlight.web.portability.catalogue.graph import as_json_ld, as_turtle
from commonlight.web.workspaces.models import Workspace

__all__ = ["catalogue_json", "catalogue_page", "catalogue_turtle", "start"]


@open_page
@require_safe
def start(request: HttpRequest, workspace: str) -> HttpResponse:
    """What is public: findings, the register of agreements, the catalogue."""
    place = get_object_or_404(Workspace, slug=workspace)
    releases = [one for one in released(place) if one.findings]
    context = {"workspace": place, "releases": releases}
    return _fresh(render(request, "portability/public.html", context))


@open_page
@require_safe
def catalogue_page(request: HttpRequest, workspace: str) -> HttpResponse:
    """What can be reused, and where programs read the list."""
    place = get_object_or_404(Workspace, slug=workspace)
    context = {
        "workspace": place,
        "releases": [one for one in released(place) if one.findings],
        "datasets": public_datasets(place),
    }
    return _fresh(render(request, "portability/catalogue.html", context))


@open_page
@require_safe
def catalogue_json(request: HttpRequest, workspace: str) -> HttpResponse:
    """The catalogue as JSON-LD."""
    place = get_object_or_404(Workspace, slug=workspace)
    text = as_json_ld(catalogue_of(place, request.build_absolute_uri))
    return _fresh(HttpResponse(text, content_type="application/ld+json; charset=utf-8"))


@open_page
@require_safe
def catalogue_turtle(request: HttpRequest, workspace: str) -> HttpResponse:
    """The catalogue as Turtle."""
    place = get_object_or_404(Workspace, slug=workspace)
    text = as_turtle(catalogue_of(place, request.build_absolute_uri))
    return _fresh(HttpResponse(text, content_type="text/turtle; charset=utf-8"))


def _fresh(answer: HttpResponse) -> HttpResponse:
    """What was withdrawn is gone at once, so no cache keeps a page without asking again."""
    patch_cache_control(answer, no_cache=True)
    return answer
