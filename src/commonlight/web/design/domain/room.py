"""Who is in the room against who should be, by category only, and what is asked about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commonlight.web.design.domain.catalogue import group_titles, groups, room_rules
from commonlight.web.design.models import RoomReason, Seats, Workshop
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require

__all__ = [
    "GroupSeats",
    "RoomError",
    "RoomWarning",
    "give_reason",
    "groups_present",
    "headcount",
    "open_warnings",
    "set_present",
    "set_seats",
    "warnings_of",
]

RESIDENTS = "residents"
ORGANISED = frozenset({"agency", "civil_society"})


class RoomError(ValueError):
    """A reason or a count that cannot be, with the sentence that the person reads."""


@dataclass(frozen=True)
class GroupSeats:
    """What is said of one group: should be there, was there, is harmed by the problem."""

    group: str
    planned: int = 0
    present: int | None = None
    is_harmed: bool = False


@dataclass(frozen=True)
class RoomWarning:
    """One thing about the room that needs a change or a reason."""

    rule: str
    text: str
    ask: Any
    groups: tuple[str, ...] = ()
    reason: RoomReason | None = None


@transaction.atomic
def set_seats(actor: Actor, workshop: Workshop, rows: Iterable[GroupSeats]) -> None:
    """Who should be in the room; what was counted in it stays."""
    require(actor, "design.write", workshop.problem)
    known = {one.group: one.present for one in workshop.seats.all()}
    _write(
        workshop,
        (GroupSeats(one.group, one.planned, known.get(one.group), one.is_harmed) for one in rows),
    )
    record(actor, "design.room_planned", workshop, number=workshop.number)


@transaction.atomic
def set_present(actor: Actor, workshop: Workshop, present: Mapping[str, int]) -> None:
    """How many of each group were in the room; a group that is not named was not there."""
    require(actor, "design.write", workshop.problem)
    known = {one.group: one for one in workshop.seats.all()}
    wanted = {*known, *(name for name, number in present.items() if number)}
    _write(
        workshop,
        (
            GroupSeats(
                name,
                known[name].planned if name in known else 0,
                present.get(name, 0),
                name in known and known[name].is_harmed,
            )
            for name in wanted
        ),
    )
    record(actor, "design.room_counted", workshop, number=workshop.number)


def warnings_of(workshop: Workshop) -> list[RoomWarning]:
    """What about the room needs a change or a reason, with the reason where one was given."""
    seats = list(workshop.seats.all())
    reasons: dict[str, RoomReason] = {}
    for one in workshop.room_reasons.all():
        reasons.setdefault(one.rule, one)
    if not seats:
        return []
    return [
        _warning(rule, named, reasons.get(name))
        for name, rule in room_rules().items()
        for named in [_RULES[name](seats, rule)]
        if named is not None
    ]


def open_warnings(workshop: Workshop) -> list[RoomWarning]:
    """Warnings for which nobody has given a reason."""
    return [one for one in warnings_of(workshop) if one.reason is None]


@transaction.atomic
def give_reason(actor: Actor, workshop: Workshop, rule: str, *, text: str) -> RoomReason:
    """Why the warning is accepted.

    Raises
    ------
    RoomError
        If there is no such warning now, or the reason is empty.
    """
    require(actor, "design.write", workshop.problem)
    found = next((one for one in warnings_of(workshop) if one.rule == rule), None)
    if found is None:
        raise RoomError(_("There is no such warning now."))
    if not text.strip():
        raise RoomError(_("Write the reason."))
    made: RoomReason = RoomReason.objects.create(
        workspace=actor.workspace,
        workshop=workshop,
        rule=rule,
        groups=list(found.groups),
        text=text.strip(),
        given_by=actor.membership,
    )
    record(actor, "design.room_reason", workshop, number=workshop.number, rule=rule)
    return made


def headcount(workshop: Workshop) -> tuple[int, int | None]:
    """How many should be there, and how many were; None where nobody has counted."""
    seats = list(workshop.seats.all())
    counted = [one.present for one in seats if one.present is not None]
    return sum(one.planned for one in seats), sum(counted) if counted else None


def groups_present(workshop: Workshop) -> list[Any]:
    """The groups that were in the room, without counts: a small one must not be singled out."""
    return group_titles(one.group for one in workshop.seats.all() if one.present)


def _write(workshop: Workshop, rows: Iterable[GroupSeats]) -> None:
    """Rows in the order of the content; a group of which nothing is said has none."""
    wanted = {one.group: one for one in rows}
    workshop.seats.all().delete()
    Seats.objects.bulk_create(
        Seats(
            workspace=workshop.workspace,
            workshop=workshop,
            group=name,
            planned=wanted[name].planned,
            present=wanted[name].present,
            is_harmed=wanted[name].is_harmed,
        )
        for name in groups()
        if name in wanted
        and (wanted[name].planned or wanted[name].present is not None or wanted[name].is_harmed)
    )


def _warning(rule: dict[str, Any], named: tuple[str, ...], reason: Any) -> RoomWarning:
    titles = get_text_list([str(one) for one in group_titles(named)], _("and"))
    still = reason if reason is not None and set(named) <= set(reason.groups) else None
    text = str(rule["warning"]).replace("{groups}", titles)
    return RoomWarning(rule["id"], text, rule["ask"], named, still)


def _here(seat: Seats) -> int:
    """Who was there, once somebody has counted; before that, who should be."""
    return seat.planned if seat.present is None else seat.present


def _family(seat: Seats) -> str:
    return str(groups().get(seat.group, {}).get("family", ""))


def _no_residents(seats: list[Seats], rule: dict[str, Any]) -> tuple[str, ...] | None:
    return None if any(_here(one) for one in seats if _family(one) == RESIDENTS) else ()


def _one_over_half(seats: list[Seats], rule: dict[str, Any]) -> tuple[str, ...] | None:
    total = sum(_here(one) for one in seats)
    for one in seats:
        if _family(one) in ORGANISED and _here(one) > rule["threshold"] * total:
            return (one.group,)
    return None


def _harmed_missing(seats: list[Seats], rule: dict[str, Any]) -> tuple[str, ...] | None:
    return tuple(one.group for one in seats if one.is_harmed and not _here(one)) or None


def _planned_but_absent(seats: list[Seats], rule: dict[str, Any]) -> tuple[str, ...] | None:
    return tuple(one.group for one in seats if one.planned and one.present == 0) or None


_RULES = {
    "no_residents": _no_residents,
    "one_agency_over_half": _one_over_half,
    "harmed_group_missing": _harmed_missing,
    "planned_but_absent": _planned_but_absent,
}
"""What each rule of the content looks for: the groups that it names, or None."""
