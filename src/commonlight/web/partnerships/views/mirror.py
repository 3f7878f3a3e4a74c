"""Declared and done."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.partnerships.domain.mirror import give_reason, last_year, mirror_of
from commonlight.web.partnerships.domain.pulse import close_due_rounds
from commonlight.web.partnerships.domain.words import by_id, words
from commonlight.web.partnerships.forms.fields import ReasonForm
from commonlight.web.partnerships.views.shared import address, ask, either, sent
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["mirror", "reason"]


@require_safe
@page("partnership.view")
def mirror(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The pulse beside what the workbench counts, condition by condition."""
    close_due_rounds(request.workspace)
    found = mirror_of(request.actor, last_year(request.workspace))
    context = {"mirror": found, "words": words("facts"), "pulse_words": words("pulse")}
    return render(request, "partnerships/mirror.html", context)


@either
@page("meeting.write")
def reason(request: WorkspaceRequest, workspace: str, name: str) -> HttpResponse:
    """A partner adds a reason, which stands beside the number."""
    fact = by_id("facts", "fact").get(name)
    if fact is None:
        raise Http404
    form = ReasonForm(sent(request))
    return ask(
        request,
        form,
        lambda: give_reason(request.actor, name, form.cleaned_data["reason"]),
        title=_("Add a reason: %(fact)s") % {"fact": fact["title"]},
        button=_("Add reason"),
        done=_("The reason stands beside the number."),
        back=address(request, "mirror"),
        intro=_("You write for %(organisation)s. No person is named.")
        % {"organisation": request.actor.membership.organisation},
    )
