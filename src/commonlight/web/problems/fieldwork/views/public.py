"""Pages for everybody: public versions of the audits, without sign-in or a trace of who reads."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from commonlight.web.policy import open_page
from commonlight.web.problems.fieldwork.catalogue import audit_words
from commonlight.web.problems.fieldwork.domain.publishing import published
from commonlight.web.problems.fieldwork.views.faces import face_of
from commonlight.web.workspaces.models import Workspace

__all__ = ["audit", "index"]


@open_page
@require_safe
def index(request: HttpRequest, workspace: str) -> HttpResponse:
    """All audits that have a public version."""
    place = get_object_or_404(Workspace, slug=workspace)
    context = {"workspace": place, "versions": published(place)}
    return _fresh(render(request, "fieldwork/public_audits.html", context))


@open_page
@require_safe
def audit(request: HttpRequest, workspace: str, number: int) -> HttpResponse:
    """One audit as it was made public, on one page to read and to print."""
    place = get_object_or_404(Workspace, slug=workspace)
    found = next(iter(published(place, number)), None)
    if found is None:
        raise Http404
    context = {
        "workspace": place,
        "version": found.version,
        "face": face_of(found.content, found.shaken),
        "words": audit_words(),
    }
    return _fresh(render(request, "fieldwork/public_audit.html", context))


def _fresh(answer: HttpResponse) -> HttpResponse:
    """Asked for anew each time, so that what is withdrawn is gone."""
    patch_cache_control(answer, no_cache=True)
    return answer
