"""The partnership: register, tasks, agreement, pulse, mirror, meetings, actions, ladder, packs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.answers.partnerships import (
    ActionOut,
    LadderOut,
    MeetingFullOut,
    MeetingOut,
    PackFullOut,
    PackOut,
    PartnerOut,
    PartnershipAgreementOut,
    PartnershipMirrorOut,
    RoundOfPulseOut,
    TaskOut,
)
from commonlight.web.api.auth import actor_in
from commonlight.web.partnerships.domain.actions import actions_of
from commonlight.web.partnerships.domain.agreement import agreements_of, open_clauses
from commonlight.web.partnerships.domain.decisions import decisions_of
from commonlight.web.partnerships.domain.involving import Standing, ladder_of
from commonlight.web.partnerships.domain.meetings import carried_into, meetings_of
from commonlight.web.partnerships.domain.mirror import last_year, mirror_of
from commonlight.web.partnerships.domain.packs import lines_of, packs_of
from commonlight.web.partnerships.domain.pulse import close_due_rounds, rounds_of, shown_round
from commonlight.web.partnerships.domain.raci import gaps_of, tasks_of
from commonlight.web.partnerships.domain.register import FIELDS, partners_of, review_flags
from commonlight.web.partnerships.domain.shared import day_of
from commonlight.web.partnerships.enums import Letter
from commonlight.web.partnerships.models import PulseRound, Task
from commonlight.web.policy import Actor

router = Router(tags=["Partnership"])
HOME = "/workspaces/{workspace}/partnership"
LARGEST = 2**31


@router.get(
    f"{HOME}/register", response=answers(Page[PartnerOut]), operation_id="partnership_register"
)
def register(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The register of partners; contacts are functions, never persons."""
    actor = actor_in(request, workspace, "partnership.view")
    today = day_of(actor.workspace)

    def told(one: Any) -> dict[str, Any]:
        same = {name: getattr(one, name) for name in (*FIELDS, "kind", "name", "is_open")}
        return {"id": one.pk, **same, "is_past_review": one.is_past_review(today)}

    return page_of(partners_of(actor.workspace), limit, offset, told)


@router.get(f"{HOME}/tasks", response=answers(Page[TaskOut]), operation_id="partnership_tasks")
def tasks(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Who does what, for the partnership and for every problem."""
    actor = actor_in(request, workspace, "partnership.view")
    found = tasks_of(actor.workspace, every=True)
    holes = {task.pk: reason for task, reason in gaps_of(actor.workspace, found, []).tasks}
    flags = review_flags(actor.workspace)

    def told(task: Task) -> dict[str, Any]:
        parts = list(task.parts.all())
        owners = [one.partner.organisation_id for one in parts if one.letter == Letter.ACCOUNTABLE]
        same = ("activity", "due_on", "strand", "approach")
        return {
            "id": task.pk,
            **{name: getattr(task, name) for name in same},
            "problem": task.problem.number if task.problem else None,
            "parts": [
                {
                    "partner": one.partner.name,
                    "letter": one.letter,
                    "state": one.state,
                    "reason": one.reason,
                }
                for one in parts
            ],
            "missing": holes.get(task.pk, ""),
            "flags": [flags[one] for one in owners if one in flags],
        }

    return page_of(found, limit, offset, told)


@router.get(
    f"{HOME}/agreements",
    response=answers(Page[PartnershipAgreementOut]),
    operation_id="partnership_agreements",
)
def partnership_agreements(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The partnership agreement in its versions, the newest first."""
    actor = actor_in(request, workspace, "partnership.view")

    def told(one: Any) -> dict[str, Any]:
        same = ("number", "title", "state", "text_digest", "offered_at", "signed_at")
        return {
            **{name: getattr(one, name) for name in same},
            "clauses": one.answers,
            "open_clauses": [row.id for row in open_clauses(one)],
            "signatures": [
                {"organisation": row.organisation.name, "signed_at": row.signed_at}
                for row in one.signatures.all()
            ],
        }

    return page_of(agreements_of(actor.workspace), limit, offset, told)


@router.get(
    f"{HOME}/pulse", response=answers(Page[RoundOfPulseOut]), operation_id="partnership_pulse"
)
def pulse(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The rounds of the pulse; of a round that is open or hidden nothing but the number."""
    actor = actor_in(request, workspace, "partnership.view")
    close_due_rounds(actor.workspace)
    return page_of(rounds_of(actor.workspace), limit, offset, _round)


@router.get(
    f"{HOME}/mirror", response=answers(PartnershipMirrorOut), operation_id="partnership_mirror"
)
def mirror(request: HttpRequest, workspace: str) -> dict[str, Any]:
    """Declared and done over the last twelve months; no row names a person."""
    actor = actor_in(request, workspace, "partnership.view")
    close_due_rounds(actor.workspace)
    found = mirror_of(actor, last_year(actor.workspace))
    return {
        "first": found.period.first,
        "last": found.period.last,
        "round": found.round.round.number if found.round else None,
        "facts": [
            {
                "fact": fact.id,
                "condition": side.id,
                "organisation": row.organisation.name if row.organisation else None,
                "declared": row.count.declared,
                "done": row.count.done,
                "reasons": [
                    {
                        "organisation": one.organisation.name,
                        "text": one.text,
                        "given_at": one.given_at,
                    }
                    for one in row.reasons
                ],
            }
            for side in found.sides
            for fact in side.facts
            for row in fact.rows
        ],
    }


@router.get(
    f"{HOME}/meetings", response=answers(Page[MeetingOut]), operation_id="partnership_meetings"
)
def meetings(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Meetings, the newest first."""
    actor = actor_in(request, workspace, "partnership.view")
    return page_of(meetings_of(actor.workspace), limit, offset, _meeting)


@router.get(
    f"{HOME}/meetings/{{number}}",
    response=answers(MeetingFullOut),
    operation_id="partnership_meeting",
)
def meeting(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """One meeting: agenda, attendance by organisation, decisions and actions."""
    actor = actor_in(request, workspace, "partnership.view")
    rows = meetings_of(actor.workspace).prefetch_related("attendance__organisation")
    found = _numbered(rows, number)
    carried = [one.pk for one in carried_into(found)]
    known = actions_of(actor.workspace)
    return {
        **_meeting(found),
        "notes": found.notes,
        "attendance": {one.organisation.name: one.presence for one in found.attendance.all()},
        "items": [_item(one) for one in found.items.select_related("brought_by", "problem")],
        "carried": [_action(one) for one in known.filter(pk__in=carried)],
        "decisions": [
            _decision(one) for one in decisions_of(actor.workspace).filter(meeting=found)
        ],
        "actions": [_action(one) for one in known.filter(meeting=found)],
    }


@router.get(
    f"{HOME}/actions", response=answers(Page[ActionOut]), operation_id="partnership_actions"
)
def actions(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """All actions by their day."""
    actor = actor_in(request, workspace, "partnership.view")
    return page_of(actions_of(actor.workspace), limit, offset, _action)


@router.get(f"{HOME}/ladder", response=answers(Page[LadderOut]), operation_id="partnership_ladder")
def ladder(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """How far each partner or group is involved, with the events that show it."""
    actor = actor_in(request, workspace, "partnership.view")
    found = ladder_of(actor.workspace, day_of(actor.workspace))
    return page_of(found, limit, offset, _standing)


@router.get(f"{HOME}/packs", response=answers(Page[PackOut]), operation_id="partnership_packs")
def packs(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Council packs, the newest first."""
    actor = actor_in(request, workspace, "partnership.view")
    return page_of(packs_of(actor.workspace), limit, offset, _pack)


@router.get(
    f"{HOME}/packs/{{number}}", response=answers(PackFullOut), operation_id="partnership_pack"
)
def pack(request: HttpRequest, workspace: str, number: int) -> dict[str, Any]:
    """One council pack with what each line rests on, as the one who asks may see it."""
    actor: Actor = actor_in(request, workspace, "partnership.view")
    found = _numbered(packs_of(actor.workspace), number)
    lines = [
        {
            "section": one.line.section,
            "text": one.line.text,
            "missing": one.missing,
            "grounds": [
                {"title": ground.title, "datasets": list(ground.datasets), "day": ground.day}
                for ground in one.grounds
            ],
        }
        for one in lines_of(actor, found)
    ]
    return {**_pack(found), "lines": lines}


def _round(one: PulseRound) -> dict[str, Any]:
    same = ("number", "state", "closes_on", "answers", "shape")
    return {
        **{name: getattr(one, name) for name in same},
        "why": shown_round(one).why,
        "conditions": {key: _line(row) for key, row in one.result.get("conditions", {}).items()},
        "statements": {key: _line(row) for key, row in one.result.get("statements", {}).items()},
    }


def _line(told: dict[str, Any]) -> dict[str, Any]:
    mean = told["mean"]
    return {**told, "mean": mean / 10 if mean is not None else None}


def _meeting(one: Any) -> dict[str, Any]:
    same = ("number", "title", "starts_at", "place", "minutes", "state")
    series = one.series.title if one.series else None
    return {**{name: getattr(one, name) for name in same}, "series": series}


def _item(one: Any) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("kind", "title", "minutes", "notes")},
        "brought_by": one.brought_by.name if one.brought_by else None,
        "problem": one.problem.number if one.problem else None,
    }


def _action(one: Any) -> dict[str, Any]:
    same = ("text", "due_on", "state", "is_confirmed", "closed_on", "outcome", "times_carried")
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in same},
        "owner": one.owner.name,
        "meeting": one.meeting.number if one.meeting else None,
        "problem": one.problem.number if one.problem else None,
    }


def _decision(one: Any) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("number", "text", "is_joint", "how")},
        "decided_by": one.decided_by.name if one.decided_by else None,
        "problem": one.problem.number if one.problem else None,
        "decided_at": one.decided_at,
    }


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "partner": one.partner.name,
        "reached": one.reached.id if one.reached else None,
        "is_silent": one.is_silent,
        "events": [
            {"step": rung.id, "on": event.on, "text": str(event.text)}
            for rung in one.rungs
            for event in rung.events
        ],
    }


def _pack(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("number", "title", "for_day", "state")}


def _numbered(rows: Any, number: int) -> Any:
    found = rows.filter(number=number).first() if 0 <= number < LARGEST else None
    if found is None:
        raise Http404
    return found
