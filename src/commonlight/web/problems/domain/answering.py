"""Who answered the surveys on which a problem rests, set against all residents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.audits.visibility import Sight
from commonlight.web.data.models import DataSet
from commonlight.web.policy import Actor
from commonlight.web.problems.domain.evidence import Evidence

__all__ = ["Respondents", "respondents"]

ENDING = ".respondents"
"""How the audit calls its finding on who answered a survey."""


@dataclass(frozen=True, kw_only=True)
class Respondents:
    """What the newest audit found on who answered, by age, sex and area where it knows them."""

    sentence: str
    address: str
    table: Any


def respondents(actor: Actor, evidence: Evidence) -> list[Respondents]:
    """The comparisons for the data sets on which the problem rests, as far as the actor may see."""
    slugs = _slugs(actor, evidence)
    if not slugs:
        return []
    runs = AuditPlan.objects.of(actor.workspace).exclude(latest_run=None).values("latest_run")
    rows = StoredFinding.objects.of(actor.workspace).filter(run__in=runs, key__endswith=ENDING)
    found = [one for one in rows.order_by("run", "order") if slugs & {*one.sources}]
    sight = Sight.of(actor, (slug for one in found for slug in one.sources))
    return [_told(actor, one) for one in found if sight.of_finding(one)]


def _told(actor: Actor, finding: StoredFinding) -> Respondents:
    place = [actor.workspace.slug, finding.run_id, finding.key]
    return Respondents(
        sentence=finding.sentence,
        address=reverse("audits:finding", args=place),
        table=finding.content.get("table"),
    )


def _slugs(actor: Actor, evidence: Evidence) -> set[str]:
    """The data sets on which the problem rests, also through findings."""
    keys: dict[str, list[int]] = {"dataset": [], "finding": []}
    for one in evidence.standing:
        if one.key[0] in keys:
            keys[one.key[0]].append(int(one.key[1]))
    datasets = DataSet.objects.of(actor.workspace).filter(pk__in=keys["dataset"])
    findings = StoredFinding.objects.of(actor.workspace).filter(pk__in=keys["finding"])
    named = {slug for rows in findings.values_list("sources", flat=True) for slug in rows}
    return {*datasets.values_list("slug", flat=True), *named}
