"""Agreements as they are asked for: one, all that an actor may see, and their standing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.agreements.enums import AgreementKind, AgreementState
from commonlight.web.agreements.models import Agreement, AgreementParty
from commonlight.web.policy import Actor, decide

__all__ = [
    "Reminder",
    "Standing",
    "agreements_of",
    "dataset_model",
    "reminders",
    "standing",
    "visible_agreements",
    "with_parties",
]

STEPS = (7, 30, 60)
"""Days before the end at which an agreement is listed for renewal, the nearest first."""


@dataclass(frozen=True)
class Standing:
    """Where an agreement stands on a day, in words, with the kind of tag that shows it."""

    name: str
    words: str
    tag: str = ""


@dataclass(frozen=True)
class Reminder:
    """An agreement that ends soon."""

    agreement: Agreement
    days: int
    within: int

    @property
    def words(self) -> str:
        """How many days are left."""
        return ngettext("%(days)d day left", "%(days)d days left", self.days) % {"days": self.days}


def dataset_model() -> Any:
    """Data sets, which lie above this app; the relation leads there."""
    return Agreement._meta.get_field("datasets").related_model


def agreements_of(workspace: Any) -> QuerySet[Agreement]:
    """The agreements of a workspace with their parties and data sets, in three queries."""
    found: QuerySet[Agreement] = (
        Agreement.objects.of(workspace)
        .select_related("workspace", "replaces", "created_by")
        .prefetch_related("datasets")
    )
    return with_parties(found)


def with_parties(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """The agreements with their parties and whom these stand for, in one more query."""
    parties = AgreementParty.objects.select_related("organisation")
    return agreements.prefetch_related(Prefetch("parties", parties))


def visible_agreements(actor: Actor, *states: AgreementState) -> list[Agreement]:
    """The agreements that an actor may see: signed ones all, drafts those of its own side."""
    found = agreements_of(actor.workspace)
    if states:
        found = found.filter(state__in=states)
    return [one for one in found if decide(actor, "agreement.view", one)]


def standing(agreement: Agreement, on: date) -> Standing:
    """Draft, offered, waiting, in force, expired or ended."""
    if agreement.state == AgreementState.DRAFT:
        return Standing("draft", _("Draft"))
    if agreement.state == AgreementState.OFFERED:
        return Standing("offered", _("Waits for signatures"), "info")
    if agreement.state == AgreementState.ENDED:
        return Standing("ended", _("Ended early"), "error")
    if agreement.has_expired(on):
        return Standing("expired", _("Expired"), "error")
    if not agreement.is_in_force(on):
        return Standing("waiting", _("Signed, not started"), "info")
    if any(one.agreement == agreement for one in reminders([agreement], on)):
        return Standing("in_force", _("In force, ends soon"), "warning")
    return Standing("in_force", _("In force"), "success")


def reminders(agreements: Iterable[Agreement], on: date) -> list[Reminder]:
    """The agreements that end within 60, 30 or 7 days and have no signed successor."""
    given = list(agreements)
    followed = {
        one.replaces_id for one in given if one.state == AgreementState.SIGNED and one.replaces_id
    }
    found = [
        Reminder(one, days, next(step for step in STEPS if days <= step))
        for one in given
        if one.is_in_force(on) and one.pk not in followed
        for days in [_days_left(one, on)]
        if days <= STEPS[-1]
    ]
    return sorted(found, key=lambda one: (one.days, one.agreement.number))


def is_one_way(agreement: Agreement) -> bool:
    """Whether one side gives and the other receives."""
    return agreement.kind == AgreementKind.ONE_WAY


def _days_left(agreement: Agreement, on: date) -> int:
    assert agreement.expires_on is not None
    return (agreement.expires_on - on).days
