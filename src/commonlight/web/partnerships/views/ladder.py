"""The involvement ladder."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.partnerships.domain.involving import add_event, ladder_of, standing_of
from commonlight.web.partnerships.domain.shared import day_of
from commonlight.web.partnerships.domain.words import rows, words
from commonlight.web.partnerships.forms.others import EventForm
from commonlight.web.partnerships.models import Partner
from commonlight.web.partnerships.views.shared import address, ask, either, one_of, sent
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["add", "ladder", "standing"]


@require_safe
@page("partnership.view")
def ladder(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Every partner and group with the steps that events show."""
    found = ladder_of(request.workspace, day_of(request.workspace))
    context = {
        "rows": [(one, address(request, "standing", one.partner.pk)) for one in found],
        "steps": rows("ladder", "step"),
        "words": words("ladder"),
    }
    return render(request, "partnerships/ladder.html", context)


@require_safe
@page("partnership.view")
def standing(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One partner or group, step by step with its events."""
    found = standing_of(request.workspace, _partner(request, pk), day_of(request.workspace))
    context = {"standing": found, "words": words("ladder")}
    return render(request, "partnerships/standing.html", context)


@either
@page("meeting.write")
def add(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Keep something that happened with a group."""
    partner = _partner(request, pk)
    form = EventForm(sent(request))
    return ask(
        request,
        form,
        lambda: add_event(request.actor, partner, **form.cleaned_data),
        title=_("What happened with %(partner)s?") % {"partner": partner.name},
        button=_("Add event"),
        done=_("The event stands on the ladder."),
        back=address(request, "standing", pk),
    )


def _partner(request: WorkspaceRequest, pk: int) -> Partner:
    found = Partner.objects.of(request.workspace).select_related("organisation", "workspace")
    partner: Partner = one_of(found, pk=pk)
    return partner
