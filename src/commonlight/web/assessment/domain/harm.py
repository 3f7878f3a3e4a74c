"""The harm of a row from a finding: the share of its kinds of incidents under each set of weights.

Nothing is computed anew: the finding holds, for each kind, its share of all harm under each set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.audits.visibility import visible_findings
from commonlight.web.policy import Actor

__all__ = ["HarmFinding", "harm_findings", "sum_of_kinds"]

ENDING = "harm-kinds"
NO_SETS = ("kind", "count", "share", "middle", "lower", "upper")


@dataclass(frozen=True)
class HarmFinding:
    """A finding on harm by kind: the sets it compares and what each says of each kind."""

    finding: StoredFinding
    sets: dict[str, str]
    kinds: dict[str, dict[str, Decimal]]


def harm_findings(actor: Actor) -> list[HarmFinding]:
    """Findings on harm of the newest run of each audit that the actor may see."""
    plans = AuditPlan.objects.of(actor.workspace).exclude(latest_run=None)
    found = []
    for plan in plans.select_related("latest_run", "workspace"):
        visible, _hidden = visible_findings(actor, plan.latest_run)
        found += [_read(one) for one in visible if one.key.endswith(ENDING)]
    return [one for one in found if one is not None]


def sum_of_kinds(found: HarmFinding, kinds: Iterable[str]) -> dict[str, Decimal]:
    """The joint share of some kinds under each set; a set that lacks one of them is left out.

    Raises
    ------
    KeyError
        If the finding has no such kind.
    """
    rows = [found.kinds[kind] for kind in kinds]
    return {
        name: sum((row[name] for row in rows), Decimal(0))
        for name in found.sets
        if rows and all(name in row for row in rows)
    }


def _read(finding: StoredFinding) -> HarmFinding | None:
    table: Any = (finding.content or {}).get("table") or {}
    columns = [(str(one["name"]), str(one["label"])) for one in table.get("columns", ())]
    sets = {name: label for name, label in columns if name not in NO_SETS}
    names = [name for name, _label in columns]
    kinds = {}
    for row in table.get("rows", ()):
        cells = dict(zip(names, row, strict=True))
        shares = {one: Decimal(str(cells[one])) for one in sets if cells[one] is not None}
        if shares:
            kinds[str(cells["kind"])] = shares
    return HarmFinding(finding, sets, kinds) if sets and kinds else None
