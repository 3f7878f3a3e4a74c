"""The search: which words led where, and what to do when nothing was found."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from commonlight.web.knowledge.domain.searching import search
from commonlight.web.knowledge.forms.finding import SearchForm
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["search_page"]


@require_safe
@page("knowledge.view")
def search_page(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Practices, statements and local entries for the words of a problem."""
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    found = search(request.actor, query) if query else None
    context = {"form": form, "found": found, "gap_query": urlencode({"words": query})}
    return render(request, "knowledge/search.html", context)
