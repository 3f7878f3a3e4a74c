"""The demo's audit, one release that is public and one that waits for a second person."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.audits.domain import plans, releases
from commonlight.web.audits.domain.settings import first_guess
from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.data.models import DataSet
from commonlight.web.runs.models import Run
from commonlight.web.workspaces.actors import actor_for

__all__ = ["release_first", "start_audit"]

RESIDENTS = "residents-by-group"
AGES = {"18-24": "18_24", "25-44": "25_44", "45-64": "45_64", "65+": "65_plus"}
SEXES = ("women", "men")
GROUPS = {
    "sex": {sex: [f"{sex}_{age}" for age in AGES.values()] for sex in SEXES},
    "age": {label: [f"{sex}_{age}" for sex in SEXES] for label, age in AGES.items()},
}


def start_audit(place: SimpleNamespace) -> Run:
    """Plan the audit as the page would propose it, and ask for its run."""
    actor = actor_for(place.members["coordinator"].user, place.workspace)
    datasets = list(DataSet.objects.of(place.workspace).select_related("current"))
    settings = first_guess(_guessed_from(datasets), today=timezone.localdate())
    settings["residents"] = [{"dataset": RESIDENTS, "areas": "areas", "groups": GROUPS}]
    plan = plans.keep_plan(actor, None, title="Local safety audit 2025", settings=settings)
    return plans.start_audit(actor, plan)


def _guessed_from(datasets: list[DataSet]) -> list[DataSet]:
    """Residents by group are no count of residents by area, so the guess leaves them out."""
    return [one for one in datasets if one.slug != RESIDENTS]


def release_first(place: SimpleNamespace) -> None:
    """Let some findings go to the public, and propose some more."""
    plan = AuditPlan.objects.of(place.workspace).get()
    found = StoredFinding.objects.of(place.workspace).filter(
        plan=plan, public_content__isnull=False
    )
    chosen = list(found.filter(is_headline=True)[:4])
    waiting = list(found.filter(is_headline=False, block="problems")[:3])
    run = found.first().run
    analyst = actor_for(place.members["analyst"].user, place.workspace)
    coordinator = actor_for(place.members["coordinator"].user, place.workspace)
    first = releases.propose(
        analyst,
        run=run,
        findings=chosen,
        title=_("Safety in Lindhafen: what the audit of 2025 found"),
        text=_(
            "The partnership looked at records, a survey, reports and site visits. "
            "This page shows what was found, and what could not be found out."
        ),
    )
    releases.let_go(coordinator, first)
    releases.propose(
        analyst,
        run=run,
        findings=waiting,
        title=_("More about when and where"),
        text=_("Three further findings, with their limits."),
    )
