"""The steering group of the demo city: agendas, decisions, and what was taken on and not done."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from commonlight.web.demo.path.content import actor_in, ago, day, read
from commonlight.web.demo.path.partners import SPEAKERS
from commonlight.web.partnerships.domain import actions, decisions, meetings
from commonlight.web.partnerships.enums import Presence
from commonlight.web.partnerships.models import Meeting, Series

__all__ = ["hold_meetings"]

TITLE = "Steering group"
EVERY_DAYS = 72
CARRIED = "carried_over"


def hold_meetings(place: SimpleNamespace) -> None:
    """Two that were held, and the next one with its agenda."""
    rows = read("partnership")["meeting"]
    series = meetings.add_series(
        actor_in(place, "coordinator"),
        title=TITLE,
        every_days=EVERY_DAYS,
        minutes=100,
        invited=list(place.organisations.values()),
        at=ago(170),
    )
    place.meetings = {}
    for row in rows:
        place.meetings[row["id"]] = meeting = _plan(place, series, row)
        if row["state"] == "closed":
            _hold(place, meeting, row)


def _plan(place: SimpleNamespace, series: Series, row: dict[str, Any]) -> Meeting:
    """A meeting with its points; what was not done comes back by itself."""
    coordinator = actor_in(place, "coordinator")
    named = [*row["present"], *row["absent"]] or list(place.organisations)
    meeting = meetings.plan_meeting(
        coordinator,
        title=row["title"],
        starts_at=_afternoon(row),
        series=series,
        minutes=row["minutes_planned"],
        place="City hall, room 2",
        invited=[place.organisations[one] for one in named],
    )
    for item in row["agenda"]:
        if item["kind"] != CARRIED:
            _add_item(place, meeting, item)
    return meeting


def _afternoon(row: dict[str, Any]) -> datetime:
    moment = ago(row.get("held_days_ago", -row.get("in_days", 0)))
    return moment.replace(hour=13, minute=0, second=0, microsecond=0)


def _add_item(place: SimpleNamespace, meeting: Meeting, item: dict[str, Any]) -> None:
    meetings.add_item(
        actor_in(place, SPEAKERS[item["brought_by"]]),
        meeting,
        kind=item["kind"],
        title=item["title"],
        minutes=item["minutes"],
        problem=place.problems.get(item.get("problem", "")),
    )


def _hold(place: SimpleNamespace, meeting: Meeting, row: dict[str, Any]) -> None:
    """Who was there, what was decided on which findings, and who took what on."""
    coordinator, when = actor_in(place, "coordinator"), _afternoon(row)
    presence = {place.organisations[one].pk: Presence.PRESENT for one in row["present"]}
    meetings.hold_meeting(coordinator, meeting, presence, at=when)
    names = {one.name: one for one in place.organisations.values()}
    for one in row["decisions"]:
        body, _comma, how = one["decided_by"].partition(", ")
        grounds = [place.grounds.get(f"finding:{key}") for key in one["rests_on"]]
        decisions.take_decision(
            coordinator,
            meeting,
            text=one["text"],
            decided_by=names.get(body),
            is_joint=body not in names,
            how=how or body,
            grounds=[ground for ground in grounds if ground is not None],
            at=when,
        )
    for one in row["actions"]:
        if "carried_over_from" not in one:
            _give(place, meeting, one, when)


def _give(place: SimpleNamespace, meeting: Meeting, row: dict[str, Any], when: datetime) -> None:
    """An action; what was done was done on its day, the rest stands on the next agenda."""
    owner = actor_in(place, SPEAKERS[row["accountable"]])
    made = actions.give_action(
        actor_in(place, "coordinator"),
        text=row["text"],
        owner=place.organisations[row["accountable"]],
        due_on=day(-row["due_days_ago"]),
        meeting=meeting,
        at=when,
    )
    if not made.is_confirmed:
        actions.confirm_action(owner, made)
    if "done_days_ago" in row:
        actions.finish_action(owner, made, at=ago(row["done_days_ago"]))
