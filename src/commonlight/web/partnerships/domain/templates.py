"""Starting templates: what one would bring, and putting it to work. Nothing is invented.

A template brings rows of the register to fill, tasks to confirm, series of meetings, dated steps
and hints for the agreement. Who holds a seat is chosen by people, or stays open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.meetings import add_series
from commonlight.web.partnerships.domain.raci import save_task
from commonlight.web.partnerships.domain.register import partner_of
from commonlight.web.partnerships.domain.shared import PartnershipError, moment
from commonlight.web.partnerships.domain.words import template_names, template_of
from commonlight.web.partnerships.enums import Letter
from commonlight.web.partnerships.models import Cycle, CycleStep, Partner, Task
from commonlight.web.policy import Actor, require

__all__ = [
    "choose_template",
    "chosen_templates",
    "cycles_of",
    "finish_step",
    "matrix_of",
    "seat_hint",
    "start_again",
]

LETTERS = ("responsible", "accountable", "consulted", "informed")


def cycles_of(workspace: Any) -> Any:
    """All cycles with their steps, the newest first."""
    found = Cycle.objects.of(workspace).select_related("workspace")
    return found.prefetch_related("steps__partner__organisation")


def chosen_templates(workspace: Any) -> list[str]:
    """The templates that were put to work here."""
    used = set(Cycle.objects.of(workspace).values_list("template", flat=True))
    return [name for name in template_names() if name in used]


def seat_hint(partner: Partner) -> str:
    """Which function the template suggests as contact; it is never filled in by itself."""
    if not partner.template:
        return ""
    for row in template_of(partner.template)["organisation"]:
        if row["id"] == partner.template_seat:
            return str(row["contact_function"])
    return ""


@transaction.atomic
def choose_template(
    actor: Actor,
    name: str,
    *,
    starts_on: date,
    seats: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Cycle:
    """Put a template to work; `seats` says which organisation holds which seat.

    Raises
    ------
    PartnershipError
        If it is at work already.
    """
    require(actor, "partnership.manage")
    template = template_of(name)
    if Cycle.objects.of(actor.workspace).filter(template=name).exists():
        raise PartnershipError(_("This template is at work already. Start its cycle again."))
    with translation.override(actor.workspace.language):
        partners = {
            row["id"]: _seated(actor, name, row, (seats or {}).get(row["id"]))
            for row in template["organisation"]
        }
        for row in template["task"]:
            _task(actor, name, row, partners, at)
        for row in template["meeting"]:
            held = [partners[one].organisation for one in row["with"]]
            add_series(
                actor,
                title=str(row["title"]),
                every_days=row["every_days"],
                minutes=row["minutes"],
                invited=[one for one in dict.fromkeys(held) if one is not None],
                items=row["items"],
                at=at,
            )
        cycle = _cycle(actor, name, starts_on, partners, at)
    record(actor, "template.choose", cycle, template=name)
    return cycle


@transaction.atomic
def start_again(
    actor: Actor, before: Cycle, *, starts_on: date, at: datetime | None = None
) -> Cycle:
    """The same steps from another day on, with the partners that took them before."""
    require(actor, "partnership.manage")
    held = {one.order: one.partner for one in before.steps.all()}
    rows = template_of(before.template)["step"]
    partners = {row["by"]: held.get(order) for order, row in enumerate(rows, start=1)}
    with translation.override(actor.workspace.language):
        cycle = _cycle(actor, before.template, starts_on, partners, at)
    record(actor, "cycle.start", cycle, template=before.template)
    return cycle


@transaction.atomic
def finish_step(actor: Actor, step: CycleStep, *, done_on: date | None) -> None:
    """A step is done on a day, or is not done after all."""
    require(actor, "meeting.write")
    step.done_on = done_on
    step.save(update_fields=["done_on"])
    record(actor, "cycle.step", step.cycle, step=step.order, done=done_on is not None)


def matrix_of(workspace: Any) -> dict[str, Any] | None:
    """Strands by approaches with the tasks in each cell; None if no template has strands."""
    for name in chosen_templates(workspace):
        template = template_of(name)
        if "strand" in template:
            tasks = list(Task.objects.of(workspace).filter(ended_at__isnull=True))
            return {
                "words": template["words"],
                "approaches": template["approach"],
                "rows": [
                    (strand, [_cell(tasks, strand, one) for one in template["approach"]])
                    for strand in template["strand"]
                ],
                "unplaced": [one for one in tasks if not one.strand or not one.approach],
            }
    return None


def _cell(tasks: list[Task], strand: Mapping[str, Any], approach: Mapping[str, Any]) -> list[Task]:
    return [one for one in tasks if one.strand == strand["id"] and one.approach == approach["id"]]


def _seated(actor: Actor, name: str, row: Mapping[str, Any], organisation: Any) -> Partner:
    """The row of the organisation that holds a seat, or the seat itself, open."""
    if organisation is None:
        seat, _is_new = Partner.objects.of(actor.workspace).get_or_create(
            template=name,
            template_seat=row["id"],
            organisation=None,
            defaults={
                "workspace": actor.workspace,
                "seat": str(row["title"]),
                "kind": row["kind"],
                "role": row["role"],
            },
        )
        return seat  # type: ignore[no-any-return]
    partner = partner_of(actor.workspace, organisation)
    if not partner.template:
        partner.template, partner.template_seat = name, row["id"]
        partner.role = row["role"] if partner.role == "member" else partner.role
        partner.save()
    return partner


def _task(
    actor: Actor,
    name: str,
    row: Mapping[str, Any],
    partners: Mapping[str, Partner],
    at: datetime | None,
) -> None:
    chosen = {letter: [] for letter in Letter.values}  # type: ignore[var-annotated]
    for letter in LETTERS:
        given = row.get(letter, [])
        for one in [given] if isinstance(given, str) else given:
            if partners[one] not in chosen[letter]:
                chosen[letter].append(partners[one])
    made = save_task(
        actor,
        activity=str(row["activity"]),
        parts=chosen,
        strand=row.get("strand", ""),
        approach=row.get("approach", ""),
        at=at,
    )
    made.template = name
    made.save(update_fields=["template"])


def _cycle(
    actor: Actor,
    name: str,
    starts_on: date,
    partners: Mapping[str, Partner | None],
    at: datetime | None,
) -> Cycle:
    cycle: Cycle = Cycle.objects.create(
        workspace=actor.workspace,
        template=name,
        starts_on=starts_on,
        created_by=actor.membership,
        created_at=moment(at),
    )
    CycleStep.objects.bulk_create(
        CycleStep(
            workspace=actor.workspace,
            cycle=cycle,
            order=order,
            title=str(row["title"]),
            from_on=starts_on + timedelta(days=row["from_day"] - 1),
            to_on=starts_on + timedelta(days=row["to_day"] - 1),
            partner=partners.get(row["by"]),
        )
        for order, row in enumerate(template_of(name)["step"], start=1)
    )
    return cycle
