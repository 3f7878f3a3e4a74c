"""From a received file to an import: look, name the columns, name the classes, check, import."""

from __future__ import annotations

import tomllib
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.data.domain import importing
from commonlight.web.data.domain.pictures import picture_of_points
from commonlight.web.data.enums import DataKind, UploadState
from commonlight.web.data.forms.mapping import MappingForm
from commonlight.web.data.forms.uploads import ROLE_LABELS, ClassesForm, ColumnsForm, PresetForm
from commonlight.web.data.methods.file_roles import COLUMN_ROLES, REQUIRED_ROLES
from commonlight.web.data.methods.mappings import (
    MappingFault,
    check_mapping_text,
    preset_text,
    suggestions,
    with_keys,
)
from commonlight.web.data.models import Upload
from commonlight.web.data.views.finding import upload_of
from commonlight.web.policy import page
from commonlight.web.runs.models import RunState

__all__ = ["check", "classes", "columns", "live_preview", "mapping", "mapping_toml", "upload"]


@page("data.upload")
def upload(request: Any, workspace: str, pk: int) -> HttpResponse:
    """Where a file stands and what is to do next."""
    found = upload_of(request, pk)
    if found.state == UploadState.RECEIVED and found.preview_run is None:
        importing.ask_for_preview(request.actor, found)
    dataset = found.dataset
    assert dataset is not None
    is_table = importing.is_table(dataset.kind)
    form = PresetForm(
        request.POST or None,
        kind=dataset.kind,
        has_answers=bool(dataset.settings.get("answers", {}).get("mapping")),
    )
    if request.method == "POST" and importing.is_changeable(found) and form.is_valid():
        _choose_preset(request, found, form.cleaned_data["preset"])
        return redirect("data:upload", workspace, pk)
    context = {
        "upload": found,
        "dataset": dataset,
        "form": form,
        "is_table": is_table,
        "is_changeable": importing.is_changeable(found),
        "look": _look(found),
        "tasks": _tasks(found) if importing.is_changeable(found) else [],
        "version": _version(found),
    }
    return render(request, "data/wizard.html", context)


def _version(upload: Upload) -> Any:
    """The version that the import brought, or the one that had the same content."""
    run, dataset = upload.import_run, upload.dataset
    if upload.state != UploadState.IMPORTED or run is None or dataset is None:
        return None
    digest = (run.result or {}).get("digest", "")
    return dataset.versions.filter(digest=digest).first()


def _choose_preset(request: Any, upload: Upload, preset: str) -> None:
    """Start from a publisher's format, from the last delivery, or from a guess."""
    dataset = upload.dataset
    assert dataset is not None
    answers: dict[str, Any] = {"mapping": "", "codebook": "", "columns": {}}
    if preset == "last":
        answers |= {k: v for k, v in dataset.settings.get("answers", {}).items() if k != "drop"}
    elif preset:
        answers["mapping"] = with_keys(
            preset_text(preset), drop=tuple(upload.settings.get("drop", ()))
        )
    importing.change_answers(upload, **answers)
    importing.ask_for_preview(request.actor, upload)


def _look(upload: Upload) -> dict[str, Any] | None:
    """What the last look saw, with a picture of the points."""
    run = upload.preview_run
    if run is None or run.state != RunState.DONE or not run.result:
        return None
    found = dict(run.result)
    if found.get("points"):
        found["picture"] = picture_of_points(found["points"])
    found["points_up"] = len(found.get("points", ()))
    return found


def _tasks(upload: Upload) -> list[Any]:
    """The steps, each with its state in words."""
    dataset, given = upload.dataset, upload.settings
    assert dataset is not None
    slug, look = upload.workspace.slug, _look(upload)

    def address(name: str) -> str:
        return reverse(f"data:{name}", args=[slug, upload.pk])

    done, todo = (_("Done"), "success"), (_("To do"), "warning")
    if not importing.is_table(dataset.kind):
        has_columns = bool(given.get("columns"))
        named = done if has_columns else todo
        steps = [(_("Say what the columns are"), named[0], address("columns"), named[1])]
        ready = has_columns
    else:
        fits = look is not None and not look.get("problem")
        state = done if given.get("mapping") and fits else todo
        steps = [(_("Say what the columns are"), state[0], address("mapping"), state[1])]
        if dataset.kind == DataKind.INCIDENTS:
            state = _classes_state(look if fits else None)
            steps.append((_("Name the offence classes"), state[0], address("classes"), state[1]))
        ready = fits
    last = (_("Next step"), "info") if ready else (_("Cannot start yet"), "")
    steps.append((_("Check and import"), last[0], address("check") if ready else "", last[1]))
    return steps


def _classes_state(look: dict[str, Any] | None) -> tuple[str, str]:
    """How many types lack a class; nothing is known before the mapping fits the file."""
    if look is None:
        return _("Cannot start yet"), ""
    left = len(look.get("unmapped_types", {}))
    words = ngettext("%(n)s type without a class", "%(n)s types without a class", left)
    return (words % {"n": left}, "info") if left else (_("Done"), "success")


@page("data.upload")
def mapping(request: Any, workspace: str, pk: int) -> HttpResponse:
    """The mapping builder, with a look at the first rows beside it."""
    found = upload_of(request, pk)
    if not importing.is_changeable(found) or found.preview_run is None:
        return redirect("data:upload", workspace, pk)
    form = _mapping_form(request, found)
    codebook = request.POST.get("codebook", found.settings.get("codebook", ""))
    if request.method == "POST" and form.is_valid():
        fault = _keep_mapping(found, form.text, codebook)
        if fault:
            form.add_error(None, fault)
        else:
            importing.ask_for_preview(request.actor, found)
            here = "data:upload" if "done" in request.POST else "data:mapping"
            return redirect(here, workspace, pk)
    context = {
        "upload": found,
        "dataset": found.dataset,
        "form": form,
        "codebook": codebook,
        "look": _look(found),
    }
    return render(request, "data/mapping.html", context)


def _mapping_form(request: Any, upload: Upload) -> MappingForm:
    assert upload.dataset is not None
    return MappingForm(
        request.POST or None,
        kind=upload.dataset.kind,
        header=upload.settings.get("header", []),
        text=upload.settings.get("mapping", ""),
    )


def _keep_mapping(upload: Upload, text: str, codebook: str) -> str:
    """Keep the mapping; the library's sentence where it does not hold together."""
    if codebook.strip() and tomllib.loads(text).get("codebook") is None:
        text = with_keys(text, codebook="codebook.toml")
    if codebook.strip():
        try:
            check_mapping_text(text, codebook)
        except MappingFault as fault:
            return str(fault)
    importing.change_answers(upload, mapping=text, codebook=codebook.strip())
    return ""


@page("data.upload")
def live_preview(request: Any, workspace: str, pk: int) -> HttpResponse:
    """The look at the first rows as a part of the page; a changed form asks for a new one."""
    found = upload_of(request, pk)
    fault = ""
    if request.method == "POST" and importing.is_changeable(found):
        form = _mapping_form(request, found)
        if form.is_valid():
            fault = _keep_mapping(found, form.text, request.POST.get("codebook", ""))
            if not fault:
                importing.ask_for_preview(request.actor, found)
        else:
            fault = " ".join(str(text) for texts in form.errors.values() for text in texts)
    context = {"upload": found, "dataset": found.dataset, "look": _look(found), "fault": fault}
    return render(request, "data/parts/live.html", context)


@page("data.upload")
def classes(request: Any, workspace: str, pk: int) -> HttpResponse:
    """For each local type the class of the ICCS."""
    found = upload_of(request, pk)
    look = _look(found)
    if not importing.is_changeable(found) or look is None:
        return redirect("data:upload", workspace, pk)
    content = tomllib.loads(found.settings.get("mapping", ""))
    kind = content.get("type", {})
    form = ClassesForm(
        request.POST or None,
        types=look.get("types", {}),
        suggested=suggestions(look.get("types", {}), kind.get("scheme", "")),
        chosen=kind.get("iccs", {}),
    )
    if request.method == "POST" and form.is_valid():
        section = {**_plain(kind), "iccs": form.codes()}
        text = with_keys(found.settings["mapping"], type=section)
        importing.change_answers(found, mapping=text)
        importing.ask_for_preview(request.actor, found)
        return redirect("data:upload", workspace, pk)
    return render(
        request,
        "data/classes.html",
        {"upload": found, "dataset": found.dataset, "form": form, "look": look},
    )


def _plain(section: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in section.items() if key != "iccs"}


@page("data.upload")
def columns(request: Any, workspace: str, pk: int) -> HttpResponse:
    """What the columns of a file are that is kept as a file."""
    found = upload_of(request, pk)
    look, dataset = _look(found), found.dataset
    assert dataset is not None
    if not importing.is_changeable(found) or look is None or dataset.kind not in COLUMN_ROLES:
        return redirect("data:upload", workspace, pk)
    roles = tuple(r for r in COLUMN_ROLES[dataset.kind] if r not in "xy" or not look["has_shapes"])
    initial = {
        **look.get("guess", {}),
        **dataset.settings.get("answers", {}).get("columns", {}),
        **found.settings.get("columns", {}),
        "crs": found.settings.get("crs", ""),
        "date_format": found.settings.get("date_format", ""),
    }
    form = ColumnsForm(
        request.POST or None,
        header=look["header"],
        roles=roles,
        required=REQUIRED_ROLES[dataset.kind],
        has_coordinates=dataset.kind != DataKind.POPULATION,
        has_days=dataset.kind == DataKind.INTERVENTIONS,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        importing.change_answers(
            found,
            columns=form.columns() or {"": ""},
            crs=form.cleaned_data.get("crs", ""),
            date_format=form.cleaned_data.get("date_format", ""),
        )
        return redirect("data:check", workspace, pk)
    context = {"upload": found, "dataset": dataset, "form": form, "look": look}
    return render(request, "data/columns.html", context)


@page("data.upload")
def check(request: Any, workspace: str, pk: int) -> HttpResponse:
    """All answers on one page; the button starts the import."""
    found = upload_of(request, pk)
    look = _look(found)
    if not importing.is_changeable(found) or look is None or look.get("problem"):
        return redirect("data:upload", workspace, pk)
    if request.method == "POST":
        importing.ask_for_import(request.actor, found)
        return redirect("data:upload", workspace, pk)
    context = {
        "upload": found,
        "dataset": found.dataset,
        "look": look,
        "rows": _answers(found),
        "mapping": found.settings.get("mapping", ""),
    }
    return render(request, "data/check.html", context)


def _answers(upload: Upload) -> list[Any]:
    """What was answered, and where each answer is changed."""
    slug, given, dataset = upload.workspace.slug, upload.settings, upload.dataset
    assert dataset is not None
    change = _("Change")
    dropped = ", ".join(given.get("drop", [])) or _("None")
    rows: list[Any] = [
        (_("Data set"), dataset.name),
        (_("File"), upload.file_name),
        (_("Columns that are not read"), dropped),
    ]
    if not importing.is_table(dataset.kind):
        url = reverse("data:columns", args=[slug, upload.pk])
        chosen = given.get("columns", {})
        rows += [(ROLE_LABELS[role], name, url, change) for role, name in chosen.items() if role]
        return rows
    url = reverse("data:mapping", args=[slug, upload.pk])
    content = tomllib.loads(given.get("mapping", ""))
    time, place, kind = (content.get(name, {}) for name in ("time", "place", "type"))
    formats = time.get("formats", [])
    written = ", ".join([formats] if isinstance(formats, str) else formats)
    none = _("None")
    where = [place.get("x"), place.get("y"), place.get("area")]
    rows += [
        (_("When"), time.get("start") or none, url, change),
        (_("How times are written"), written or none, url, change),
        (_("Where"), ", ".join(name for name in where if name) or none, url, change),
        (_("Coordinate system"), place.get("crs") or _("Found by itself"), url, change),
        (_("Type"), kind.get("column") or kind.get("constant") or none, url, change),
        (_("Identifier"), content.get("id") or none, url, change),
        (_("Further columns"), ", ".join(content.get("keep", {}).values()) or none, url, change),
    ]
    return rows


@page("data.upload")
def mapping_toml(request: Any, workspace: str, pk: int) -> HttpResponse:
    """The mapping so far, as the file that the command line reads."""
    found = upload_of(request, pk)
    assert found.dataset is not None
    name = f"{slugify(found.dataset.name) or 'mapping'}.toml"
    response = HttpResponse(
        found.settings.get("mapping", ""), content_type="application/toml; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
