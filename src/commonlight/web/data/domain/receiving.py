"""A file comes in, in pieces, straight to the disk; a lost connection costs one piece."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.data.domain.file_names import checked_name
from commonlight.web.data.enums import UploadState
from commonlight.web.data.models import DataSet, Upload
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor

__all__ = [
    "PIECE",
    "discard",
    "finish",
    "folder_of",
    "keep_file",
    "path_of",
    "remove_file",
    "size_limit",
    "start",
    "take_piece",
]

PIECE = 4 * 2**20
"""Bytes of one piece."""

SPARE = 200 * 2**20
"""Bytes of the disk that an upload never takes."""

RESUMED_WITHIN = timedelta(days=7)


def size_limit() -> int:
    """Bytes of the largest file that is taken."""
    return int(settings.COMMONLIGHT_LARGEST_UPLOAD)


def folder_of(upload: Upload) -> Path:
    """The folder of one upload, which holds its file and nothing else."""
    folder: Path = upload.workspace.uploads_folder / str(upload.pk)
    return folder


def path_of(upload: Upload) -> Path:
    """The file of an upload."""
    return folder_of(upload) / upload.file_name


def start(
    actor: Actor, dataset: DataSet, *, name: str, size: int, drop: list[str], first: str = ""
) -> Upload:
    """A new upload; or the one that the same person began with the same file.

    Raises
    ------
    ValidationError
        If the name or the size cannot be taken.
    """
    kept = checked_name(name, dataset.kind)
    _check_size(size, actor)
    begun = _begun(actor, dataset, kept, size, first)
    if begun is not None:
        return begun
    upload: Upload = Upload.objects.create(
        workspace=dataset.workspace,
        dataset=dataset,
        file_name=kept,
        size=size,
        settings={"drop": drop, "first": first},
        created_by=actor.membership,
    )
    folder_of(upload).mkdir(parents=True, exist_ok=True)
    path_of(upload).touch()
    return upload


def _check_size(size: int, actor: Actor) -> None:
    if size <= 0:
        raise ValidationError(_("The file is empty. Send one with records."), code="empty")
    if size > size_limit():
        raise ValidationError(
            _("The file has %(size)s MB. At most %(limit)s MB are taken; send it in parts."),
            params={"size": size // 2**20, "limit": size_limit() // 2**20},
            code="size",
        )
    root = actor.workspace.uploads_folder
    root.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root).free < size + SPARE:
        raise ValidationError(
            _("The disk has no room for this file. Ask the one who runs this installation."),
            code="room",
        )


def _begun(actor: Actor, dataset: DataSet, name: str, size: int, first: str) -> Upload | None:
    if not first:
        return None
    found = Upload.objects.of(actor.workspace).filter(
        dataset=dataset,
        created_by=actor.membership,
        file_name=name,
        size=size,
        state=UploadState.RECEIVING,
        changed_at__gte=timezone.now() - RESUMED_WITHIN,
    )
    return next((one for one in found if one.settings.get("first") == first), None)


def take_piece(upload: Upload, *, offset: int, content: bytes, digest: str = "") -> int:
    """Write one piece; a piece that is there already changes nothing. Gives the bytes received.

    Raises
    ------
    ValidationError
        If the piece was damaged on its way, or lies beyond what is there or the file's end.
    """
    if digest and hashlib.sha256(content).hexdigest() != digest:
        raise ValidationError(_("A piece was damaged on its way. Send it again."), code="damaged")
    if offset < 0 or offset > upload.received or offset + len(content) > upload.size:
        raise ValidationError(
            _("This piece does not follow the last one. Go on at byte %(received)s."),
            params={"received": upload.received},
            code="order",
        )
    if offset + len(content) <= upload.received:
        return upload.received
    _write(path_of(upload), offset, content)
    Upload.objects.of(upload.workspace).filter(pk=upload.pk, received=upload.received).update(
        received=offset + len(content), changed_at=timezone.now()
    )
    upload.refresh_from_db(fields=["received"])
    return upload.received


def _write(path: Path, offset: int, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        # The last piece before a disk is full is taken in part only.
        left = memoryview(content)
        while left:
            written = os.pwrite(descriptor, left, offset)
            left, offset = left[written:], offset + written
    finally:
        os.close(descriptor)


def finish(actor: Actor, upload: Upload, *, digest: str = "") -> Upload:
    """Check that the whole file arrived; `digest` is the one over the digests of the pieces.

    Raises
    ------
    ValidationError
        If bytes are missing, or the file differs from the one that was sent.
    """
    if upload.state != UploadState.RECEIVING:
        return upload
    if upload.received != upload.size:
        raise ValidationError(
            _("%(received)s of %(size)s bytes have arrived. Send the rest."),
            params={"received": upload.received, "size": upload.size},
            code="missing",
        )
    whole, pieces = _digests(path_of(upload))
    if digest and pieces != digest:
        Upload.objects.of(upload.workspace).filter(pk=upload.pk).update(received=0)
        raise ValidationError(
            _("The file that arrived is not the one that was sent. Send it again."), code="differs"
        )
    return _received(actor, upload, whole)


def _digests(path: Path) -> tuple[str, str]:
    """The digest of a file, and that over the digests of its pieces."""
    whole, pieces = hashlib.sha256(), hashlib.sha256()
    with path.open("rb") as file:
        while content := file.read(PIECE):
            whole.update(content)
            pieces.update(hashlib.sha256(content).digest())
    return whole.hexdigest(), pieces.hexdigest()


def _received(actor: Actor, upload: Upload, digest: str) -> Upload:
    upload.digest, upload.state, upload.received = digest, UploadState.RECEIVED, upload.size
    upload.changed_at = timezone.now()
    upload.save(update_fields=["digest", "state", "received", "changed_at"])
    record(actor, "data.upload", upload, size=upload.size, digest=digest)
    return upload


def keep_file(
    actor: Actor, dataset: DataSet, *, name: str, path: Path, size: int, drop: list[str]
) -> Upload:
    """Take over a file that a plain form sent, which lies on the disk already.

    Raises
    ------
    ValidationError
        If the name or the size cannot be taken; the file is removed.
    """
    try:
        upload = start(actor, dataset, name=name, size=size, drop=drop)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    path.replace(path_of(upload))
    return _received(actor, upload, _digests(path_of(upload))[0])


def remove_file(upload: Upload) -> None:
    """Take the file and its folder from the disk; doing it twice does no harm."""
    shutil.rmtree(folder_of(upload), ignore_errors=True)


def discard(actor: Actor, upload: Upload) -> None:
    """Throw away what came in; the data set stays as it is."""
    remove_file(upload)
    changed = Upload.objects.of(upload.workspace).filter(
        pk=upload.pk, state__in=[UploadState.RECEIVING, UploadState.RECEIVED]
    )
    if changed.update(state=UploadState.DISCARDED, changed_at=timezone.now(), received=F("size")):
        record(actor, "data.upload", upload, discarded=True)
