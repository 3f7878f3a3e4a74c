"""The partnership of the demo city: register, tasks, its agreement, its pulse, its ladder."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from commonlight.web.content import read_content
from commonlight.web.demo.path.content import actor_in, ago, day, read
from commonlight.web.partnerships.domain import agreement, involving, mirror, raci, register
from commonlight.web.partnerships.domain.pulse import rounds
from commonlight.web.partnerships.enums import Letter, PartState
from commonlight.web.partnerships.models import Partner, Task

__all__ = ["SPEAKERS", "give_tasks", "make_partners", "tell_involvement"]

SPEAKERS = {
    "municipality": "coordinator",
    "police": "analyst",
    "ngo": "partner",
    "research": "evaluator",
    "social_service": "family_office",
    "transport": "night_service",
    "school": "school_office",
    "business": "traders_office",
    "residents": "residents_council",
}
"""Who writes for an organisation."""

SECOND = {"municipality": "planning_office", "police": "prevention_desk"}
"""Who answers the pulse beside the speaker of an organisation."""


def make_partners(place: SimpleNamespace) -> None:
    """All that the partnership agreed on before its first problem."""
    content = read("partnership")
    partners = {row["organisation"]: _partner(place, row) for row in content["register"]}
    _agree(place, content["agreement"])
    place.partners = partners
    _ask_pulse(place, content["pulse"])
    for row in content["reason"]:
        actor = actor_in(place, SPEAKERS[row["organisation"]])
        mirror.give_reason(actor, row["fact"], row["text"], at=ago(3))


def give_tasks(place: SimpleNamespace) -> None:
    """Who does what, for the partnership and for single problems."""
    for row in read("partnership")["responsibility"]:
        _give_task(place, place.partners, row)


def _partner(place: SimpleNamespace, row: dict[str, Any]) -> Partner:
    """A row of the register, as its own organisation would fill it in."""
    own = {name: row[name] for name in register.FIELDS if name in row}
    return register.add_partner(
        actor_in(place, "coordinator"),
        organisation=place.organisations[row["organisation"]],
        at=ago(192),
        review_on=day(row["review_in_days"]),
        **own,
    )


def _agree(place: SimpleNamespace, row: dict[str, Any]) -> None:
    """Drafted by the coordinator, signed by each organisation that was there then."""
    coordinator = actor_in(place, "coordinator")
    made = agreement.begin_agreement(
        coordinator, title=row["title"], at=ago(row["drafted_days_ago"])
    )
    signing = [place.organisations[one] for one in row["signed_by"]]
    agreement.set_signatories(coordinator, made, signing)
    for clause in row["clause"]:
        agreement.set_clause(coordinator, made, clause["id"], clause["text"])
    agreement.offer_agreement(coordinator, made, at=ago(row["signed_days_ago"] + 10))
    for one in row["signed_by"]:
        signer = actor_in(place, SPEAKERS[one])
        agreement.sign_agreement(signer, made, at=ago(row["signed_days_ago"]))


def _give_task(place: SimpleNamespace, partners: dict[str, Partner], row: dict[str, Any]) -> Task:
    """A task with its partners; those that have confirmed do so themselves."""
    named = {**row, Letter.ACCOUNTABLE.value: [row["accountable"]]}
    parts = {letter: [partners[one] for one in named[letter]] for letter in Letter.values}
    writer = "coordinator" if row["confirmed_by"] else "partner"
    task = raci.save_task(
        actor_in(place, writer),
        activity=row["task"],
        parts=parts,
        problem=place.problems.get(row.get("problem", "")),
        due_on=day(row["due_in_days"]),
        at=ago(70),
    )
    for part in task.parts.select_related("partner__organisation"):
        kind = part.partner.kind
        if kind in row["confirmed_by"] and part.state == PartState.ASKED:
            raci.confirm_part(actor_in(place, SPEAKERS[kind]), part, at=ago(60))
    return task


def _ask_pulse(place: SimpleNamespace, row: dict[str, Any]) -> None:
    """Seven answer; what they say is added up and then shown or not, as the rules say."""
    asked = rounds.open_round(
        actor_in(place, "coordinator"),
        closes_on=day(-row["closed_days_ago"]),
        at=ago(row["opened_days_ago"]),
    )
    words = {one.get("value", 0): one["id"] for one in _answers()}
    turns: dict[str, int] = {}
    for one in row["answer"]:
        kind = one["organisation"]
        turns[kind] = turns.get(kind, 0) + 1
        who = SPEAKERS[kind] if turns[kind] == 1 else SECOND[kind]
        said = dict(zip(row["statements"], (words[v] for v in one["values"]), strict=True))
        rounds.answer_round(actor_in(place, who), asked, said, at=ago(row["closed_days_ago"] + 4))
    rounds.close_due_rounds(place.workspace)


def _answers() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_content("commonlight.web.partnerships", "pulse")["answer"]
    return rows


def tell_involvement(place: SimpleNamespace) -> None:
    """What happened with partners and groups and stands on no other record."""
    coordinator = actor_in(place, "coordinator")
    names = {one.name: one for one in place.organisations.values()}
    for row in read("partnership")["ladder"]:
        if row["stakeholder"] in names:
            partner = register.partner_of(place.workspace, names[row["stakeholder"]])
        else:
            partner = register.add_partner(
                coordinator, seat=row["stakeholder"], kind=row["organisation"], at=ago(160)
            )
        for event in row["events"]:
            involving.add_event(
                coordinator,
                partner,
                step=event["step"],
                happened_on=day(-event["days_ago"]),
                text=event["text"],
                at=ago(event["days_ago"]),
            )
