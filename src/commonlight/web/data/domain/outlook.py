"""What the other organisations of a workspace see of one organisation's data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from commonlight.web.agreements.domain import today_in
from commonlight.web.agreements.domain.finding import with_parties
from commonlight.web.agreements.models import Agreement
from commonlight.web.data.models import DataSet
from commonlight.web.policy import Actor

__all__ = ["Outlook", "seen_by_others"]


@dataclass(frozen=True)
class Outlook:
    """One data set, and each agreement in force by which others receive it."""

    dataset: DataSet
    agreements: list[tuple[Agreement, list[str]]] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        """Whether nobody outside the own organisation sees it."""
        return not self.dataset.is_public and not self.agreements


def seen_by_others(actor: Actor) -> list[Outlook]:
    """The data sets of the actor's organisation with who else sees them today, by name."""
    mine = Agreement.objects.of(actor.workspace).order_by("number")
    found = (
        DataSet.objects.of(actor.workspace)
        .filter(deleted_at__isnull=True, owner_id=actor.organisation_id)
        .prefetch_related(Prefetch("agreements", with_parties(mine)))
        .order_by("name")
    )
    today = today_in(actor.workspace)
    return [Outlook(one, list(_open(actor, one.agreements.all(), today))) for one in found]


def _open(
    actor: Actor, agreements: Iterable[Agreement], today: date
) -> Iterator[tuple[Agreement, list[str]]]:
    """Each agreement in force by which the actor's organisation gives, and who receives."""
    for one in agreements:
        parties, own = list(one.parties.all()), actor.organisation_id
        gives = any(party.gives and party.organisation_id == own for party in parties)
        receivers = [
            party.organisation.name
            for party in parties
            if party.receives and party.organisation_id != own
        ]
        if gives and receivers and one.is_in_force(today):
            yield one, sorted(receivers)
