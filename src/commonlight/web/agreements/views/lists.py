"""The list of agreements, and one agreement."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.agreements.domain.clauses import clauses_for
from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.drafting import create_draft, unanswered
from commonlight.web.agreements.domain.finding import reminders, standing, visible_agreements
from commonlight.web.agreements.domain.history import history
from commonlight.web.agreements.domain.signing import party_of, unopened_parts
from commonlight.web.agreements.domain.terms import is_untouched
from commonlight.web.agreements.domain.words import summary
from commonlight.web.agreements.enums import AgreementState, Part
from commonlight.web.agreements.forms import NewForm
from commonlight.web.agreements.models import Agreement
from commonlight.web.agreements.tasks import tasks
from commonlight.web.agreements.views.shared import address, asked_for, frame, sent
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["agreement_list", "agreement_page", "new"]


@require_safe
@page("agreement.view")
def agreement_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is in force, what waits, and what ends soon."""
    actor = request.actor
    today = today_in(actor.workspace)
    found = visible_agreements(actor)
    context = {
        "rows": [(one, standing(one, today), address(one)) for one in found],
        "reminders": [(one, address(one.agreement)) for one in reminders(found, today)],
    }
    return render(request, "agreements/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("agreement.draft")
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The kind first, then the parts."""
    form = NewForm(sent(request))
    if request.method == "POST" and form.is_valid():
        made = create_draft(request.actor, **form.cleaned_data)
        return redirect(address(made))
    back = reverse("agreements:list", args=[workspace])
    return render(request, "agreements/new.html", {"form": form, "back": back})


@require_safe
@page("agreement.view")
def agreement_page(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """A draft with its tasks, or the agreement in plain words."""
    agreement = asked_for(request, number)
    if agreement.state == AgreementState.DRAFT:
        return render(request, "agreements/draft.html", _draft(request, agreement))
    return render(request, "agreements/agreement.html", _settled(request, agreement))


def _draft(request: WorkspaceRequest, agreement: Agreement) -> dict[str, Any]:
    left = unanswered(agreement, today_in(agreement.workspace))
    return frame(
        agreement,
        tasks=tasks(agreement, left),
        clauses=tasks(agreement, left, clauses_for(agreement.kind)),
        left=left,
        summary=summary(agreement),
        wishes=agreement.change_requests.select_related("organisation"),
        events=history(agreement),
    )


def _settled(request: WorkspaceRequest, agreement: Agreement) -> dict[str, Any]:
    actor = request.actor
    party = party_of(actor, agreement)
    waits = agreement.state == AgreementState.OFFERED and party is not None
    shut = unopened_parts(actor.membership, agreement) if waits else []
    return frame(
        agreement,
        summary=agreement.terms.get("summary") or summary(agreement),
        language=agreement.terms.get("language", ""),
        parts=[
            (part.label, address(agreement, "part", part.value), part.value not in shut)
            for part in Part
        ],
        waits=waits,
        party=party,
        untouched=is_untouched(agreement) if agreement.text_digest else None,
        wishes=agreement.change_requests.select_related("organisation"),
        successors=[(one, address(one)) for one in _successors(agreement)],
        events=history(agreement),
    )


def _successors(agreement: Agreement) -> list[Agreement]:
    return list(agreement.successors.select_related("workspace"))
