"""The partnership agreement: its versions, and the draft clause by clause."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.partnerships.domain.agreement import (
    agreements_of,
    begin_agreement,
    clauses_of,
    open_clauses,
    set_clause,
    set_signatories,
)
from commonlight.web.partnerships.enums import AgreementState
from commonlight.web.partnerships.forms.agreement import ClauseForm, SignatoriesForm, TitleForm
from commonlight.web.partnerships.models import PartnershipAgreement
from commonlight.web.partnerships.views.shared import address, ask, either, one_of, sent
from commonlight.web.policy import WorkspaceRequest, decide, page, require
from commonlight.web.ui.components.rows import Task

__all__ = [
    "agreement_list",
    "agreement_of",
    "agreement_page",
    "clause",
    "new",
    "signatories",
]

KINDS = {
    AgreementState.DRAFT: "",
    AgreementState.OFFERED: "info",
    AgreementState.SIGNED: "success",
    AgreementState.FOLLOWED: "",
}


@require_safe
@page("partnership.view")
def agreement_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All versions, the newest first."""
    found = list(agreements_of(request.workspace))
    rows = [(one, KINDS[one.state], address(request, "agreement", one.number)) for one in found]
    is_busy = any(one.state in (AgreementState.DRAFT, AgreementState.OFFERED) for one in found)
    context = {"rows": rows, "is_busy": is_busy}
    return render(request, "partnerships/agreements.html", context)


@either
@page("partnership.manage")
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Begin a version; it takes over the answers of the one before."""
    before = PartnershipAgreement.objects.of(request.workspace).first()
    known = {"title": before.title if before else ""}
    form = TitleForm(sent(request), initial=known)
    return ask(
        request,
        form,
        lambda: begin_agreement(request.actor, title=form.cleaned_data["title"]),
        title=_("Begin a version of the agreement"),
        button=_("Begin draft"),
        done=_("The draft is there. Answer its clauses together."),
        back=address(request, "agreements"),
        onward=lambda made: address(request, "agreement", made.number),
    )


@require_safe
@page("partnership.view")
def agreement_page(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The draft with what is open, or the text with its signatures."""
    agreement = agreement_of(request, number)
    is_draft = agreement.state == AgreementState.DRAFT
    context = {
        "agreement": agreement,
        "kind": KINDS[AgreementState(agreement.state)],
        "is_draft": is_draft,
        "home": address(request, "agreements"),
    }
    if is_draft:
        clauses = clauses_of(agreement)
        context["clauses"] = [_task(request, agreement, one) for one in clauses]
        context["answers"] = clauses
        context["may_write"] = decide(request.actor, "partnership.manage", agreement)
        context["open"] = open_clauses(agreement)
    else:
        context["clauses"] = agreement.text.get("clauses", [])
    return render(request, "partnerships/agreement.html", context)


@either
@page("partnership.manage")
def clause(request: WorkspaceRequest, workspace: str, number: int, name: str) -> HttpResponse:
    """One clause: the question, a wording to start from, and the hints of templates."""
    agreement = agreement_of(request, number)
    if agreement.state != AgreementState.DRAFT:
        return redirect(address(request, "agreement", number))
    found = [one for one in clauses_of(agreement, with_hints=True) if one.id == name]
    if not found:
        raise Http404
    asked = found[0]
    form = ClauseForm(sent(request), clause=asked, initial={"text": asked.answer})
    return ask(
        request,
        form,
        lambda: set_clause(request.actor, agreement, name, form.cleaned_data["text"]),
        title=asked.title,
        button=_("Save and go back to the clauses"),
        done=_("The clause is saved."),
        back=address(request, "agreement", number),
        template="partnerships/clause.html",
        clause=asked,
        agreement=agreement,
    )


@either
@page("partnership.manage")
def signatories(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Which organisations sign."""
    agreement = agreement_of(request, number)
    if agreement.state != AgreementState.DRAFT:
        return redirect(address(request, "agreement", number))
    known = [one.organisation_id for one in agreement.signatures.all()]
    form = SignatoriesForm(
        sent(request), workspace=request.workspace, initial={"organisations": known}
    )
    return ask(
        request,
        form,
        lambda: set_signatories(request.actor, agreement, form.cleaned_data["organisations"]),
        title=_("Who signs"),
        button=_("Save who signs"),
        done=_("It is saved who signs."),
        back=address(request, "agreement", number),
    )


def agreement_of(
    request: WorkspaceRequest, number: int, action: str = "partnership.view"
) -> PartnershipAgreement:
    """The version of this number, if the actor may do this to it."""
    found: PartnershipAgreement = one_of(agreements_of(request.workspace), number=number)
    require(request.actor, action, found)
    return found


def _task(request: WorkspaceRequest, agreement: PartnershipAgreement, one: Any) -> Task:
    status = _("Done") if one.answer else _("Unanswered") if one.is_required else _("Optional")
    return Task(
        one.title,
        status,
        address(request, "clause", agreement.number, one.id),
        "success" if one.answer else "warning" if one.is_required else "",
        one.question,
    )
