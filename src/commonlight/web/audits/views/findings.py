"""The findings of an audit: headline, six parts, filters and views."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonlight.web.audits.domain.divergence import Divergence, divergence_findings
from commonlight.web.audits.domain.faces import face_of, stamp_of
from commonlight.web.audits.domain.plans import plans_of, start_audit
from commonlight.web.audits.domain.results import SourceUse, sources_of_run
from commonlight.web.audits.domain.shown import areas_of_run, blocks_of, chosen_run, headline_of
from commonlight.web.audits.enums import CERTAINTY_KINDS, CERTAINTY_MEANINGS
from commonlight.web.audits.forms.filters import FindingFilter
from commonlight.web.audits.methods import offence_classes
from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.audits.views.finding import map_addresses
from commonlight.web.audits.views.frame import (
    actor_of,
    asked_number,
    found_plan,
    found_run,
    today_of,
)
from commonlight.web.audits.visibility import visible_findings
from commonlight.web.eventlog.reads import note_read
from commonlight.web.policy import page
from commonlight.web.runs.models import Run

__all__ = ["compute", "divergence", "index"]


@page("finding.view")
@require_safe
def index(request: HttpRequest, workspace: str) -> HttpResponse:
    """Stored findings that the person may see, narrowed by the filters in the address."""
    actor = actor_of(request)
    plans = plans_of(actor)
    run = _asked_run(request)
    plan = _asked_plan(request, plans, run)
    if plan is None:
        return render(request, "audits/findings_none.html")
    visible, hidden = _seen(request, run or plan.latest_run)
    sources = _sources(request, run or plan.latest_run)
    form = _filters(request, plans, run or plan.latest_run, visible, sources)
    view = form.view(plan)
    shown, pending = chosen_run(plan, view, run)
    if shown is not None and shown != (run or plan.latest_run):
        visible, hidden = _seen(request, shown)
        sources = _sources(request, shown)
    findings = form.narrowed(visible)
    _note_read(request, shown, findings, sources)
    result: dict[str, Any] = (shown.result if shown else None) or {}
    context = {
        "plan": plan,
        "form": form,
        "view": view,
        "is_main": view.is_main(plan),
        "run": shown,
        "pending": pending,
        "hidden": hidden,
        "count": len(findings),
        "total": len(visible),
        "headline": headline_of(findings, shown, sources) if shown else [],
        "blocks": blocks_of(findings, sources, missing=result.get("missing") or ()),
        "result": result,
        "meanings": CERTAINTY_MEANINGS,
        "overtaken": [one for one in sources.values() if one.is_overtaken],
    }
    return render(request, "audits/findings.html", context)


def _asked_run(request: HttpRequest) -> Run | None:
    """The stored result that the address names."""
    number = asked_number(request, "run")
    return None if number is None else found_run(actor_of(request), number)


def _asked_plan(request: HttpRequest, plans: list[AuditPlan], run: Run | None) -> AuditPlan | None:
    """The plan of the result, the plan that was chosen, or the one with the newest result."""
    slug = (run.parameters.get("plan") if run else None) or request.GET.get("plan", "")
    return next((one for one in plans if one.slug == slug), next(iter(plans), None))


def _seen(request: HttpRequest, run: Run | None) -> Any:
    return ([], []) if run is None else visible_findings(actor_of(request), run)


def _sources(request: HttpRequest, run: Run | None) -> Any:
    workspace = actor_of(request).workspace
    return {} if run is None else sources_of_run(run, today=today_of(workspace))


def _note_read(request: HttpRequest, run: Run | None, findings: Any, sources: Any) -> None:
    """Keep that sentences about sensitive data were read."""
    read = {slug for one in findings for slug in one.sources}
    if run is not None and any(
        use.dataset.is_sensitive for slug, use in sources.items() if slug in read
    ):
        note_read(actor_of(request), run, action="finding.view")


def _filters(
    request: HttpRequest,
    plans: list[AuditPlan],
    run: Run | None,
    visible: list[StoredFinding],
    used: dict[str, SourceUse],
) -> FindingFilter:
    named = {slug for one in visible for slug in one.sources}
    return FindingFilter(
        request.GET,
        plans=plans,
        sources=[(slug, one.dataset.name) for slug, one in used.items() if slug in named],
        classes=offence_classes(),
        areas=areas_of_run(run, visible),
    )


@page("audit.start")
@require_POST
def compute(request: HttpRequest, workspace: str, plan: str) -> HttpResponse:
    """Compute a view that is not stored yet; one that is on its way is not asked for twice."""
    actor = actor_of(request)
    kept = found_plan(actor, plan)
    visible, _hidden = _seen(request, kept.latest_run)
    form = FindingFilter(
        request.POST,
        plans=[kept],
        sources=(),
        classes=offence_classes(),
        areas=areas_of_run(kept.latest_run, visible),
    )
    address = reverse("audits:findings", args=[workspace])
    query = request.POST.copy()
    query.pop("csrfmiddlewaretoken", None)
    if form.is_valid():
        start_audit(actor, kept, form.view(kept))
        messages.success(request, _("This view is being computed. You may go on meanwhile."))
    return redirect(f"{address}?{query.urlencode()}")


@page("finding.view")
@require_safe
def divergence(request: HttpRequest, workspace: str) -> HttpResponse:
    """Where what is recorded and what is felt part ways, area by area."""
    actor = actor_of(request)
    plans = plans_of(actor)
    run = _asked_run(request)
    plan = _asked_plan(request, plans, run)
    shown = run or (plan.latest_run if plan else None)
    found, hidden = divergence_findings(actor, shown) if shown else ([], [])
    used = _sources(request, shown)
    _note_read(request, shown, [one.finding for one in found], used)
    context = {
        "plan": plan,
        "plans": plans,
        "run": shown,
        "found": [_compared(request, one, used) for one in found],
        "hidden": hidden,
    }
    return render(request, "audits/divergence.html", context)


def _compared(request: HttpRequest, one: Divergence, used: dict[str, SourceUse]) -> dict[str, Any]:
    """A comparison with its map and list, as on the page of the finding."""
    finding = one.finding
    path = reverse("audits:finding", args=[finding.run.workspace.slug, finding.run_id, finding.key])
    stamp = stamp_of(
        finding,
        finding.content,
        [used[slug] for slug in finding.sources if slug in used],
        address=request.build_absolute_uri(path),
    )
    return {
        "finding": finding,
        "kind": CERTAINTY_KINDS.get(finding.certainty, ""),
        "observed": one.observed,
        "classes": one.classes,
        "face": face_of(finding, finding.content, stamp),
        **map_addresses(finding),
    }
