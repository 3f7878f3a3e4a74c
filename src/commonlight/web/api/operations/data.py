"""Data sets and their versions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.errors import HttpError

from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.answers.things import (
    DataSetOut,
    ExportIn,
    RunOut,
    VersionFullOut,
    VersionOut,
)
from commonlight.web.api.auth import actor_in
from commonlight.web.api.convert import dataset_out, run_out, version_full_out, version_out
from commonlight.web.data.coverage import Seen, all_datasets, detail_for
from commonlight.web.data.domain.exports import ask_for_export, weigh
from commonlight.web.data.models import DataSet
from commonlight.web.data.rules import ExportOrder
from commonlight.web.eventlog.reads import note_read
from commonlight.web.policy import Actor, Refused, require

router = Router(tags=["Data"])


@router.get(
    "/workspaces/{workspace}/datasets", response=answers(Page[DataSetOut]), operation_id="datasets"
)
def datasets(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """All data sets; of those that are closed to the one who asks, the name and the reason."""
    actor = actor_in(request, workspace, "data.list")
    return page_of(all_datasets(actor), limit, offset, dataset_out)


@router.get(
    "/workspaces/{workspace}/datasets/{dataset}",
    response=answers(DataSetOut),
    operation_id="dataset",
)
def one_dataset(request: HttpRequest, workspace: str, dataset: str) -> dict[str, Any]:
    """One data set."""
    actor = actor_in(request, workspace, "data.view")
    found = opened_dataset(actor, dataset)
    return dataset_out(Seen(found, detail_for(actor, found)))


@router.get(
    "/workspaces/{workspace}/datasets/{dataset}/versions",
    response=answers(Page[VersionOut]),
    operation_id="versions",
)
def versions(
    request: HttpRequest, workspace: str, dataset: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """What each delivery brought, the newest first."""
    actor = actor_in(request, workspace, "data.view")
    rows = opened_dataset(actor, dataset).versions.defer("manifest", "quality")
    return page_of(rows, limit, offset, version_out)


@router.get(
    "/workspaces/{workspace}/datasets/{dataset}/versions/{number}",
    response=answers(VersionFullOut),
    operation_id="version",
)
def version(request: HttpRequest, workspace: str, dataset: str, number: int) -> dict[str, Any]:
    """One delivery with its provenance and its quality."""
    actor = actor_in(request, workspace, "data.view")
    if not 0 < number < 2**31:
        raise Http404
    found = opened_dataset(actor, dataset).versions.filter(number=number).first()
    if found is None:
        raise Http404
    return version_full_out(found)


@router.post(
    "/workspaces/{workspace}/datasets/{dataset}/exports",
    response=answers(RunOut, status=201),
    operation_id="export_data",
)
def export(
    request: HttpRequest, workspace: str, dataset: str, order: ExportIn
) -> Status[dict[str, Any]]:
    """Ask for an export; finer than was agreed is refused, and the refusal is kept."""
    actor = actor_in(request, workspace, "data.export")
    found = opened_dataset(actor, dataset)
    if found.current is None:
        raise HttpError(422, _("This data set has no version yet."))
    wanted = ExportOrder(
        dataset=found,
        place_detail=order.place_detail,
        time_detail=order.time_detail,
        fields=tuple(order.fields),
        purpose=order.purpose,
    )
    decision = weigh(actor, wanted)
    if not decision:
        raise Refused("data.export", decision)
    return Status(201, run_out(ask_for_export(actor, wanted)))


def opened_dataset(actor: Actor, slug: str) -> DataSet:
    """A data set that the actor may look at; that it was read is kept where it is sensitive."""
    rows = DataSet.objects.of(actor.workspace).filter(deleted_at=None, slug=slug)
    with_all = rows.select_related("owner", "space", "steward__user", "current", "workspace")
    found: DataSet | None = with_all.first()
    if found is None:
        raise Http404
    require(actor, "data.view", found)
    note_read(actor, found)
    return found
