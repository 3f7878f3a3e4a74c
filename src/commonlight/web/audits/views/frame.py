"""What every page of a workspace is given."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from commonlight.web.agreements.domain import today_in
from commonlight.web.audits.domain.plans import KIND
from commonlight.web.audits.models import AuditPlan, Release
from commonlight.web.policy import Actor
from commonlight.web.runs.models import Run, RunState

__all__ = ["actor_of", "asked_number", "found_plan", "found_release", "found_run", "today_of"]


NOT_SHOWN = ("messages", "checkpoints")
"""What a run tells while it works, which no page of its result shows."""


def actor_of(request: HttpRequest) -> Actor:
    """The one who asks, as the policy found them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def asked_number(request: HttpRequest, name: str) -> int | None:
    """A number in the address; anything that is no number of a thing is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def today_of(workspace: Any) -> date:
    """The day on the workspace's own calendar."""
    return today_in(workspace) if workspace is not None else timezone.localdate()


def found_plan(actor: Actor, slug: str) -> AuditPlan:
    """The plan, or no such page."""
    plans = AuditPlan.objects.of(actor.workspace).select_related("latest_run", "workspace")
    plan: AuditPlan | None = plans.filter(slug=slug).first()
    if plan is None:
        raise Http404
    return plan


def found_run(actor: Actor, pk: int) -> Run:
    """A finished run of an audit, or no such page."""
    runs = Run.objects.of(actor.workspace).select_related("workspace").defer(*NOT_SHOWN)
    run: Run | None = runs.filter(pk=pk, kind=KIND, state=RunState.DONE).first()
    if run is None:
        raise Http404
    return run


def found_release(actor: Actor, number: int) -> Release:
    """The release, or no such page."""
    releases = Release.objects.of(actor.workspace).select_related(
        "run__workspace",
        "proposed_by__user",
        "proposed_by__organisation",
        "checked_by__user",
        "checked_by__organisation",
    )
    release: Release | None = releases.filter(number=number).first()
    if release is None:
        raise Http404
    return release
