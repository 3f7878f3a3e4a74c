"""The steps of an agreement: check, offer, read, sign, ask, take back, end, follow up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web.agreements.domain import signing
from commonlight.web.agreements.domain.coverage import today_in
from commonlight.web.agreements.domain.drafting import unanswered
from commonlight.web.agreements.domain.signing import AgreementError
from commonlight.web.agreements.domain.terms import terms_of
from commonlight.web.agreements.enums import AgreementState, Part
from commonlight.web.agreements.forms import ChangeForm, EndForm, SignForm
from commonlight.web.agreements.models import Agreement
from commonlight.web.agreements.views.shared import address, asked_for, frame, sent
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["ask", "check", "end", "follow_up", "part", "sign", "take_back"]

either = require_http_methods(["GET", "HEAD", "POST"])


@either
@page("agreement.draft")
def check(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Read all answers once more, then offer the text."""
    agreement = asked_for(request, number, "agreement.draft")
    if agreement.state != AgreementState.DRAFT:
        return redirect(address(agreement))
    if request.method == "POST":
        return _step(
            request,
            agreement,
            lambda: signing.offer(request.actor, agreement),
            _("The agreement is offered. Its signatories can now read and sign it."),
        )
    left = unanswered(agreement, today_in(agreement.workspace))
    terms = terms_of(agreement)
    context = frame(
        agreement,
        left=left,
        summary=terms["summary"],
        parts=[(one, _change_address(agreement, one["id"])) for one in terms["parts"]],
    )
    return render(request, "agreements/check.html", context)


@require_safe
@page("agreement.view")
def part(request: WorkspaceRequest, workspace: str, number: int, name: str) -> HttpResponse:
    """One part of the text; that it was opened is kept for the signature."""
    agreement = asked_for(request, number)
    found = [one for one in agreement.terms.get("parts", []) if one["id"] == name]
    if not found:
        raise Http404
    actor = request.actor
    if request.method == "GET" and signing.party_of(actor, agreement) is not None:
        signing.open_part(actor, agreement, name)
    context = frame(agreement, part=found[0], following=_following(agreement, name))
    return render(request, "agreements/part.html", context)


@either
@page("agreement.sign")
def sign(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The declaration, for the registered signatory who has opened every part."""
    agreement = asked_for(request, number, "agreement.sign")
    form = SignForm(sent(request))
    if request.method == "POST" and form.is_valid():
        return _step(
            request,
            agreement,
            lambda: signing.sign(request.actor, agreement),
            _("You have signed for your organisation."),
        )
    context = frame(
        agreement,
        form=form,
        title=_("Sign agreement %(number)s") % {"number": agreement.number},
        summary=agreement.terms["summary"],
    )
    return render(request, "agreements/sign.html", context)


@either
@page("agreement.view")
def ask(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """A party asks for a change before it signs."""
    agreement = asked_for(request, number)
    actor = request.actor
    if agreement.state != AgreementState.OFFERED or signing.party_of(actor, agreement) is None:
        return redirect(address(agreement))
    form = ChangeForm(sent(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        return _step(
            request,
            agreement,
            lambda: signing.ask_for_change(actor, agreement, text),
            _("Your request stands with the agreement. Its author can take the text back."),
        )
    title = _("Ask for a change")
    context = frame(agreement, form=form, title=title, button=_("Send request"))
    return render(request, "agreements/step.html", context)


@either
@page("agreement.draft")
def take_back(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Make the offered text a draft again."""
    agreement = asked_for(request, number, "agreement.draft")
    if request.method == "POST":
        return _step(
            request,
            agreement,
            lambda: signing.take_back(request.actor, agreement),
            _("The agreement is a draft again."),
        )
    context = frame(
        agreement,
        title=_("Take the agreement back to a draft"),
        button=_("Take back"),
        consequences=[
            _("The parties can no longer sign the text."),
            _("Signatures that were given no longer count."),
        ],
    )
    return render(request, "agreements/step.html", context)


@either
@page("agreement.end")
def end(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """End a signed agreement early, with the reason."""
    agreement = asked_for(request, number, "agreement.end")
    form = EndForm(sent(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _step(
            request,
            agreement,
            lambda: signing.end(request.actor, agreement, reason),
            _("The agreement has ended. The receivers see its data no more."),
        )
    context = frame(
        agreement,
        form=form,
        title=_("End agreement %(number)s early") % {"number": agreement.number},
        button=_("End agreement"),
        is_dangerous=True,
        consequences=[
            _("From this moment the receivers no longer see the data."),
            _("This cannot be undone. To share again, the parties sign a new agreement."),
        ],
    )
    return render(request, "agreements/step.html", context)


@require_POST
@page("agreement.draft")
def follow_up(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """A new draft with the same content, to renew or to change what was signed."""
    agreement = asked_for(request, number)
    made = signing.follow_up(request.actor, agreement)
    messages.success(request, _("A new draft with the same content is ready. State its dates."))
    return redirect(address(made))


def _step(request: WorkspaceRequest, agreement: Agreement, step: Any, done: str) -> HttpResponse:
    """Take a step and say so, or say why it was not taken."""
    try:
        step()
    except AgreementError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(address(agreement))


def _change_address(agreement: Agreement, name: str) -> str:
    return address(agreement) if name == Part.CLAUSES else address(agreement, name)


def _following(agreement: Agreement, name: str) -> tuple[str, str] | None:
    """The title of the part after this one, in the language of the page, and its address."""
    names = [one["id"] for one in agreement.terms["parts"]]
    after = names.index(name) + 1
    if after == len(names):
        return None
    return str(Part(names[after]).label), address(agreement, "part", names[after])
