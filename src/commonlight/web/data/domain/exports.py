"""Taking data out: an order, what the agreement allows of it, and a request for more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from commonlight.web import runs
from commonlight.web.agreements.domain import Coverage
from commonlight.web.agreements.enums import PlaceDetail, TimeDetail, is_finer
from commonlight.web.data.enums import DataKind, RequestState
from commonlight.web.data.models import DataRequest, DataSet
from commonlight.web.data.rules import ExportOrder, is_counts_only
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, decide
from commonlight.web.runs.models import Run

__all__ = [
    "ANSWER_WITHIN",
    "answer_request",
    "ask_for_export",
    "ask_owner",
    "fields_of",
    "order_of",
    "permitted",
    "weigh",
    "whole_file_order",
    "withdraw_request",
]

ANSWER_WITHIN = timedelta(days=14)


PLACE_AND_TIME = frozenset({"start", "end", "time_kind", "x", "y", "precision_m", "area"})


def fields_of(dataset: DataSet) -> list[str]:
    """Columns that can be asked for beside place and time, from what the version says of itself."""
    if dataset.current is None:
        return []
    columns = dataset.current.quality.get("columns", [])
    named = [one["column"] for one in columns if one.get("filled")]
    return [name for name in named if name not in PLACE_AND_TIME]


def whole_file_order(dataset: DataSet, purpose: str) -> ExportOrder:
    """The order for a data set that is kept as a file, and leaves as it is or not at all."""
    place, time = FILE_DETAIL[DataKind(dataset.kind)]
    return ExportOrder(
        dataset=dataset, place_detail=place.value, time_detail=time.value, purpose=purpose
    )


FILE_DETAIL = {
    DataKind.AREAS: (PlaceDetail.AREA, TimeDetail.YEAR),
    DataKind.POPULATION: (PlaceDetail.AREA, TimeDetail.YEAR),
    DataKind.STREETS: (PlaceDetail.STREET, TimeDetail.YEAR),
    DataKind.PLACES: (PlaceDetail.POINT, TimeDetail.YEAR),
    DataKind.INTERVENTIONS: (PlaceDetail.POINT, TimeDetail.DAY),
}


def weigh(actor: Actor, order: ExportOrder) -> Decision:
    """Whether an order may be carried out; a refusal is kept with what was asked for."""
    decision = decide(actor, "data.export", order)
    if not decision:
        record(
            actor,
            "data.export",
            order.dataset,
            kind="refusal",
            reason=_plain(decision.reason),
            place=order.place_detail,
            time=order.time_detail,
            fields=list(order.fields),
            purpose=order.purpose,
        )
    return decision


def _plain(text: str | Promise) -> str:
    return str(text)


def permitted(order: ExportOrder, coverage: Coverage) -> ExportOrder:
    """The nearest order that the agreement allows."""
    place, time = order.place_detail, order.time_detail
    if is_finer(place, coverage.place_detail, PlaceDetail):
        place = coverage.place_detail
    if is_finer(time, coverage.time_detail, TimeDetail):
        time = coverage.time_detail
    if is_counts_only(order, coverage) and is_finer(place, PlaceDetail.AREA, PlaceDetail):
        place = PlaceDetail.AREA
    shared = order.fields if coverage.fields is None else coverage.fields
    purpose = coverage.agreement.purpose if coverage.agreement else order.purpose
    return ExportOrder(
        dataset=order.dataset,
        place_detail=str(place),
        time_detail=str(time),
        fields=tuple(one for one in order.fields if one in shared),
        purpose=purpose,
    )


def ask_for_export(actor: Actor, order: ExportOrder) -> Run:
    """Have an order carried out; each time it is asked for it is written down."""
    dataset = order.dataset
    version = dataset.current
    assert version is not None
    with transaction.atomic():
        run = runs.request(
            actor,
            "data.export",
            workspace=dataset.workspace,
            title_values={"dataset": dataset.name},
            inputs=[{"dataset": dataset.slug, "version": version.number, "digest": version.digest}],
            parameters={
                "dataset": dataset.pk,
                "slug": dataset.slug,
                "name": dataset.name,
                "kind": dataset.kind,
                "owner": dataset.owner.name,
                "licence": dataset.licence,
                "publisher": dataset.publisher,
                "lake_version": version.lake_version,
                "file": version.file,
                "columns": version.manifest.get("columns", {}),
                "place_detail": order.place_detail,
                "time_detail": order.time_detail,
                "fields": list(order.fields),
                "purpose": order.purpose,
                "areas": _shapes_for(dataset, DataKind.AREAS),
                "streets": _shapes_for(dataset, DataKind.STREETS),
            },
        )
        record(
            actor,
            "data.export",
            dataset,
            kind="export",
            run=run.pk,
            version=version.number,
            place=order.place_detail,
            time=order.time_detail,
            fields=list(order.fields),
            purpose=order.purpose,
        )
    return run


def _shapes_for(dataset: DataSet, kind: DataKind) -> dict[str, Any] | None:
    """The areas or streets to tell places by: those named for the data set, else the first."""
    known = DataSet.objects.of(dataset.workspace).filter(
        kind=kind, deleted_at__isnull=True, current__isnull=False
    )
    named = dataset.settings.get(kind.value)
    chosen = known.filter(slug=named) if named else known.order_by("created_at", "pk")
    shapes = chosen.select_related("current").first()
    if shapes is None:
        return None
    manifest = shapes.current.manifest
    return {
        "file": shapes.current.file,
        "columns": manifest.get("columns", {}),
        "crs": manifest.get("crs", ""),
    }


def order_of(run: Run) -> ExportOrder:
    """The order that a run carries out, to be judged anew."""
    given = run.parameters
    dataset = DataSet.objects.of(run.workspace).select_related("owner", "space", "workspace")
    return ExportOrder(
        dataset=dataset.get(pk=given["dataset"]),
        place_detail=given["place_detail"],
        time_detail=given["time_detail"],
        fields=tuple(given["fields"]),
        purpose=given["purpose"],
    )


def ask_owner(actor: Actor, order: ExportOrder, reason: str) -> DataRequest:
    """Send the owner's steward a request for more than was agreed."""
    with transaction.atomic():
        request: DataRequest = DataRequest.objects.create(
            workspace=order.dataset.workspace,
            dataset=order.dataset,
            asked_by=actor.membership,
            organisation=actor.membership.organisation,
            place_detail=order.place_detail,
            time_detail=order.time_detail,
            fields=list(order.fields),
            purpose=order.purpose,
            reason=reason,
            answer_by=timezone.localdate() + ANSWER_WITHIN,
        )
        record(actor, "data.export", request, dataset=order.dataset.slug, asked=True)
    return request


def answer_request(actor: Actor, request: DataRequest, state: str, answer: str) -> None:
    """The owner answers; granting does not open anything before an agreement says so."""
    with transaction.atomic():
        request.state, request.answer = state, answer
        request.answered_by, request.answered_at = actor.membership, timezone.now()
        request.save(update_fields=["state", "answer", "answered_by", "answered_at"])
        record(actor, "data.steward", request, state=state)


def withdraw_request(actor: Actor, request: DataRequest) -> None:
    """The one who asked no longer needs it."""
    with transaction.atomic():
        request.state = RequestState.WITHDRAWN
        request.save(update_fields=["state"])
        record(actor, "data.export", request, state=RequestState.WITHDRAWN.value)
