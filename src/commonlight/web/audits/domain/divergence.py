"""The divergence of records and feelings: what was observed first, then the areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from commonlight.web.audits.models import StoredFinding
from commonlight.web.audits.visibility import HiddenReason, visible_findings
from commonlight.web.policy import Actor
from commonlight.web.runs.models import Run

__all__ = ["Divergence", "divergence_findings"]

SUFFIX = ".divergence"
#: Findings about what was seen on site, which stand before any map of feelings.
OBSERVED = ".seen"
UNDECIDED = "cannot tell"


@dataclass(frozen=True)
class Divergence:
    """One comparison, with what was seen on site in the same areas."""

    finding: StoredFinding
    observed: tuple[StoredFinding, ...]

    @property
    def classes(self) -> list[tuple[str, list[str]]]:
        """The areas by class, in the order of the table; those we cannot tell stand last."""
        table = self.finding.content.get("table") or {"columns": [], "rows": []}
        names = [column["name"] for column in table["columns"]]
        if "class" not in names or "area" not in names:
            return []
        kind, area = names.index("class"), names.index("area")
        found: dict[str, list[str]] = {}
        for row in table["rows"]:
            found.setdefault(str(row[kind]), []).append(str(row[area]))
        return sorted(found.items(), key=lambda entry: entry[0] == UNDECIDED)


def divergence_findings(actor: Actor, run: Run) -> tuple[list[Divergence], list[HiddenReason]]:
    """The comparisons that the actor may see, and why others are kept back."""
    visible, hidden = visible_findings(actor, run)
    compared = [one.pk for one in visible if one.key.endswith(SUFFIX)]
    observed = [one.pk for one in visible if _is_observed(one)]
    full = {one.pk: one for one in _with_content(actor, run, [*compared, *observed])}
    causes = tuple(full[pk] for pk in observed if pk in full)
    return [Divergence(full[pk], causes) for pk in compared if pk in full], hidden


def _is_observed(finding: StoredFinding) -> bool:
    return finding.key.endswith(OBSERVED)


def _with_content(actor: Actor, run: Run, keys: list[int]) -> Any:
    rows = StoredFinding.objects.of(actor.workspace).filter(run=run, pk__in=keys)
    return rows.select_related("run__workspace", "plan").defer("public_content").order_by("order")
