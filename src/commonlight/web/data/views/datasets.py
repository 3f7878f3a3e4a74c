"""The page of a data set, and what its steward does there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonlight.web.agreements.domain import today_in
from commonlight.web.agreements.domain.finding import standing, with_parties
from commonlight.web.data.coverage import detail_for, is_own
from commonlight.web.data.domain import stewarding
from commonlight.web.data.domain.catalogue import is_stale
from commonlight.web.data.domain.versions import compare, rejected_file_of
from commonlight.web.data.forms.datasets import AgreementsForm, DataSetForm, OpenForm, RoleForm
from commonlight.web.data.models import DataSet
from commonlight.web.data.rules import may_open
from commonlight.web.data.views.finding import dataset_of, version_of
from commonlight.web.eventlog.reads import note_read
from commonlight.web.policy import Refused, page, require

__all__ = ["comparison", "dataset", "delete", "drop_role", "edit", "restore", "roles", "sharing"]


@page("data.view")
def dataset(request: Any, workspace: str, slug: str) -> HttpResponse:
    """Versions, quality, provenance, agreements and people of one data set."""
    found = dataset_of(request, slug)
    note_read(request.actor, found)
    today = today_in(request.workspace)
    versions = found.versions.select_related("created_by", "run").defer("quality")
    return render(
        request,
        "data/dataset.html",
        {
            "dataset": found,
            "version": found.current,
            "versions": versions[:50],
            "coverage": detail_for(request.actor, found),
            "is_own": is_own(request.actor, found),
            "is_stale": is_stale(found, today),
            "agreements": [
                (one, standing(one, today)) for one in with_parties(found.agreements.all())
            ],
            "roles": found.roles.select_related("membership__user", "membership__organisation"),
            "uploads": _on_their_way(request.actor, found),
            "rejected_file": found.current and rejected_file_of(found.current),
        },
    )


def _on_their_way(actor: Any, dataset: DataSet) -> Any:
    """Files that are not imported yet, of the owner for the owner and else one's own."""
    uploads = dataset.uploads.filter(state__in=["receiving", "received", "importing"])
    if is_own(actor, dataset):
        return uploads
    return uploads.filter(created_by__organisation_id=actor.organisation_id)


@page("data.steward")
def edit(request: Any, workspace: str, slug: str) -> HttpResponse:
    """Name, description, steward and next delivery."""
    found = dataset_of(request, slug, "data.steward")
    form = DataSetForm(request.POST or None, instance=found, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        stewarding.save_dataset(request.actor, form.save(commit=False), changed=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("data:dataset", workspace, slug)
    return render(request, "data/edit.html", {"form": form, "dataset": found})


@page("data.steward")
def roles(request: Any, workspace: str, slug: str) -> HttpResponse:
    """Who does more with this data set than the role in the workspace says."""
    found = dataset_of(request, slug, "data.steward")
    decision = may_open(request.actor, found)
    form = RoleForm(request.POST or None, actor=request.actor, may_open=bool(decision))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        stewarding.give_role(request.actor, found, given["membership"], given["role"])
        messages.success(request, _("Saved."))
        return redirect("data:roles", workspace, slug)
    known = found.roles.select_related("membership__user", "membership__organisation")
    return render(request, "data/roles.html", {"dataset": found, "form": form, "roles": known})


@require_POST
@page("data.steward")
def drop_role(request: Any, workspace: str, slug: str, pk: int) -> HttpResponse:
    """Take a role away."""
    found = dataset_of(request, slug, "data.steward")
    role = get_object_or_404(found.roles.select_related("dataset", "membership"), pk=pk)
    stewarding.drop_role(request.actor, role)
    messages.success(request, _("The role was taken away."))
    return redirect("data:roles", workspace, slug)


@page("data.steward")
def sharing(request: Any, workspace: str, slug: str) -> HttpResponse:
    """Under which agreements the data set is shared; only its owner decides."""
    found = dataset_of(request, slug, "data.steward")
    decision = may_open(request.actor, found)
    if not decision:
        raise Refused("data.steward", decision)
    data = request.POST or None
    form = AgreementsForm(data, dataset=found, initial={"agreements": found.agreements.all()})
    open_form = OpenForm(data, instance=found)
    if request.method == "POST" and form.is_valid() and open_form.is_valid():
        stewarding.save_dataset(
            request.actor, open_form.save(commit=False), changed=open_form.changed_data
        )
        stewarding.bind_agreements(request.actor, found, list(form.cleaned_data["agreements"]))
        messages.success(request, _("Saved."))
        return redirect("data:dataset", workspace, slug)
    context = {"dataset": found, "form": form, "open_form": open_form}
    return render(request, "data/sharing.html", context)


@page("data.delete")
def delete(request: Any, workspace: str, slug: str) -> HttpResponse:
    """Ask before a data set goes to the trash."""
    found = dataset_of(request, slug, "data.delete")
    back = reverse("data:dataset", args=[workspace, slug])
    if request.method == "POST":
        stewarding.throw_away(request.actor, found)
        messages.success(request, _("The data set is in the trash."))
        return redirect("data:trash", workspace)
    return render(
        request,
        "ui/confirm.html",
        {
            "title": _("Move “%(name)s” to the trash?") % {"name": found.name},
            "consequences": [
                _("It disappears from pages, exports and audits at once."),
                _("Findings that rest on it are no longer shown."),
                _("You can restore it from the trash."),
            ],
            "button": _("Move to the trash"),
            "is_dangerous": True,
            "back_url": back,
        },
    )


@require_POST
@page("data.delete")
def restore(request: Any, workspace: str, slug: str) -> HttpResponse:
    """Take a data set out of the trash."""
    found: DataSet = get_object_or_404(
        DataSet.objects.of(request.workspace).select_related("owner"), slug=slug
    )
    require(request.actor, "data.delete", found)
    stewarding.restore(request.actor, found)
    messages.success(request, _("The data set is back."))
    return redirect("data:dataset", workspace, slug)


@page("data.view")
def comparison(request: Any, workspace: str, slug: str) -> HttpResponse:
    """Two versions side by side."""
    found = dataset_of(request, slug)
    numbers = list(found.versions.values_list("number", flat=True))
    before, after = (_number(request, key) for key in ("before", "after"))
    rows: list[Any] = []
    if before in numbers and after in numbers:
        rows = compare(version_of(found, before), version_of(found, after))
    elif len(numbers) > 1:
        before, after = numbers[1], numbers[0]
        rows = compare(version_of(found, before), version_of(found, after))
    return render(
        request,
        "data/compare.html",
        {"dataset": found, "numbers": numbers, "before": before, "after": after, "rows": rows},
    )


def _number(request: Any, key: str) -> int:
    text = request.GET.get(key, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
