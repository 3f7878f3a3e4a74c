"""The pages of help, open to everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commonlight.web.ui.help.faults import statement
from commonlight.web.ui.help.glossary import glossary
from commonlight.web.ui.help.methods import method_groups, method_page
from commonlight.web.ui.marks import for_everybody

__all__ = ["accessibility", "help_page", "method", "methods", "privacy", "term", "terms"]


@for_everybody
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to find what."""
    return render(request, "ui/help/help.html")


@for_everybody
def terms(request: HttpRequest) -> HttpResponse:
    """All terms."""
    return render(request, "ui/help/terms.html", {"terms": glossary().values()})


@for_everybody
def term(request: HttpRequest, slug: str) -> HttpResponse:
    """One term."""
    found = glossary().get(slug)
    if found is None:
        raise Http404
    return render(request, "ui/help/term.html", {"term": found})


@for_everybody
def methods(request: HttpRequest) -> HttpResponse:
    """All methods, by question."""
    return render(request, "ui/help/methods.html", {"groups": method_groups()})


@for_everybody
def method(request: HttpRequest, slug: str) -> HttpResponse:
    """What one method can and cannot say."""
    try:
        found = method_page(slug)
    except LookupError as error:
        raise Http404 from error
    return render(request, "ui/help/method.html", {"method": found})


@for_everybody
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement, with the open faults."""
    return render(request, "ui/help/accessibility.html", {"statement": statement()})


@for_everybody
def privacy(request: HttpRequest) -> HttpResponse:
    """What the workbench keeps and what it does not."""
    return render(request, "ui/help/privacy.html")
