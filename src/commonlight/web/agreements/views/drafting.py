"""The pages on which a draft is written, part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commonlight.web.agreements.domain import drafting
from commonlight.web.agreements.domain.clauses import Clause, clauses_for
from commonlight.web.agreements.enums import AgreementState, Part, SharedField
from commonlight.web.agreements.forms import (
    ClauseForm,
    DataForm,
    DatesForm,
    DetailForm,
    PartiesForm,
    PurposeForm,
)
from commonlight.web.agreements.models import Agreement
from commonlight.web.agreements.views.shared import address, asked_for, frame, sent
from commonlight.web.policy import Actor, WorkspaceRequest, page

__all__ = ["clause", "data", "dates", "detail", "parties", "purpose"]

either = require_http_methods(["GET", "HEAD", "POST"])


@either
@page("agreement.draft")
def parties(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Who gives and who receives."""

    def save(actor: Actor, agreement: Agreement, form: Any) -> None:
        drafting.set_parties(actor, agreement, **form.cleaned_data)

    def form_of(agreement: Agreement) -> forms.BaseForm:
        all_parties = list(agreement.parties.all())
        known = {
            "givers": [one.organisation_id for one in all_parties if one.gives],
            "receivers": [one.organisation_id for one in all_parties if one.receives],
        }
        return PartiesForm(sent(request), agreement=agreement, initial=known)

    return _question(request, number, Part.PARTIES, form_of, save)


@either
@page("agreement.draft")
def purpose(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What for, and by which law."""

    def save(actor: Actor, agreement: Agreement, form: Any) -> None:
        drafting.change(actor, agreement, Part.PURPOSE, **form.cleaned_data)

    def form_of(agreement: Agreement) -> forms.BaseForm:
        known = {"purpose": agreement.purpose, "legal_basis": agreement.legal_basis}
        return PurposeForm(sent(request), initial=known)

    return _question(request, number, Part.PURPOSE, form_of, save)


@either
@page("agreement.draft")
def data(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Which data sets and which fields."""

    def save(actor: Actor, agreement: Agreement, form: Any) -> None:
        chosen = form.cleaned_data["datasets"]
        drafting.set_datasets(actor, agreement, datasets=chosen, fields=form.shared())

    def form_of(agreement: Agreement) -> forms.BaseForm:
        other = [one for one in agreement.fields if one not in SharedField.values]
        known = {
            "datasets": [one.pk for one in agreement.datasets.all()],
            "fields_shared": [one for one in agreement.fields if one in SharedField.values],
            "other_fields": "\n".join(other),
        }
        return DataForm(sent(request), agreement=agreement, initial=known)

    return _question(request, number, Part.DATA, form_of, save)


@either
@page("agreement.draft")
def detail(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """How fine places and times may be shown."""

    def save(actor: Actor, agreement: Agreement, form: Any) -> None:
        drafting.change(actor, agreement, Part.DETAIL, **form.cleaned_data)

    def form_of(agreement: Agreement) -> forms.BaseForm:
        known = {"place_detail": agreement.place_detail, "time_detail": agreement.time_detail}
        return DetailForm(sent(request), initial=known)

    return _question(request, number, Part.DETAIL, form_of, save)


@either
@page("agreement.draft")
def dates(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The first and the last day."""

    def save(actor: Actor, agreement: Agreement, form: Any) -> None:
        drafting.change(actor, agreement, Part.DATES, **form.cleaned_data)

    def form_of(agreement: Agreement) -> forms.BaseForm:
        known = {"starts_on": agreement.starts_on, "expires_on": agreement.expires_on}
        return DatesForm(sent(request), initial=known)

    return _question(request, number, Part.DATES, form_of, save)


@either
@page("agreement.draft")
def clause(request: WorkspaceRequest, workspace: str, number: int, name: str) -> HttpResponse:
    """The wording of one clause, with where the demand comes from."""

    def save(actor: Actor, agreement: Agreement, form: Any) -> None:
        drafting.set_clause(actor, agreement, name, form.cleaned_data["text"])

    def form_of(agreement: Agreement) -> forms.BaseForm:
        asked = _clause_of(agreement, name)
        text = agreement.clauses.get(name, asked.suggestion)
        return ClauseForm(sent(request), clause=asked, initial={"text": text})

    return _question(request, number, Part.CLAUSES, form_of, save, name)


def _question(
    request: WorkspaceRequest,
    number: int,
    part: Part,
    form_of: Callable[[Agreement], forms.BaseForm],
    save: Callable[[Actor, Agreement, forms.BaseForm], None],
    clause_name: str = "",
) -> HttpResponse:
    """Ask one question of a draft, keep the answer, and go back to the tasks."""
    agreement = asked_for(request, number, "agreement.draft")
    if agreement.state != AgreementState.DRAFT:
        return redirect(address(agreement))
    form = form_of(agreement)
    if request.method == "POST" and form.is_valid():
        save(request.actor, agreement, form)
        return redirect(address(agreement))
    asked = _clause_of(agreement, clause_name) if clause_name else None
    title = asked.title if asked else part.label
    context = frame(agreement, form=form, title=title, clause=asked)
    return render(request, "agreements/question.html", context)


def _clause_of(agreement: Agreement, name: str) -> Clause:
    """The clause of this kind of agreement; a one-way agreement has none about a return flow."""
    for one in clauses_for(agreement.kind):
        if one.id == name:
            return one
    raise Http404
