"""Which findings an actor may see: only those whose every source is covered as fine as it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.domain.words import place_words, time_words
from commonlight.web.agreements.models import Agreement
from commonlight.web.audits.models import StoredFinding
from commonlight.web.data.coverage import Seen, coverages
from commonlight.web.data.models import DataSet
from commonlight.web.policy import Actor, Decision, allowed, refused
from commonlight.web.workspaces.reading import read_once

__all__ = ["HiddenReason", "Sight", "datasets_named", "visible_findings"]


@read_once
def datasets_named(workspace: Any, slugs: list[str]) -> list[DataSet]:
    """The data sets of these names, also those that were deleted, in one query."""
    rows = DataSet.objects.of(workspace).filter(slug__in=slugs)
    related = rows.select_related("owner", "space", "current", "workspace")
    return list(related.defer("current__manifest", "current__quality"))


@dataclass(frozen=True)
class HiddenReason:
    """How many findings are kept from the actor, why, and whom to ask."""

    count: int
    reason: Any
    ask: Any


@dataclass(frozen=True)
class Sight:
    """What one actor may see of the data sets, read once for many findings."""

    seen: dict[str, Seen]

    @classmethod
    def of(cls, actor: Actor, slugs: Iterable[str]) -> Sight:
        """The coverage of the data sets named, in a constant number of queries."""
        wanted = sorted(set(slugs))
        if actor.workspace is None or not wanted:
            return cls({})
        return cls.on(actor, datasets_named(actor.workspace, wanted))

    @classmethod
    def on(cls, actor: Actor, datasets: list[DataSet]) -> Sight:
        """The coverage of data sets that are in hand, each with its owner and its space."""
        known = coverages(actor, datasets)
        return cls({one.slug: Seen(one, known[one.pk]) for one in datasets})

    def of_source(self, slug: str) -> Decision:
        """Whether a data set may be seen at all."""
        one = self.seen.get(slug)
        if one is None:
            return refused(
                _("The data set “%(dataset)s” is not in this workspace any more.")
                % {"dataset": slug},
                _("Ask the coordinator of this workspace."),
            )
        return allowed if one.coverage.allowed else _closed(one)

    def of_finding(self, finding: StoredFinding) -> Decision:
        """Whether every source may be seen as fine as the finding shows it."""
        for slug in finding.sources:
            decision = self.of_source(slug)
            if not decision:
                return decision
            one = self.seen[slug]
            if not one.coverage.reaches(finding.place_detail, finding.time_detail):
                return _too_fine(one)
        return allowed

    def agreements(self, finding: StoredFinding) -> list[tuple[DataSet, Agreement]]:
        """The agreements that let the actor see the finding, by data set."""
        found = [self.seen[slug] for slug in finding.sources if slug in self.seen]
        return [
            (one.dataset, one.coverage.agreement)
            for one in found
            if one.coverage.agreement is not None
        ]


def _closed(one: Seen) -> Decision:
    """The reason of the coverage, with the name of the data set."""
    return refused(
        _("The data set “%(dataset)s” is closed to you. %(reason)s")
        % {"dataset": one.dataset.name, "reason": one.coverage.reason},
        one.coverage.ask,
    )


def _too_fine(one: Seen) -> Decision:
    return refused(
        _(
            "The agreement shares the data set “%(dataset)s” %(place)s and %(time)s, nothing "
            "finer. This looks closer."
        )
        % {
            "dataset": one.dataset.name,
            "place": place_words(one.coverage.place_detail),
            "time": time_words(one.coverage.time_detail),
        },
        _("Ask %(owner)s for a finer agreement.") % {"owner": one.dataset.owner.name},
    )


def visible_findings(
    actor: Actor, run: Any, *, with_content: bool = False
) -> tuple[list[StoredFinding], list[HiddenReason]]:
    """The findings of a run that the actor may see, and why others are kept back.

    The content is left out unless asked for; the queries are as many for one finding as for all,
    and all share the one run and the one plan, whose settings are long.
    """
    rows = StoredFinding.objects.of(actor.workspace).filter(run=run)
    if not with_content:
        rows = rows.defer("content", "public_content")
    found = list(rows.prefetch_related("plan").order_by("order"))
    for one in found:
        one.run = run
    sight = Sight.of(actor, (slug for one in found for slug in one.sources))
    visible: list[StoredFinding] = []
    hidden: dict[str, HiddenReason] = {}
    for one in found:
        decision = sight.of_finding(one)
        if decision:
            visible.append(one)
        else:
            reason = str(decision.reason)
            count = hidden[reason].count if reason in hidden else 0
            hidden[reason] = HiddenReason(count + 1, decision.reason, decision.ask)
    return visible, list(hidden.values())
