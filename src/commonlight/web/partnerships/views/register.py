"""The register of partners."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.partnerships.domain.register import (
    FIELDS,
    add_partner,
    change_partner,
    fill_seat,
    missing_in,
    partners_of,
    review_flags,
)
from commonlight.web.partnerships.domain.shared import day_of
from commonlight.web.partnerships.domain.templates import seat_hint
from commonlight.web.partnerships.domain.words import title_of, words
from commonlight.web.partnerships.forms.register import NewPartnerForm, PartnerForm, SeatForm
from commonlight.web.partnerships.models import Partner, TaskPart
from commonlight.web.partnerships.views.shared import address, ask, either, one_of, sent
from commonlight.web.policy import WorkspaceRequest, page, require
from commonlight.web.ui.components.rows import SummaryRow

__all__ = ["add", "change", "partner_list", "partner_page", "seat"]


@require_safe
@page("partnership.view")
def partner_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All partners with what is missing and what is due."""
    today = day_of(request.workspace)
    rows = [
        {
            "partner": one,
            "role": title_of("raci", "partner_role", one.role),
            "missing": missing_in(one),
            "is_late": one.is_past_review(today),
            "url": address(request, "partner", one.pk),
        }
        for one in partners_of(request.workspace)
    ]
    context = {"rows": rows, "words": words("powers")}
    return render(request, "partnerships/register.html", context)


@require_safe
@page("partnership.view")
def partner_page(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One row, and the parts that this partner has in tasks."""
    partner = _partner(request, pk)
    parts = TaskPart.objects.of(request.workspace).filter(partner=partner, task__ended_at=None)
    flags = review_flags(request.workspace, [partner.organisation_id or 0])
    context = {
        "partner": partner,
        "rows": _facts(partner),
        "missing": missing_in(partner),
        "flag": flags.get(partner.organisation_id or 0, ""),
        "words": words("powers"),
        "parts": [
            (one, address(request, "task", one.task_id)) for one in parts.select_related("task")
        ],
    }
    return render(request, "partnerships/partner.html", context)


@either
@page("partnership.manage")
def add(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """A new row."""
    form = NewPartnerForm(sent(request), workspace=request.workspace)
    return ask(
        request,
        form,
        lambda: add_partner(request.actor, **form.cleaned_data),
        title=_("Add a partner"),
        button=_("Add partner"),
        done=_("The row is there. Fill it, or let the partner fill it."),
        back=address(request, "register"),
        onward=lambda made: address(request, "partner", made.pk),
    )


@either
@page("meeting.write")
def change(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Fill a row; its own organisation and the coordinator may."""
    partner = _partner(request, pk)
    require(request.actor, "meeting.write", partner)
    known = {name: getattr(partner, name) for name in FIELDS}
    form = PartnerForm(sent(request), initial=known, hint=seat_hint(partner))
    return ask(
        request,
        form,
        lambda: change_partner(request.actor, partner, **form.cleaned_data),
        title=_("Fill the row of %(partner)s") % {"partner": partner.name},
        button=_("Save row"),
        done=_("The row is saved."),
        back=address(request, "partner", partner.pk),
    )


@either
@page("partnership.manage")
def seat(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Let an organisation take a seat."""
    partner = _partner(request, pk)
    form = SeatForm(sent(request), workspace=request.workspace)
    return ask(
        request,
        form,
        lambda: fill_seat(request.actor, partner, form.cleaned_data["organisation"]),
        title=_("Who takes the seat “%(seat)s”?") % {"seat": partner.name},
        button=_("Fill the seat"),
        done=_("The seat is filled. The organisation is asked to confirm its tasks."),
        back=address(request, "partner", partner.pk),
        onward=lambda made: address(request, "partner", made.pk),
    )


def _partner(request: WorkspaceRequest, pk: int) -> Partner:
    found = Partner.objects.of(request.workspace).select_related("organisation", "workspace")
    partner: Partner = one_of(found, pk=pk)
    return partner


def _facts(partner: Partner) -> list[SummaryRow]:
    """Every field with its name; what is not said yet says so."""
    shown: dict[str, Any] = {name: getattr(partner, name) for name in FIELDS}
    shown["role"] = title_of("raci", "partner_role", partner.role)
    shown["mandate"] = title_of("powers", "mandate", partner.mandate)
    shown["powers"] = ", ".join(str(title_of("powers", "power", one)) for one in partner.powers)
    return [
        SummaryRow(_label(name), value if value not in (None, "") else _("Not said yet"))
        for name, value in shown.items()
    ]


def _label(name: str) -> str:
    label = str(getattr(Partner._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]
