"""The jobs of the data app: a first look, an import, an export. They run in the worker."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from commonlight.web import runs
from commonlight.web.data.models import DataSet, Upload
from commonlight.web.policy import Actor, require
from commonlight.web.runs.models import Run

__all__ = ["export", "import_", "preview"]


@runs.job(
    "data.preview",
    lane="quick",
    title=gettext_noop("First look at {file}"),
    result_schema="commonlight.data.preview/1",
    action="data.upload",
)
def preview(work: runs.Work) -> dict[str, Any]:
    """The first rows of a file, as they stand and as they would be read."""
    from commonlight.web.data.domain.importing import is_table
    from commonlight.web.data.methods import files, tables

    given = work.parameters
    path = _path(work)
    if not is_table(given["kind"]):
        return files.look_at_file(path, given["kind"], given["drop"])
    found: dict[str, Any] = {}
    mapping, codebook = given["mapping"], given["codebook"]
    if not mapping:
        found = tables.guess(path, given["drop"])
        if found.get("persons"):
            return found
        mapping, codebook = found["mapping"], found["codebook"]
    seen = tables.look(
        path, mapping=mapping, codebook=codebook, drop=given["drop"], folder=work.folder
    )
    return {**seen, "guess": found, "mapping": mapping}


@runs.job(
    "data.import",
    lane="long",
    title=gettext_noop("Import of {dataset}"),
    result_schema="commonlight.data.import/1",
    action="data.upload",
)
def import_(work: runs.Work) -> dict[str, Any]:
    """A whole file, read into a version that is visible only when it is whole."""
    from commonlight.web.data.domain.importing import is_table
    from commonlight.web.data.methods import files, tables

    given, path = work.parameters, _path(work)
    dataset = _upload(work.run).dataset
    assert dataset is not None
    if not is_table(given["kind"]):
        return files.import_file(
            path,
            kind=given["kind"],
            columns=given["columns"],
            crs=given["crs"],
            date_format=given["date_format"] or "%Y-%m-%d",
            drop=given["drop"],
            target=work.workspace.files_folder / dataset.slug,
            folder=work.folder,
        )

    def progress(bytes_done: int, bytes_total: int, rows: int) -> None:
        work.progress(gettext_noop("Reading the file"), bytes_done, bytes_total or None)

    return tables.import_table(
        path,
        mapping=given["mapping"],
        codebook=given["codebook"],
        drop=given["drop"],
        lake=work.workspace.lake_folder,
        name=dataset.slug,
        crs=work.workspace.crs,
        folder=work.folder,
        progress=progress,
        waiting=lambda: work.progress(
            gettext_noop("Waiting for another import into the same data set")
        ),
    )


@runs.job(
    "data.export",
    lane="quick",
    title=gettext_noop("Export of {dataset}"),
    result_schema="commonlight.data.export/1",
    action="data.export",
)
def export(work: runs.Work) -> dict[str, Any]:
    """What an agreement allows, as a table with its licence and a word on how to read it."""
    from commonlight.web.data.methods.extracts import write_export

    return write_export(
        work.parameters,
        lake=work.workspace.lake_folder,
        files=work.workspace.files_folder,
        folder=work.folder,
    )


def _upload(run: Run) -> Upload:
    found = Upload.objects.of(run.workspace).select_related("dataset", "workspace")
    upload: Upload = found.get(pk=run.parameters["upload"])
    return upload


def _path(work: runs.Work) -> Any:
    """The file; an upload that was discarded while its run waited is told so."""
    from commonlight.web.data.domain.receiving import path_of
    from commonlight.web.data.methods.reading import UnreadableUploadError

    path = path_of(_upload(work.run))
    if not path.is_file():
        raise UnreadableUploadError(f"{path.name} was discarded; send the file again")
    return path


@preview.check
@import_.check
def may_bring(actor: Actor, run: Run) -> None:
    """Asked at the request and again before the work: who lost the right brings nothing in."""
    require(actor, "data.upload", _upload(run).dataset)


@export.check
def may_take_out(actor: Actor, run: Run) -> None:
    """The agreement may have ended while the run waited."""
    from commonlight.web.data.domain.exports import order_of

    require(actor, "data.export", order_of(run))


@preview.publish
def keep_preview(run: Run, result: dict[str, Any]) -> None:
    """A first guess for the page, or a refusal."""
    from commonlight.web.data.domain import importing

    importing.keep_preview(run, result)


@import_.publish
def keep_import(run: Run, result: dict[str, Any]) -> None:
    """The new version."""
    from commonlight.web.data.domain import importing

    importing.keep_import(run, result)


@preview.address
@import_.address
def upload_address(run: Run) -> str:
    """The page of the upload."""
    from django.urls import reverse

    return reverse("data:upload", args=[run.workspace.slug, run.parameters["upload"]])


@export.address
def export_address(run: Run) -> str:
    """The page of the export."""
    from django.urls import reverse

    found = DataSet.objects.of(run.workspace).filter(pk=run.parameters["dataset"]).first()
    if found is None:
        return reverse("data:list", args=[run.workspace.slug])
    return reverse("data:exported", args=[run.workspace.slug, found.slug, run.pk])
