"""Declared and done: what partners say in the pulse beside what the workbench counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.facts import Count, Period, counts_of, told_facts
from commonlight.web.partnerships.domain.pulse import latest_shown, rounds_of
from commonlight.web.partnerships.domain.pulse.showing import Condition, ShownRound
from commonlight.web.partnerships.domain.shared import (
    PartnershipError,
    day_of,
    leave_persons_out,
    moment,
)
from commonlight.web.partnerships.domain.words import by_id, rows, words
from commonlight.web.partnerships.models import FactReason, Partner
from commonlight.web.policy import Actor, require
from commonlight.web.workspaces.models import Organisation

__all__ = ["FactRow", "Mirror", "give_reason", "last_year", "mirror_of"]


@dataclass(frozen=True)
class FactRow:
    """One number of one organisation, or of the partnership, with the reasons beside it."""

    organisation: Organisation | None
    count: Count
    words: str
    reasons: tuple[FactReason, ...]
    may_explain: bool


@dataclass(frozen=True)
class ShownFact:
    """One fact with its rows; one that no part of the workbench tells yet says so."""

    id: str
    title: Any
    counted: Any
    is_told: bool
    rows: tuple[FactRow, ...]

    @property
    def telling(self) -> list[FactRow]:
        """Rows with something to compare, or with a reason."""
        return [row for row in self.rows if row.count.declared or row.reasons]

    @property
    def silent(self) -> list[Organisation]:
        """Organisations of which nothing was promised here."""
        told = self.telling
        return [row.organisation for row in self.rows if row not in told and row.organisation]


@dataclass(frozen=True)
class Side:
    """One condition: what was said of it, and what was counted."""

    id: str
    title: Any
    meaning: Any
    said: Condition | None
    facts: tuple[ShownFact, ...]


@dataclass(frozen=True)
class Mirror:
    """All conditions, over a period, beside the newest round that is closed."""

    period: Period
    round: ShownRound | None
    sides: tuple[Side, ...]


def last_year(workspace: Any, today: date | None = None) -> Period:
    """The twelve months that end today."""
    last = today or day_of(workspace)
    return Period(last - timedelta(days=365), last)


def mirror_of(actor: Actor, period: Period) -> Mirror:
    """The two beside each other; as many queries for one partner as for all."""
    workspace = actor.workspace
    counts = counts_of(workspace, period)
    homes = {one.pk: one for one in Organisation.objects.of(workspace)}
    members = set(
        Partner.objects.of(workspace)
        .filter(organisation__isnull=False)
        .values_list("organisation_id", flat=True)
    )
    reasons = _reasons(workspace)
    shown = latest_shown(list(rounds_of(workspace)))
    said = {one.id: one for one in shown.conditions} if shown else {}

    def fact_of(row: Mapping[str, Any]) -> ShownFact:
        found = dict(counts.get(row["id"], {}))
        if row["per"] == "organisation" and row["id"] in told_facts():
            found = {pk: found.get(pk, Count(0, 0)) for pk in members} | found
        keys = sorted(
            (key for key in found if key is None or key in homes),
            key=lambda key: "" if key is None else homes[key].name.casefold(),
        )
        shown_rows = (_row(actor, row["id"], key, found[key], homes, reasons) for key in keys)
        return ShownFact(
            row["id"], row["title"], row["counted"], row["id"] in told_facts(), tuple(shown_rows)
        )

    facts = [(row["condition"], fact_of(row)) for row in rows("facts", "fact")]
    return Mirror(
        period,
        shown,
        tuple(
            Side(
                row["id"],
                row["title"],
                row["meaning"],
                said.get(row["id"]),
                tuple(one for condition, one in facts if condition == row["id"]),
            )
            for row in rows("pulse", "condition")
        ),
    )


@transaction.atomic
def give_reason(actor: Actor, fact: str, text: str, *, at: datetime | None = None) -> FactReason:
    """A reason of the actor's organisation, which stands beside the number from now on.

    Raises
    ------
    PartnershipError
        If nothing is written.
    """
    require(actor, "meeting.write")
    if fact not in by_id("facts", "fact"):
        raise PartnershipError(_("There is no such number."))
    leave_persons_out(reason=text)
    if not text.strip():
        raise PartnershipError(_("Write the reason."), "text")
    made: FactReason = FactReason.objects.create(
        workspace=actor.workspace,
        fact=fact,
        organisation_id=actor.organisation_id,
        text=text.strip(),
        given_at=moment(at),
    )
    record(actor, "mirror.explain", made, fact=fact)
    return made


def ratio(count: Count) -> str:
    """Such as "2 of 10"; where nothing was declared, that."""
    said = words("facts")
    if not count.declared:
        return str(said["nothing_declared"])
    return (
        str(said["ratio"])
        .replace("{done}", str(count.done))
        .replace("{declared}", str(count.declared))
    )


def _row(
    actor: Actor,
    fact: str,
    key: int | None,
    count: Count,
    homes: Mapping[int, Organisation],
    reasons: Mapping[str, list[FactReason]],
) -> FactRow:
    """A partner explains its own number; each may add a reason to one of the partnership."""
    known = reasons.get(fact, [])
    beside = [one for one in known if key in (None, one.organisation_id)]
    return FactRow(
        homes[key] if key is not None else None,
        count,
        ratio(count),
        tuple(beside),
        key in (None, actor.organisation_id),
    )


def _reasons(workspace: Any) -> dict[str, list[FactReason]]:
    """The newest reason of each organisation by fact."""
    newest: dict[tuple[str, int], FactReason] = {}
    for one in FactReason.objects.of(workspace).select_related("organisation"):
        newest.setdefault((one.fact, one.organisation_id), one)
    found: dict[str, list[FactReason]] = {}
    for (fact, _organisation), one in newest.items():
        found.setdefault(fact, []).append(one)
    return found
