"""Actions: who takes on what until when, and what comes back because it is not done.

Apps above give their own actions with `give_action(..., source=thing)`, which then rest on the
thing in the thread. With `closing_asks` they say what must be there before such an action may be
closed, and `action_closed` tells them when it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.shared import (
    PartnershipError,
    day_of,
    leave_persons_out,
    moment,
)
from commonlight.web.partnerships.enums import ActionState, MeetingState, Presence
from commonlight.web.partnerships.models import Action, Meeting
from commonlight.web.policy import Actor, Decision, Refused, allowed, require
from commonlight.web.states import NotNow, read_table
from commonlight.web.thread.domain import join
from commonlight.web.thread.kinds import key_of
from commonlight.web.thread.models import Link
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "action_closed",
    "actions_for",
    "actions_of",
    "closing_asks",
    "confirm_action",
    "decide_closing",
    "drop_action",
    "finish_action",
    "give_action",
    "open_for",
    "reopen_action",
]

action_closed = Signal()
"""Sent with `actor` and `action` when an action is done or dropped."""

Check = Callable[[Actor, Action], Decision]
_checks: dict[str, Check] = {}


def closing_asks(kind: str) -> Callable[[Check], Check]:
    """Register what decides whether an action that rests on a thing of this kind may be closed."""

    def register(check: Check) -> Check:
        _checks[kind] = check
        return check

    return register


def decide_closing(actor: Actor, action: Action) -> Decision:
    """Whether the action may be closed; the one who gave it may ask for evidence."""
    asked_by = _links(action.workspace).filter(claim_key=str(action.pk))
    for kind in asked_by.values_list("ground_kind", flat=True):
        decision = _checks[kind](actor, action) if kind in _checks else allowed
        if not decision:
            return decision
    return allowed


def actions_of(workspace: Any) -> Any:
    """All actions with how often each was carried over."""
    rows = Action.objects.of(workspace).select_related(
        "owner", "meeting", "series", "problem", "workspace"
    )
    return rows.annotate(times_carried=Count("carried"))


def actions_for(thing: Any) -> list[Action]:
    """The actions that rest on a thing of the thread."""
    kind, key = key_of(thing)
    links = _links(thing.workspace).filter(ground_kind=kind, ground_key=key)
    numbers = [int(one) for one in links.values_list("claim_key", flat=True)]
    return list(actions_of(thing.workspace).filter(pk__in=numbers))


@transaction.atomic
def give_action(
    actor: Actor,
    *,
    text: str,
    owner: Organisation,
    due_on: date,
    meeting: Meeting | None = None,
    series: Any = None,
    problem: Any = None,
    source: Any = None,
    at: datetime | None = None,
) -> Action:
    """An action for one organisation with a day; it stays on agendas until it is done.

    An organisation that was not in the room, and is not the one that writes, confirms first.
    """
    require(actor, "meeting.write", meeting)
    leave_persons_out(text=text)
    if not text.strip():
        raise PartnershipError(_("Say what will be done."), "text")
    made: Action = Action.objects.create(
        workspace=actor.workspace,
        text=text.strip(),
        owner=owner,
        due_on=due_on,
        meeting=meeting,
        series=series or (meeting.series if meeting else None),
        problem=problem,
        is_confirmed=_is_taken_on(actor, meeting, owner),
        created_at=moment(at),
    )
    record(actor, "action.give", made, owner=owner.pk)
    if source is not None:
        join(actor, made, source)
    return made


@transaction.atomic
def confirm_action(actor: Actor, action: Action) -> None:
    """The owner takes the action on."""
    _require_owner(actor, action)
    action.is_confirmed = True
    action.save(update_fields=["is_confirmed"])
    record(actor, "action.confirm", action)


@transaction.atomic
def finish_action(
    actor: Actor, action: Action, *, outcome: str = "", at: datetime | None = None
) -> None:
    """The action is done; the meeting learns what came of it.

    Raises
    ------
    Refused
        If who gave the action asks for something that is not there yet.
    """
    decision = decide_closing(actor, action)
    if not decision:
        raise Refused("meeting.write", decision)
    _close(actor, action, "finish", outcome, at)


@transaction.atomic
def drop_action(actor: Actor, action: Action, *, reason: str, at: datetime | None = None) -> None:
    """The action is not wanted any more; the reason stays on record."""
    if not reason.strip():
        raise PartnershipError(_("Say why the action is dropped. It stays on record."), "reason")
    _close(actor, action, "drop", reason, at)


@transaction.atomic
def reopen_action(actor: Actor, action: Action) -> None:
    """The action was not done after all."""
    require(actor, "meeting.write", action)
    action.state = _after(action, "reopen")
    action.closed_on, action.outcome = None, ""
    action.save(update_fields=["state", "closed_on", "outcome"])
    record(actor, "action.reopen", action)


def open_for(meeting: Meeting) -> list[Action]:
    """Open actions that stand on the agenda of a planned meeting, if it is the next one.

    An action of a series comes back in that series. One that belongs to none comes back on the
    next meeting of all.
    """
    if meeting.state != MeetingState.PLANNED:
        return []
    return [
        one
        for one in actions_of(meeting.workspace).filter(state=ActionState.OPEN)
        if one.meeting_id != meeting.pk and _returns_to(meeting, one, _next_ones(meeting))
    ]


def _next_ones(meeting: Meeting) -> dict[int | None, int]:
    """The next planned meeting of each series, and of all, kept with the meeting asked about."""
    known: dict[int | None, int] | None = getattr(meeting, "next_ones", None)
    if known is None:
        planned = Meeting.objects.of(meeting.workspace).filter(state=MeetingState.PLANNED)
        known = {}
        for pk, series in planned.order_by("starts_at", "pk").values_list("pk", "series_id"):
            known.setdefault(None, pk)
            if series is not None:
                known.setdefault(series, pk)
        meeting.next_ones = known  # type: ignore[attr-defined]
    return known


def _returns_to(meeting: Meeting, action: Action, following: dict[int | None, int]) -> bool:
    """A series that meets no more hands its actions to the next meeting of all."""
    home = action.series_id if action.series_id in following else None
    return following.get(home) == meeting.pk


def _links(workspace: Any) -> Any:
    """What actions rest on."""
    return Link.objects.of(workspace).filter(claim_kind="action", removed_at__isnull=True)


def _is_taken_on(actor: Actor, meeting: Meeting | None, owner: Organisation) -> bool:
    if owner.pk == actor.organisation_id:
        return True
    if meeting is None:
        return False
    there = Q(presence=Presence.PRESENT) | Q(presence=Presence.DEPUTY)
    return bool(meeting.attendance.filter(there, organisation=owner).exists())


def _close(actor: Actor, action: Action, step: str, outcome: str, at: datetime | None) -> None:
    require(actor, "meeting.write", action)
    leave_persons_out(**{"outcome" if step == "finish" else "reason": outcome})
    action.state = _after(action, step)
    action.closed_on, action.outcome = day_of(actor.workspace, at), outcome.strip()
    action.save(update_fields=["state", "closed_on", "outcome"])
    record(actor, f"action.{step}", action)
    action_closed.send(Action, actor=actor, action=action)


def _after(action: Action, step: str) -> str:
    table = read_table("commonlight.web.partnerships", machine="action")
    try:
        return table.after(action.state, step, dict(ActionState.choices))
    except NotNow as error:
        raise PartnershipError(error) from error


def _require_owner(actor: Actor, action: Action) -> None:
    require(actor, "meeting.write", action)
    if action.owner_id != actor.organisation_id:
        raise PartnershipError(
            _("Only a member of %(organisation)s can confirm this.")
            % {"organisation": action.owner}
        )


def late(actions: Iterable[Action], today: date) -> list[Action]:
    """Those that are open past their day."""
    return [one for one in actions if one.is_late(today)]
