"""The search: which words led where, and what to do when nothing was found."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from commonlight.web.knowledge.domain.searching import search
from commonlight.web.knowledge.forms.finding import SearchForm
from commonlight.web.policy import WorkspaceRequest, decide, page
from commonlight.web.problems.models import Problem

__all__ = ["search_page"]


def _problem_of(request: WorkspaceRequest, form: SearchForm) -> Problem | None:
    """The problem for which one searches, where one may say what it makes of a record."""
    number = form.cleaned_data.get("problem")
    if not number:
        return None
    found = Problem.objects.of(request.workspace).filter(number=number).first()
    return found if found and decide(request.actor, "knowledge.link", found) else None


@require_safe
@page("knowledge.view")
def search_page(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Practices, statements and local entries for the words of a problem."""
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    found = search(request.actor, query) if query else None
    context = {
        "form": form,
        "found": found,
        "gap_query": urlencode({"words": query}),
        "problem": _problem_of(request, form),
    }
    return render(request, "knowledge/search.html", context)
