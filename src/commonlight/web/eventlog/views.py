"""The event log of a workspace: list, one event, the state of the chain, and a file of it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from commonlight.web.eventlog.csv_export import csv_lines
from commonlight.web.eventlog.forms import LogFilter
from commonlight.web.eventlog.models import ChainHead, Event, EventKind
from commonlight.web.eventlog.record import record
from commonlight.web.eventlog.things import people_of, person_name, person_names, thing_names
from commonlight.web.eventlog.words import sentence
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["event_page", "export", "log"]

PAGE = 50


@require_GET
@page("log.view")
def log(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What happened, newest first."""
    form, events = _asked(request)
    shown = Paginator(events, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": shown,
        "rows": _told(request, list(shown.object_list)),
        "head": ChainHead.objects.filter(chain=workspace).first(),
        "query": request.GET.urlencode(),
    }
    return render(request, "eventlog/log.html", context)


@require_GET
@page("log.view")
def event_page(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """One event, with all that is sealed."""
    event = Event.objects.filter(chain=workspace, number=number).first()
    if event is None:
        raise Http404
    return render(
        request, "eventlog/event.html", {"event": event, "told": _told(request, [event])[0]}
    )


@require_GET
@page("log.view")
def export(request: WorkspaceRequest, workspace: str) -> StreamingHttpResponse:
    """The events that pass the filters, as CSV; the export is itself an event."""
    form, events = _asked(request)
    if not form.is_valid():
        events = events.none()
    actor = request.actor
    filters = sorted(name for name, value in form.cleaned_data.items() if value)
    record(actor, "log.export", kind=EventKind.EXPORT, filters=filters, events=events.count())
    lines = csv_lines(events.order_by("number").iterator(chunk_size=2000))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="event-log-{workspace}.csv"'
    return answer


def _asked(request: WorkspaceRequest) -> tuple[LogFilter, QuerySet[Event]]:
    """The filters as they were sent, and the events that pass them; wrong filters pass none."""
    place = request.workspace
    events = Event.objects.filter(chain=place.slug)
    actions = list(events.order_by().values_list("action", flat=True).distinct())
    seen = list(events.order_by().values_list("actor_id", flat=True).distinct())
    people = person_names(request.actor, seen)
    form = LogFilter(request.GET, actions=actions, people=people)
    if not form.is_valid():
        return form, events.none()
    return form, form.narrowed(events, place.time_zone)


def _told(request: WorkspaceRequest, events: list[Event]) -> list[dict[str, Any]]:
    """Events as rows of a timeline."""
    place = request.workspace
    things = thing_names(place, events)
    people = people_of(place.slug, events)
    names = person_names(request.actor, people.values())
    return [
        {
            "title": sentence(event, things.get((event.thing_kind, event.thing_id), "")),
            "when": event.at,
            "who": person_name(event, people[event.number], names),
            "text": event.detail.get("reason", ""),
            "url": reverse("eventlog:event", args=[place.slug, event.number]),
        }
        for event in events
    ]
