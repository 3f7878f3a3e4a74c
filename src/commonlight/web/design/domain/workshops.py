"""Plan a workshop from a template, change its plan, and say that it was held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.design.domain.catalogue import methods, plans, roles
from commonlight.web.design.domain.numbering import hold_problem, next_number
from commonlight.web.design.enums import WorkshopState
from commonlight.web.design.models import Part, Workshop
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.problems.models import Problem
from commonlight.web.states import read_table

__all__ = [
    "PartPlan",
    "PlanError",
    "Slot",
    "change_workshop",
    "move_workshop",
    "plan_workshop",
    "set_parts",
    "sum_of",
    "timetable",
    "workshop_steps",
]

TABLE = read_table("commonlight.web.design", machine="workshop")
FACTS = ("title", "day", "begins", "room", "aim", "materials", "roles")


class PlanError(ValueError):
    """A plan that cannot be, with the sentence that the person reads."""


@dataclass(frozen=True)
class PartPlan:
    """What one part of a plan says."""

    minutes: int
    title: str
    lead: str
    method: str = ""


@dataclass(frozen=True)
class Slot:
    """One part on the clock; without a time at which it begins, in minutes from the start."""

    part: Part
    after: int
    begins: time | None
    ends: time | None
    lead: Any
    method: dict[str, Any] | None


@transaction.atomic
def plan_workshop(
    actor: Actor,
    problem: Problem,
    *,
    template: str,
    title: str = "",
    day: date | None = None,
    begins: time | None = None,
    room: str = "",
    aim: str = "",
    at: datetime | None = None,
) -> Workshop:
    """A workshop after one of the plans of the content, with all its parts."""
    require(actor, "design.write", problem)
    plan = plans()[template]
    hold_problem(problem)
    made: Workshop = Workshop.objects.create(
        workspace=actor.workspace,
        problem=problem,
        number=next_number(problem.workshops),
        title=title.strip() or str(plan["title"]),
        template=template,
        phases=list(plan["phases"]),
        minutes=plan["minutes"],
        day=day,
        begins=begins,
        room=room.strip(),
        aim=aim.strip(),
        roles=dict.fromkeys(plan["roles"], ""),
        materials="\n".join(str(one) for one in plan["materials"]),
        planned_by=actor.membership,
        created_at=at or timezone.now(),
    )
    _write_parts(made, [_part_of(one) for one in plan["parts"]])
    record(actor, "design.workshop_planned", made, number=made.number, template=template)
    return made


@transaction.atomic
def change_workshop(actor: Actor, workshop: Workshop, **facts: Any) -> None:
    """Change when, where, what for, with what, and who takes which role."""
    require(actor, "design.write", workshop.problem)
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise ValueError(f"a workshop has no fact {sorted(unknown)[0]!r}")
    for name, value in facts.items():
        setattr(workshop, name, value.strip() if isinstance(value, str) else value)
    workshop.save()
    record(actor, "design.workshop_changed", workshop, number=workshop.number)


@transaction.atomic
def set_parts(actor: Actor, workshop: Workshop, parts: Iterable[PartPlan], *, minutes: int) -> None:
    """Write the plan anew.

    Raises
    ------
    PlanError
        If the parts do not add up to the length of the workshop, or there is none.
    """
    require(actor, "design.write", workshop.problem)
    wanted = list(parts)
    _check_sum(wanted, minutes)
    workshop.minutes = minutes
    workshop.save(update_fields=["minutes"])
    _write_parts(workshop, wanted)
    record(actor, "design.workshop_changed", workshop, number=workshop.number, parts=len(wanted))


def sum_of(parts: Iterable[PartPlan]) -> int:
    """How long the parts take together."""
    return sum(one.minutes for one in parts)


@transaction.atomic
def move_workshop(actor: Actor, workshop: Workshop, step: str, *, reason: str = "") -> None:
    """Say that it was held, cancel it, or plan it again.

    Raises
    ------
    NotNow
        If the step does not fit the state.
    PlanError
        If a workshop is cancelled without a reason.
    """
    require(actor, "design.write", workshop.problem)
    state = TABLE.after(workshop.state, step, dict(WorkshopState.choices))
    if step == "cancel" and not reason.strip():
        raise PlanError(_("Say why the workshop does not take place."))
    workshop.state, workshop.state_reason = state, reason.strip()
    workshop.save(update_fields=["state", "state_reason"])
    record(actor, "design.workshop_moved", workshop, number=workshop.number, state=state)


def workshop_steps(workshop: Workshop) -> tuple[str, ...]:
    """What may be done to the workshop now."""
    return TABLE.actions(workshop.state)


def timetable(workshop: Workshop) -> list[Slot]:
    """The parts of the plan on the clock."""
    slots, after = [], 0
    for part in workshop.parts.all():
        slots.append(
            Slot(
                part=part,
                after=after,
                begins=_clock(workshop.begins, after),
                ends=_clock(workshop.begins, after + part.minutes),
                lead=roles().get(part.lead, {}).get("title", part.lead),
                method=methods().get(part.method),
            )
        )
        after += part.minutes
    return slots


def _clock(begins: time | None, minutes: int) -> time | None:
    if begins is None:
        return None
    return (datetime.combine(date(2000, 1, 1), begins) + timedelta(minutes=minutes)).time()


def _part_of(row: Mapping[str, Any]) -> PartPlan:
    return PartPlan(row["minutes"], str(row["title"]), row["lead"], row.get("method", ""))


def _check_sum(parts: list[PartPlan], minutes: int) -> None:
    if not parts:
        raise PlanError(_("A plan needs at least one part."))
    total = sum_of(parts)
    if total == minutes:
        return
    if total > minutes:
        text = ngettext(
            "The parts take %(total)d minutes together, the workshop takes %(minutes)d: "
            "%(more)d minute too many.",
            "The parts take %(total)d minutes together, the workshop takes %(minutes)d: "
            "%(more)d minutes too many.",
            total - minutes,
        )
    else:
        text = ngettext(
            "The parts take %(total)d minutes together, the workshop takes %(minutes)d: "
            "%(more)d minute has no part yet.",
            "The parts take %(total)d minutes together, the workshop takes %(minutes)d: "
            "%(more)d minutes have no part yet.",
            minutes - total,
        )
    raise PlanError(text % {"total": total, "minutes": minutes, "more": abs(total - minutes)})


def _write_parts(workshop: Workshop, parts: Iterable[PartPlan]) -> None:
    workshop.parts.all().delete()
    Part.objects.bulk_create(
        Part(
            workspace=workshop.workspace,
            workshop=workshop,
            order=order,
            minutes=one.minutes,
            title=one.title.strip(),
            lead=one.lead,
            method=one.method,
        )
        for order, one in enumerate(parts, start=1)
    )
