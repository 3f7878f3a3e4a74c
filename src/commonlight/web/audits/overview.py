"""What the first page of a workspace shows of its audits, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commonlight.web.audits.domain.plans import plans_of
from commonlight.web.audits.domain.results import sources_of_run
from commonlight.web.audits.domain.shown import headline_of
from commonlight.web.audits.rules import releases_to_check
from commonlight.web.audits.views.frame import today_of
from commonlight.web.audits.visibility import visible_findings
from commonlight.web.policy import Actor
from commonlight.web.workspaces.overview import Section, Task, section, task_source

__all__ = ["headline", "waiting_releases"]

MOST_TASKS = 5


@section(order=10, action="finding.view")
def headline(actor: Actor) -> Section | None:
    """The newest findings in short."""
    plan = next(iter(plans_of(actor)), None)
    run = plan.latest_run if plan is not None else None
    if run is None:
        return None
    visible, hidden = visible_findings(actor, run)
    used = sources_of_run(run, today=today_of(actor.workspace))
    context = {
        "plan": plan,
        "run": run,
        "cards": headline_of(visible, run, used),
        "hidden": sum(one.count for one in hidden),
        "absent_voices": (run.result or {}).get("absent_voices", []),
    }
    return Section(template="audits/overview.html", context=context)


@task_source("release.check")
def waiting_releases(actor: Actor) -> Iterable[Task]:
    """Releases that the actor may check."""
    for release in releases_to_check(actor, most=MOST_TASKS):
        yield Task(
            text=_("Check the release “%(title)s”") % {"title": release.title},
            url=reverse("audits:release", args=[actor.workspace.slug, release.number]),
            note=_("A second person must check it before it becomes public."),
        )
