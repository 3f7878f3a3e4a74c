"""Series and meetings: plan, agenda, hold with attendance, call off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.actions import open_for
from commonlight.web.partnerships.domain.shared import (
    PartnershipError,
    day_of,
    leave_persons_out,
    moment,
    next_number,
)
from commonlight.web.partnerships.domain.words import by_id
from commonlight.web.partnerships.enums import ActionState, MeetingState, Presence
from commonlight.web.partnerships.models import (
    Action,
    AgendaItem,
    Attendance,
    CarriedAction,
    Meeting,
    Series,
)
from commonlight.web.policy import Actor, require
from commonlight.web.states import NotNow, read_table
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "add_item",
    "add_series",
    "call_off_meeting",
    "hold_meeting",
    "meetings_of",
    "next_start",
    "note_item",
    "plan_meeting",
    "plan_next",
    "remove_item",
    "was_present",
]


def meetings_of(workspace: Any) -> Any:
    """All meetings, the newest first."""
    return Meeting.objects.of(workspace).select_related("workspace", "series")


@transaction.atomic
def add_series(
    actor: Actor,
    *,
    title: str,
    every_days: int,
    minutes: int,
    invited: Iterable[Organisation],
    items: Iterable[Mapping[str, Any]] = (),
    at: datetime | None = None,
) -> Series:
    """Meetings that come back; each begins with the points given."""
    require(actor, "meeting.write")
    made: Series = Series.objects.create(
        workspace=actor.workspace,
        title=title.strip(),
        every_days=every_days,
        minutes=minutes,
        items=[
            {"kind": one["kind"], "title": str(one["title"]), "minutes": one["minutes"]}
            for one in items
        ],
        created_at=moment(at),
    )
    made.invited.set(invited)
    record(actor, "series.add", made)
    return made


@transaction.atomic
def plan_meeting(
    actor: Actor,
    *,
    title: str,
    starts_at: datetime,
    series: Series | None = None,
    place: str = "",
    minutes: int = 90,
    invited: Iterable[Organisation] = (),
) -> Meeting:
    """A meeting to come; what was not done before stands on its agenda by itself."""
    require(actor, "meeting.write")
    made: Meeting = Meeting.objects.create(
        workspace=actor.workspace,
        number=next_number(Meeting, actor.workspace),
        series=series,
        title=title.strip(),
        starts_at=starts_at,
        place=place.strip(),
        minutes=minutes,
        created_by=actor.membership,
    )
    wanted = list(invited) or (list(series.invited.all()) if series else [])
    for organisation in wanted:
        Attendance.objects.create(
            workspace=actor.workspace, meeting=made, organisation=organisation
        )
    for order, row in enumerate(series.items if series else [], start=1):
        if row["kind"] != "carried_over":
            AgendaItem.objects.create(workspace=actor.workspace, meeting=made, order=order, **row)
    record(actor, "meeting.plan", made, number=made.number)
    return made


def next_start(series: Series) -> datetime | None:
    """As many days after the newest meeting as the series says; None before the first one."""
    newest = series.meetings.exclude(state=MeetingState.CALLED_OFF).first()
    return newest.starts_at + timedelta(days=series.every_days) if newest else None


def plan_next(actor: Actor, series: Series, *, starts_at: datetime | None = None) -> Meeting:
    """The next meeting of a series, on the day that its rhythm gives unless another is said."""
    return plan_meeting(
        actor,
        title=series.title,
        starts_at=starts_at or next_start(series) or moment(None),
        series=series,
        minutes=series.minutes,
    )


@transaction.atomic
def add_item(
    actor: Actor,
    meeting: Meeting,
    *,
    kind: str,
    title: str,
    minutes: int,
    problem: Any = None,
    organisation: Any = None,
) -> AgendaItem:
    """A point for the agenda, under the name of the organisation that brings it in."""
    require(actor, "meeting.write", meeting)
    if kind not in by_id("meeting", "item_kind"):
        raise PartnershipError(_("There is no such kind of point."), "kind")
    last = meeting.items.order_by("-order").values_list("order", flat=True).first() or 0
    made: AgendaItem = AgendaItem.objects.create(
        workspace=actor.workspace,
        meeting=meeting,
        order=last + 1,
        kind=kind,
        title=title.strip(),
        minutes=minutes,
        problem=problem,
        brought_by=organisation or actor.membership.organisation,
    )
    record(actor, "meeting.item", meeting, item=made.pk)
    return made


@transaction.atomic
def remove_item(actor: Actor, item: AgendaItem) -> None:
    """Take a point off the agenda of a meeting that is still to come."""
    require(actor, "meeting.write", item.meeting)
    _require_state(item.meeting, "hold")
    record(actor, "meeting.item", item.meeting, removed=item.pk)
    item.delete()


@transaction.atomic
def note_item(actor: Actor, item: AgendaItem, notes: str) -> None:
    """What was said on a point, without names of persons."""
    require(actor, "meeting.write", item.meeting)
    leave_persons_out(notes=notes)
    item.notes = notes.strip()
    item.save(update_fields=["notes"])
    record(actor, "meeting.item", item.meeting, item=item.pk)


@transaction.atomic
def hold_meeting(
    actor: Actor,
    meeting: Meeting,
    presence: Mapping[int, str],
    *,
    notes: str = "",
    at: datetime | None = None,
) -> None:
    """The meeting took place; which organisations were there is kept, and what stood on its agenda.

    `presence` is by organisation; who is not named was not present.

    Raises
    ------
    PartnershipError
        If its day is still to come.
    """
    require(actor, "meeting.write", meeting)
    leave_persons_out(notes=notes)
    if day_of(actor.workspace, meeting.starts_at) > day_of(actor.workspace, at):
        raise PartnershipError(_("This meeting is still to come."))
    target = _require_state(meeting, "hold")
    known = {one.organisation_id: one for one in meeting.attendance.all()}
    for pk in presence:
        if pk not in known:
            known[pk] = Attendance(workspace=actor.workspace, meeting=meeting, organisation_id=pk)
    for pk, one in known.items():
        one.presence = presence.get(pk) or Presence.ABSENT
        one.save()
    for action in open_for(meeting):
        CarriedAction.objects.create(workspace=actor.workspace, meeting=meeting, action=action)
    meeting.state, meeting.notes = target, notes.strip() or meeting.notes
    meeting.save(update_fields=["state", "notes"])
    record(actor, "meeting.hold", meeting, number=meeting.number)


@transaction.atomic
def call_off_meeting(actor: Actor, meeting: Meeting, *, reason: str) -> None:
    """The meeting does not take place; the reason stands beside it."""
    require(actor, "meeting.write", meeting)
    if not reason.strip():
        raise PartnershipError(_("Say why the meeting is called off."), "reason")
    meeting.state = _require_state(meeting, "call_off")
    meeting.reason = reason.strip()
    meeting.save(update_fields=["state", "reason"])
    record(actor, "meeting.call_off", meeting, number=meeting.number)


def was_present(meeting: Meeting | None, organisation: Any) -> bool:
    """Whether the organisation was in the room, itself or through a deputy."""
    if meeting is None:
        return False
    return any(
        one.organisation_id == organisation.pk
        and one.presence in (Presence.PRESENT, Presence.DEPUTY)
        for one in meeting.attendance.all()
    )


def carried_into(meeting: Meeting) -> list[Action]:
    """What stands on the agenda again: as it is now, or as it was when the meeting was held."""
    if meeting.state == MeetingState.PLANNED:
        return open_for(meeting)
    rows = meeting.carried.select_related("action__owner", "action__problem")
    return [one.action for one in rows]


def is_open(action: Action) -> bool:
    """Whether an action waits to be done."""
    return bool(action.state == ActionState.OPEN)


def _require_state(meeting: Meeting, step: str) -> str:
    table = read_table("commonlight.web.partnerships", machine="meeting")
    try:
        return table.after(meeting.state, step, dict(MeetingState.choices))
    except NotNow as error:
        raise PartnershipError(error) from error
