"""The harm of a row from a finding: the share of its kinds of incidents under each set of weights.

Nothing is computed anew: the finding holds, for each kind, its share of all harm under each set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F

from commonlight.web.audits.models import StoredFinding
from commonlight.web.audits.visibility import Sight
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
    rows = StoredFinding.objects.of(actor.workspace).filter(
        key__endswith=ENDING, run=F("plan__latest_run")
    )
    found = list(rows.select_related("workspace").defer("public_content"))
    sight = Sight.of(actor, {slug for one in found for slug in one.sources})
    read = [_read(one) for one in found if sight.of_finding(one)]
    return [one for one in read if one is not None]


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
