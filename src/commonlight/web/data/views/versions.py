"""One version: where it comes from, what was rejected, and its mapping."""

from __future__ import annotations

import csv
import json
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from commonlight.web.data.domain.versions import rejected_file_of
from commonlight.web.data.models import DataSet, DataVersion
from commonlight.web.data.views.finding import dataset_of, version_of
from commonlight.web.eventlog.reads import note_read
from commonlight.web.eventlog.record import record
from commonlight.web.policy import page, require

__all__ = ["mapping_file", "rejected", "rejected_file", "version"]

ROWS_ON_A_PAGE = 50


@page("data.view")
def version(request: Any, workspace: str, slug: str, number: int) -> HttpResponse:
    """Provenance and quality of one version."""
    found = dataset_of(request, slug)
    note_read(request.actor, found)
    one = version_of(found, number)
    return render(
        request,
        "data/version.html",
        {
            "dataset": found,
            "version": one,
            "picture": _picture(one),
            "rejected_file": rejected_file_of(one),
            "has_mapping": _mapping_path(one) is not None,
        },
    )


def _picture(version: DataVersion) -> Any:
    """The small picture that was drawn when the file was read."""
    if not version.file:
        return None
    path = version.workspace.files_folder / f"{version.file}.picture.json"
    if not path.is_file():
        return None
    picture = json.loads(path.read_text(encoding="utf-8"))
    if picture.get("points"):
        from commonlight.web.data.domain.pictures import placed_dots

        picture["dots"] = placed_dots(picture["points"], picture["frame"])
    return picture or None


def _rejected(request: Any, slug: str, number: int) -> tuple[DataSet, DataVersion, Path]:
    """A version with its file of rejected rows, for those who can mend them."""
    found = dataset_of(request, slug, "data.upload")
    one = version_of(found, number)
    require(request.actor, "data.upload", one)
    path = rejected_file_of(one)
    if path is None:
        raise Http404
    return found, one, path


@page("data.upload")
def rejected(request: Any, workspace: str, slug: str, number: int) -> HttpResponse:
    """Rejected rows with their reasons, for those who can mend them."""
    found, one, path = _rejected(request, slug, number)
    total = one.rows_rejected or 0
    pages = Paginator(range(total), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        first = (pages.number - 1) * ROWS_ON_A_PAGE
        rows = list(islice(reader, first, first + ROWS_ON_A_PAGE))
    context = {"dataset": found, "version": one, "rows": rows, "page": pages}
    return render(request, "data/rejected.html", context)


@page("data.upload")
def rejected_file(request: Any, workspace: str, slug: str, number: int) -> FileResponse:
    """All rejected rows as CSV; no cell of it is taken as a formula."""
    found, _, path = _rejected(request, slug, number)
    record(request.actor, "data.export", found, kind="export", rejected=number)
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{found.slug}-{number}-rejected.csv",
        content_type="text/csv; charset=utf-8",
    )


@page("data.view")
def mapping_file(request: Any, workspace: str, slug: str, number: int) -> FileResponse:
    """The mapping of a version: the file that the command line reads."""
    found = dataset_of(request, slug)
    path = _mapping_path(version_of(found, number))
    if path is None:
        raise Http404
    name = f"{slugify(found.name) or 'mapping'}.toml"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/toml"
    )


def _mapping_path(version: DataVersion) -> Any:
    if version.run is None or not version.run.result_folder:
        return None
    path = version.run.result_path / "mapping.toml"
    return path if path.is_file() else None
