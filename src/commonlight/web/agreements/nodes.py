"""Sharing agreements as grounds of the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonlight.web.agreements.domain.finding import visible_agreements
from commonlight.web.agreements.models import Agreement
from commonlight.web.policy import Actor, Decision, decide, refused
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder

__all__ = ["AGREEMENT"]


def _live(things: Mapping[str, Agreement]) -> dict[str, Decision]:
    """An agreement stands while it is in force."""
    today = timezone.localdate()
    gone = refused(_("It is not in force."))
    return {key: gone for key, one in things.items() if not one.is_in_force(today)}


def _offer(actor: Actor, words: str) -> Iterable[Agreement]:
    wanted = words.lower().split()
    for one in visible_agreements(actor):
        if all(word in one.title.lower() for word in wanted):
            yield one


AGREEMENT = register(
    NodeKind(
        name="agreement",
        label=_("sharing agreement"),
        model=Agreement,
        find=finder(Agreement, "workspace", many=("parties",)),
        title=lambda one: str(one.title),
        address=lambda one: reverse("agreements:agreement", args=[one.workspace.slug, one.number]),
        see=lambda actor, things: {
            key: decide(actor, "agreement.view", one) for key, one in things.items()
        },
        live=_live,
        offer=_offer,
        organisations=lambda things: {
            key: frozenset(party.organisation_id for party in one.parties.all())
            for key, one in things.items()
        },
        must_rest=False,
    )
)
