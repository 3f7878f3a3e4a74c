"""How a page finds its thing: inside the workspace, or not at all."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from commonlight.web.data.models import DataSet, DataVersion, Upload
from commonlight.web.policy import require

__all__ = ["dataset_of", "pages_of", "upload_of", "version_of"]


def dataset_of(request: Any, slug: str, action: str = "data.view") -> DataSet:
    """The data set of this name, if the actor may do this with it."""
    known = DataSet.objects.of(request.workspace).select_related(
        "owner", "space", "steward__user", "current__run", "workspace"
    )
    dataset: DataSet = get_object_or_404(known, slug=slug)
    require(request.actor, action, dataset)
    return dataset


def version_of(dataset: DataSet, number: int) -> DataVersion:
    """One version of a data set."""
    version: DataVersion = get_object_or_404(
        dataset.versions.select_related("run__workspace", "created_by", "dataset"), number=number
    )
    return version


def upload_of(request: Any, pk: int) -> Upload:
    """An upload, for the owner of its data set and for those who sent it."""
    known = Upload.objects.of(request.workspace).select_related(
        "dataset__owner", "dataset__space", "workspace", "preview_run", "import_run", "created_by"
    )
    upload: Upload = get_object_or_404(known, pk=pk)
    if upload.dataset is None:
        raise Http404
    require(request.actor, "data.upload", upload)
    return upload


def pages_of(request: Any, items: Any, size: int = 50) -> Any:
    """One page of a long list."""
    from django.core.paginator import Paginator

    return Paginator(items, size).get_page(request.GET.get("page"))
