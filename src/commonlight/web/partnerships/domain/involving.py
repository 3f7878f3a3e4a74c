"""How far partners and groups are involved, read from events on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.facts import Involvement, involvement, involvements_of
from commonlight.web.partnerships.domain.register import partners_of
from commonlight.web.partnerships.domain.shared import (
    PartnershipError,
    day_of,
    leave_persons_out,
    moment,
)
from commonlight.web.partnerships.domain.words import rows
from commonlight.web.partnerships.enums import ActionState, LadderStep, MeetingState, Presence
from commonlight.web.partnerships.models import (
    Action,
    AgendaItem,
    Attendance,
    InvolvementEvent,
    Partner,
)
from commonlight.web.policy import Actor, require

__all__ = ["Rung", "Standing", "add_event", "ladder_of", "standing_of"]

SILENT_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Happening:
    """One event under a step."""

    on: date
    text: Any
    address: str = ""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder with the events that show it."""

    id: str
    title: Any
    meaning: Any
    evidence: Any
    next_step: Any
    events: tuple[Happening, ...]


@dataclass(frozen=True)
class Standing:
    """Where one partner or group stands; `reached` is the highest step that events show."""

    partner: Partner
    rungs: tuple[Rung, ...]
    reached: Rung | None
    is_silent: bool


@transaction.atomic
def add_event(
    actor: Actor,
    partner: Partner,
    *,
    step: str,
    happened_on: date,
    text: str,
    at: datetime | None = None,
) -> InvolvementEvent:
    """Keep something that happened with a group and stands on no other record."""
    require(actor, "meeting.write")
    if step not in LadderStep.values:
        raise PartnershipError(_("Choose one of the steps."), "step")
    if happened_on > day_of(actor.workspace):
        raise PartnershipError(
            _("This day is still to come. Write down what has happened."), "happened_on"
        )
    leave_persons_out(text=text)
    if not text.strip():
        raise PartnershipError(_("Say what happened."), "text")
    made: InvolvementEvent = InvolvementEvent.objects.create(
        workspace=actor.workspace,
        partner=partner,
        step=step,
        happened_on=happened_on,
        text=text.strip(),
        added_at=moment(at),
    )
    record(actor, "involvement.add", made, step=step)
    return made


def ladder_of(workspace: Any, today: date) -> list[Standing]:
    """Every partner and group; as many queries for one as for all."""
    found: dict[int, list[tuple[str, Happening]]] = defaultdict(list)
    partners = partners_of(workspace)
    homes = {one.organisation_id: one.pk for one in partners if one.organisation_id}
    for event in involvements_of(workspace):
        if event.organisation_id in homes:
            happening = Happening(event.on, event.text, event.address)
            found[homes[event.organisation_id]].append((event.step, happening))
    for own in InvolvementEvent.objects.of(workspace):
        found[own.partner_id].append((own.step, Happening(own.happened_on, own.text)))
    return [_standing(one, found[one.pk], today) for one in partners]


def standing_of(workspace: Any, partner: Partner, today: date) -> Standing:
    """One of them."""
    return next(one for one in ladder_of(workspace, today) if one.partner.pk == partner.pk)


def _standing(partner: Partner, events: list[tuple[str, Happening]], today: date) -> Standing:
    rungs = tuple(
        Rung(
            row["id"],
            row["title"],
            row["meaning"],
            row["evidence"],
            row["next_step"],
            tuple(sorted((one for step, one in events if step == row["id"]), key=_on)),
        )
        for row in sorted(rows("ladder", "step"), key=lambda row: int(row["order"]))
    )
    reached = next((one for one in reversed(rungs) if one.events), None)
    newest = max((one.on for _step, one in events), default=None)
    return Standing(partner, rungs, reached, newest is not None and today - newest > SILENT_AFTER)


def _on(event: Happening) -> date:
    return event.on


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


@involvement
def from_meetings(workspace: Any) -> Iterable[Involvement]:
    """Who was invited knows of it; who was in the room attended."""
    seen = Attendance.objects.of(workspace).exclude(meeting__state=MeetingState.CALLED_OFF)
    for one in seen.select_related("meeting"):
        meeting = one.meeting
        there = one.presence in (Presence.PRESENT, Presence.DEPUTY)
        yield Involvement(
            organisation_id=one.organisation_id,
            step=LadderStep.ATTENDED if there else LadderStep.INFORMED,
            on=_day(meeting.starts_at),
            text=meeting.title if there else _("Invited: %(title)s") % {"title": meeting.title},
            address=reverse("partnerships:meeting", args=[workspace.slug, meeting.number]),
        )


@involvement
def from_agendas(workspace: Any) -> Iterable[Involvement]:
    """Who brings a point in contributes."""
    brought = AgendaItem.objects.of(workspace).filter(
        brought_by__isnull=False, meeting__state=MeetingState.HELD
    )
    for one in brought.select_related("meeting"):
        yield Involvement(
            organisation_id=one.brought_by_id,
            step=LadderStep.CONTRIBUTED,
            on=_day(one.meeting.starts_at),
            text=one.title,
            address=reverse("partnerships:meeting", args=[workspace.slug, one.meeting.number]),
        )


@involvement
def from_actions(workspace: Any) -> Iterable[Involvement]:
    """Who did what it took on has acted."""
    done = Action.objects.of(workspace).filter(state=ActionState.DONE, closed_on__isnull=False)
    for one in done:
        yield Involvement(
            organisation_id=one.owner_id,
            step=LadderStep.ACTED,
            on=one.closed_on,
            text=one.text,
            address=reverse("partnerships:action", args=[workspace.slug, one.pk]),
        )
