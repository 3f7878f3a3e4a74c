"""The demo's agreements: in force, about to end, ended, and one that waits for a signature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from commonlight.web.agreements.domain import drafting, signing
from commonlight.web.agreements.domain.clauses import clauses_for
from commonlight.web.agreements.enums import Part
from commonlight.web.agreements.models import Agreement
from commonlight.web.policy import Actor
from commonlight.web.workspaces.actors import actor_for

__all__ = ["DEALS", "Deal", "agree", "conclude"]

SIGNATORIES = {
    "municipality": "coordinator",
    "police": "analyst",
    "ngo": "partner",
    "research": "evaluator",
    "transport": "night_service",
}
BASIS = "Safety Partnership Act of the simulated state, section 4"


@dataclass(frozen=True, kw_only=True)
class Deal:
    """One agreement of the demo."""

    title: str
    kind: str
    purpose: str
    gives: tuple[str, ...]
    receives: tuple[str, ...]
    datasets: tuple[str, ...]
    place: str
    time: str
    fields: tuple[str, ...] = ()
    days_left: int = 300
    unsigned_by: tuple[str, ...] = ()
    end_reason: str = ""


DEALS = (
    Deal(
        title="Recorded incidents for the local safety audit",
        kind="one_way",
        purpose="Local safety audit and planning of prevention",
        gives=("police",),
        receives=("municipality", "research"),
        datasets=("recorded-crime",),
        place="cell",
        time="hour",
        fields=("type", "recorded"),
    ),
    Deal(
        title="Survey, citizen reports and site visits for the audit",
        kind="reciprocal",
        purpose="Local safety audit and planning of prevention",
        gives=("municipality", "ngo"),
        receives=("municipality", "ngo", "police", "research"),
        datasets=("residents-survey", "residents-reports", "site-visits"),
        place="cell",
        time="hour",
        days_left=180,
    ),
    Deal(
        title="Counts of incidents for youth work",
        kind="one_way",
        purpose="Planning of outreach in the quarters",
        gives=("police",),
        receives=("ngo",),
        datasets=("recorded-crime",),
        place="area",
        time="month",
        days_left=9,
    ),
    Deal(
        title="Evaluation of the night bus",
        kind="one_way",
        purpose="Evaluation of the night bus, which was not started",
        gives=("police",),
        receives=("research",),
        datasets=("recorded-crime",),
        place="area",
        time="year",
        end_reason="The measure was not started.",
    ),
    Deal(
        title="Observations of youth work for the city’s maintenance service",
        kind="one_way",
        purpose="Repair and cleaning of places that young people named",
        gives=("ngo",),
        receives=("municipality",),
        datasets=("site-visits",),
        place="point",
        time="day",
        fields=("item", "value"),
        unsigned_by=("ngo",),
    ),
)
WORDING = (
    "The parties have settled this point as the partnership’s guide to sharing proposes, "
    "and look at it again once a year."
)


def agree(place: SimpleNamespace) -> None:
    """Draft, offer and sign the agreements, each party by its own signatory."""
    for deal in DEALS:
        conclude(place, deal)


def conclude(place: SimpleNamespace, deal: Deal, *, datasets: Iterable[str] = ()) -> None:
    """Draft, offer and sign one; `datasets` adds to those that the deal names."""
    deal = replace(deal, datasets=(*deal.datasets, *datasets))
    parties = tuple(dict.fromkeys((*deal.gives, *deal.receives)))
    author = _actor(place, deal.gives[0])
    made = _drafted(place, deal, author)
    signing.offer(author, made)
    for party in parties:
        if party not in deal.unsigned_by:
            _sign(_actor(place, party), made)
    if deal.end_reason:
        signing.end(author, made, deal.end_reason)


def _drafted(place: SimpleNamespace, deal: Deal, author: Actor) -> Agreement:
    today = timezone.localdate()
    made = drafting.create_draft(author, kind=deal.kind, title=deal.title)
    of = place.organisations
    drafting.set_parties(
        author,
        made,
        givers=[of[one] for one in deal.gives],
        receivers=[of[one] for one in deal.receives],
    )
    change = drafting.change
    change(author, made, Part.PURPOSE, purpose=deal.purpose, legal_basis=BASIS)
    drafting.set_datasets(
        author,
        made,
        datasets=[place.datasets[one] for one in deal.datasets],
        fields=list(deal.fields),
    )
    change(author, made, Part.DETAIL, place_detail=deal.place, time_detail=deal.time)
    ends = today + timedelta(days=deal.days_left)
    change(author, made, Part.DATES, starts_on=today - timedelta(days=65), expires_on=ends)
    for clause in clauses_for(deal.kind):
        drafting.set_clause(author, made, clause.id, WORDING)
    return made


def _sign(actor: Actor, agreement: Agreement) -> None:
    for part in Part.values:
        signing.open_part(actor, agreement, part)
    signing.sign(actor, agreement)


def _actor(place: SimpleNamespace, organisation: str) -> Any:
    member = place.members[SIGNATORIES[organisation]]
    return actor_for(member.user, place.workspace)
