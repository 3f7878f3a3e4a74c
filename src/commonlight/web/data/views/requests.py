"""Requests for more than was agreed: the list, the answer, the withdrawal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from commonlight.web.agreements.domain import today_in
from commonlight.web.data.domain import exports as domain
from commonlight.web.data.enums import RequestState
from commonlight.web.data.forms.exports import AnswerForm
from commonlight.web.data.models import DataRequest
from commonlight.web.data.rules import may_open
from commonlight.web.data.views.finding import pages_of
from commonlight.web.policy import Decision, Refused, page, refused

__all__ = ["answer", "listing", "withdraw"]


def _known(request: Any) -> Any:
    """Requests of the actor's organisation, and those that it has to answer."""
    mine = request.actor.organisation_id
    return (
        DataRequest.objects.of(request.workspace)
        .filter(Q(organisation_id=mine) | Q(dataset__owner_id=mine))
        .select_related("dataset__owner", "organisation", "asked_by__user", "answered_by__user")
    )


@page("data.list")
def listing(request: Any, workspace: str) -> HttpResponse:
    """What the own organisation asked for, and what it was asked for."""
    mine = request.actor.organisation_id
    context = {
        "page": pages_of(request, _known(request)),
        "mine": mine,
        "today": today_in(request.workspace),
    }
    return render(request, "data/requests.html", context)


@page("data.list")
def answer(request: Any, workspace: str, pk: int) -> HttpResponse:
    """One request; the owner's steward answers it."""
    asked: DataRequest = get_object_or_404(_known(request), pk=pk)
    decision = _may_answer(request, asked)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        if not decision:
            raise Refused("data.steward", decision)
        if form.is_valid():
            domain.answer_request(
                request.actor, asked, form.cleaned_data["state"], form.cleaned_data["answer"]
            )
            messages.success(request, _("Your answer was sent."))
            return redirect("data:requests", workspace)
    context = {
        "asked": asked,
        "decision": decision,
        "form": form,
        "can_withdraw": asked.asked_by_id == request.actor.membership.pk
        and asked.state == RequestState.OPEN,
    }
    return render(request, "data/request.html", context)


def _may_answer(request: Any, asked: DataRequest) -> Decision:
    if asked.state != RequestState.OPEN:
        return refused(gettext_lazy("This request was answered."))
    return may_open(request.actor, asked.dataset)


@require_POST
@page("data.list")
def withdraw(request: Any, workspace: str, pk: int) -> HttpResponse:
    """The one who asked takes the request back."""
    asked: DataRequest = get_object_or_404(_known(request), pk=pk)
    if asked.asked_by_id != request.actor.membership.pk or asked.state != RequestState.OPEN:
        raise Http404
    domain.withdraw_request(request.actor, asked)
    messages.success(request, _("Your request was withdrawn."))
    return redirect("data:requests", workspace)
