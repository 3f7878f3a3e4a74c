"""Tension cards: those that the plan calls for, those that were answered, and all others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.design.engagement.domain.catalogue import filled
from commonlight.web.design.review.domain.noticing import content
from commonlight.web.design.review.domain.tensions import (
    answer_card,
    answer_titles,
    cards_of,
    effect_words,
    watched_effects,
)
from commonlight.web.design.review.forms.answers import TensionForm
from commonlight.web.design.review.views.frame import address, show
from commonlight.web.design.views.frame import design_page, sent
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["answer", "index"]


@require_safe
@page("design.view")
def index(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What waits, what was answered and is watched, and every other card to open by hand."""
    problem = design_page(request, number)
    cards = cards_of(problem)
    sides = answer_titles()
    rows: list[dict[str, Any]] = [
        {
            "card": one,
            "url": address(problem, "tension", one.id),
            "side": sides.get(one.answer.side, "") if one.answer else "",
            "because": [_because(each.words) for each in one.firings[:1]],
        }
        for one in cards
    ]
    return show(
        request,
        "tensions",
        problem,
        waiting=[row for row in rows if row["card"].is_waiting],
        answered=[row for row in rows if row["card"].answer is not None],
        others=[row for row in rows if row["card"].answer is None and not row["card"].is_waiting],
        effects=[(one, effect_words(one)) for one in watched_effects(problem)],
        words=content()["words"],
        impact_url=address(problem, "impact"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page("design.view")
def answer(request: WorkspaceRequest, workspace: str, number: int, card: str) -> HttpResponse:
    """One card with its two sides and its questions."""
    given = sent(request)
    problem = design_page(request, number, "design.view" if given is None else "design.write")
    found = next((one for one in cards_of(problem) if one.id == card), None)
    if found is None:
        raise Http404
    now = found.answer
    names = ("side", "why", "who_may_lose", "watch")
    initial = {name: getattr(now, name) for name in names} if now is not None else {}
    form = TensionForm(given, card=found.row, initial=initial)
    if given is not None and form.is_valid():
        made = answer_card(request.actor, problem, card, **form.cleaned_data)
        told = content()["words"]["indicator_added"]
        relevant = made.side != "not_relevant"
        messages.success(request, str(told) if relevant else _("Your reason is saved."))
        return redirect(address(problem, "tensions"))
    return show(
        request,
        "tension",
        problem,
        card=found,
        form=form,
        firings=[(_because(one.words), one) for one in found.firings],
        words=content()["words"],
        back_url=address(problem, "tensions"),
    )


def _because(words: str) -> str:
    return filled(content()["words"]["because"], words=words)
