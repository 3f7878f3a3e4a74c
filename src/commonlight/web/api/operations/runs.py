"""Runs: every computation, asked for and cancelled here, computed by the worker."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Status

from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.answers.things import RunFullOut, RunOut
from commonlight.web.api.auth import actor_in
from commonlight.web.api.convert import run_full_out, run_out
from commonlight.web.policy import Actor, require
from commonlight.web.runs.domain import cancel, run_again, visible_runs
from commonlight.web.runs.models import Run, RunState

router = Router(tags=["Runs"])
LARGEST = 2**63


@router.get("/workspaces/{workspace}/runs", response=answers(Page[RunOut]), operation_id="runs")
def runs(
    request: HttpRequest,
    workspace: str,
    state: Annotated[RunState | None, Query(description="Only runs in this state.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The runs that the one who asks may see, the newest first."""
    actor = actor_in(request, workspace, "run.view")
    rows = visible_runs(actor)
    if state is not None:
        rows = rows.filter(state=state)
    return page_of(rows, limit, offset, run_out)


@router.get("/workspaces/{workspace}/runs/{run}", response=answers(RunFullOut), operation_id="run")
def one_run(request: HttpRequest, workspace: str, run: int) -> dict[str, Any]:
    """One run with all that went in and came out."""
    actor = actor_in(request, workspace, "run.view")
    return run_full_out(actor, found_run(actor, run))


@router.post(
    "/workspaces/{workspace}/runs/{run}/cancel", response=answers(RunOut), operation_id="cancel_run"
)
def cancel_run(request: HttpRequest, workspace: str, run: int) -> dict[str, Any]:
    """Stop a run: at once where it waits, at its next step where it runs."""
    actor = actor_in(request, workspace, "run.cancel")
    found = found_run(actor, run)
    cancel(actor, found)
    return run_out(found)


@router.post(
    "/workspaces/{workspace}/runs/{run}/again",
    response=answers(RunOut, status=201),
    operation_id="run_again",
)
def start_again(request: HttpRequest, workspace: str, run: int) -> Status[dict[str, Any]]:
    """Ask for the same computation once more, with the library as it is now."""
    actor = actor_in(request, workspace, "run.start")
    return Status(201, run_out(run_again(actor, found_run(actor, run))))


def found_run(actor: Actor, number: int) -> Run:
    """A run that the actor may see."""
    if not 0 < number < LARGEST:
        raise Http404
    rows = Run.objects.of(actor.workspace).select_related("workspace")
    found: Run | None = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    require(actor, "run.view", found)
    return found
