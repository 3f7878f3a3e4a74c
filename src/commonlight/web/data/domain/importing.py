"""From a received file to a version: look, answer, check, import; or refuse and keep nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonlight.web import runs
from commonlight.web.data.domain.receiving import remove_file
from commonlight.web.data.domain.versions import keep_version
from commonlight.web.data.enums import OBSERVATION_KINDS, DataKind, UploadState
from commonlight.web.data.models import DataVersion, Upload
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.runs.models import Run, RunState
from commonlight.web.workspaces.actors import actor_for

__all__ = [
    "ask_for_import",
    "ask_for_preview",
    "change_answers",
    "forget_preview",
    "is_changeable",
    "is_table",
    "keep_import",
    "keep_preview",
]

ANSWERS = ("mapping", "codebook", "drop", "columns", "crs", "date_format")


def is_table(kind: str) -> bool:
    """Whether a kind is read by a mapping into the lake."""
    return DataKind(kind) in OBSERVATION_KINDS


def is_changeable(upload: Upload) -> bool:
    """Whether the answers can still be changed: until an import runs or has brought a version."""
    if upload.state == UploadState.RECEIVED:
        return True
    run = upload.import_run
    failed = run is not None and run.state in (RunState.FAILED, RunState.CANCELLED)
    return upload.state == UploadState.IMPORTING and failed


def change_answers(upload: Upload, **answers: Any) -> None:
    """Keep what was answered."""
    upload.settings = {**upload.settings, **answers}
    upload.changed_at = timezone.now()
    upload.save(update_fields=["settings", "changed_at"])


def _parameters(upload: Upload) -> dict[str, Any]:
    assert upload.dataset is not None
    given = {name: upload.settings.get(name) or "" for name in ANSWERS}
    given["drop"] = list(upload.settings.get("drop") or [])
    given["columns"] = dict(upload.settings.get("columns") or {})
    return {"upload": upload.pk, "kind": upload.dataset.kind, **given}


def ask_for_preview(actor: Actor, upload: Upload) -> Run:
    """A look at the first rows with the answers as they are; the same question, the same run."""
    run = runs.request(
        actor,
        "data.preview",
        workspace=upload.workspace,
        title_values={"file": upload.file_name},
        inputs=[{"file": upload.file_name, "digest": upload.digest}],
        parameters=_parameters(upload),
    )
    upload.preview_run = run
    upload.save(update_fields=["preview_run"])
    return run


def ask_for_import(actor: Actor, upload: Upload) -> Run:
    """Read the whole file into a new version; sent twice, it is the same run."""
    assert upload.dataset is not None
    with transaction.atomic():
        run = runs.request(
            actor,
            "data.import",
            workspace=upload.workspace,
            title_values={"dataset": upload.dataset.name},
            inputs=[{"file": upload.file_name, "digest": upload.digest}],
            parameters=_parameters(upload),
        )
        upload.import_run, upload.state = run, UploadState.IMPORTING
        upload.changed_at = timezone.now()
        upload.save(update_fields=["import_run", "state", "changed_at"])
    return run


def _upload_of(run: Run) -> Upload | None:
    found: Upload | None = (
        Upload.objects.of(run.workspace)
        .select_related("dataset", "workspace")
        .filter(pk=run.parameters["upload"])
        .first()
    )
    return found


def _asker(run: Run) -> Actor | None:
    if run.requested_by is None:
        return None
    return actor_for(run.requested_by, run.workspace).as_job()


def keep_preview(run: Run, result: dict[str, Any]) -> None:
    """What a look brought: a first guess at the answers, or a refusal that keeps nothing."""
    upload = _upload_of(run)
    if upload is None or upload.state != UploadState.RECEIVED:
        return
    if result.get("persons"):
        _refuse(upload, run, result["persons"])
        return
    guessed = result.get("guess") or {}
    fresh = {k: v for k, v in guessed.items() if k in ANSWERS and not upload.settings.get(k)}
    header = result.get("header") or upload.settings.get("header", [])
    change_answers(upload, **fresh, header=header)


def _refuse(upload: Upload, run: Run, persons: list[dict[str, str]]) -> None:
    """Data about persons: the file goes at once, and only the names of the columns stay."""
    remove_file(upload)
    forget_preview(upload, but=run)
    upload.state = UploadState.REFUSED
    upload.settings = {"persons": persons}
    upload.changed_at = timezone.now()
    upload.save(update_fields=["state", "settings", "changed_at"])
    columns = [one["name"] for one in persons]
    record(
        _asker(run),
        "data.upload",
        upload,
        workspace=upload.workspace,
        kind="refusal",
        reason="columns that look like data about persons",
        columns=columns,
    )


def keep_import(run: Run, result: dict[str, Any]) -> DataVersion | None:
    """What an import brought: a version, or a refusal after which all is as it was."""
    upload = _upload_of(run)
    if upload is None or upload.dataset is None:
        return None
    if result.get("persons"):
        _refuse(upload, run, result["persons"])
        return None
    version = keep_version(_asker(run), upload.dataset, result, run)
    # Not before the version is there for good: another attempt would need the file.
    transaction.on_commit(partial(remove_file, upload))
    forget_preview(upload)
    upload.state = UploadState.IMPORTED
    upload.changed_at = timezone.now()
    upload.save(update_fields=["state", "changed_at"])
    _remember_mapping(upload)
    return version


def _remember_mapping(upload: Upload) -> None:
    """The next delivery starts with the answers that worked."""
    dataset = upload.dataset
    assert dataset is not None
    answers = {name: upload.settings[name] for name in ANSWERS if upload.settings.get(name)}
    dataset.settings = {**dataset.settings, "answers": answers}
    dataset.save(update_fields=["settings"])


def forget_preview(upload: Upload, *, but: Run | None = None) -> None:
    """First rows of a file that is gone are not kept in old looks at it."""
    looks = Run.objects.of(upload.workspace).filter(
        kind="data.preview", parameters__upload=upload.pk, state=RunState.DONE
    )
    if but is not None:
        looks = looks.exclude(pk=but.pk)
    looks.update(result={"removed": True}, fingerprint="")
