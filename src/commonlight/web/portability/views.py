"""The pages from which a whole workspace is taken out, with the consent of its partners."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonlight.web import runs
from commonlight.web.data.models import DataSet
from commonlight.web.eventlog.record import record
from commonlight.web.policy import WorkspaceRequest, page, require
from commonlight.web.portability import consent as consents
from commonlight.web.portability.jobs import ARCHIVE
from commonlight.web.portability.models import ExportConsent
from commonlight.web.runs.models import Run, RunState

__all__ = ["ask_consent", "consent", "download", "export"]

KIND = "portability.export"
SHOWN = 10


@page("workspace.export")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Ask for an export, and see those that are there with their size."""
    actor = request.actor
    if request.method == "POST":
        runs.request(actor, KIND, workspace=actor.workspace, reuse=False)
        return redirect("portability:export", workspace=workspace)
    found = list(_exports(actor.workspace)[:SHOWN])
    running = next((one for one in found if not one.is_over), None)
    others = consents.standings(actor.workspace, but=actor.organisation_id)
    context = {
        "runs": found,
        "running": running,
        "others": others,
        "is_agreed": all(one.agrees for one in others),
    }
    return render(request, "portability/export.html", context)


@page("workspace.export")
@require_safe
def download(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponseBase:
    """The zip file of one export; that it was taken is kept."""
    actor = request.actor
    require(actor, "workspace.export", actor.workspace)
    run = _exports(actor.workspace).filter(pk=pk, state=RunState.DONE).first()
    path = run.result_path / ARCHIVE if run is not None and run.has_files else None
    if path is None or not path.is_file():
        raise Http404
    record(actor, "workspace.export.download", run, kind="export", bytes=path.stat().st_size)
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=f"{workspace}.zip")
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@page("workspace.export")
@require_POST
def ask_consent(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Ask all whose data are in the export and who have not agreed."""
    consents.ask(request.actor)
    messages.success(request, _("The signatories find the question on their overview."))
    return redirect("portability:export", workspace=workspace)


@page("workspace.consent")
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The signatory of an organisation agrees to complete exports, or takes that back."""
    actor = request.actor
    if request.method == "POST":
        if request.POST.get("answer") == "agree":
            consents.agree(actor)
            messages.success(request, _("Your organisation agrees, for thirty days."))
        else:
            consents.take_back(actor)
            messages.success(request, _("Your organisation does not agree to exports."))
        return redirect("portability:consent", workspace=workspace)
    context = {
        "organisation": actor.membership.organisation,
        "standing": consents.own_standing(actor),
        "own": _own_datasets(actor),
        "days": ExportConsent.VALID_FOR.days,
    }
    return render(request, "portability/consent.html", context)


def _own_datasets(actor: Any) -> Any:
    """What of the actor's organisation would leave, and is not public."""
    rows = DataSet.objects.of(actor.workspace).filter(owner_id=actor.organisation_id)
    return rows.filter(is_public=False)


def _exports(workspace: Any) -> Any:
    rows = Run.objects.of(workspace).filter(kind=KIND)
    return rows.select_related("workspace", "requested_by")
