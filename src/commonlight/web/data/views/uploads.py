"""A file comes in: by a plain form, or in pieces that can be resumed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from commonlight.web.data.domain import importing, receiving
from commonlight.web.data.domain.form_upload import DiskUploadHandler, ReceivedFile
from commonlight.web.data.enums import UploadState
from commonlight.web.data.forms.uploads import UploadForm, listed_columns
from commonlight.web.data.models import DataSet, Upload
from commonlight.web.data.views.finding import dataset_of, upload_of
from commonlight.web.policy import page
from commonlight.web.runs.failures import is_disk_full

__all__ = ["bring", "discard", "finish", "piece", "start", "state"]

LONGEST_DROP = 20_000


@page("data.upload")
@csrf_exempt
def bring(request: Any, workspace: str, slug: str) -> HttpResponse:
    """The form for a file. The file goes to the disk while it comes, so the handler is set first;
    the form's secret is checked right after, in `_bring`."""
    dataset = dataset_of(request, slug, "data.upload")
    handler = DiskUploadHandler(
        request,
        folder=request.workspace.uploads_folder,
        limit=receiving.size_limit(),
    )
    request.upload_handlers = [handler]
    return _bring(request, dataset, handler)


@csrf_protect
def _bring(request: Any, dataset: DataSet, handler: DiskUploadHandler) -> HttpResponse:
    if request.method != "POST":
        return _form(request, dataset, UploadForm(initial={"drop": _last_drop(dataset)}))
    form = UploadForm(request.POST, request.FILES)
    if handler.is_too_large or handler.is_full:
        form.full_clean()
        form.errors.pop("file", None)
        form.add_error("file", _no_room() if handler.is_full else _too_large())
        return _form(request, dataset, form, status=507 if handler.is_full else 413)
    if not form.is_valid():
        _clean_up(request)
        return _form(request, dataset, form)
    try:
        upload = _kept(request, dataset, form)
    except ValidationError as error:
        form.add_error("file", error)
        return _form(request, dataset, form)
    return redirect("data:upload", request.workspace.slug, upload.pk)


def _kept(request: Any, dataset: DataSet, form: UploadForm) -> Upload:
    sent: ReceivedFile = form.cleaned_data["file"]
    return receiving.keep_file(
        request.actor,
        dataset,
        name=sent.name or "",
        path=sent.path,
        size=sent.size or 0,
        drop=listed_columns(form.cleaned_data["drop"]),
    )


def _clean_up(request: Any) -> None:
    for sent in request.FILES.values():
        if isinstance(sent, ReceivedFile):
            sent.path.unlink(missing_ok=True)


def _last_drop(dataset: DataSet) -> str:
    return "\n".join(dataset.settings.get("answers", {}).get("drop", []))


def _too_large() -> str:
    return _("The file is larger than %(limit)s MB. Send it in parts.") % {
        "limit": receiving.size_limit() // 2**20
    }


def _no_room() -> str:
    return _("The disk has no room for this file. Ask the one who runs this installation.")


def _form(request: Any, dataset: DataSet, form: UploadForm, status: int = 200) -> HttpResponse:
    begun = dataset.uploads.filter(
        created_by=request.actor.membership, state=UploadState.RECEIVING, received__gt=0
    )
    context = {
        "dataset": dataset,
        "form": form,
        "limit": receiving.size_limit(),
        "begun": begun[:5],
        "piece": receiving.PIECE,
    }
    return render(request, "data/upload.html", context, status=status)


@require_POST
@page("data.upload")
def start(request: Any, workspace: str, slug: str) -> JsonResponse:
    """Begin to send in pieces, or go on where the same file stopped."""
    dataset = dataset_of(request, slug, "data.upload")
    size = request.POST.get("size", "")
    if not (size.isascii() and size.isdigit() and len(size) < 16):
        return _problem(_("The size of the file is missing."))
    try:
        upload = receiving.start(
            request.actor,
            dataset,
            name=request.POST.get("name", "")[:500],
            size=int(size),
            drop=listed_columns(request.POST.get("drop", "")[:LONGEST_DROP]),
            first=request.POST.get("first", "")[:64],
        )
    except ValidationError as error:
        return _problem(error.messages[0])
    return JsonResponse(_told(upload))


@require_POST
@page("data.upload")
def piece(request: Any, workspace: str, pk: int) -> JsonResponse:
    """One piece of a file, at its place."""
    upload = upload_of(request, pk)
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        return _problem(_("The place of the piece is missing."))
    if upload.state != UploadState.RECEIVING:
        return _problem(_("This upload takes no more pieces."), upload=upload, status=409)
    content = request.read(receiving.PIECE + 1)
    if len(content) > receiving.PIECE:
        return _problem(_("The piece is too large."), status=413)
    try:
        receiving.take_piece(
            upload,
            offset=int(offset),
            content=content,
            digest=request.headers.get("Upload-Digest", "")[:64],
        )
    except ValidationError as error:
        return _problem(error.messages[0], upload=upload, status=409)
    except (OSError, DatabaseError) as error:
        if not is_disk_full(error):
            raise
        return _problem(_no_room(), upload=upload, status=507)
    return JsonResponse(_told(upload))


@require_POST
@page("data.upload")
def finish(request: Any, workspace: str, pk: int) -> JsonResponse:
    """All pieces were sent: is it the same file?"""
    upload = upload_of(request, pk)
    try:
        receiving.finish(request.actor, upload, digest=request.POST.get("digest", "")[:64])
    except ValidationError as error:
        upload.refresh_from_db()
        return _problem(error.messages[0], upload=upload, status=409)
    return JsonResponse(_told(upload))


def _told(upload: Upload) -> dict[str, Any]:
    slug = upload.workspace.slug
    return {
        "received": upload.received,
        "size": upload.size,
        "state": upload.state,
        "piece_url": reverse("data:piece", args=[slug, upload.pk]),
        "finish_url": reverse("data:finish", args=[slug, upload.pk]),
        "url": reverse("data:upload", args=[slug, upload.pk]),
    }


def _problem(text: str, *, upload: Upload | None = None, status: int = 400) -> JsonResponse:
    told = _told(upload) if upload is not None else {}
    return JsonResponse({"problem": text, **told}, status=status)


@page("data.upload")
def state(request: Any, workspace: str, pk: int) -> HttpResponse:
    """How far the run of this upload is; the page is loaded again when it is over."""
    upload = upload_of(request, pk)
    importing_now = upload.state not in (UploadState.RECEIVED, UploadState.RECEIVING)
    run = upload.import_run if importing_now else upload.preview_run
    if run is None or run.is_over:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "runs/progress_inside.html", {"run": run})


@page("data.upload")
def discard(request: Any, workspace: str, pk: int) -> HttpResponse:
    """Ask, and throw away what came in."""
    upload = upload_of(request, pk)
    dataset = upload.dataset
    assert dataset is not None
    if request.method == "POST":
        importing.forget_preview(upload)
        receiving.discard(request.actor, upload)
        messages.success(request, _("The file was thrown away. The data set is as it was."))
        return redirect("data:dataset", workspace, dataset.slug)
    return render(
        request,
        "ui/confirm.html",
        {
            "title": _("Throw “%(file)s” away?") % {"file": upload.file_name},
            "consequences": [_("The file is deleted. The data set stays as it is.")],
            "button": _("Throw the file away"),
            "is_dangerous": True,
            "back_url": reverse("data:upload", args=[workspace, upload.pk]),
        },
    )
