"""Audits, findings, divergence and releases."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Status

from commonlight.web.agreements.domain import today_in
from commonlight.web.api.answers.paging import (
    Limit,
    Offset,
    Page,
    answers,
    file_answer,
    page_of,
)
from commonlight.web.api.answers.things import (
    FindingFullOut,
    FindingsOut,
    PlanOut,
    ReleaseOut,
    RunOut,
)
from commonlight.web.api.auth import actor_in
from commonlight.web.api.convert import (
    finding_full_out,
    finding_out,
    hidden_out,
    plan_out,
    release_out,
    run_out,
)
from commonlight.web.audits.domain.divergence import divergence_findings
from commonlight.web.audits.domain.downloads import FILES, download
from commonlight.web.audits.domain.faces import stamp_of
from commonlight.web.audits.domain.plans import KIND, plans_of, start_audit
from commonlight.web.audits.domain.results import sources_of_run
from commonlight.web.audits.enums import Block, Certainty
from commonlight.web.audits.models import AuditPlan, Release, ReleaseState, StoredFinding
from commonlight.web.audits.visibility import Sight, visible_findings
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.runs.models import Run, RunState

router = Router(tags=["Audits and findings"])
LARGEST = 2**63
OneBlock = Annotated[Block | None, Query(description="Only this part of the audit.")]
OneCertainty = Annotated[Certainty | None, Query(description="Only findings as sure as this.")]


@router.get(
    "/workspaces/{workspace}/audits", response=answers(Page[PlanOut]), operation_id="audits"
)
def audits(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The audits of the workspace."""
    actor = actor_in(request, workspace, "audit.view")
    return page_of(plans_of(actor), limit, offset, plan_out)


@router.post(
    "/workspaces/{workspace}/audits/{audit}/runs",
    response=answers(RunOut, status=201),
    operation_id="start_audit",
)
def start(request: HttpRequest, workspace: str, audit: str) -> Status[dict[str, Any]]:
    """Compute an audit from the newest data; a stored result of the same is given back."""
    actor = actor_in(request, workspace, "audit.start")
    plans = AuditPlan.objects.of(actor.workspace).select_related("latest_run", "workspace")
    plan = plans.filter(slug=audit).first()
    if plan is None:
        raise Http404
    return Status(201, run_out(start_audit(actor, plan)))


@router.get(
    "/workspaces/{workspace}/findings", response=answers(FindingsOut), operation_id="findings"
)
def findings(
    request: HttpRequest,
    workspace: str,
    audit: Annotated[str, Query(max_length=60, description="Short name of the audit.")] = "",
    run: Annotated[int | None, Query(ge=1, lt=LARGEST, description="Number of a run.")] = None,
    block: OneBlock = None,
    certainty: OneCertainty = None,
    source: Annotated[str, Query(max_length=60, description="Short name of a data set.")] = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The findings of a run, else of the newest run of an audit, and why others are kept back."""
    actor = actor_in(request, workspace, "finding.view")
    chosen = _audit_run(actor, run) if run else _newest_run(actor, audit)
    visible, hidden = visible_findings(actor, chosen) if chosen else ([], [])
    kept = [
        one
        for one in visible
        if (not block or one.block == block)
        and (not certainty or one.certainty == certainty)
        and (not source or source in one.sources)
    ]
    return {
        **page_of(kept, limit, offset, finding_out),
        "run": chosen.pk if chosen else None,
        "hidden": [hidden_out(one) for one in hidden],
    }


@router.get(
    "/workspaces/{workspace}/findings/{run}/{key}",
    response=answers(FindingFullOut),
    operation_id="finding",
)
def finding(request: HttpRequest, workspace: str, run: int, key: str) -> dict[str, Any]:
    """One finding with its table, its method, its limits and its parameters."""
    actor = actor_in(request, workspace, "finding.view")
    found, sources = _opened(actor, run, key, "finding.view")
    if any(one.dataset.is_sensitive for one in sources):
        record(actor, "finding.view", found, kind="read", key=key)
    return finding_full_out(found)


@router.get(
    "/workspaces/{workspace}/findings/{run}/{key}/files/{name}",
    response=answers(None),
    operation_id="finding_file",
    openapi_extra=file_answer(*sorted({kind.split(";")[0] for kind in FILES.values()})),
)
def finding_file(
    request: HttpRequest, workspace: str, run: int, key: str, name: str
) -> HttpResponse:
    """A file of a finding: table.csv, finding.json, chart.svg, map.svg or map.geojson."""
    actor = actor_in(request, workspace, "finding.download")
    found, sources = _opened(actor, run, key, "finding.download")
    address = request.build_absolute_uri()
    stamp = stamp_of(found, found.content, sources, address=address)
    made = download(found, name, content=found.content, stamp=stamp)
    if made is None:
        raise Http404
    record(actor, "finding.download", found, kind="export", file=name)
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


@router.get(
    "/workspaces/{workspace}/divergence", response=answers(FindingsOut), operation_id="divergence"
)
def divergence(
    request: HttpRequest,
    workspace: str,
    audit: Annotated[str, Query(max_length=60, description="Short name of the audit.")] = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Where what was recorded and what people feel differ."""
    actor = actor_in(request, workspace, "finding.view")
    chosen = _newest_run(actor, audit)
    compared, hidden = divergence_findings(actor, chosen) if chosen else ([], [])
    return {
        **page_of([one.finding for one in compared], limit, offset, finding_out),
        "run": chosen.pk if chosen else None,
        "hidden": [hidden_out(one) for one in hidden],
    }


@router.get(
    "/workspaces/{workspace}/releases", response=answers(Page[ReleaseOut]), operation_id="releases"
)
def releases(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Releases that the one who asks may see, the newest first."""
    actor = actor_in(request, workspace, "release.view")
    rows = Release.objects.of(actor.workspace).select_related(
        "proposed_by__user", "checked_by__user", "workspace"
    )
    keys = StoredFinding.objects.of(actor.workspace).defer("content", "public_content")
    found = list(rows.prefetch_related(Prefetch("findings", keys)))
    return page_of(_seen(actor, found), limit, offset, _release)


def _seen(actor: Actor, releases: list[Release]) -> list[Release]:
    """What `release.view` allows, asked for many releases in a constant number of queries."""
    slugs = {slug for each in releases for one in each.findings.all() for slug in one.sources}
    sight = Sight.of(actor, slugs)
    return [
        each
        for each in releases
        if each.state == ReleaseState.RELEASED
        or all(sight.of_finding(one) for one in each.findings.all())
    ]


def _release(one: Any) -> dict[str, Any]:
    found = sorted(one.findings.all(), key=lambda finding: finding.order)
    return release_out(one, [finding.key for finding in found])


def _opened(actor: Actor, run: int, key: str, action: str) -> tuple[StoredFinding, list[Any]]:
    """A finding that the actor may see, and its sources as the run used them."""
    done = _audit_run(actor, run)
    rows = StoredFinding.objects.of(actor.workspace).filter(run=done, key=key)
    found = rows.select_related("plan").defer("public_content").first()
    if found is None:
        raise Http404
    found.run = done
    require(actor, action, found)
    used = sources_of_run(done, today=today_in(actor.workspace))
    return found, [used[slug] for slug in found.sources if slug in used]


def _audit_run(actor: Actor, number: int) -> Run:
    """A finished run of an audit."""
    if not 0 < number < LARGEST:
        raise Http404
    rows = Run.objects.of(actor.workspace).select_related("workspace")
    found: Run | None = rows.filter(pk=number, kind=KIND, state=RunState.DONE).first()
    if found is None:
        raise Http404
    return found


def _newest_run(actor: Actor, audit: str) -> Run | None:
    """The newest finished run of the audit named, else of any."""
    plans = [one for one in plans_of(actor) if not audit or one.slug == audit]
    if audit and not plans:
        raise Http404
    return next((one.latest_run for one in plans if one.latest_run), None)
