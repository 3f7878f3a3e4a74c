"""Make the demo: a simulated city, its partnership, its data and its audit."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from commonlight.web.demo import leftovers
from commonlight.web.runs.models import Run, RunState
from commonlight.web.workspaces.models import Workspace

__all__ = ["DemoError", "prepare"]

INCIDENTS = 100_000
SEED = 1

Progress = Callable[[str], None]


class DemoError(RuntimeError):
    """The demo could not be made."""


def prepare(progress: Progress = lambda text: None) -> None:
    """Make the demo where it is not there yet."""
    home = Path(settings.COMMONLIGHT_HOME)
    if leftovers.is_made(home):
        return
    if Workspace.objects.exists():
        raise DemoError(_taken(home))
    from commonlight.web.demo import methods

    leftovers.mark_started(home)
    folder = home / "demo-city"
    progress("Simulating a city")
    incidents = int(os.environ.get("COMMONLIGHT_DEMO_INCIDENTS", INCIDENTS))
    methods.write_files(folder, incidents=incidents, seed=SEED)
    _fill(folder, progress)
    leftovers.mark_made(home)


def _taken(home: Path) -> str:
    if Workspace.objects.filter(is_simulated=False).exists():
        return (
            f"{home} holds a real workspace, which the demo would change; "
            "name another folder with --home"
        )
    return (
        "the database holds a demo that was not finished; empty the database, "
        "or name another folder with --home"
    )


def _fill(folder: Path, progress: Progress) -> None:
    from commonlight.web.demo import (
        audits,
        deliveries,
        methods,
        partnership,
        passengers,
        path,
        sharing,
    )

    with transaction.atomic():
        place = partnership.make_partnership(methods.city_name(folder))
        sharing.agree(place)
    for source in partnership.SOURCES:
        progress(f"Bringing in {source.file}")
        _finish(deliveries.deliver(place, source, folder))
    deliveries.plan_next(place)
    progress("Auditing the city")
    _finish(audits.start_audit(place))
    audits.release_first(place)
    with transaction.atomic():
        passengers.promise_counts(place)
    for run in passengers.bring_counts(place, folder):
        _finish(run)
    with transaction.atomic():
        path.make_path(place, progress)


def _finish(run: Run) -> None:
    """Work until the run is over, in this process, and stop where it failed."""
    from commonlight.web.runs.worker import work_off

    work_off()
    run.refresh_from_db()
    if run.state != RunState.DONE:
        raise DemoError(f"{run.kind} of the demo ended as {run.state}: {run.failure_text}")
