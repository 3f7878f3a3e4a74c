"""What the findings page shows: which audit, which view of it, and what of it may be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commonlight.web.audits.domain.plans import View, run_of_view
from commonlight.web.audits.domain.results import SourceUse, area_choices
from commonlight.web.audits.enums import CERTAINTY_KINDS, Block
from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.runs.models import Run

__all__ = ["BlockOfCards", "Card", "areas_of_run", "blocks_of", "chosen_run", "headline_of"]


@dataclass(frozen=True)
class Card:
    """One finding in a list, with its sources as the run used them."""

    finding: StoredFinding
    kind: str
    sources: tuple[SourceUse, ...]

    @property
    def age_days(self) -> int | None:
        """The age of the oldest of its sources of records, in days."""
        ages = [one.age_days for one in self.sources if one.age_days is not None]
        return max(ages, default=None)


@dataclass(frozen=True)
class BlockOfCards:
    """One of the six parts of an audit; an empty one says what is missing."""

    block: Block
    cards: tuple[Card, ...]
    missing: tuple[dict[str, Any], ...]


def chosen_run(
    plan: AuditPlan, view: View, run: Run | None = None
) -> tuple[Run | None, Run | None]:
    """The stored result to show, and a newer run on its way."""
    if run is not None:
        return run, None
    done, pending = run_of_view(plan, view)
    if done is None and view.is_main(plan):
        done = plan.latest_run
    return done, pending


def blocks_of(
    findings: Sequence[StoredFinding],
    sources: dict[str, SourceUse],
    *,
    missing: Sequence[dict[str, Any]] = (),
) -> list[BlockOfCards]:
    """The findings by part of the audit, with the sources that each part lacks."""
    return [
        BlockOfCards(
            block,
            tuple(_card(one, sources) for one in findings if one.block == block),
            tuple(item for item in missing if item.get("block") == block),
        )
        for block in Block
    ]


def headline_of(
    findings: Sequence[StoredFinding], run: Run, sources: dict[str, SourceUse]
) -> list[Card]:
    """What a person with fifteen minutes reads, in the order of the run."""
    order = {key: number for number, key in enumerate((run.result or {}).get("headline", ()))}
    chosen = [one for one in findings if one.is_headline]
    chosen.sort(key=lambda one: (order.get(one.key, len(order)), one.order))
    return [_card(one, sources) for one in chosen]


def _card(finding: StoredFinding, sources: dict[str, SourceUse]) -> Card:
    kind = CERTAINTY_KINDS.get(finding.certainty, "")
    used = tuple(sources[slug] for slug in finding.sources if slug in sources)
    return Card(finding, kind, used)


def areas_of_run(run: Run | None, visible: Sequence[StoredFinding]) -> list[tuple[str, str]]:
    """Codes and names of areas; only one finding's table is read for them."""
    if run is None:
        return []
    ranked = sorted(
        (one for one in visible if one.place_detail == "area"),
        key=lambda one: (not one.key.startswith("context."), one.order),
    )
    for one in ranked[:3]:
        full = StoredFinding.objects.of(run.workspace).filter(pk=one.pk)
        choices = area_choices(full)
        if choices:
            return choices
    return []
