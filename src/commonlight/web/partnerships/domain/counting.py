"""What can be counted of partners from data, agreements, requests, tasks and meetings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import F
from django.utils import timezone

from commonlight.web.agreements.enums import AgreementState
from commonlight.web.data.enums import RequestState
from commonlight.web.data.models import DataRequest, DataSet, DataVersion
from commonlight.web.partnerships.domain.facts import Count, Period, fact
from commonlight.web.partnerships.enums import (
    ActionState,
    Letter,
    MeetingState,
    PartState,
    Presence,
)
from commonlight.web.partnerships.models import (
    Action,
    AgendaItem,
    Attendance,
    Decision,
    TaskPart,
)
from commonlight.web.problems.models import FrameRound

__all__ = ["deliveries_on_time", "promised_data_sets"]

Counts = Mapping[int | None, Count]
ANSWER_WITHIN = timedelta(days=30)


def tally(pairs: Iterable[tuple[int | None, bool]]) -> Counts:
    """Counts by organisation from one pair a thing: whose it is, and whether it is done."""
    declared: Counter[int | None] = Counter()
    done: Counter[int | None] = Counter()
    for key, is_done in pairs:
        declared[key] += 1
        done[key] += is_done
    return {key: Count(number, done[key]) for key, number in declared.items()}


def local_day(moment: datetime) -> date:
    """The day on the calendar that is in use."""
    return timezone.localtime(moment).date()


@fact("data_sets_delivered")
def promised_data_sets(workspace: Any, period: Period) -> Counts:
    """Data sets that an agreement in force names for their owner, and those that have arrived."""
    rows = (
        DataSet.objects.of(workspace)
        .filter(
            deleted_at__isnull=True,
            agreements__state=AgreementState.SIGNED,
            agreements__starts_on__lte=period.last,
            agreements__expires_on__gte=period.last,
            agreements__parties__gives=True,
            agreements__parties__organisation=F("owner"),
        )
        .order_by()
        .values_list("pk", "owner_id", "current_id")
        .distinct()
    )
    return tally((owner, current is not None) for _pk, owner, current in rows)


@fact("deliveries_on_time")
def deliveries_on_time(workspace: Any, period: Period) -> Counts:
    """Deliveries that were due in the period; each is due some days after the one before it."""
    regular = DataSet.objects.of(workspace).filter(
        deleted_at__isnull=True, delivery_every_days__isnull=False
    )
    sets = {one.pk: one for one in regular}
    arrived: dict[int, list[date]] = defaultdict(list)
    versions = DataVersion.objects.of(workspace).filter(dataset__in=list(sets)).order_by("number")
    for pk, at in versions.values_list("dataset_id", "created_at"):
        arrived[pk].append(local_day(at))
    return tally(
        (one.owner_id, on_time)
        for one in sets.values()
        for due, on_time in _deliveries(one, arrived[one.pk])
        if period.first <= due <= period.last
    )


def _deliveries(dataset: DataSet, arrived: list[date]) -> Iterable[tuple[date, bool]]:
    """Each day on which a delivery was due, and whether it came by then."""
    every = timedelta(days=dataset.delivery_every_days or 0)
    for before, day in pairwise(arrived):
        yield before + every, day <= before + every
    if dataset.next_delivery_on is not None:
        last = arrived[-1] if arrived else None
        if last is None or dataset.next_delivery_on > last:
            yield dataset.next_delivery_on + timedelta(days=1), False


@fact("requests_answered")
def requests_answered(workspace: Any, period: Period) -> Counts:
    """Requests for data whose thirty days are over or that were answered."""
    rows = (
        DataRequest.objects.of(workspace)
        .exclude(state=RequestState.WITHDRAWN)
        .values_list("dataset__owner_id", "asked_at", "answered_at")
    )
    return tally(
        (owner, answered is not None and answered - asked <= ANSWER_WITHIN)
        for owner, asked, answered in rows
        if period.first <= local_day(asked) <= period.last
        and (answered is not None or local_day(asked + ANSWER_WITHIN) < period.last)
    )


@fact("actions_on_time")
def actions_on_time(workspace: Any, period: Period) -> Counts:
    """Actions that were due in the period, and those that were done by their day."""
    due = Action.objects.of(workspace).exclude(state=ActionState.DROPPED)
    rows = due.filter(due_on__gte=period.first, due_on__lte=period.last)
    return tally((one.owner_id, one.was_on_time) for one in rows)


@fact("actions_carried_over")
def actions_carried_over(workspace: Any, period: Period) -> Counts:
    """Open actions, and those that stood on more than one agenda again."""
    rows = Action.objects.of(workspace).filter(state=ActionState.OPEN)
    counted = rows.annotate(times=CountRows("carried")).values_list("owner_id", "times")
    return tally((owner, times > 1) for owner, times in counted)


@fact("roles_confirmed")
def roles_confirmed(workspace: Any, period: Period) -> Counts:
    """Tasks for which a partner is named accountable, and those that it has confirmed itself."""
    rows = TaskPart.objects.of(workspace).filter(
        letter=Letter.ACCOUNTABLE,
        task__ended_at__isnull=True,
        partner__organisation__isnull=False,
    )
    told = rows.values_list("partner__organisation_id", "state")
    return tally((organisation, state == PartState.CONFIRMED) for organisation, state in told)


@fact("decisions_with_decider")
def decisions_with_decider(workspace: Any, period: Period) -> Counts:
    """Decisions of the period, and those that name the body that took them."""
    return tally((None, one.names_decider) for one in _decisions(workspace, period))


@fact("deciders_spread")
def deciders_spread(workspace: Any, period: Period) -> Counts:
    """Decisions that name a body, and how many the partner took that decides most often alone."""
    named = [one for one in _decisions(workspace, period) if one.names_decider]
    alone = Counter(one.decided_by_id for one in named if not one.is_joint)
    return {None: Count(len(named), max(alone.values(), default=0))}


@fact("attendance")
def attendance(workspace: Any, period: Period) -> Counts:
    """Meetings that were held with a partner invited, and those at which it was there."""
    rows = Attendance.objects.of(workspace).filter(meeting__state=MeetingState.HELD)
    told = rows.values_list("organisation_id", "presence", "meeting__starts_at")
    return tally(
        (organisation, presence in (Presence.PRESENT, Presence.DEPUTY))
        for organisation, presence, at in told
        if period.first <= local_day(at) <= period.last
    )


@fact("agenda_items_brought")
def agenda_items_brought(workspace: Any, period: Period) -> Counts:
    """All points that somebody brought in, and how many of them each partner did."""
    rows = AgendaItem.objects.of(workspace).filter(
        meeting__state=MeetingState.HELD, brought_by__isnull=False
    )
    told = rows.values_list("brought_by_id", "meeting__starts_at")
    brought = Counter(
        organisation for organisation, at in told if period.first <= local_day(at) <= period.last
    )
    total = sum(brought.values())
    return {organisation: Count(total, number) for organisation, number in brought.items()}


@fact("frames_given")
def frames_given(workspace: Any, period: Period) -> Counts:
    """Partners asked for a frame of their own in rounds that are over, and those that gave one."""
    rows = FrameRound.objects.of(workspace).filter(closes_at__lte=timezone.now())
    asked = done = 0
    for one in rows.annotate(number_asked=CountRows("organisations")):
        if period.first <= local_day(one.closes_at) <= period.last:
            asked, done = asked + one.number_asked, done + one.answered
    return {None: Count(asked, done)}


def _decisions(workspace: Any, period: Period) -> list[Decision]:
    found = Decision.objects.of(workspace)
    return [one for one in found if period.first <= local_day(one.decided_at) <= period.last]
