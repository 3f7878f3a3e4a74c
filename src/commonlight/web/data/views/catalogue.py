"""The list of data sets, a new one, and the trash."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commonlight.web.data.domain import stewarding
from commonlight.web.data.domain.catalogue import lines_for
from commonlight.web.data.domain.outlook import seen_by_others
from commonlight.web.data.forms.datasets import NewDataSetForm
from commonlight.web.data.models import DataRequest, DataSet, Upload
from commonlight.web.policy import page

__all__ = ["listing", "new", "trash"]

OPEN_UPLOADS = ("receiving", "received", "importing")


@page("data.list")
def listing(request: Any, workspace: str) -> HttpResponse:
    """What the actor may see, and what is missing to see the rest."""
    shown, hidden = lines_for(request.actor)
    uploads = (
        Upload.objects.of(request.workspace)
        .filter(created_by=request.actor.membership, state__in=OPEN_UPLOADS)
        .select_related("dataset", "import_run")
        .order_by("-changed_at")[:20]
    )
    return render(
        request,
        "data/list.html",
        {
            "shown": shown,
            "hidden": hidden,
            "uploads": uploads,
            "stale": sum(line.is_stale for line in shown),
            "requests": _waiting(request),
            "outlooks": seen_by_others(request.actor),
        },
    )


def _waiting(request: Any) -> int:
    """Requests that wait for an answer of the actor's organisation."""
    found = DataRequest.objects.of(request.workspace).filter(
        state="open", dataset__owner_id=request.actor.organisation_id
    )
    return int(found.count())


@page("data.upload")
def new(request: Any, workspace: str) -> HttpResponse:
    """A data set that is not there yet."""
    dataset = DataSet(workspace=request.workspace, owner=request.actor.membership.organisation)
    form = NewDataSetForm(request.POST or None, instance=dataset, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        made = stewarding.save_dataset(
            request.actor, form.save(commit=False), changed=form.changed_data
        )
        messages.success(request, _("The data set is there. Bring in its first file."))
        return redirect("data:bring", workspace, made.slug)
    return render(request, "data/edit.html", {"form": form, "is_new": True})


@page("data.delete")
def trash(request: Any, workspace: str) -> HttpResponse:
    """Data sets of the own organisation that were thrown away and can be restored."""
    actor = request.actor
    known = DataSet.objects.of(actor.workspace).select_related("owner")
    thrown = known.filter(deleted_at__isnull=False, owner_id=actor.organisation_id)
    return render(request, "data/trash.html", {"datasets": thrown.order_by("-deleted_at")})
