"""The page from which a whole workspace is taken out."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web import runs
from commonlight.web.eventlog.record import record
from commonlight.web.policy import page
from commonlight.web.portability.jobs import ARCHIVE
from commonlight.web.runs.models import Run, RunState

__all__ = ["download", "export"]

KIND = "portability.export"
SHOWN = 10


@page("workspace.export")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, workspace: str) -> HttpResponse:
    """Ask for an export, and see those that are there with their size."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        runs.request(actor, KIND, workspace=actor.workspace, reuse=False)
        return redirect("portability:export", workspace=workspace)
    found = list(_exports(actor.workspace)[:SHOWN])
    running = next((one for one in found if not one.is_over), None)
    context = {"runs": found, "running": running}
    return render(request, "portability/export.html", context)


@page("workspace.export")
@require_safe
def download(request: HttpRequest, workspace: str, pk: int) -> HttpResponseBase:
    """The zip file of one export; that it was taken is kept."""
    actor = request.actor  # type: ignore[attr-defined]
    run = _exports(actor.workspace).filter(pk=pk, state=RunState.DONE).first()
    path = run.result_path / ARCHIVE if run is not None and run.has_files else None
    if path is None or not path.is_file():
        raise Http404
    record(actor, "workspace.export.download", run, kind="export", bytes=path.stat().st_size)
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=f"{workspace}.zip")
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _exports(workspace: Any) -> Any:
    rows = Run.objects.of(workspace).filter(kind=KIND)
    return rows.select_related("workspace", "requested_by")
