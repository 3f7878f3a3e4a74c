"""What the overview says of runs: those of one's own that failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.policy import Actor
from commonlight.web.runs.models import Run, RunState
from commonlight.web.workspaces.overview import Task, task_source

__all__ = ["failed_runs"]

WITHIN = timedelta(days=7)
SHOWN = 3


@task_source("run.view")
def failed_runs(actor: Actor) -> Iterable[Task]:
    """The newest failed runs that the actor asked for."""
    failed = Run.objects.of(actor.workspace).filter(
        requested_by_id=actor.user_id,
        state=RunState.FAILED,
        finished_at__gte=timezone.now() - WITHIN,
    )
    for run in failed.defer("result", "messages", "checkpoints")[:SHOWN]:
        yield Task(
            text=_("A run failed: %(run)s") % {"run": run.name},
            url=reverse("runs:run", args=[actor.workspace.slug, run.pk]),
            note=run.failure_text,
        )
