"""Taking data out: choose, be told no with an offer, fetch; the policy is asked at each step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from commonlight.web.agreements.domain import today_in
from commonlight.web.agreements.enums import PlaceDetail, TimeDetail
from commonlight.web.data.coverage import detail_for, is_own
from commonlight.web.data.domain import exports as domain
from commonlight.web.data.enums import OBSERVATION_KINDS, DataKind
from commonlight.web.data.forms.exports import ExportForm, RequestForm
from commonlight.web.data.models import DataSet
from commonlight.web.data.rules import SINGLE
from commonlight.web.data.views.finding import dataset_of
from commonlight.web.eventlog.record import record
from commonlight.web.policy import page, require
from commonlight.web.runs.models import Run, RunState

__all__ = ["export", "exported", "exported_file"]


@page("data.export")
def export(request: Any, workspace: str, slug: str) -> HttpResponse:
    """Choose how fine, which fields and what for; a request for more goes to the owner."""
    dataset = dataset_of(request, slug, "data.export")
    if request.method == "POST" and request.POST.get("ask"):
        return _asked(request, dataset)
    form = _form(request, dataset, request.POST or None)
    if request.method == "POST" and form.is_valid() and dataset.current is not None:
        order = form.order(dataset)
        decision = domain.weigh(request.actor, order)
        if not decision:
            return _offer(request, dataset, order, decision)
        run = domain.ask_for_export(request.actor, order)
        return redirect("data:exported", workspace, slug, run.pk)
    return render(request, "data/export.html", _context(request, dataset, form))


def _form(request: Any, dataset: DataSet, data: Any) -> ExportForm:
    coverage = detail_for(request.actor, dataset)
    names = domain.fields_of(dataset) if dataset.kind in OBSERVATION_KINDS else []
    initial = {"place_detail": coverage.place_detail, "time_detail": coverage.time_detail}
    places = PlaceDetail.choices
    if dataset.kind == DataKind.ANSWERS:
        places = [one for one in places if one[0] not in SINGLE]
    if coverage.fields is None or initial["place_detail"] not in dict(places):
        initial = {"place_detail": "area", "time_detail": "month"}
    return ExportForm(
        data,
        purposes=_purposes(request, dataset),
        names=names,
        with_detail=dataset.kind in OBSERVATION_KINDS,
        places=places,
        initial=initial,
    )


def _purposes(request: Any, dataset: DataSet) -> list[str]:
    """The purposes of the agreements by which the actor's organisation may have the data now."""
    if is_own(request.actor, dataset) or dataset.is_public:
        return []
    from commonlight.web.agreements.domain import in_force

    given = dataset.agreements.prefetch_related("parties")
    live = in_force(given, request.actor.organisation_id, on=today_in(request.workspace))
    return list(dict.fromkeys(one.purpose for one in live))


def _context(request: Any, dataset: DataSet, form: ExportForm) -> dict[str, Any]:
    runs = Run.objects.of(request.workspace).filter(
        kind="data.export",
        organisation_id=request.actor.organisation_id,
        parameters__dataset=dataset.pk,
    )
    coverage = detail_for(request.actor, dataset)
    return {"dataset": dataset, "form": form, "coverage": coverage, "runs": runs[:10]}


def _offer(request: Any, dataset: DataSet, order: Any, decision: Any) -> HttpResponse:
    """No, why, what is allowed instead, and how to ask for more."""
    coverage = detail_for(request.actor, dataset)
    instead = domain.permitted(order, coverage) if coverage.allowed else None
    ask = RequestForm(
        initial={
            "place_detail": order.place_detail,
            "time_detail": order.time_detail,
            "fields_wanted": ",".join(order.fields),
            "purpose": order.purpose,
        }
    )
    context = {
        "dataset": dataset,
        "decision": decision,
        "order": order,
        "instead": instead,
        "instead_place": PlaceDetail(instead.place_detail).label if instead else "",
        "instead_time": TimeDetail(instead.time_detail).label if instead else "",
        "permitted_form": _as_sent(request, dataset, instead) if instead else None,
        "form": ask,
    }
    return render(request, "data/export_refused.html", context, status=403)


def _as_sent(request: Any, dataset: DataSet, order: Any) -> ExportForm:
    given = {
        "place_detail": order.place_detail,
        "time_detail": order.time_detail,
        "fields_wanted": list(order.fields),
        "purpose": order.purpose,
    }
    return _form(request, dataset, given)


def _asked(request: Any, dataset: DataSet) -> HttpResponse:
    form = RequestForm(request.POST)
    if form.is_valid():
        order = form.order(dataset)
        domain.ask_owner(request.actor, order, form.cleaned_data["reason"])
        messages.success(
            request,
            _("Your request was sent to %(owner)s.") % {"owner": dataset.owner.name},
        )
        return redirect("data:requests", request.workspace.slug)
    context = {"dataset": dataset, "form": form, "only_form": True}
    return render(request, "data/export_refused.html", context)


@page("data.export")
def exported(request: Any, workspace: str, slug: str, pk: int) -> HttpResponse:
    """The export, once it is there."""
    dataset, run = _run_of(request, slug, pk)
    files = (run.result or {}).get("files", []) if run.state == RunState.DONE else []
    context = {"dataset": dataset, "run": run, "files": files, "order": domain.order_of(run)}
    return render(request, "data/exported.html", context)


@page("data.export")
def exported_file(request: Any, workspace: str, slug: str, pk: int, name: str) -> FileResponse:
    """One file of an export; an agreement that ended meanwhile closes it."""
    dataset, run = _run_of(request, slug, pk)
    files = (run.result or {}).get("files", [])
    known = [one["name"] for one in files]
    if run.state != RunState.DONE or name not in known or not (run.result_path / name).is_file():
        raise Http404
    record(request.actor, "data.export", dataset, kind="export", run=run.pk, file=name)
    return FileResponse((run.result_path / name).open("rb"), as_attachment=True, filename=name)


def _run_of(request: Any, slug: str, pk: int) -> tuple[DataSet, Run]:
    """The data set and the run, if the actor could ask for the same today."""
    dataset = dataset_of(request, slug, "data.export")
    known = Run.objects.of(request.workspace).select_related("workspace", "requested_by")
    run: Run = get_object_or_404(known, pk=pk, kind="data.export", parameters__dataset=dataset.pk)
    require(request.actor, "run.view", run)
    require(request.actor, "data.export", domain.order_of(run))
    return dataset, run
