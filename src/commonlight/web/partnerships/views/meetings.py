"""Meetings: series, agenda, who was there, decisions, minutes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonlight.web.partnerships.domain import decisions as deciding
from commonlight.web.partnerships.domain import meetings as planning
from commonlight.web.partnerships.domain.actions import actions_of
from commonlight.web.partnerships.domain.shared import day_of
from commonlight.web.partnerships.domain.words import by_id, rows, words
from commonlight.web.partnerships.enums import MeetingState
from commonlight.web.partnerships.forms.fields import ReasonForm
from commonlight.web.partnerships.forms.meetings import (
    DecisionForm,
    HoldForm,
    ItemForm,
    NotesForm,
    PlanForm,
    SeriesForm,
)
from commonlight.web.partnerships.models import Action, AgendaItem, Meeting, Series
from commonlight.web.partnerships.views.shared import (
    address,
    ask,
    either,
    one_of,
    sent,
    take_step,
)
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.thread.domain import supports
from commonlight.web.thread.kinds import key_of
from commonlight.web.workspaces.models import Organisation

__all__ = [
    "add_item",
    "add_series",
    "call_off",
    "decide",
    "hold",
    "meeting_list",
    "meeting_of",
    "meeting_page",
    "minutes",
    "note_item",
    "plan",
    "plan_next",
    "remove_item",
]

KINDS = {MeetingState.PLANNED: "info", MeetingState.HELD: "success", MeetingState.CALLED_OFF: ""}


@require_safe
@page("partnership.view")
def meeting_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is planned, what was held, and the series."""
    found = list(planning.meetings_of(request.workspace))
    lines = [(one, KINDS[one.state], address(request, "meeting", one.number)) for one in found]
    context = {
        "planned": [row for row in reversed(lines) if row[0].state == MeetingState.PLANNED],
        "past": [row for row in lines if row[0].state != MeetingState.PLANNED],
        "series": Series.objects.of(request.workspace).prefetch_related("invited"),
    }
    return render(request, "partnerships/meetings.html", context)


@require_safe
@page("partnership.view")
def meeting_page(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Agenda, attendance, decisions and actions of one meeting."""
    return render(request, "partnerships/meeting.html", _shown(request, number))


@require_safe
@page("partnership.view")
def minutes(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The same for paper: it names organisations, not persons."""
    return render(request, "partnerships/minutes.html", _shown(request, number))


@either
@page("meeting.write")
def add_series(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Begin meetings that come back."""
    form = SeriesForm(sent(request), workspace=request.workspace)
    return ask(
        request,
        form,
        lambda: planning.add_series(request.actor, items=_usual_items(), **form.cleaned_data),
        title=_("Begin a series of meetings"),
        button=_("Begin series"),
        done=_("The series is there. Plan its first meeting."),
        back=address(request, "meetings"),
    )


@either
@page("meeting.write")
def plan_next(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Plan the next meeting of a series; the day that its rhythm gives is filled in."""
    series = one_of(Series.objects.of(request.workspace), pk=pk)
    known = {"title": series.title, "minutes": series.minutes, "invited": series.invited.all()}
    start = planning.next_start(series)
    if start is not None:
        local = timezone.localtime(start)
        known |= {"day": local.date(), "time": local.time()}
    form = PlanForm(sent(request), workspace=request.workspace, initial=known)
    return ask(
        request,
        form,
        lambda: planning.plan_meeting(request.actor, series=series, **form.values()),
        title=_("Plan the next meeting of “%(series)s”") % {"series": series.title},
        button=_("Plan meeting"),
        done=_("The meeting is planned. What is not done stands on its agenda."),
        back=address(request, "meetings"),
        onward=lambda made: address(request, "meeting", made.number),
    )


@either
@page("meeting.write")
def plan(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Plan one meeting."""
    form = PlanForm(sent(request), workspace=request.workspace)
    return ask(
        request,
        form,
        lambda: planning.plan_meeting(request.actor, **form.values()),
        title=_("Plan a meeting"),
        button=_("Plan meeting"),
        done=_("The meeting is planned. What is not done stands on its agenda."),
        back=address(request, "meetings"),
        onward=lambda made: address(request, "meeting", made.number),
    )


@either
@page("meeting.write")
def add_item(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Bring a point in."""
    meeting = meeting_of(request, number)
    form = ItemForm(sent(request), workspace=request.workspace, initial={"kind": "discussion"})
    return ask(
        request,
        form,
        lambda: planning.add_item(request.actor, meeting, **form.cleaned_data),
        title=_("Add a point to the agenda"),
        button=_("Add point"),
        done=_("The point stands on the agenda under the name of your organisation."),
        back=address(request, "meeting", number),
    )


@require_POST
@page("meeting.write")
def remove_item(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take a point off the agenda."""
    item = _item(request, pk)
    return take_step(
        request,
        lambda: planning.remove_item(request.actor, item),
        done=_("The point is off the agenda."),
        back=address(request, "meeting", item.meeting.number),
    )


@either
@page("meeting.write")
def note_item(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """What was said on a point."""
    item = _item(request, pk)
    form = NotesForm(sent(request), initial={"notes": item.notes})
    return ask(
        request,
        form,
        lambda: planning.note_item(request.actor, item, form.cleaned_data["notes"]),
        title=item.title,
        button=_("Save notes"),
        done=_("The notes are saved."),
        back=address(request, "meeting", item.meeting.number),
    )


@either
@page("meeting.write")
def hold(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Which organisations were in the room."""
    meeting = meeting_of(request, number)
    invited = {one.organisation_id for one in meeting.attendance.all()}
    known = Organisation.objects.of(request.workspace)
    form = HoldForm(
        sent(request), organisations=known, invited=invited, initial={"notes": meeting.notes}
    )
    return ask(
        request,
        form,
        lambda: planning.hold_meeting(
            request.actor, meeting, form.presence(), notes=form.cleaned_data["notes"]
        ),
        title=_("Who was at the meeting?"),
        button=_("Save attendance"),
        done=_("The meeting is held. Write down its decisions and actions."),
        back=address(request, "meeting", number),
        intro=_("Organisations only. Who came for an organisation is not kept."),
    )


@either
@page("meeting.write")
def call_off(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The meeting does not take place."""
    meeting = meeting_of(request, number)
    form = ReasonForm(sent(request))
    return ask(
        request,
        form,
        lambda: planning.call_off_meeting(
            request.actor, meeting, reason=form.cleaned_data["reason"]
        ),
        title=_("Call the meeting off"),
        button=_("Call off"),
        done=_("The meeting is called off. Its actions go to the next one."),
        back=address(request, "meeting", number),
    )


@either
@page("meeting.write")
def decide(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Write a decision down."""
    meeting = meeting_of(request, number)
    form = DecisionForm(sent(request), workspace=request.workspace, initial={"decider": "together"})
    return ask(
        request,
        form,
        lambda: deciding.take_decision(request.actor, meeting, **form.values()),
        title=_("Write a decision down"),
        button=_("Save decision"),
        done=_("The decision is saved. Say in its thread what it rests on."),
        back=address(request, "meeting", number),
    )


def meeting_of(request: WorkspaceRequest, number: int) -> Meeting:
    """The meeting of this number."""
    found = planning.meetings_of(request.workspace).prefetch_related("attendance__organisation")
    meeting: Meeting = one_of(found, number=number)
    return meeting


def _shown(request: WorkspaceRequest, number: int) -> dict[str, Any]:
    """Everything about one meeting; as many queries for one point as for many."""
    meeting = meeting_of(request, number)
    carried = planning.carried_into(meeting)
    items = list(meeting.items.select_related("brought_by", "problem"))
    kinds = by_id("meeting", "item_kind")
    today = day_of(request.workspace)
    return {
        "meeting": meeting,
        "kind": KINDS[MeetingState(meeting.state)],
        "is_planned": meeting.state == MeetingState.PLANNED,
        "is_due": day_of(request.workspace, meeting.starts_at) <= today,
        "is_held": meeting.state == MeetingState.HELD,
        "words": words("meeting"),
        "carried": [_action(request, one, today) for one in _counted(request, carried)],
        "items": [
            (one, kinds[one.kind]["title"] if one.kind in kinds else one.kind) for one in items
        ],
        "total": sum(one.minutes for one in items)
        + (kinds["carried_over"]["minutes"] if carried else 0),
        "attendance": list(meeting.attendance.all()),
        "decisions": _decisions(request, meeting),
        "actions": [
            _action(request, one, today)
            for one in actions_of(request.workspace).filter(meeting=meeting)
        ],
        "printed_on": timezone.localdate(),
    }


def _decisions(request: WorkspaceRequest, meeting: Meeting) -> list[dict[str, Any]]:
    found = list(deciding.decisions_of(request.workspace).filter(meeting=meeting))
    held = supports(request.workspace, [key_of(one) for one in found], actor=request.actor)
    return [{"decision": one, "key": key_of(one), "support": held[key_of(one)]} for one in found]


def _counted(request: WorkspaceRequest, carried: list[Action]) -> list[Action]:
    """The same actions with how often each came back."""
    numbers = [one.pk for one in carried]
    return list(actions_of(request.workspace).filter(pk__in=numbers))


def _action(request: WorkspaceRequest, action: Any, today: Any) -> dict[str, Any]:
    times = action.times_carried
    note = ""
    if times > 1:
        note = str(words("meeting")["carried_times"]).replace("{count}", str(times))
    return {
        "action": action,
        "url": address(request, "action", action.pk),
        "is_late": action.is_late(today),
        "note": note,
    }


def _item(request: WorkspaceRequest, pk: int) -> AgendaItem:
    found = AgendaItem.objects.of(request.workspace).select_related("meeting")
    item: AgendaItem = one_of(found, pk=pk)
    return item


def _usual_items() -> list[dict[str, Any]]:
    """The points with which a series begins that came from no template."""
    usual = ("discussion", "partnership_itself", "next_meeting")
    return [
        {"kind": one["id"], "title": one["title"], "minutes": one["minutes"]}
        for one in rows("meeting", "item_kind")
        if one["id"] in usual
    ]
