"""Audit plans: keep them, start their runs, and find the run of a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from commonlight.web.audits.domain.settings import datasets_in
from commonlight.web.audits.models import AuditPlan
from commonlight.web.audits.visibility import Sight
from commonlight.web.data.models import DataSet
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, Decision, Refused, allowed, refused, require
from commonlight.web.runs.models import Run, RunState

__all__ = [
    "KIND",
    "View",
    "can_start",
    "keep_plan",
    "newest_run",
    "plans_of",
    "run_of_view",
    "start_audit",
]

KIND = "audits.audit"


@dataclass(frozen=True, kw_only=True)
class View:
    """A cut of an audit: a period, classes of offences and areas; empty means all."""

    period: tuple[date, date]
    iccs: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @classmethod
    def main(cls, plan: AuditPlan) -> View:
        """The whole audit, as it was planned."""
        first, last = plan.settings["period"]
        return cls(period=(date.fromisoformat(first), date.fromisoformat(last)))

    def is_main(self, plan: AuditPlan) -> bool:
        """Whether this is the whole audit."""
        return self == View.main(plan)

    def parameters(self, plan: AuditPlan) -> dict[str, Any]:
        """The parameters of its run; the same view always gives the same ones."""
        return {
            "plan": plan.slug,
            "settings": plan.settings,
            "period": [day.isoformat() for day in self.period],
            "iccs": sorted(self.iccs),
            "types": [],
            "areas": sorted(self.areas),
        }


def plans_of(actor: Actor) -> list[AuditPlan]:
    """The plans of the workspace, the one with the newest result first."""
    found = AuditPlan.objects.of(actor.workspace).select_related("latest_run", "created_by__user")
    return sorted(found, key=lambda plan: -(plan.latest_run_id or 0))


def keep_plan(actor: Actor, plan: AuditPlan | None, *, title: str, settings: Any) -> AuditPlan:
    """Make a plan or change it; a change never touches what was computed before."""
    require(actor, "audit.plan", plan)
    with transaction.atomic():
        if plan is None:
            plan = AuditPlan(
                workspace=actor.workspace,
                slug=_free_slug(actor.workspace, title),
                created_by=actor.membership,
            )
            action = "audit.plan.make"
        else:
            action = "audit.plan.change"
        plan.title, plan.settings = title, settings
        plan.save()
        record(actor, action, plan, datasets=datasets_in(settings))
    return plan


def _free_slug(workspace: Any, title: str) -> str:
    stem = slugify(title)[:50].strip("-") or "audit"
    taken = set(
        AuditPlan.objects.of(workspace).filter(slug__startswith=stem).values_list("slug", flat=True)
    )
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (stem, *numbered) if one not in taken)


def can_start(actor: Actor, plan: AuditPlan) -> Decision:
    """Every data set of the plan must be there, have a version and be open to the actor."""
    _, decision = _inputs(actor, plan)
    return decision


def start_audit(actor: Actor, plan: AuditPlan, view: View | None = None) -> Run:
    """Ask for the run of a plan or of a view of it; a stored result is given back."""
    require(actor, "audit.start", plan)
    inputs, decision = _inputs(actor, plan)
    if not decision:
        raise Refused("audit.start", decision)
    from commonlight.web.runs.domain import request

    chosen = view or View.main(plan)
    run: Run = request(
        actor,
        KIND,
        workspace=actor.workspace,
        title_values={"plan": plan.title},
        inputs=inputs,
        parameters=chosen.parameters(plan),
        reuse=True,
    )
    record(actor, "audit.start", plan, run=run.pk, **_told(chosen))
    return run


def _told(view: View) -> dict[str, Any]:
    return {"period": [str(day) for day in view.period], "iccs": view.iccs, "areas": view.areas}


def _inputs(actor: Actor, plan: AuditPlan) -> tuple[list[dict[str, Any]], Decision]:
    """The newest version of each data set of a plan, or why it cannot be read."""
    slugs = datasets_in(plan.settings)
    sight = Sight.of(actor, slugs)
    inputs = []
    for slug in slugs:
        decision = sight.of_source(slug)
        if not decision:
            return [], decision
        dataset = sight.seen[slug].dataset
        if dataset.current is None:
            return [], _without_version(dataset)
        inputs.append(_input(dataset))
    return inputs, allowed if inputs else _without_data()


def _input(dataset: DataSet) -> dict[str, Any]:
    assert dataset.current is not None
    return {
        "dataset": dataset.slug,
        "version": dataset.current.number,
        "digest": dataset.current.digest,
    }


def _without_version(dataset: DataSet) -> Decision:
    return refused(
        _("The data set “%(dataset)s” has no data yet.") % {"dataset": dataset.name},
        _("Upload a file to it, or take it out of the audit."),
    )


def _without_data() -> Decision:
    return refused(_("This audit names no data set."), _("Choose one in its settings."))


def newest_run(plan: AuditPlan) -> Run | None:
    """The newest run of the plan in any state, views left out."""
    return _first(_runs_of(plan, View.main(plan)), lambda run: True)


def run_of_view(plan: AuditPlan, view: View) -> tuple[Run | None, Run | None]:
    """The stored result of a view, and the run that is on its way to one."""
    runs = _runs_of(plan, view)
    done = _first(runs, lambda run: run.state == RunState.DONE)
    newer = [run for run in runs if done is None or run.pk > done.pk]
    return done, newer[0] if newer else None


def _runs_of(plan: AuditPlan, view: View) -> list[Run]:
    """The runs of a view, newest first; the settings are those of the plan today."""
    wanted = view.parameters(plan)
    found = (
        Run.objects.of(plan.workspace)
        .filter(
            kind=KIND,
            parameters__plan=plan.slug,
            parameters__period=wanted["period"],
            parameters__iccs=wanted["iccs"],
            parameters__areas=wanted["areas"],
        )
        .defer("checkpoints", "messages")
        .order_by("-pk")[:50]
    )
    return [run for run in found if _same(run.parameters, wanted)]


def _same(given: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(given.get(key) == value for key, value in wanted.items())


def _first(runs: Iterable[Run], fits: Any) -> Run | None:
    return next((run for run in runs if fits(run)), None)
