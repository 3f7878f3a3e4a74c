"""Who does what: exactly one partner answers for each task, and each confirms its own part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.register import partners_of
from commonlight.web.partnerships.domain.shared import PartnershipError, leave_persons_out, moment
from commonlight.web.partnerships.domain.words import rows, words
from commonlight.web.partnerships.enums import Letter, PartState
from commonlight.web.partnerships.models import Partner, Task, TaskPart
from commonlight.web.policy import Actor, require
from commonlight.web.states import NotNow, read_table
from commonlight.web.workspaces.reading import read_once

__all__ = [
    "Gaps",
    "check_letters",
    "choosable",
    "confirm_part",
    "decline_part",
    "end_task",
    "gaps_of",
    "likely_parts",
    "save_task",
    "tasks_of",
]

Letters = Mapping[str, Iterable[Partner]]


def check_letters(chosen: Letters) -> list[tuple[str, str]]:
    """What is wrong with the parts chosen: the letter, and the sentence that is read."""
    said = words("raci")
    accountable = len(list(chosen.get(Letter.ACCOUNTABLE, ())))
    found = []
    if accountable == 0:
        found.append((Letter.ACCOUNTABLE.value, str(said["none_accountable"])))
    if accountable > 1:
        text = str(said["two_accountable"]).replace("{count}", str(accountable))
        found.append((Letter.ACCOUNTABLE.value, text))
    if not list(chosen.get(Letter.RESPONSIBLE, ())):
        found.append((Letter.RESPONSIBLE.value, str(said["nobody_does_it"])))
    return found


def choosable(workspace: Any, letter: str, *, problem: Any = None, task: Task | None = None) -> Any:
    """Partners that can be named for a part, by name; who is named in the task already stays.

    A seat that nobody holds cannot answer for anything, and a group that has a part in other
    problems only is not offered for this one.
    """
    found = Partner.objects.of(workspace).select_related("organisation")
    parts = TaskPart.objects.of(workspace).filter(task__ended_at__isnull=True)
    left_out = Q(organisation=None)
    if letter != Letter.ACCOUNTABLE:
        here = Q(task__problem=problem) | Q(task__problem=None)
        elsewhere = parts.exclude(here) if problem else parts.none()
        left_out &= Q(pk__in=elsewhere.values("partner"))
        left_out &= ~Q(pk__in=parts.filter(here).values("partner"))
    if task is not None:
        left_out &= ~Q(pk__in=task.parts.filter(letter=letter).values("partner"))
    return found.exclude(left_out).order_by(
        F("organisation__name").asc(nulls_last=True), "seat", "pk"
    )


def likely_parts(actor: Actor, problem: Any = None) -> dict[str, list[int]]:
    """Who answers for the problem answers for its tasks; who writes a task down does it."""
    homes = {
        Letter.ACCOUNTABLE.value: problem.owner_id if problem is not None else None,
        Letter.RESPONSIBLE.value: actor.organisation_id,
    }
    known = Partner.objects.of(actor.workspace).filter(
        organisation__in=filter(None, homes.values())
    )
    rows_of = dict(known.values_list("organisation", "pk"))
    return {letter: [rows_of[home]] for letter, home in homes.items() if home in rows_of}


@transaction.atomic
def save_task(
    actor: Actor,
    *,
    activity: str,
    parts: Letters,
    task: Task | None = None,
    problem: Any = None,
    due_on: date | None = None,
    strand: str = "",
    approach: str = "",
    at: datetime | None = None,
) -> Task:
    """Write a task with its partners; what is named for others waits for their word.

    Raises
    ------
    PartnershipError
        If no partner or more than one answers for it, or nobody does it.
    """
    require(actor, "meeting.write", task)
    leave_persons_out(activity=activity)
    for letter, sentence in check_letters(parts):
        raise PartnershipError(sentence, letter)
    kept = task or Task(
        workspace=actor.workspace, created_by=actor.membership, created_at=moment(at)
    )
    kept.activity, kept.due_on, kept.problem = activity.strip(), due_on, problem
    kept.strand, kept.approach = strand, approach
    kept.save()
    _set_parts(actor, kept, parts, moment(at))
    record(actor, "task.change" if task else "task.add", kept)
    return kept


@transaction.atomic
def confirm_part(actor: Actor, part: TaskPart, *, at: datetime | None = None) -> None:
    """The partner takes on what was written down for it."""
    _decide(actor, part, "confirm", "", at)


@transaction.atomic
def decline_part(actor: Actor, part: TaskPart, *, reason: str, at: datetime | None = None) -> None:
    """The partner says no, with its reason; the task then has a gap."""
    if not reason.strip():
        raise PartnershipError(_("Say why your organisation cannot do this."), "reason")
    _decide(actor, part, "decline", reason.strip(), at)


@transaction.atomic
def end_task(actor: Actor, task: Task, *, reason: str, at: datetime | None = None) -> None:
    """Take a task off the table; it stays on record with the reason."""
    require(actor, "meeting.write", task)
    if not reason.strip():
        raise PartnershipError(_("Say why the task ends."), "reason")
    task.ended_at, task.end_reason = moment(at), reason.strip()
    task.save()
    record(actor, "task.end", task)


@read_once
def tasks_of(workspace: Any, *, problem: Any = None, every: bool = False) -> list[Task]:
    """The tasks of one problem, of the partnership as a whole, or all; in two queries."""
    found = Task.objects.of(workspace).filter(ended_at__isnull=True)
    if not every:
        found = found.filter(problem=problem)
    found = found.select_related("problem")
    parts = TaskPart.objects.of(workspace).select_related("partner__organisation")
    return list(found.prefetch_related(Prefetch("parts", parts)))


@dataclass(frozen=True)
class Gaps:
    """Tasks for which nobody surely answers, each with its reason, and partners without a task."""

    tasks: list[tuple[Task, str]] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tasks or self.partners)


def gaps_of(workspace: Any, tasks: Iterable[Task], partners: list[Partner] | None = None) -> Gaps:
    """Where the table has holes."""
    known = partners if partners is not None else partners_of(workspace)
    holes, busy = [], set()
    for task in tasks:
        busy |= {one.partner_id for one in task.parts.all() if one.state != PartState.DECLINED}
        reason = _hole(task)
        if reason:
            holes.append((task, reason))
    idle = [one for one in known if one.pk not in busy]
    return Gaps(holes, idle)


def _hole(task: Task) -> str:
    parts = {letter: [] for letter in Letter.values}  # type: ignore[var-annotated]
    for one in task.parts.all():
        parts[one.letter].append(one)
    for one in parts[Letter.ACCOUNTABLE]:
        if one.partner.is_open:
            return _("Nobody holds the seat “%(seat)s”, which answers for it.") % {
                "seat": one.partner.name
            }
        if one.state == PartState.DECLINED:
            return _("%(partner)s has declined to answer for it.") % {"partner": one.partner.name}
        if one.state == PartState.ASKED:
            said = str(words("raci")["waits_for_confirmation"])
            return said.replace("{partner}", one.partner.name)
    if not parts[Letter.ACCOUNTABLE]:
        return str(words("raci")["none_accountable"])
    doing = [one for one in parts[Letter.RESPONSIBLE] if one.state != PartState.DECLINED]
    if not [one for one in doing if not one.partner.is_open]:
        return str(words("raci")["nobody_does_it"])
    return ""


def needs_confirmation(letter: str) -> bool:
    """Who is only told has nothing to confirm."""
    return any(one["id"] == letter and one["needs_confirmation"] for one in rows("raci", "part"))


def first_state(actor: Actor, partner: Partner, letter: str) -> str:
    """A partner's own word stands at once; another's waits."""
    is_own = partner.organisation_id is not None and partner.organisation_id == (
        actor.organisation_id
    )
    if is_own or not needs_confirmation(letter):
        return PartState.CONFIRMED
    return PartState.ASKED


def _set_parts(actor: Actor, task: Task, chosen: Letters, now: datetime) -> None:
    """Parts that stay keep what their partner said of them."""
    wanted = {(one.pk, letter): one for letter in Letter.values for one in chosen.get(letter, ())}
    for part in list(task.parts.all()):
        if (part.partner_id, part.letter) in wanted:
            del wanted[part.partner_id, part.letter]
        else:
            part.delete()
    for (_pk, letter), partner in wanted.items():
        state = first_state(actor, partner, letter)
        TaskPart.objects.create(
            workspace=actor.workspace,
            task=task,
            partner=partner,
            letter=letter,
            state=state,
            decided_at=now if state == PartState.CONFIRMED else None,
        )


def _decide(actor: Actor, part: TaskPart, action: str, reason: str, at: datetime | None) -> None:
    require(actor, "meeting.write", part)
    table = read_table("commonlight.web.partnerships", machine="part")
    try:
        part.state = table.after(part.state, action, dict(PartState.choices))
    except NotNow as error:
        raise PartnershipError(error) from error
    part.reason, part.decided_at = reason, moment(at)
    part.save()
    record(actor, f"part.{action}", part, task=part.task_id)
